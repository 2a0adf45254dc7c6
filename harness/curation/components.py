"""Connected components of pairs, without an order of the pairs that could show."""

import numpy as np


def components(size: int, left: np.ndarray, right: np.ndarray) -> np.ndarray:
    """Label each of `size` things by the least thing that pairs connect it with.

    Args:
        size: How many things there are.
        left: One end of each pair, shape (pairs,), dtype int64, in [0, size).
        right: The other end.

    Returns:
        Labels, shape (size,), dtype int64; a thing without pairs is its own label.
    """
    label = np.arange(size)
    while not np.array_equal(label[left], label[right]):
        least = np.minimum(label[left], label[right])
        np.minimum.at(label, label[left], least)
        np.minimum.at(label, label[right], least)
        label = _roots(label)
    return label


def _roots(label: np.ndarray) -> np.ndarray:
    """Follow labels of labels to their end; a label is never greater than what it labels."""
    while not np.array_equal(above := label[label], label):
        label = above
    return label
