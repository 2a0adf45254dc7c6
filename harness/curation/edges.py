"""Lines that many documents of a source begin or end with: what a page leaves, though no table knows it."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from harness.curation.groups import numbers_of, paired

# As `harness residue` proposes them: in so many clusters, copies counting once, and this share of the source's.
LEAST_CLUSTERS = 3
LEAST_SHARE = 0.02


def edge_lines(lines: pa.ListArray) -> dict[str, pa.Array]:
    """Take the hashes of each text's first and last line.

    Args:
        lines: Of each text the hashes of its lines with a word, in order, type list<uint64>.

    Returns:
        Columns `first_line` and `last_line`, type uint64; null for a text of fewer than two such lines, which
        has a middle only.
    """
    count = pc.fill_null(pc.list_value_length(lines), 0)
    enough = np.asarray(pc.greater_equal(count, 2))
    offsets = np.asarray(lines.offsets)
    values, mask = np.append(np.asarray(lines.values), np.uint64(0)), ~enough
    ends = {"first_line": offsets[:-1], "last_line": offsets[1:] - 1}
    return {
        name: pa.array(values[np.where(enough, place, len(values) - 1)], pa.uint64(), mask=mask)
        for name, place in ends.items()
    }


def repeated_edges(
    source: pa.ChunkedArray, edge: pa.ChunkedArray, cluster: np.ndarray, kept: np.ndarray
) -> np.ndarray:
    """Mark kept documents whose line at one edge stands there in many clusters of their source.

    Args:
        source: Name of each document's source; those without one are one source.
        edge: One of the columns of `edge_lines`.
        cluster: Number of each document's cluster, shape (documents,), dtype int64.
        kept: Shape (documents,), dtype bool.

    Returns:
        Shape (documents,), dtype bool.
    """
    line = numbers_of(edge)
    rows = np.flatnonzero(kept & (line >= 0))
    of_source = numbers_of(source)[rows] + 1
    total = _distinct(of_source, cluster[rows])
    _, first, place = np.unique(paired(of_source, line[rows]), return_index=True, return_inverse=True)
    clusters = _distinct(place, cluster[rows])
    is_many = clusters >= np.maximum(LEAST_CLUSTERS, LEAST_SHARE * total[of_source[first]])
    repeated = np.zeros(len(kept), dtype=bool)
    repeated[rows] = is_many[place]
    return repeated


def _distinct(group: np.ndarray, cluster: np.ndarray) -> np.ndarray:
    """Count the clusters of each group, shape (groups,)."""
    pairs = np.sort(paired(group, cluster))  # `np.unique` hashes, which takes ten times as long
    is_first = np.ones(len(pairs), dtype=bool)
    is_first[1:] = pairs[1:] != pairs[:-1]
    pairs = pairs[is_first]
    return np.bincount(pairs // (int(cluster.max(initial=0)) + 1), minlength=int(group.max(initial=-1)) + 1)
