"""Documents that belong together beside their text: of one title, or of one source and day."""

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from harness.curation.components import components

_SECONDS_A_DAY = 86_400


def same_title(title_key: pa.ChunkedArray) -> np.ndarray:
    """Number the titles, shape (documents,), dtype int64, -1 where there is none."""
    return numbers_of(title_key)


def same_source_day(source: pa.ChunkedArray, published: pa.ChunkedArray) -> np.ndarray:
    """Number the pairs of a source and a day of UTC, shape (documents,), dtype int64, -1 where either is unknown."""
    named = numbers_of(source)
    seconds = pc.fill_null(published.combine_chunks().cast(pa.int64()), 0).to_numpy()
    is_known = (named >= 0) & np.asarray(pc.is_valid(published).to_numpy(), dtype=bool)
    days = seconds[is_known] // _SECONDS_A_DAY
    pairs = paired(named[is_known], days - days.min(initial=0))
    numbers = np.full(len(named), -1, np.int64)
    numbers[is_known] = np.unique(pairs, return_inverse=True)[1]
    return numbers


def paired(left: np.ndarray, right: np.ndarray) -> np.ndarray:
    """Make one number of two, which are not negative, dtype int64: by the left one first, then by the right one."""
    return np.asarray(left * (int(right.max(initial=0)) + 1) + right)


def joined_keys(cluster: pa.Array, kept: np.ndarray, together: Sequence[np.ndarray]) -> pa.Array:
    """Name groups of clusters that share a kept member of some other grouping.

    Args:
        cluster: Name of each document's cluster, in corpus order.
        kept: Which documents count, shape (documents,), dtype bool.
        together: Other groupings, each of shape (documents,), dtype int64, -1 for none.

    Returns:
        For each document the name of the first cluster of its group, so that articles which come later do not
        rename it; without `together` the cluster's own.
    """
    encoded = cluster.dictionary_encode()  # numbered as they first occur
    number = encoded.indices.to_numpy().astype(np.int64)
    pairs = [_pairs(number, group, np.flatnonzero(kept & (group >= 0))) for group in together]
    left, right = np.concatenate([np.zeros((2, 0), np.int64), *pairs], axis=1)
    label = components(len(encoded.dictionary), left, right)
    return encoded.dictionary.take(pa.array(label[number]))


def _pairs(number: np.ndarray, group: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """Pair the cluster of each of some rows with that of the first row of its group, shape (2, rows)."""
    _, first, of_row = np.unique(group[rows], return_index=True, return_inverse=True)
    return np.stack([number[rows], number[rows[first[of_row]]]])


def numbers_of(values: pa.ChunkedArray) -> np.ndarray:
    """Number different values as they first occur, shape (values,), dtype int64, -1 for null."""
    indices = values.combine_chunks().dictionary_encode().indices
    return np.asarray(pc.fill_null(indices.cast(pa.int64()), -1).to_numpy())
