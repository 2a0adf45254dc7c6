"""Files that nobody touched since they were read: what was told of their records, without opening them again."""

import os
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from harness.core.errors import InputError
from harness.core.fingerprints import fingerprint, sha256_of
from harness.curation.raw_parts import RawPart, told_of
from harness.sources.listing import Listed
from harness.sources.raw_file import Segment
from harness.sources.remembering import Memory, placed_lines
from harness.text.decoding import decoding_identity

# Files that are known or read again together: about so many bytes, or so many of the smallest. A text file of 4 kB
# takes 62 microseconds to read, so that one which changed costs 16 ms.
_RUN_BYTES = 4 << 20
_RUN_FILES = 256
_DRAWN_DIGITS = 8  # of the hash of a name: 32 bits
# Some file systems write times by steps of two seconds: a file that was touched so lately may be touched again
# without its times showing it.
_SETTLED_NS = 2_000_000_000
# What the system refused or broke off may go well the next time, with the same file.
_PASSING_ERROR = "unreadable-file"
# Raised when runs are kept or named otherwise.
_VERSION = 1
_INDEX = pa.schema(
    [
        pa.field("rows", pa.int64()),
        pa.field("segment", pa.string()),  # key of the segment; null for a part that is none
        pa.field("outer", pa.string()),  # where the segment's file is
        pa.field("first_line", pa.int64()),
    ]
)

# A part of what a run holds, with its segment where it is one.
Told = tuple[RawPart, Segment | None]


@dataclass(frozen=True)
class FileRun:
    """Some files behind each other.

    Args:
        files: At least one.
        read: Gives their records part by part; may be called more than once.
        shaped_by: Names all that shapes the records in them.
    """

    files: tuple[Listed, ...]
    read: Callable[[], Iterator[Told]]
    shaped_by: str


def cut_runs(files: Sequence[Listed]) -> Iterator[tuple[Listed, ...]]:
    """Cut files into runs where their own names say, so that one more or less moves no cut but its neighbours'."""
    held: list[Listed] = []
    for one in files:
        held.append(one)
        drawn = int(sha256_of(one.locator)[:_DRAWN_DIGITS], 16)
        if drawn * _RUN_BYTES < (_size_of(one) + _RUN_BYTES // _RUN_FILES) << 4 * _DRAWN_DIGITS:
            yield tuple(held)
            held = []
    if held:
        yield tuple(held)


def parts_of_run(run: FileRun, memory: Memory, number: int) -> Iterator[RawPart]:
    """Give the parts of a run: of files that nobody touched, what is told of them comes from memory.

    Whether a file was touched says the system: its number, its size and the times of its last changes. A file that is
    another with all of these the same (a disk restored block by block may have it) is taken for unchanged as long as
    only what is told is asked for; where its records are read, they have to be the same.

    Args:
        run: The files.
        memory: Where what was told is kept.
        number: Of the source, in the recipe's list.

    Raises:
        InputError: Records were wanted, and the files have other ones by now.
    """
    key = _key_of(run)
    index = memory.find(key) if key else None
    if index is None:
        yield from _noting(run, key, memory)
        return
    replay = _Replay(run)
    for place, entry in enumerate(index.to_pylist()):
        if entry["rows"]:
            yield _known(_Kept(f"{key} {place}", memory, number), entry, replay, place)


def _noting(run: FileRun, key: str | None, memory: Memory) -> Iterator[RawPart]:
    """Read a run and keep what is told of it, unless something in it may be told otherwise the next time."""
    index = []
    for place, (part, segment) in enumerate(run.read()):
        if segment is None and key is not None:
            if _may_pass(part):
                key = None
            elif memory.find(f"{key} {place}") is None:  # what is damaged is taken away by looking for it
                memory.keep(f"{key} {place}", part.told)
        named = (segment.key, segment.outer, segment.first_line) if segment else (None, None, None)
        index.append((part.told.num_rows, *named))
        yield part
    if key is not None:
        columns = list(zip(*index, strict=True)) or [()] * len(_INDEX)
        memory.keep(
            key, pa.table([pa.array(one, of.type) for one, of in zip(columns, _INDEX, strict=True)], _INDEX)
        )


def _may_pass(part: RawPart) -> bool:
    """Tell whether a record failed for a passing reason, or hangs on the version of a library."""
    failed = pc.any(pc.equal(part.records["error"], _PASSING_ERROR)).as_py()
    return bool(failed) or part.told["reader"].null_count < part.told.num_rows


@dataclass(frozen=True)
class _Kept:
    """Where what was told of a part is kept, and the number of its source by now."""

    key: str
    memory: Memory
    number: int

    def told(self, entry: dict[str, str | int]) -> pa.Table | None:
        """Give what was told; None where it was damaged."""
        segment, outer, first_line = entry["segment"], entry["outer"], entry["first_line"]
        if segment is not None:
            kept = self.memory.find(str(segment))
            return None if kept is None else placed_lines(kept, (str(outer), int(first_line)), self.number)
        kept = self.memory.find(self.key)
        if kept is None:
            return None
        place = kept.schema.get_field_index("recipe_source")
        column = pa.repeat(pa.scalar(self.number, pa.int32()), kept.num_rows)
        return kept.set_column(place, kept.schema.field(place), column)


def _known(kept: _Kept, entry: dict[str, str | int], replay: "_Replay", place: int) -> RawPart:
    def told() -> pa.Table:
        found = kept.told(entry)
        return told_of(replay.records(place)) if found is None else found

    def records() -> pa.Table:
        found = replay.records(place)
        if not found["raw_sha256"].equals(part.told["raw_sha256"]):
            raise replay.changed()
        return found

    part = RawPart(told, records)
    return part


class _Replay:
    """Reads a run again as far as somebody wants its records; parts are mostly wanted in their order."""

    def __init__(self, run: FileRun) -> None:
        self._run = run
        self._next = 0
        self._parts: Iterator[Told] = iter(())
        self._last: tuple[int, pa.Table] | None = None

    def records(self, place: int) -> pa.Table:
        """Give the records of one part.

        Raises:
            InputError: There is no such part any more.
        """
        if self._last is not None and self._last[0] == place:
            return self._last[1]
        if self._next == 0 or place < self._next:
            self._parts, self._next = self._run.read(), 0
        for part, _ in self._parts:
            self._next += 1
            if self._next > place:
                self._last = place, part.records
                return part.records
        raise self.changed()

    def changed(self) -> InputError:
        """Say that the files are others than they were a moment ago."""
        return InputError(
            "a file has changed while it was read",
            where=self._run.files[0].locator,
            remedy="run the same command again once nobody writes there",
        )


def _size_of(file: Listed) -> int:
    try:
        return os.stat(file.path).st_size  # noqa: PTH116 - names need not be UTF-8
    except OSError:
        return 0


def _key_of(run: FileRun) -> str | None:
    """Name a run by what the system says of its files; None where it was touched too lately for that to be sure."""
    stamps: list[list[str | int]] = []
    for file in run.files:
        if file.problem is not None:
            stamps.append([file.locator, file.problem.code, file.problem.detail])
            continue
        try:
            found = os.stat(file.path)  # noqa: PTH116 - names need not be UTF-8
        except OSError:
            return None
        # The time of the last change of anything, beside the last one of the content: the latter can be set at will.
        touched = max(found.st_mtime_ns, found.st_ctime_ns)
        if touched > time.time_ns() - _SETTLED_NS:
            return None
        stamps.append([file.locator, found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns])
    return fingerprint([_VERSION, run.shaped_by, decoding_identity(), stamps])
