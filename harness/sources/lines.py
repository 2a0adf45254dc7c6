"""Streams cut into lines, in any encoding, with a bound on how much of a line is held."""

from collections.abc import Iterator
from typing import BinaryIO

from harness.sources.charset import Charset
from harness.sources.raw_file import Limits, read_exactly

# Blocks end on a multiple of it, so that none cuts a character of UTF-16 or UTF-32.
_WIDEST_CHARACTER = 4


def ended_lines(stream: BinaryIO, charset: Charset, limits: Limits) -> Iterator[list[bytes | None]]:
    """Give the lines that end in each block read, and last the one that ends with the stream.

    Lines come without their line feed and with a carriage return before it; None for one that is longer
    than a record may be. The file's byte-order mark is none of the first line.
    """
    size = max(limits.block_bytes // _WIDEST_CHARACTER, 1) * _WIDEST_CHARACTER
    read_exactly(stream, len(charset.bom))
    limit_bytes = limits.record_bytes + len(charset.encode("\r"))
    open_line = _OpenLine(limit_bytes)
    while block := read_exactly(stream, size):
        first, *rest = _split(block, charset)
        open_line.append(first)
        if rest:
            *whole, last = rest
            yield [open_line.end(), *(line if len(line) <= limit_bytes else None for line in whole)]
            open_line.append(last)
    yield [open_line.end()]


class _OpenLine:
    """The line whose end has not been read yet; forgets its bytes once it is too long."""

    def __init__(self, limit_bytes: int) -> None:
        self._limit = limit_bytes
        self._pieces: list[bytes] = []
        self._size = 0

    def append(self, piece: bytes) -> None:
        self._size += len(piece)
        if self._size <= self._limit:
            self._pieces.append(piece)
        else:
            self._pieces.clear()

    def end(self) -> bytes | None:
        """Give the line, None where it is too long, and begin the next."""
        line = None if self._size > self._limit else b"".join(self._pieces)
        self._pieces.clear()
        self._size = 0
        return line


def _split(block: bytes, charset: Charset) -> list[bytes]:
    if not charset.is_wide:
        return block.split(b"\n")
    return [charset.encode(line) for line in charset.decode(block).split("\n")]
