"""Counting what pairs of ascending rows share, by one walk along the two."""

import numpy as np

from harness.curation.kernels.compiling import CompiledLoop


@CompiledLoop
def count_shared(
    values: np.ndarray, offsets: np.ndarray, pairs: np.ndarray, least: np.ndarray, shared: np.ndarray
) -> None:
    """Count the numbers that the two rows of each pair have in common.

    Args:
        values: Numbers of rows laid end to end, each row ascending, each number once in it, dtype uint64.
        offsets: Shape (rows + 1,), dtype int64.
        pairs: The two rows, shape (2, pairs), dtype int64.
        least: A pair that shares fewer is given up as soon as that is sure, shape (pairs,), dtype int64.
        shared: Written, shape (pairs,), dtype int64; 0 for those given up.
    """
    for pair in range(len(shared)):
        one, end = offsets[pairs[0, pair]], offsets[pairs[0, pair] + 1]
        other, other_end = offsets[pairs[1, pair]], offsets[pairs[1, pair] + 1]
        needed, count = least[pair], 0
        while one < end and other < other_end:
            # Without a branch on the order of two hashes, which no processor can foretell.
            stop = min(end - one, other_end - other)
            if count + stop < needed:
                break
            for _ in range(min(stop, 16)):
                left, right = values[one], values[other]
                count += left == right
                one += left <= right
                other += right <= left
        shared[pair] = count if count >= needed else 0
