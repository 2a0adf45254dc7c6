"""Answers of systems, kept as they come: a line each, so that no answer is asked for twice, whatever kills the run."""

import contextlib
import json
import os
import time
import zlib
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

from harness.core.errors import InputError
from harness.core.fingerprints import sha256_of
from harness.store.chunk_cache import Limits, Pruned
from harness.store.locks import take

ANSWERS = ".answers"  # in a folder of runs; a journal a system and what it sees of a task
_JOURNALS = f"{'[0-9a-f]' * 32}.jsonl"
Kept = Mapping[str, Any]  # what a system said of one item, as JSON

# `{"check":"xxxxxxxx",` and then the rest of the object, which the check sums up.
_HEAD = b'{"check":"'
_REST_FROM = len(_HEAD) + 8 + len('",')
_ITEM_DIGITS = 32
# A killed process loses nothing that it wrote; only a machine that loses its power does, of this long.
_SYNC_EVERY_S = 1.0


class AnswerJournal:
    """The answers of one system to one kind of question, by the content of the item.

    Lines are only ever appended. One that was torn off, by a kill or a full disk, or that was damaged since,
    is passed over: its item is asked again. What is written lies in the system's hands after each batch,
    and on the disk a second later at most.

    Args:
        path: The file. Its name is of the caller's making, and has to tell systems apart.
        clock: Seconds that only grow; decides when to sync, and enters no file.
    """

    def __init__(self, path: Path, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._path = path
        self._clock = clock
        self._answers, self._is_torn = _read(path)
        self._stream: IO[bytes] | None = None
        self._synced = clock()

    def __enter__(self) -> Self:
        with contextlib.suppress(OSError):
            os.utime(self._path)  # what was used last is pruned last
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        if self._stream is not None:
            self._sync(self._stream)
            self._stream.close()
            self._stream = None

    def __len__(self) -> int:
        return len(self._answers)

    def find(self, text: str) -> Kept | None:
        """Give what the system said of an item with this input; None where it was not asked yet."""
        return self._answers.get(_key(text))

    def add(self, answers: Iterable[tuple[str, Kept]]) -> None:
        """Append answers, each with the input that it was given to.

        Raises:
            OSError: The disk is full, or the folder may not be written.
        """
        lines = []
        for text, answer in answers:
            key = _key(text)
            self._answers[key] = answer
            lines.append(_line(key, answer))
        if not lines:
            return
        stream = self._opened()
        # One write, so that two runs of one system never mix their lines.
        stream.write(b"".join(lines))
        if self._clock() - self._synced >= _SYNC_EVERY_S:
            self._sync(stream)

    def _opened(self) -> IO[bytes]:
        if self._stream is None:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._stream = self._path.open("ab", buffering=0)
            take(self._stream, shared=True)  # nobody prunes what a run writes
            if self._is_torn:
                self._stream.write(b"\n")
        return self._stream

    def _sync(self, stream: IO[bytes]) -> None:
        os.fsync(stream.fileno())
        self._synced = self._clock()


def prune_answers(folder: Path, limits: Limits, in_use: frozenset[str], *, dry_run: bool = False) -> Pruned:
    """Take away journals that no standing run was made from, and more if the rest is still too large.

    Runs lose nothing: they hold their answers themselves. What a run is writing stays.

    Args:
        folder: A folder of journals.
        limits: What may stay.
        in_use: Names, without `.jsonl`, of the journals that standing runs were made from.
        dry_run: Take nothing away; say what would go.
    """
    found = sorted((file.stat().st_mtime, file) for file in folder.glob(_JOURNALS))
    sizes = {file: file.stat().st_size for _, file in found}
    going = {file for used, file in found if file.stem not in in_use and used < limits.oldest_s}
    left = sum(sizes.values()) - sum(sizes[file] for file in going)
    for _, file in found:
        if limits.most_bytes is not None and left > limits.most_bytes and file not in going:
            going.add(file)
            left -= sizes[file]
    gone = [file for file in sorted(going) if dry_run or _removed(file)]
    freed = sum(sizes[file] for file in gone)
    return Pruned(folder, len(gone), freed, sum(sizes.values()) - freed)


def _removed(file: Path) -> bool:
    """Remove a journal, unless a run writes it."""
    with file.open("ab") as stream:
        if not take(stream):
            return False
        file.unlink()
        return True


def _key(text: str) -> str:
    return sha256_of(text)[:_ITEM_DIGITS]


# One for all lines: json.dumps would make one for each.
_ENCODER = json.JSONEncoder(sort_keys=True, separators=(",", ":"), allow_nan=False)


def _line(key: str, answer: Kept) -> bytes:
    # In ASCII: an answer may hold half of a surrogate pair, which UTF-8 cannot say.
    rest = _ENCODER.encode({"item": key, "said": answer})
    body = rest[1:].encode("ascii")
    return b'%s%08x",%s\n' % (_HEAD, zlib.crc32(body), body)


def _read(path: Path) -> tuple[dict[str, Kept], bool]:
    """Read a journal, and whether its last line was torn off; no journal holds no answers."""
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return {}, False
    except OSError as error:
        raise InputError(
            f"the answers kept there cannot be read: {error.strerror}",
            where=str(path),
            remedy="check who may read the file",
        ) from error
    answers = {}
    for line in content.split(b"\n"):
        entry = _entry(line)
        if entry is not None:
            answers[entry[0]] = entry[1]
    return answers, bool(content) and not content.endswith(b"\n")


def _entry(line: bytes) -> tuple[str, Kept] | None:
    body = line[_REST_FROM:]
    if not line.startswith(_HEAD) or line[len(_HEAD) : _REST_FROM - 2] != b"%08x" % zlib.crc32(body):
        return None
    try:
        entry = json.loads(b"{" + body)
        return str(entry["item"]), dict(entry["said"])
    except (ValueError, KeyError, TypeError):
        return None
