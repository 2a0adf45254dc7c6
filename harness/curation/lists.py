"""Columns of lists that lie in many pieces, perhaps mapped from files: read row by row, never joined."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from harness.curation.ragged import Ragged, offsets_of

# Columns of numbers are laid out side by side up to this size. More is no faster (a cache line of a mapped
# row holds eight columns), less reads the rows more often.
_GROUP_BYTES = 1 << 27
_NUMBER_BYTES = 8
# Of a column that lies in mapped files about so much is held in memory. Reading it again costs a fault for every
# 64 kB.
_MAPPED_BYTES = 1 << 28


def numbers(values: np.ndarray) -> pa.Array:
    """Take whole numbers as a column, without a copy: `pa.array` would load pandas for it, 0.16 s of a process."""
    return pa.Array.from_buffers(
        pa.from_numpy_dtype(values.dtype), len(values), [None, pa.py_buffer(np.ascontiguousarray(values))]
    )


def as_numbers(values: pa.Array) -> np.ndarray:
    """Look at a column of numbers or flags without nulls as an array, which is not to be written to.

    Like `to_numpy`, which would load pandas for it. Flags are copied.

    Raises:
        ValueError: There are nulls.
    """
    if values.null_count:
        raise ValueError(f"{values.null_count} of {len(values)} values are not known")
    content = values.buffers()[1]
    if content is None:  # of no values
        return np.zeros(0, values.type.to_pandas_dtype())
    if pa.types.is_boolean(values.type):
        bits = np.unpackbits(
            np.frombuffer(content, np.uint8), count=values.offset + len(values), bitorder="little"
        )
        return bits[values.offset :].astype(bool)
    numbered = np.frombuffer(content, values.type.to_pandas_dtype())
    return numbered[values.offset : values.offset + len(values)]


def nothing_to_release() -> None:
    """Do nothing: what lies in memory is not given back."""


@dataclass(frozen=True)
class ListColumn:
    """Lists of unsigned 64-bit numbers; a null counts as an empty list.

    Args:
        pieces: The lists as they lie.
        starts: Number of the first row of each piece and of all rows, shape (pieces + 1,), dtype int64.
        lengths: Length of each list, shape (rows,), dtype int64.
        release: Called after every `_MAPPED_BYTES` that were gone through: what lies in mapped files may be given
            back to the system.
    """

    pieces: tuple[pa.Array, ...]
    starts: np.ndarray
    lengths: np.ndarray
    release: Callable[[], None]

    @classmethod
    def of(cls, column: pa.ChunkedArray, release: Callable[[], None]) -> "ListColumn":
        """Look at a column without copying it; `release` is told of below."""
        pieces = tuple(column.chunks)
        lengths = [_lengths_of(piece) for piece in pieces]
        return cls(
            pieces,
            offsets_of(np.array([len(piece) for piece in pieces], np.int64)),
            np.concatenate([np.zeros(0, np.int64), *lengths]),
            release,
        )

    def rows(self, rows: np.ndarray, buffer: np.ndarray) -> tuple[Ragged, np.ndarray]:
        """Copy some rows.

        Args:
            rows: Their numbers, ascending, shape (chosen,), dtype int64: each piece is gone through once,
                forwards.
            buffer: Filled if it is large enough, dtype uint64.

        Returns:
            The rows, and the buffer in which they lie.
        """
        offsets = offsets_of(self.lengths[rows])
        buffer = buffer if len(buffer) >= offsets[-1] else np.empty(offsets[-1], np.uint64)
        bounds = np.searchsorted(rows, self.starts)
        for number, piece in self._walk(np.flatnonzero(np.diff(bounds))):
            start, stop = bounds[number], bounds[number + 1]
            taken = piece.take(numbers(rows[start:stop] - self.starts[number]))
            buffer[offsets[start] : offsets[stop]] = as_numbers(taken.flatten())
        return Ragged(buffer[: offsets[-1]], offsets), buffer

    def columns(self, width: int, rows: np.ndarray) -> Iterator[np.ndarray]:
        """Give the first number of some rows, then the second of each, and so on.

        Args:
            width: Length of all lists that are not empty.
            rows: Numbers of rows that are not empty, in any order, shape (chosen,), dtype int64.

        Yields:
            Shape (chosen,), dtype uint64, `width` times.
        """
        place = (np.cumsum(self.lengths > 0) - 1)[rows]
        filled = int(np.count_nonzero(self.lengths))
        at_once = max(1, _GROUP_BYTES // (_NUMBER_BYTES * max(filled, 1)))
        for start in range(0, width, at_once):
            for column in self._transposed(width, slice(start, min(start + at_once, width)), filled):
                yield column[place]

    def _transposed(self, width: int, chosen: slice, filled: int) -> np.ndarray:
        columns = np.empty((chosen.stop - chosen.start, filled), np.uint64)
        start = 0
        for _, piece in self._walk(np.arange(len(self.pieces))):
            keys = as_numbers(piece.flatten()).reshape(-1, width)
            columns[:, start : start + len(keys)] = keys[:, chosen].T
            start += len(keys)
        return columns

    def _walk(self, chosen: np.ndarray) -> Iterator[tuple[int, pa.Array]]:
        """Go through some pieces by number."""
        walked = 0
        for number in chosen.tolist():
            yield number, self.pieces[number]
            walked += self.pieces[number].nbytes
            if walked > _MAPPED_BYTES:
                self.release()
                walked = 0
        self.release()


def _lengths_of(lists: pa.Array) -> np.ndarray:
    lengths = pc.list_value_length(lists)
    return as_numbers(pc.fill_null(lengths, 0) if lengths.null_count else lengths)
