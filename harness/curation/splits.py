"""Splits that never part a cluster and do not move when articles are added."""

import hashlib

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from harness.core.recipe import SPLIT_NAMES, SplitSettings

_HASH_BYTES = 8
# Keys are Python objects only while they are hashed, and so many at a time (6 MB).
_KEYS_AT_ONCE = 1 << 16


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
    places = _places(encoded.dictionary, settings.salt)
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


def _places(keys: pa.Array, salt: str) -> np.ndarray:
    """Map keys to [0, 1) by a salted 64-bit hash, shape (keys,), dtype float64."""
    # The length keeps apart what salt and key could otherwise trade at their seam.
    before = f"{len(salt)}:{salt}".encode()
    digests = bytearray()
    for start in range(0, len(keys), _KEYS_AT_ONCE):
        some = keys.slice(start, _KEYS_AT_ONCE).cast(pa.binary()).to_pylist()
        digests += b"".join([hashlib.blake2b(before + key, digest_size=_HASH_BYTES).digest() for key in some])
    # 53 bits are what a float64 in [0, 1) can hold; more would round up to 1.
    return np.asarray((np.frombuffer(digests, ">u8") >> np.uint64(11)).astype(np.float64) / (1 << 53))
