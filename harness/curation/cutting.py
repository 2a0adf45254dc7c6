"""Cutting rows into runs where the rows themselves say, so that a change moves no cut but those near it."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class RunSizes:
    """How large runs are, in whatever unit the rows' sizes are in.

    Args:
        least: No run but the last is smaller.
        usual: What a run has on average.
        most: Where no row asks for a cut before this size, it is made there; a single row may be larger.
    """

    least: int
    usual: int
    most: int


def cut_runs(sizes: np.ndarray, draws: np.ndarray, limits: RunSizes) -> list[int]:
    """Cut rows into runs of about one size.

    Beyond the least size a row ends its run with a probability of its size over what is usual beyond that,
    decided by its own draw alone. Rows that come or go move the cuts near them, until the next cut that was
    asked for by a row outside of the least size of both.

    Args:
        sizes: Size of each row, shape (rows,), dtype int64, positive.
        draws: A hash of each row, shape (rows,), dtype uint64.
        limits: Sizes of runs.

    Returns:
        Where each run ends (its last row + 1), ascending; none without rows.
    """
    share = np.minimum(sizes / (limits.usual - limits.least), 1.0)
    asks = np.flatnonzero(draws.astype(np.float64) < share * 2.0**64)
    behind = np.cumsum(sizes)
    ends: list[int] = []
    start = done = 0
    while start < len(sizes):
        first = int(np.searchsorted(behind, done + limits.least))
        forced = int(np.searchsorted(behind, done + limits.most))
        place = int(np.searchsorted(asks, first))
        asked = int(asks[place]) if place < len(asks) else len(sizes)
        last = min(asked, forced, len(sizes) - 1)
        ends.append(last + 1)
        start, done = last + 1, int(behind[last])
    return ends


def cut_stream(sizes: np.ndarray, asks: np.ndarray, open_size: int, most: int) -> list[int]:
    """Cut the next rows of a stream behind those that ask for it, and where a run comes to what it may have at most.

    Args:
        sizes: Size of each row, shape (rows,), dtype int64, positive.
        asks: Which rows ask for a cut, shape (rows,), dtype bool.
        open_size: Of the rows in front of them since the last cut.
        most: Where no row asks for a cut before this size, it is made there.

    Returns:
        Where runs end (their last rows + 1), ascending; the rows behind the last of them go on with the stream.
    """
    asked = np.flatnonzero(asks)
    behind = open_size + np.cumsum(sizes)
    ends: list[int] = []
    start = done = 0
    while True:
        place = int(np.searchsorted(asked, start))
        forced = int(np.searchsorted(behind, done + most))
        last = min(int(asked[place]) if place < len(asked) else len(sizes), forced)
        if last >= len(sizes):
            return ends
        ends.append(last + 1)
        start, done = last + 1, int(behind[last])


def draws_of(digests: np.ndarray) -> np.ndarray:
    """Take a number from each row's digest.

    Args:
        digests: Shape (rows, bytes), dtype uint8, at least 8 bytes a row.

    Returns:
        Shape (rows,), dtype uint64.
    """
    first = np.ascontiguousarray(digests[:, :8])
    return np.asarray(first.view(">u8").ravel().astype(np.uint64))
