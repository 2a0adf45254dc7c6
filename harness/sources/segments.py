"""Files of lines cut into segments where the lines themselves say, and named by their bytes."""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from harness.core.fingerprints import sha256_of
from harness.sources.raw_file import READ_FAILURES, TooMuchError

TARGET_BYTES = 4 << 20
_HARD_LIMIT = 4  # times the target: where no line's hash asks for a cut
_DRAWN_BYTES = 4
# Stands for a line that is too long to hold: whatever is in it, the same is told of it.
_TOO_LONG = b"\xff" * 32
# One for all of them: a run may be 16 million line feeds.
_EMPTY = hashlib.sha256(b"").digest()
# Raised when segments are named differently, or their lines read otherwise.
_VERSION = 2


def cut_segments(blocks: Iterable[Sequence[bytes | None]], shaped_by: str) -> Iterator["LineRun"]:
    """Cut lines where they themselves say: a line more or less moves no cut but those beside it.

    Args:
        blocks: All lines of a file in order; None for one that is too long.
        shaped_by: Names all that shapes their records beside them.

    Yields:
        Runs of lines, in order, none empty.

    Raises:
        READ_FAILURES: The file cannot be read to its end; the lines in front were given.
    """
    held = LineRun(shaped_by)
    try:
        for block in blocks:
            for line in block:
                if held.add(line):
                    yield held
                    held = held.following()
    except (*READ_FAILURES, TooMuchError):
        if held.lines:
            yield held
        raise
    if held.lines:
        yield held


@dataclass
class LineRun:
    """Lines of a file, one behind the other.

    Args:
        shaped_by: Names all that shapes their records beside them.
        first_line: Number of the first of them, from 1 on.
        lines: Without their ends; None for one that is too long.
        digests: SHA-256 of each line as it stands here.
    """

    shaped_by: str
    first_line: int = 1
    lines: list[bytes | None] = field(default_factory=list)
    digests: list[bytes] = field(default_factory=list)
    _size: int = 0

    def add(self, line: bytes | None) -> bool:
        """Take a line; tell whether the run ends with it."""
        digest = _digest_of(line)
        size = 1 if line is None else len(line) + 1
        self.lines.append(line)
        self.digests.append(digest)
        self._size += size
        drawn = int.from_bytes(digest[:_DRAWN_BYTES], "big")
        return drawn * TARGET_BYTES < size << 8 * _DRAWN_BYTES or self._size >= _HARD_LIMIT * TARGET_BYTES

    @property
    def key(self) -> str:
        """Name the lines, and what shapes the records in them."""
        named = f"{_VERSION}\n{self.shaped_by}\n".encode()
        return sha256_of(named + b"".join(self.digests))

    def following(self) -> "LineRun":
        """Begin the next one."""
        return LineRun(self.shaped_by, self.first_line + len(self.lines))


def _digest_of(line: bytes | None) -> bytes:
    if line is None:
        return _TOO_LONG
    return hashlib.sha256(line).digest() if line else _EMPTY
