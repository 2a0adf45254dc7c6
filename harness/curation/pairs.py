"""Pairs of texts, and how alike they are: exact verification in bounded memory."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from harness.core.recipe import DuplicateSettings
from harness.curation.intersect import blocks, compiled_shared_counts, is_worth_compiling, shared_counts
from harness.curation.lists import ListColumn

# Shingles of so many pairs are held at a time (128 MB).
_SHINGLES_AT_ONCE = 1 << 24
# How alike pairs are is worked out for so many at a time (some 100 MB).
_PAIRS_AT_ONCE = 1 << 20
HALF = np.uint64(32)
LOW_HALF = np.uint64(0xFFFF_FFFF)


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
        return np.asarray((self.packed >> HALF).astype(np.int64))

    @property
    def second(self) -> np.ndarray:
        """The other one, shape (pairs,), dtype int64."""
        return np.asarray((self.packed & LOW_HALF).astype(np.int64))

    @classmethod
    def of(cls, one: np.ndarray, other: np.ndarray) -> "Pairs":
        """Pair texts, each pair given once and either way round."""
        return cls(np.sort(_packed(one, other)))

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
        return Pairs(each_once(np.concatenate((self.packed, others.packed))))


@dataclass(frozen=True)
class Shares:
    """How alike the texts of some pairs are; all arrays of shape (pairs,).

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

    def are_related(self, settings: DuplicateSettings) -> np.ndarray:
        """Tell which are related, or of which one holds the other, dtype bool."""
        holds_other = np.maximum(self.first_inside, self.second_inside) >= settings.contained
        return np.asarray((self.jaccard >= settings.related) | holds_other)


@dataclass(frozen=True)
class Verified:
    """Pairs, each once, and how many shingles they share; arrays of shape (pairs,), in any order.

    Args:
        packed: As in `Pairs`.
        shared: Dtype int32: with many texts of one template there are many pairs.
    """

    packed: np.ndarray
    shared: np.ndarray

    @property
    def pairs(self) -> Pairs:
        """The pairs alone."""
        return Pairs(np.sort(self.packed))

    def where(self, mask: np.ndarray) -> "Verified":
        """Keep the pairs under a mask."""
        return Verified(self.packed[mask], self.shared[mask])

    def among(self, pairs: Pairs) -> "Verified":
        """Keep those that are among some pairs."""
        return self.where(np.isin(self.packed, pairs.packed))

    def in_order(self) -> "Verified":
        """Put them into ascending order, so that it does not show how they were found."""
        return self.where(np.argsort(self.packed))

    def renumbered(self, number: np.ndarray) -> "Verified":
        """Give texts other numbers; those with -1 have none, and their pairs go."""
        pairs = Pairs(self.packed)
        one, other = number[pairs.first], number[pairs.second]
        is_there = (one >= 0) & (other >= 0)
        return Verified(_packed(one[is_there], other[is_there]), self.shared[is_there])

    def shares(self, lengths: np.ndarray) -> Iterator[Shares]:
        """Work out how alike they are, for some at a time.

        Args:
            lengths: Number of shingles of each text, shape (texts,), dtype int64.
        """
        for start in range(0, len(self.packed), _PAIRS_AT_ONCE):
            pairs = Pairs(self.packed[start : start + _PAIRS_AT_ONCE])
            shared = self.shared[start : start + _PAIRS_AT_ONCE].astype(np.int64)
            first, second = pairs.first, pairs.second
            of_first, of_second = lengths[first], lengths[second]
            all_of_both = of_first + of_second - shared
            yield Shares(first, second, shared / all_of_both, shared / of_first, shared / of_second)

    @classmethod
    def joined(cls, parts: Iterable["Verified"]) -> "Verified":
        """Put sets of pairs together."""
        parts = [cls(np.zeros(0, np.uint64), np.zeros(0, np.int32)), *parts]
        packed, shared = ([getattr(part, name) for part in parts] for name in ("packed", "shared"))
        return cls(np.concatenate(packed), np.concatenate(shared))


def each_once(packed: np.ndarray) -> np.ndarray:
    """Sort numbers in place, and drop what repeats: five times as fast as the hash table of `np.unique`."""
    packed.sort()
    is_first = np.ones(len(packed), dtype=bool)
    is_first[1:] = packed[1:] != packed[:-1]
    return np.asarray(packed[is_first])


def verified(pairs: Pairs, shingles: ListColumn, rows: np.ndarray) -> Verified:
    """Count exactly what pairs of texts share.

    Shingles are copied for some pairs at a time and dropped again.

    Args:
        pairs: Texts with shingles, by number.
        shingles: Shingles of each row, ascending, each once, dtype uint64.
        rows: Row of each text, shape (texts,), dtype int64.
    """
    return Verified.joined(_in_parts(pairs, shingles, rows, _nothing_needed))


def related(pairs: Pairs, shingles: ListColumn, rows: np.ndarray, settings: DuplicateSettings) -> Verified:
    """Find the pairs of texts that are related, or of which one holds the other.

    Args:
        pairs: Texts with shingles, by number.
        shingles: Shingles of each row, ascending, each once, dtype uint64.
        rows: Row of each text, shape (texts,), dtype int64.
        settings: Thresholds.
    """

    def needed(of_first: np.ndarray, of_second: np.ndarray) -> np.ndarray:
        # With s shared of a and b, Jaccard is s / (a + b - s). The sizes alone rule no pair out: the shorter
        # text may lie in the longer one; but they say how much the two would have to share.
        by_jaccard = settings.related / (1 + settings.related) * (of_first + of_second)
        by_holding = settings.contained * np.minimum(of_first, of_second)
        return np.asarray(np.floor(np.minimum(by_jaccard, by_holding)).astype(np.int64))

    lengths = shingles.lengths[rows]
    return Verified.joined(
        part.where(shares.are_related(settings))
        for part in _in_parts(pairs, shingles, rows, needed)
        for shares in part.shares(lengths)
    )


def _nothing_needed(of_first: np.ndarray, of_second: np.ndarray) -> np.ndarray:
    return np.zeros(len(of_first), of_second.dtype)


def _in_parts(
    pairs: Pairs,
    shingles: ListColumn,
    rows: np.ndarray,
    needed: Callable[[np.ndarray, np.ndarray], np.ndarray],
) -> Iterator[Verified]:
    """Verify so many pairs at a time as `_SHINGLES_AT_ONCE` allows."""
    count = compiled_shared_counts if is_worth_compiling(len(pairs)) else shared_counts
    # In the order of one side's rows, so that half of what is read lies close together.
    pairs = pairs.where(np.argsort(rows[pairs.first], kind="stable"))
    lengths = shingles.lengths[rows]
    buffer = np.zeros(0, np.uint64)  # what is filled again costs less than what is asked for anew
    for some in blocks(lengths[pairs.first] + lengths[pairs.second], _SHINGLES_AT_ONCE, _PAIRS_AT_ONCE):
        part = pairs.where(some)
        first, second = part.first, part.second
        lying, left, right = _once(rows[first], rows[second])
        held, buffer = shingles.rows(lying, buffer)
        shared = count(held, left, right, needed(lengths[first], lengths[second]))
        yield Verified(part.packed, shared.astype(np.int32))


def _once(left: np.ndarray, right: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Give the rows of pairs, ascending, each once, and the places of both sides in them."""
    rows, place = np.unique(np.concatenate((left, right)), return_inverse=True)
    return rows, place[: len(left)], place[len(left) :]


def _packed(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    first, second = np.minimum(one, other).astype(np.uint64), np.maximum(one, other).astype(np.uint64)
    return np.asarray(first << HALF | second)
