"""How many numbers two ascending rows share, counted for many pairs of rows at once."""

from collections.abc import Iterator

import numpy as np

from harness.curation.kernels import compiled_files
from harness.curation.ragged import Ragged, counts_before

# A pair's number takes the upper bits of a key, the number that is looked up the rest.
_PAIR_BITS = 10
# Keys and what is made of them stay in the processor's cache.
_VALUES_AT_ONCE = 1 << 16
# From so many pairs on the compiled loop pays for being loaded (50 ms, against 8 microseconds a pair), and for being
# compiled (2.5 s).
COMPILED_FROM, _UNCOMPILED_FROM = 5_000, 250_000


def shared_counts(rows: Ragged, left: np.ndarray, right: np.ndarray, least: np.ndarray) -> np.ndarray:
    """Count the numbers that two rows have in common, for each pair of rows.

    Args:
        rows: Numbers of each row, ascending, each once, dtype uint64.
        left: One row of each pair, shape (pairs,), dtype int64.
        right: The other one.
        least: Of a pair that shares fewer, any lower count may be told, shape (pairs,), dtype int64.

    Returns:
        Shape (pairs,), dtype int64.
    """
    shared = np.empty(len(least), np.int64)
    sizes = rows.lengths[left] + rows.lengths[right]
    for some in blocks(sizes, _VALUES_AT_ONCE, 1 << _PAIR_BITS):
        shared[some] = _shared(rows, left[some], right[some])
    return shared


def is_worth_compiling(pairs: int) -> bool:
    """Tell whether `compiled_shared_counts` pays for being loaded, and once a machine compiled, for so many pairs.

    On a machine that has compiled the pass over texts there are corpora to compare.
    """
    return pairs >= (COMPILED_FROM if compiled_files.has_any("one_pass", "_") else _UNCOMPILED_FROM)


def compiled_shared_counts(
    rows: Ragged, left: np.ndarray, right: np.ndarray, least: np.ndarray
) -> np.ndarray:
    """Do the same as `shared_counts` in a fifth of the time, once the compiled loop is loaded."""
    from harness.curation.kernels.shared import count_shared  # noqa: PLC0415 - loads LLVM

    shared = np.empty(len(least), np.int64)
    count_shared(rows.values, rows.offsets, np.stack((left, right)), least, shared)
    return shared


def blocks(sizes: np.ndarray, most: int, most_things: int | None = None) -> Iterator[slice]:
    """Cut a run of things into runs of at most `most` in size, and of at most so many things.

    A thing that is larger comes by itself.
    """
    ends = np.cumsum(sizes)
    start = 0
    while start < len(sizes):
        before = int(ends[start - 1]) if start else 0
        stop = max(start + 1, int(np.searchsorted(ends, before + most, side="right")))
        stop = min(stop, start + most_things) if most_things else stop
        yield slice(start, stop)
        start = stop


def _shared(rows: Ragged, left: np.ndarray, right: np.ndarray) -> np.ndarray:
    one, other = _side_by_side(rows, left), _side_by_side(rows, right)
    keys, sought = _keys(one), _keys(other)
    place = np.searchsorted(keys, sought)
    place[place == len(keys)] = 0  # sought for the last pair beyond its last number: not what lies there
    is_shared = np.zeros(len(sought), dtype=bool)
    if len(keys):
        is_shared = (keys[place] == sought) & (one.values[place] == other.values)
    shared = np.diff(counts_before(is_shared)[other.offsets])
    # Two numbers of a row that differ in their last bits only have one key: the second would be overlooked.
    for pair in np.unique(
        np.searchsorted(one.offsets, np.flatnonzero(keys[1:] == keys[:-1]), side="right") - 1
    ):
        shared[pair] = len(np.intersect1d(_row(one, pair), _row(other, pair), assume_unique=True))
    return np.asarray(shared)


def _side_by_side(rows: Ragged, chosen: np.ndarray) -> Ragged:
    lengths = rows.lengths[chosen]
    offsets = np.concatenate((np.zeros(1, np.int64), np.cumsum(lengths)))
    places = np.arange(offsets[-1]) + np.repeat(rows.offsets[chosen] - offsets[:-1], lengths)
    return Ragged(rows.values[places], offsets)


def _keys(rows: Ragged) -> np.ndarray:
    """Put the row's number before the upper bits of each value: ascending over all rows."""
    pair = np.repeat(np.arange(len(rows.offsets) - 1, dtype=np.uint64), rows.lengths)
    return np.asarray(pair << np.uint64(64 - _PAIR_BITS) | rows.values >> np.uint64(_PAIR_BITS))


def _row(rows: Ragged, number: int) -> np.ndarray:
    return rows.values[rows.offsets[number] : rows.offsets[number + 1]]
