"""MinHash signatures and band keys: texts that are alike share a key with a probability that is known.

A. Broder, "On the resemblance and containment of documents" (1997); banding as in J. Leskovec,
A. Rajaraman, J. Ullman, "Mining of Massive Datasets", chapter 3.
"""

import math
from dataclasses import dataclass

import numpy as np

from harness.core.recipe import DuplicateSettings
from harness.curation.ragged import Ragged
from harness.curation.shingles import GOLDEN, WORD_BASE, mixed

# A pair of copies is missed as a candidate once in a thousand.
FOUND_AT_DUPLICATE = 0.999
# Fewer rows a band make unlike texts candidates, more make more bands necessary.
_ROWS = (4, 3, 2, 1)
_MAX_BANDS = 64


@dataclass(frozen=True)
class Banding:
    """How a signature is cut: `bands` keys, each made of `rows` minima."""

    bands: int
    rows: int

    @classmethod
    def for_settings(cls, settings: DuplicateSettings) -> "Banding":
        """Take the most rows with which 64 bands find copies with `FOUND_AT_DUPLICATE`.

        Below a `duplicate` of 0.11 a single row and 64 bands do not suffice any more, and more are taken.
        """
        for rows in _ROWS:
            bands = _bands_needed(settings.duplicate**rows)
            if bands <= _MAX_BANDS:
                break
        return cls(bands, rows)

    def found(self, similarity: float) -> float:
        """Give the probability that a pair of this Jaccard similarity shares a key."""
        return 1 - (1 - similarity**self.rows) ** self.bands


def _bands_needed(chance: float) -> int:
    if chance >= FOUND_AT_DUPLICATE:
        return 1
    return math.ceil(math.log(1 - FOUND_AT_DUPLICATE) / math.log(1 - chance))


def band_keys(shingles: Ragged, banding: Banding) -> Ragged:
    """Hash each text's shingles to one key a band; a text without shingles has none.

    The minima are over 32-bit hashes `((x >> 32) ^ a) * b` with a different a and odd b each, so that a text
    with fewer shingles than there are minima is treated like any other.

    Args:
        shingles: Shingles of each text, dtype uint64; their upper halves are what is hashed.
        banding: Number of bands and rows.

    Returns:
        Keys, dtype uint64, `banding.bands` for each text with shingles; the number of the band is part of
        a key.
    """
    has_any = shingles.lengths > 0
    starts = shingles.offsets[:-1][has_any]
    keys = np.empty((len(starts), banding.bands), np.uint64)
    if len(starts):
        _fill_keys(keys, (shingles.values >> np.uint64(32)).astype(np.uint32), starts, banding)
    offsets = np.concatenate((np.zeros(1, np.int64), np.cumsum(has_any * banding.bands, dtype=np.int64)))
    return Ragged(keys.ravel(), offsets)


def _fill_keys(keys: np.ndarray, halves: np.ndarray, starts: np.ndarray, banding: Banding) -> None:
    changes, factors = permutations(banding.bands * banding.rows)
    scratch = np.empty_like(halves)
    for band in range(banding.bands):
        key = np.full(len(starts), band, np.uint64)
        for number in range(band * banding.rows, (band + 1) * banding.rows):
            np.bitwise_xor(halves, changes[number], out=scratch)
            np.multiply(scratch, factors[number], out=scratch)
            key = key * WORD_BASE + np.minimum.reduceat(scratch, starts)
        keys[:, band] = mixed(key)


def permutations(count: int) -> tuple[np.ndarray, np.ndarray]:
    """Give the constants (a, b) of the first `count` hashes, dtype uint32, b odd."""
    drawn = mixed(np.arange(1, count + 1, dtype=np.uint64) * GOLDEN)
    return (drawn >> np.uint64(32)).astype(np.uint32), (drawn.astype(np.uint32) | np.uint32(1))
