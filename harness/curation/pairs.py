"""Pairs of texts that may be alike, and how alike they are: bounded candidates, exact verification."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from harness.curation.intersect import blocks, shared_counts
from harness.curation.lists import ListColumn

# In a bucket of more texts than this each is compared with so many of the best-ranked ones only, so that
# the work grows with the texts and not with their square. What is missed in a huge bucket by its being
# huge has as many more chances as there are bands.
REPRESENTATIVES = 32
# Pairs are found again in band after band: so many are collected before what repeats is dropped (32 MB).
_COLLECTED = 1 << 22
# Shingles of so many pairs are held at a time (64 MB; twice that while they are copied).
_SHINGLES_AT_ONCE = 1 << 23
_HALF = np.uint64(32)
_LOW_HALF = np.uint64(0xFFFF_FFFF)


@dataclass(frozen=True)
class Pairs:
    """Pairs of texts by number, each once, in ascending order.

    Args:
        packed: The text with the lower number, which is the better rank, in the upper half of each, the other
            one in the lower; shape (pairs,), dtype uint64.
    """

    packed: np.ndarray

    @property
    def first(self) -> np.ndarray:
        """The text with the better rank, shape (pairs,), dtype int64."""
        return np.asarray((self.packed >> _HALF).astype(np.int64))

    @property
    def second(self) -> np.ndarray:
        """The other one, shape (pairs,), dtype int64."""
        return np.asarray((self.packed & _LOW_HALF).astype(np.int64))

    def __len__(self) -> int:
        return len(self.packed)

    def where(self, mask: np.ndarray | slice) -> "Pairs":
        """Keep the pairs under a mask, at places or of a slice, in that order."""
        return Pairs(self.packed[mask])

    def without(self, others: "Pairs") -> "Pairs":
        """Leave out the pairs that are among the others."""
        return Pairs(np.setdiff1d(self.packed, others.packed, assume_unique=True))

    def and_also(self, others: "Pairs") -> "Pairs":
        """Put two sets of pairs together."""
        return Pairs(np.union1d(self.packed, others.packed))


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

    @property
    def pairs(self) -> Pairs:
        """The pairs without their shares."""
        return Pairs(np.sort(_packed(self.first, self.second)))

    @classmethod
    def joined(cls, parts: Iterable["Verified"]) -> "Verified":
        """Put sets of pairs together."""
        nothing, shares = np.zeros(0, np.int64), np.zeros(0)
        parts = [cls(nothing, nothing, shares, shares, shares), *parts]
        return cls(
            *(np.concatenate([getattr(part, name) for part in parts]) for name in cls.__dataclass_fields__)
        )


def pairs_in_buckets(columns: Iterable[np.ndarray]) -> Pairs:
    """Pair texts that share a bucket in at least one column.

    Args:
        columns: Keys of shape (texts,), dtype uint64, column after column; texts in order of rank. Of a key the
            upper bits count, as many as the number of a text leaves free; verification sorts out what they
            confuse.

    Returns:
        Pairs in ascending order; in a bucket of more than `REPRESENTATIVES`, those with one of its best.
    """
    found, fresh = np.zeros(0, np.uint64), [np.zeros(0, np.uint64)]
    for keys in columns:
        fresh.append(_pairs_of_column(keys))
        if sum(map(len, fresh)) > max(_COLLECTED, len(found)):
            found, fresh = np.unique(np.concatenate((found, *fresh))), []
    return Pairs(np.unique(np.concatenate((found, *fresh))))


def _pairs_of_column(keys: np.ndarray) -> np.ndarray:
    """Pack the pairs of one column, dtype uint64."""
    # The text's number in the low bits of its key: one plain sort brings buckets together, each in order
    # of rank, which is six times faster than sorting numbers by keys.
    bits = np.uint64(max(len(keys) - 1, 1).bit_length())
    packed = np.sort((keys >> bits << bits) | np.arange(len(keys), dtype=np.uint64))
    bucket = packed >> bits
    is_next = bucket[1:] == bucket[:-1]  # to the one before it
    in_company = np.zeros(len(keys), dtype=bool)
    in_company[1:] |= is_next
    in_company[:-1] |= is_next
    packed, bucket = packed[in_company], bucket[in_company]
    text = packed & ((np.uint64(1) << bits) - np.uint64(1))
    is_start = np.ones(len(text), dtype=bool)
    is_start[1:] = bucket[1:] != bucket[:-1]
    starts = np.flatnonzero(is_start)
    start = np.repeat(starts, np.diff(np.append(starts, len(text))))
    later = np.arange(len(text))
    pairs = [np.zeros(0, np.uint64)]
    for number in range(REPRESENTATIVES):
        later = later[later > start[later] + number]
        if not len(later):
            break
        pairs.append(text[start[later] + number] << _HALF | text[later])
    return np.concatenate(pairs)


def verify(
    pairs: Pairs, shingles: ListColumn, rows: np.ndarray, keep: Callable[[Verified], np.ndarray]
) -> Verified:
    """Count exactly what pairs of texts share.

    Shingles are copied for some pairs at a time and dropped again.

    Args:
        pairs: Texts with shingles, by number.
        shingles: Shingles of each row, ascending, each once, dtype uint64.
        rows: Row of each text, shape (texts,), dtype int64.
        keep: Gives a mask of the pairs to return.
    """
    parts = (found.where(keep(found)) for found in _verified_in_parts(pairs, shingles, rows))
    return Verified.joined(parts)


def _verified_in_parts(pairs: Pairs, shingles: ListColumn, rows: np.ndarray) -> Iterator[Verified]:
    # In the order of one side's rows, so that half of what is read lies close together.
    pairs = pairs.where(np.argsort(rows[pairs.first], kind="stable"))
    lengths = shingles.lengths[rows]
    for some in blocks(lengths[pairs.first] + lengths[pairs.second], _SHINGLES_AT_ONCE):
        part = pairs.where(some)
        yield _verified(part, shingles, rows)


def _verified(pairs: Pairs, shingles: ListColumn, rows: np.ndarray) -> Verified:
    first, second = pairs.first, pairs.second
    needed, place = np.unique(np.concatenate((rows[first], rows[second])), return_inverse=True)
    held = shingles.rows(needed)
    left, right = np.split(place, 2)
    shared = shared_counts(held, left, right)
    of_left, of_right = held.lengths[left], held.lengths[right]
    return Verified(
        first,
        second,
        jaccard=shared / (of_left + of_right - shared),
        first_inside=shared / of_left,
        second_inside=shared / of_right,
    )


def _packed(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    return np.asarray(first.astype(np.uint64) << _HALF | second.astype(np.uint64))
