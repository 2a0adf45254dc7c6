"""Pairs of texts that may be alike, and how alike they are: bounded candidates, exact verification."""

from dataclasses import dataclass

import numpy as np

from harness.curation.ragged import Ragged

# In a bucket of more texts than this each is compared with so many of the best-ranked ones only, so that
# the work grows with the texts and not with their square. What is missed in a huge bucket by its being
# huge has as many more chances as there are bands.
REPRESENTATIVES = 32
_HALF = np.uint64(32)
_LOW_HALF = np.uint64(0xFFFF_FFFF)


@dataclass(frozen=True)
class Pairs:
    """Pairs of texts by number, each once; all arrays of shape (pairs,), dtype int64.

    Args:
        first: The text with the lower number, which is the better rank.
        second: The other one.
    """

    first: np.ndarray
    second: np.ndarray

    def without(self, others: "Pairs") -> "Pairs":
        """Leave out the pairs that are among the others."""
        return _unpacked(np.setdiff1d(_packed(self.first, self.second), _packed(others.first, others.second)))


@dataclass(frozen=True)
class Verified:
    """Pairs with the shares that were counted; all arrays of shape (pairs,).

    Args:
        first: The text with the better rank, dtype int64.
        second: The other one, dtype int64.
        jaccard: Shared shingles over all shingles of the two, dtype float64.
        first_inside: Share of the first one's shingles that the second holds, dtype float64.
        second_inside: Share of the second one's shingles that the first holds, dtype float64.
    """

    first: np.ndarray
    second: np.ndarray
    jaccard: np.ndarray
    first_inside: np.ndarray
    second_inside: np.ndarray

    def where(self, mask: np.ndarray) -> "Verified":
        """Keep the pairs under a mask."""
        return Verified(*(getattr(self, name)[mask] for name in self.__dataclass_fields__))

    def and_also(self, others: "Verified") -> "Verified":
        """Put two sets of pairs together."""
        names = self.__dataclass_fields__
        return Verified(*(np.concatenate((getattr(self, name), getattr(others, name))) for name in names))


def pairs_in_buckets(buckets: np.ndarray) -> Pairs:
    """Pair texts that share a bucket in at least one column.

    Args:
        buckets: Keys of shape (texts, columns), dtype uint64; texts in order of rank. Of a key the upper
            bits count, as many as the number of a text leaves free; verification sorts out what they confuse.

    Returns:
        Pairs in ascending order; in a bucket of more than `REPRESENTATIVES`, those with one of its best.
    """
    found = [_pairs_of_column(buckets[:, column]) for column in range(buckets.shape[1])]
    return _unpacked(np.unique(np.concatenate(found)) if found else np.zeros(0, np.uint64))


def _pairs_of_column(keys: np.ndarray) -> np.ndarray:
    """Pack the pairs of one column, dtype uint64."""
    # The text's number in the low bits of its key: one plain sort brings buckets together, each in order
    # of rank, which is six times faster than sorting numbers by keys.
    bits = np.uint64(max(len(keys) - 1, 1).bit_length())
    packed = np.sort((keys >> bits << bits) | np.arange(len(keys), dtype=np.uint64))
    bucket = packed >> bits
    text = (packed & ((np.uint64(1) << bits) - np.uint64(1))).astype(np.int64)
    is_start = np.ones(len(keys), dtype=bool)
    is_start[1:] = bucket[1:] != bucket[:-1]
    starts = np.flatnonzero(is_start)
    start = np.repeat(starts, np.diff(np.append(starts, len(keys))))
    place = np.arange(len(keys)) - start
    deepest = int(place.max(initial=0))
    pairs = []
    for number in range(min(REPRESENTATIVES, deepest)):
        later = np.flatnonzero(place > number)
        pairs.append(_packed(text[start[later] + number], text[later]))
    return np.concatenate(pairs) if pairs else np.zeros(0, np.uint64)


def verify(pairs: Pairs, shingles: Ragged, rows: np.ndarray) -> Verified:
    """Count exactly what pairs of texts share.

    Args:
        pairs: Texts with shingles, by number.
        shingles: Shingles of each row, ascending, each once, dtype uint64.
        rows: Row of each text, shape (texts,), dtype int64.
    """
    left, right = rows[pairs.first], rows[pairs.second]
    shared = shared_counts(shingles, left, right)
    lengths = shingles.lengths
    of_left, of_right = lengths[left], lengths[right]
    return Verified(
        pairs.first,
        pairs.second,
        jaccard=shared / (of_left + of_right - shared),
        first_inside=shared / of_left,
        second_inside=shared / of_right,
    )


def shared_counts(shingles: Ragged, left: np.ndarray, right: np.ndarray) -> np.ndarray:
    """Count the values that two rows have in common, for each pair of rows, dtype int64."""
    values, starts = shingles.values, shingles.offsets.tolist()
    shared = np.empty(len(left), np.int64)
    for place, (one, other) in enumerate(zip(left.tolist(), right.tolist(), strict=True)):
        both = np.concatenate(
            (values[starts[one] : starts[one + 1]], values[starts[other] : starts[other + 1]])
        )
        both.sort()
        shared[place] = np.count_nonzero(both[1:] == both[:-1])
    return shared


def _packed(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    return np.asarray(first.astype(np.uint64) << _HALF | second.astype(np.uint64))


def _unpacked(packed: np.ndarray) -> Pairs:
    return Pairs((packed >> _HALF).astype(np.int64), (packed & _LOW_HALF).astype(np.int64))
