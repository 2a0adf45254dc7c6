"""Counting the n-grams that two texts have in common, for many pairs at once and exactly.

An n-gram is packed into one 64-bit number together with its item and its side; sorting puts equal ones beside
each other. No hash is involved, so no two different n-grams can ever be taken for the same.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from harness.text.levels import code_points, text_of

Integers = npt.NDArray[np.int64]
# Sorting is fastest while a block stays in the processor's cache: of 2^14 to 2^20 numbers, 4 to 16 ns each.
_SYMBOLS_AT_ONCE = 1 << 16
_LIMIT = 1 << 63


@dataclass(frozen=True)
class Sequences:
    """Sequences of symbols, one after the other.

    Args:
        symbols: Shape (symbols,), each in [0, alphabet).
        ends: Where each sequence ends, shape (sequences,).
        alphabet: How many different symbols there may be.
    """

    symbols: Integers
    ends: Integers
    alphabet: int

    @property
    def lengths(self) -> Integers:
        """Symbols of each sequence, shape (sequences,)."""
        return np.diff(self.ends, prepend=0)

    def as_strings(self) -> list[str]:
        """Write each symbol as one character, so that distances of strings tell those of the sequences."""
        joined = text_of(self.symbols.astype(np.uint32))
        return [joined[end - length : end] for end, length in zip(self.ends, self.lengths, strict=True)]

    def between(self, first: int, last: int) -> "Sequences":
        """Give the sequences `first` to `last` - 1."""
        start = int(self.ends[first - 1]) if first else 0
        ends = self.ends[first:last] - start
        return Sequences(self.symbols[start : start + int(ends[-1])], ends, self.alphabet)


def sequences_of_characters(*sides: Sequence[str]) -> list[Sequences]:
    """Number the characters of texts, one alphabet for all sides."""
    coded = [code_points("".join(texts)) for texts in sides]
    occurs = np.zeros(max((int(codes.max(initial=0)) for codes in coded), default=0) + 1, bool)
    for codes in coded:
        occurs[codes] = True
    number_of = np.cumsum(occurs) - 1
    return [
        Sequences(number_of[codes], _ends(texts), int(occurs.sum()))
        for codes, texts in zip(coded, sides, strict=True)
    ]


def sequences_of_tokens(*sides: Sequence[Sequence[str]]) -> list[Sequences]:
    """Number the tokens of texts, one alphabet for all sides."""
    number_of: dict[str, int] = {}
    coded = [
        [number_of.setdefault(token, len(number_of)) for tokens in texts for token in tokens]
        for texts in sides
    ]
    return [
        Sequences(np.array(codes, np.int64), _ends(texts), len(number_of))
        for codes, texts in zip(coded, sides, strict=True)
    ]


def ngram_counts(sequences: Sequences, order: int) -> Integers:
    """Count the n-grams of each sequence, for n = 1 to `order`; shape (sequences, order)."""
    counts: Integers = np.maximum(sequences.lengths[:, None] - np.arange(order), 0)
    return counts


def ngram_matches(ones: Sequences, others: Sequences, order: int) -> Integers:
    """Count for each pair the n-grams in common, each as often as it stands on both sides.

    Args:
        ones: Sequences of one side.
        others: Those of the other, as many and over the same alphabet.
        order: The longest n.

    Returns:
        Counts for n = 1 to `order`, shape (pairs, order).
    """
    matches = np.zeros((len(ones.ends), order), np.int64)
    for first, last in _blocks(ones.ends + others.ends):
        matches[first:last] = _block_matches(ones.between(first, last), others.between(first, last), order)
    return matches


def _blocks(ends: Integers) -> Iterator[tuple[int, int]]:
    first = 0
    while first < len(ends):
        start = int(ends[first - 1]) if first else 0
        fitting = int(np.searchsorted(ends, start + _SYMBOLS_AT_ONCE, side="right"))
        last = min(max(fitting, first + 1), first + _SYMBOLS_AT_ONCE)
        yield first, last
        first = last


def _block_matches(ones: Sequences, others: Sequences, order: int) -> Integers:
    pairs = len(ones.ends)
    symbols = np.concatenate([ones.symbols, others.symbols])
    lengths = np.concatenate([ones.lengths, others.lengths])
    left = np.repeat(np.cumsum(lengths), lengths) - np.arange(len(symbols))  # symbols until the sequence ends
    pair = np.repeat(np.tile(np.arange(pairs), 2), lengths)
    side = np.arange(len(symbols)) >= len(ones.symbols)
    at, grams, bound = np.arange(len(symbols)), symbols, ones.alphabet
    matches = np.zeros((pairs, order), np.int64)
    for n in range(1, order + 1):
        if n > 1:
            longer = left[at] >= n
            at, grams = at[longer], grams[longer]
            if bound * ones.alphabet * 2 * pairs >= _LIMIT:
                grams, bound = _renumbered(grams)
            grams, bound = grams * ones.alphabet + symbols[at + n - 1], bound * ones.alphabet
        matches[:, n - 1] = _matches((pair[at] * bound + grams) * 2 + side[at], bound, pairs)
    return matches


def _renumbered(grams: Integers) -> tuple[Integers, int]:
    different, number = np.unique(grams, return_inverse=True)
    return number, len(different)


def _matches(keys: Integers, bound: int, pairs: int) -> Integers:
    """Count what both sides have of each n-gram.

    Args:
        keys: (pair · bound + n-gram) · 2 + side, any shape (n-grams,).
        bound: One more than the largest n-gram.
        pairs: How many pairs there are.

    Returns:
        Matches of each pair, shape (pairs,).
    """
    ordered = np.sort(keys)
    shared = ordered >> 1
    is_first = np.empty(len(shared), bool)
    is_first[:1] = True
    np.not_equal(shared[1:], shared[:-1], out=is_first[1:])
    starts = np.flatnonzero(is_first)
    on_other_side = np.add.reduceat(ordered & 1, starts) if len(starts) else starts
    common = np.minimum(on_other_side, np.diff(starts, append=len(ordered)) - on_other_side)
    meeting = np.flatnonzero(common)
    counts = np.bincount(shared[starts[meeting]] // bound, weights=common[meeting], minlength=pairs)
    return counts.astype(np.int64)


def _ends(texts: Sequence[Sequence[str]]) -> Integers:
    return np.cumsum([len(text) for text in texts], dtype=np.int64)
