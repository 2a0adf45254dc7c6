"""Streams cut into lines, in any encoding, with a bound on how much of a line is held."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import BinaryIO

import numpy as np

from harness.sources.charset import Charset
from harness.sources.raw_file import Limits, read_exactly

TOO_LONG = -1
_CARRIAGE_RETURN = ord("\r")
# Blocks end on a multiple of it, so that none cuts a character of UTF-16 or UTF-32.
_WIDEST_CHARACTER = 4
_OF_NOTHING = np.frombuffer(hashlib.sha256(b"").digest(), np.uint8)
# Stands for a line that is too long to hold: whatever is in it, the same is told of it.
_OF_TOO_LONG = np.full_like(_OF_NOTHING, 0xFF)


@dataclass(frozen=True)
class Lines:
    """Lines of a file, one behind the other, where they lie in memory.

    Args:
        first: Number of the first of them, from 1 on.
        content: What they lie in.
        starts: Where each begins in it, shape (lines,), dtype int64.
        ends: Where each ends, without its line feed and with a carriage return before it; `TOO_LONG` where it
            is too long to hold. Shape (lines,), dtype int64.
    """

    first: int
    content: bytes
    starts: np.ndarray
    ends: np.ndarray

    def __len__(self) -> int:
        """How many lines."""
        return len(self.starts)

    def __iter__(self) -> Iterator[bytes | None]:
        """Give each line; None for one that is too long."""
        bounds = zip(self.starts.tolist(), self.ends.tolist(), strict=True)
        return (None if end == TOO_LONG else self.content[start:end] for start, end in bounds)

    @property
    def sizes(self) -> np.ndarray:
        """How many bytes each has, 0 where it is too long; shape (lines,), dtype int64."""
        return np.asarray(np.maximum(self.ends - self.starts, 0))

    @property
    def are_held(self) -> bool:
        """Whether none is too long to hold."""
        return bool((self.ends != TOO_LONG).all())

    def without_carriage_returns(self) -> "Lines":
        """Leave out the carriage return that ends a line, in encodings where it is one byte; the same lines if none has one."""
        filled = np.flatnonzero(self.sizes)
        lasts = np.frombuffer(self.content, np.uint8)[self.ends[filled] - 1]
        ended = filled[lasts == _CARRIAGE_RETURN]
        if not len(ended):
            return self
        ends = self.ends.copy()
        ends[ended] -= 1
        return replace(self, ends=ends)

    def slice(self, start: int, stop: int) -> "Lines":
        """Take some of the lines."""
        return Lines(self.first + start, self.content, self.starts[start:stop], self.ends[start:stop])

    def digests(self) -> np.ndarray:
        """Hash each line with SHA-256; one hash is told of all that are too long. Shape (lines, 32), dtype uint8."""
        digests = np.where((self.ends == TOO_LONG)[:, np.newaxis], _OF_TOO_LONG, _OF_NOTHING)
        filled = np.flatnonzero(self.sizes)  # a file may be nothing but line feeds
        content = memoryview(self.content)
        bounds = zip(self.starts[filled].tolist(), self.ends[filled].tolist(), strict=True)
        hashed = b"".join([hashlib.sha256(content[start:end]).digest() for start, end in bounds])
        digests[filled] = np.frombuffer(hashed, np.uint8).reshape(-1, digests.shape[1])
        return digests


def ended_lines(stream: BinaryIO, charset: Charset, limits: Limits) -> Iterator[Lines]:
    """Give the lines that end in each block read, and last the one that ends with the stream.

    The file's byte-order mark is none of the first line.
    """
    size = max(limits.block_bytes // _WIDEST_CHARACTER, 1) * _WIDEST_CHARACTER
    read_exactly(stream, len(charset.bom))
    feed = charset.encode("\n") if charset.is_wide else b"\n"
    longest = limits.record_bytes + len(charset.encode("\r"))
    # The line whose end has not been read yet; its bytes are forgotten once it is too long.
    number, rest, is_lost = 1, b"", False
    while block := read_exactly(stream, size):
        content = rest + (charset.encode(charset.decode(block)) if charset.is_wide else block)
        ends = _places(feed, content, len(rest))
        starts = np.concatenate([[0], ends + len(feed)])
        if len(ends):
            held = np.where(ends - starts[:-1] <= longest, ends, TOO_LONG)
            held[0] = TOO_LONG if is_lost else held[0]
            yield Lines(number, content, starts[:-1], held)
            number, is_lost = number + len(ends), False
        rest = content[starts[-1] :]
        is_lost = is_lost or len(rest) > longest
        rest = b"" if is_lost else rest
    yield Lines(number, rest, np.zeros(1, np.int64), np.array([TOO_LONG if is_lost else len(rest)]))


def _places(feed: bytes, content: bytes, start: int) -> np.ndarray:
    """Find line feeds, of one, two or four bytes, from some place on; shape (feeds,), dtype int64."""
    units = np.frombuffer(content, f"<u{len(feed)}", offset=start)
    return np.flatnonzero(units == int.from_bytes(feed, "little")) * len(feed) + start
