"""Bytes of a stream by lines and counts, with a bound on each and the place in the stream at hand."""

from collections.abc import Callable

_BLOCK_BYTES = 1 << 16


class ByteReader:
    """Reads ahead in blocks.

    Args:
        read: Gives some bytes, at most as many as asked; none at the end.
        place: Where in the stream the first of them stands.
    """

    def __init__(self, read: Callable[[int], bytes], place: int = 0) -> None:
        self._read = read
        self._buffer = bytearray()
        self.place = place

    def line(self, limit_bytes: int) -> bytes:
        """Read to the next line feed, which is given too, or to the end.

        Raises:
            ValueError: The line is longer than the limit.
        """
        while (end := self._buffer.find(b"\n") + 1) == 0 and len(self._buffer) <= limit_bytes:
            if not self._fill():
                end = len(self._buffer)
                break
        if end == 0 or end > limit_bytes:
            raise ValueError(f"a line has more than {limit_bytes} bytes")
        return self._take(end)

    def peek(self, size: int) -> bytes:
        """Look at the next bytes without reading them; fewer only before the end."""
        while len(self._buffer) < size and self._fill():
            pass
        return bytes(self._buffer[:size])

    def exactly(self, size: int) -> bytes:
        """Read so many bytes.

        Raises:
            EOFError: The stream ends before them.
        """
        while len(self._buffer) < size and self._fill():
            pass
        if len(self._buffer) < size:
            raise EOFError("it ends in the middle")
        return self._take(size)

    def skip(self, size: int) -> None:
        """Pass over so many bytes without holding them.

        Raises:
            EOFError: The stream ends before them.
        """
        while size > 0:
            passed = len(self.peek(min(size, _BLOCK_BYTES)))
            if not passed:
                raise EOFError("it ends in the middle")
            self._take(min(passed, size))
            size -= passed

    def _take(self, size: int) -> bytes:
        taken = bytes(self._buffer[:size])
        del self._buffer[:size]
        self.place += len(taken)
        return taken

    def _fill(self) -> bool:
        block = self._read(_BLOCK_BYTES)
        self._buffer += block
        return bool(block)
