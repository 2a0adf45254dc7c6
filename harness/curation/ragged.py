"""Rows of different length in one array, and the few operations on them that kernels need."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Ragged:
    """Rows laid end to end.

    Args:
        values: Shape (values,), any dtype.
        offsets: Shape (rows + 1,), dtype int64, from 0 to the number of values: row i is
            `values[offsets[i] : offsets[i + 1]]`.
    """

    values: np.ndarray
    offsets: np.ndarray

    @property
    def lengths(self) -> np.ndarray:
        """Length of each row, shape (rows,), dtype int64."""
        return np.asarray(np.diff(self.offsets))

    @property
    def ends(self) -> np.ndarray:
        """For each value the end of its row, shape (values,), dtype int64."""
        return np.asarray(np.repeat(self.offsets[1:], self.lengths))

    @property
    def places(self) -> np.ndarray:
        """For each value its place in its row, from 0, shape (values,), dtype int64."""
        return np.asarray(np.arange(len(self.values)) - np.repeat(self.offsets[:-1], self.lengths))

    def where(self, mask: np.ndarray) -> "Ragged":
        """Keep the values under a mask of shape (values,); rows can become empty, none goes."""
        return Ragged(self.values[mask], counts_before(mask)[self.offsets])

    def row_sums(self) -> np.ndarray:
        """Sum each row, wrapping at the dtype's size as unsigned arithmetic does; 0 for an empty row."""
        running = np.concatenate(
            (np.zeros(1, self.values.dtype), np.cumsum(self.values, dtype=self.values.dtype))
        )
        return np.asarray(running[self.offsets[1:]] - running[self.offsets[:-1]])


def counts_before(mask: np.ndarray) -> np.ndarray:
    """Count the true values before each place and in all, shape (values + 1,), dtype int64."""
    return np.concatenate((np.zeros(1, np.int64), np.cumsum(mask, dtype=np.int64)))


def offsets_of(lengths: np.ndarray) -> np.ndarray:
    """Turn lengths of shape (rows,) into offsets of shape (rows + 1,), dtype int64."""
    return np.concatenate((np.zeros(1, np.int64), np.cumsum(lengths, dtype=np.int64)))
