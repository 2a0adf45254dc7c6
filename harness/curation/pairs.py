"""Pairs of texts, and how alike they are: exact verification in bounded memory."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from harness.core.recipe import DuplicateSettings
from harness.curation.intersect import blocks, compiled_shared_counts, shared_counts
from harness.curation.lists import ListColumn

# Shingles of so many pairs are held at a time (128 MB).
_SHINGLES_AT_ONCE = 1 << 24
# From so many pairs on the compiled loop pays for being loaded: half a second, against 8 microseconds a pair.
_COMPILED_FROM = 60_000
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
        first, second = np.minimum(one, other).astype(np.uint64), np.maximum(one, other).astype(np.uint64)
        return cls(np.sort(first << HALF | second))

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
        return Pairs.of(self.first, self.second)

    def renumbered(self, number: np.ndarray) -> "Verified":
        """Give texts other numbers, those with -1 none: their pairs go, and sides change where the order does."""
        first, second = number[self.first], number[self.second]
        is_turned = first > second
        turned = Verified(
            np.where(is_turned, second, first),
            np.where(is_turned, first, second),
            self.jaccard,
            np.where(is_turned, self.second_inside, self.first_inside),
            np.where(is_turned, self.first_inside, self.second_inside),
        )
        return turned.where((first >= 0) & (second >= 0))

    @classmethod
    def joined(cls, parts: Iterable["Verified"]) -> "Verified":
        """Put sets of pairs together."""
        nothing, shares = np.zeros(0, np.int64), np.zeros(0)
        parts = [cls(nothing, nothing, shares, shares, shares), *parts]
        return cls(
            *(np.concatenate([getattr(part, name) for part in parts]) for name in cls.__dataclass_fields__)
        )


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

    parts = _in_parts(pairs, shingles, rows, needed)
    return Verified.joined(part.where(_is_related(part, settings)) for part in parts)


def _nothing_needed(of_first: np.ndarray, of_second: np.ndarray) -> np.ndarray:
    return np.zeros(len(of_first), of_second.dtype)


def _is_related(pairs: Verified, settings: DuplicateSettings) -> np.ndarray:
    holds_other = np.maximum(pairs.first_inside, pairs.second_inside) >= settings.contained
    return np.asarray((pairs.jaccard >= settings.related) | holds_other)


def _in_parts(
    pairs: Pairs,
    shingles: ListColumn,
    rows: np.ndarray,
    needed: Callable[[np.ndarray, np.ndarray], np.ndarray],
) -> Iterator[Verified]:
    """Verify so many pairs at a time as `_SHINGLES_AT_ONCE` allows."""
    count = compiled_shared_counts if len(pairs) >= _COMPILED_FROM else shared_counts
    # In the order of one side's rows, so that half of what is read lies close together.
    pairs = pairs.where(np.argsort(rows[pairs.first], kind="stable"))
    lengths = shingles.lengths[rows]
    buffer = np.zeros(0, np.uint64)  # what is filled again costs less than what is asked for anew
    for some in blocks(lengths[pairs.first] + lengths[pairs.second], _SHINGLES_AT_ONCE):
        part = pairs.where(some)
        first, second = part.first, part.second
        lying, left, right = _once(rows[first], rows[second])
        held, buffer = shingles.rows(lying, buffer)
        of_first, of_second = lengths[first], lengths[second]
        shared = count(held, left, right, needed(of_first, of_second))
        yield Verified(
            first,
            second,
            jaccard=shared / (of_first + of_second - shared),
            first_inside=shared / of_first,
            second_inside=shared / of_second,
        )


def _once(left: np.ndarray, right: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Give the rows of pairs, ascending, each once, and the places of both sides in them."""
    rows, place = np.unique(np.concatenate((left, right)), return_inverse=True)
    return rows, place[: len(left)], place[len(left) :]
