"""Arrow columns of text as plain arrays over the bytes that they already lie in."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc


@dataclass(frozen=True)
class Utf8Texts:
    """Texts in one buffer: text i is `data[starts[i] : ends[i]]`; a null one is empty.

    Args:
        data: Dtype uint8, shared with the column and with what else lies in its buffer.
        starts: Shape (texts,), dtype int64, inside the buffer.
        ends: Shape (texts,), dtype int64, inside the buffer and not before the starts.
    """

    data: np.ndarray
    starts: np.ndarray
    ends: np.ndarray

    @classmethod
    def of(cls, column: pa.Array) -> "Utf8Texts":
        """Look at a column without copying its text.

        Args:
            column: Type string or large_string; a slice, too.

        Raises:
            TypeError: The column is of another type.
            ValueError: Its offsets lie outside of its buffer or go backwards.
        """
        if not (pa.types.is_string(column.type) or pa.types.is_large_string(column.type)):
            raise TypeError(f"texts are a column of strings, not of {column.type}")
        _, places, content = column.buffers()
        data = np.frombuffer(content or b"", np.uint8)
        width = np.dtype(np.int32 if pa.types.is_string(column.type) else np.int64)
        if not len(column):
            return cls(data, np.zeros(0, np.int64), np.zeros(0, np.int64))
        bounds = np.frombuffer(places, width, len(column) + 1, column.offset * width.itemsize).astype(
            np.int64
        )
        if bounds[0] < 0 or bounds[-1] > len(data) or (np.diff(bounds) < 0).any():
            raise ValueError("the offsets of a column of texts do not lie inside its buffer in order")
        ends = bounds[1:]
        if column.null_count:
            ends = np.where(pc.is_valid(column).to_numpy(zero_copy_only=False), ends, bounds[:-1])
        return cls(data, bounds[:-1], ends)

    @property
    def sizes(self) -> np.ndarray:
        """Bytes of each text, shape (texts,), dtype int64."""
        return np.asarray(self.ends - self.starts)

    def batches(self, size: int) -> Iterator[slice]:
        """Cut into runs of texts of about so many bytes, a longer text by itself."""
        ends = np.cumsum(self.sizes)
        start = 0
        while start < len(ends):
            before = ends[start - 1] if start else 0
            stop = max(start + 1, int(np.searchsorted(ends, before + size, side="right")))
            yield slice(start, stop)
            start = stop
