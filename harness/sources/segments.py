"""Files of lines cut into segments where the lines themselves say, and named by their bytes."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from harness.core.fingerprints import sha256_of
from harness.curation.cutting import cut_stream, draws_of
from harness.sources.lines import Lines
from harness.sources.raw_file import READ_FAILURES, TooMuchError

TARGET_BYTES = 4 << 20
_HARD_LIMIT = 4  # times the target: where no line's hash asks for a cut
_DRAWN_BITS = 32  # of a line's hash
# Raised when segments are named differently, or their lines read otherwise.
_VERSION = 2


@dataclass(frozen=True)
class HashedLines:
    """Lines of a file and the SHA-256 of each as it stands there, shape (lines, 32), dtype uint8."""

    lines: Lines
    digests: np.ndarray

    def slice(self, start: int, stop: int) -> "HashedLines":
        """Take some of the lines."""
        return HashedLines(self.lines.slice(start, stop), self.digests[start:stop])


@dataclass(frozen=True)
class LineRun:
    """Lines of a file, one behind the other.

    Args:
        shaped_by: Names all that shapes their records beside them.
        parts: At least one, each with lines.
    """

    shaped_by: str
    parts: tuple[HashedLines, ...]

    @property
    def first_line(self) -> int:
        """Number of the first of them, from 1 on."""
        return self.parts[0].lines.first

    @property
    def key(self) -> str:
        """Name the lines, and what shapes the records in them."""
        named = f"{_VERSION}\n{self.shaped_by}\n".encode()
        return sha256_of(b"".join([named, *(part.digests.data for part in self.parts)]))


def cut_segments(blocks: Iterable[Lines], shaped_by: str) -> Iterator[LineRun]:
    """Cut lines where they themselves say: a line more or less moves no cut but those beside it.

    Args:
        blocks: All lines of a file in order.
        shaped_by: Names all that shapes their records beside them.

    Yields:
        Runs of lines, in order, none empty.

    Raises:
        READ_FAILURES: The file cannot be read to its end; the lines in front were given.
    """
    held: list[HashedLines] = []
    held_bytes = 0
    try:
        for lines in blocks:
            block = HashedLines(lines, lines.digests())
            sizes = lines.sizes + 1
            start = 0
            for stop in cut_stream(sizes, _asks(block, sizes), held_bytes, _HARD_LIMIT * TARGET_BYTES):
                yield LineRun(shaped_by, (*held, block.slice(start, stop)))
                held, held_bytes, start = [], 0, stop
            if start < len(lines):
                held.append(block.slice(start, len(lines)))
                held_bytes += int(sizes[start:].sum())
    except (*READ_FAILURES, TooMuchError):
        if held:
            yield LineRun(shaped_by, tuple(held))
        raise
    if held:
        yield LineRun(shaped_by, tuple(held))


def _asks(block: HashedLines, sizes: np.ndarray) -> np.ndarray:
    """Tell after which lines a run ends: with a probability of the line's size over the target."""
    drawn = draws_of(block.digests) >> np.uint64(64 - _DRAWN_BITS)
    asks: np.ndarray = drawn * np.uint64(TARGET_BYTES) < sizes.astype(np.uint64) << np.uint64(_DRAWN_BITS)
    return asks
