"""Rows of words, end to end in one array."""

from dataclasses import dataclass

import numpy as np

# A word's number shifted left by these bits, and in them what follows the word.
SEPARATOR_BITS = 2
SEPARATORS = ("", " ", "\n\n")
NOTHING, BLANK, PARAGRAPH = range(3)


@dataclass(frozen=True)
class Rows:
    """Texts as codes of words.

    Args:
        codes: Number of a word and its separator, of all texts end to end, dtype int64.
        lengths: Words in each text, shape (texts,), dtype int64.
    """

    codes: np.ndarray
    lengths: np.ndarray

    @property
    def starts(self) -> np.ndarray:
        """Where each text begins in `codes`."""
        return np.cumsum(self.lengths) - self.lengths

    @property
    def row(self) -> np.ndarray:
        """The text of each word."""
        return np.repeat(np.arange(len(self.lengths)), self.lengths)

    @property
    def within(self) -> np.ndarray:
        """The place of each word in its text."""
        return counted(self.lengths)

    @property
    def words(self) -> np.ndarray:
        """The number of each word, without its separator."""
        return self.codes >> SEPARATOR_BITS

    def where(self, chosen: np.ndarray) -> "Rows":
        """Keep the chosen words."""
        lengths = np.bincount(self.row[chosen], minlength=len(self.lengths))
        return Rows(self.codes[chosen], lengths)

    def with_words(self, words: np.ndarray) -> "Rows":
        """Take other words, one for one, with the separators as they are."""
        separators = self.codes & ((1 << SEPARATOR_BITS) - 1)
        return Rows(words << SEPARATOR_BITS | separators, self.lengths)


def counted(lengths: np.ndarray) -> np.ndarray:
    """Count from 0 on within each row, for all rows end to end."""
    return np.arange(lengths.sum()) - np.repeat(np.cumsum(lengths) - lengths, lengths)


def spread_places(lengths: np.ndarray, counts: np.ndarray, shares: np.ndarray) -> np.ndarray:
    """Choose words all over each row, one out of each of `counts` equal stretches.

    Args:
        lengths: Words in each row, at least as many as `counts`.
        counts: How many to choose in each row.
        shares: Where in its stretch each one lies, in [0, 1), for all rows end to end, shape (counts.sum(),).

    Returns:
        Places in all words end to end, ascending.
    """
    stretch = np.repeat(lengths / np.maximum(counts, 1), counts)
    inside = ((counted(counts) + shares) * stretch).astype(np.int64)
    return np.repeat(np.cumsum(lengths) - lengths, counts) + np.minimum(
        inside, np.repeat(lengths, counts) - 1
    )
