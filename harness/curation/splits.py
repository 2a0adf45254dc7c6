"""Splits that never part a cluster and do not move when articles are added."""

import hashlib

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from harness.core.recipe import SPLIT_NAMES, SplitSettings

_HASH_BYTES = 8


def assign(cluster_key: pa.Array | pa.ChunkedArray, settings: SplitSettings) -> pa.Array:
    """Assign each document the split of its cluster.

    The split is a function of the cluster's key, the salt and the shares alone: all members of a cluster go
    together, and neither the other articles nor their order matter. The price is that the shares hold on
    average only (the sampling error of n clusters is about the square root of share / n), so that a small
    corpus can end with an empty split; `empty_splits` names them.

    Args:
        cluster_key: Names of the clusters, one for each document; null gives null.
        settings: Shares and salt.

    Returns:
        Names of splits, type string.
    """
    whole = cluster_key.combine_chunks() if isinstance(cluster_key, pa.ChunkedArray) else cluster_key
    encoded = whole.dictionary_encode()
    places = np.array(
        [_place(key, settings.salt) for key in encoded.dictionary.to_pylist()], dtype=np.float64
    )
    shares = np.array([getattr(settings, name) for name in SPLIT_NAMES])
    bounds = np.cumsum(shares)
    # Rounding must not leave a place beyond the last split that has a share.
    bounds[np.flatnonzero(shares)[-1] :] = 1.0
    split = np.searchsorted(bounds, places, side="right")
    names = pa.array(SPLIT_NAMES, pa.string()).take(pa.array(split, pa.int32()))
    return names.take(encoded.indices)


def empty_splits(assigned: pa.Array | pa.ChunkedArray, settings: SplitSettings) -> tuple[str, ...]:
    """Name the splits that have a share but got no document, in the order of the splits."""
    filled = set(pc.unique(assigned).to_pylist())
    return tuple(name for name in SPLIT_NAMES if getattr(settings, name) > 0 and name not in filled)


def _place(key: str, salt: str) -> float:
    """Map a key to [0, 1) by a salted 64-bit hash."""
    # The length keeps apart what salt and key could otherwise trade at their seam.
    salted = f"{len(salt)}:{salt}{key}".encode()
    digest = hashlib.blake2b(salted, digest_size=_HASH_BYTES).digest()
    # 53 bits are what a float64 in [0, 1) can hold; more would round up to 1.
    return float(int.from_bytes(digest, "big") >> 11) / (1 << 53)
