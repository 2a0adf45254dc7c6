"""Harder negatives: the text of another article with another event in it.

Runs of one to three words (a name, a figure, a date) are replaced until the two texts have 40 to 60 % of their
pairs of words in common.
"""

from dataclasses import dataclass

import numpy as np
from draws import Draws
from lexicon import ARABIC, Lexicon
from ragged import Rows, counted, spread_places

JACCARD = (0.4, 0.6)
_AIM = (0.43, 0.57)
_RUN = 3  # words at most
_PAIRS_LOST = 2.9  # by a run of 1 to 3 words, 2 on average, that may touch the next one
_ROUNDS = 40
_COUNTERS = 1 << 14


@dataclass(frozen=True)
class Templates:
    """Writes texts after the template of others."""

    lexicon: Lexicon
    draws: Draws

    def of(self, original: Rows, numbers: np.ndarray) -> tuple[Rows, np.ndarray]:
        """Write a text after each original; give also the Jaccard similarity of each pair.

        Raises:
            RuntimeError: For some text no number of replacements led into the range.
        """
        words, similarity = original.words.copy(), np.zeros(len(numbers))
        left = np.ones(len(numbers), bool)
        for attempt in range(_ROUNDS):
            chosen = np.repeat(left, original.lengths)
            tried = original.with_words(self._tried(original, numbers, attempt))
            words[chosen] = tried.words[chosen]
            similarity[left] = pair_similarity(original, tried)[left]
            left = (similarity < JACCARD[0]) | (similarity > JACCARD[1])
            if not left.any():
                return original.with_words(words), similarity
        raise RuntimeError(f"{left.sum()} templates are outside of {JACCARD}")

    def _tried(self, original: Rows, numbers: np.ndarray, attempt: int) -> np.ndarray:
        aim = self.draws.between(f"aim/{attempt}", numbers, _AIM)
        slots = np.maximum(1, original.lengths * (1 - aim) / (1 + aim) / _PAIRS_LOST).astype(np.int64)
        counter = np.repeat(numbers * _COUNTERS, slots) + counted(slots)
        begin = spread_places(original.lengths, slots, self.draws.share(f"slot/{attempt}", counter))
        run = 1 + self.draws.below(f"run/{attempt}", counter, _RUN)
        places = np.minimum(np.repeat(begin, run) + counted(run), len(original.codes) - 1)
        within = np.repeat(np.repeat(np.arange(len(numbers)), slots), run)
        places, within = places[original.row[places] == within], within[original.row[places] == within]
        types = self.lexicon.languages[ARABIC].types
        counter = numbers[within] * _COUNTERS + original.within[places]
        words = original.words.copy()
        words[places] = types[self.draws.below(f"event/{attempt}", counter, len(types))]
        return words


def pair_similarity(one: Rows, other: Rows) -> np.ndarray:
    """Measure which share of their different pairs of neighbouring words two texts have in common, row by row."""
    first, second = _pairs(one), _pairs(other)
    common = np.intersect1d(first, second, assume_unique=True)
    rows = len(one.lengths)
    counts = [
        np.bincount((pairs >> 40).astype(np.int64), minlength=rows) for pairs in (first, second, common)
    ]
    return counts[2] / np.maximum(1, counts[0] + counts[1] - counts[2])


def _pairs(rows: Rows) -> np.ndarray:
    """Name each different pair by its row and its two words: 24 + 20 + 20 bits."""
    words, row = rows.words, rows.row
    inside = row[1:] == row[:-1]
    return np.unique((row[1:] << 40 | words[:-1] << 20 | words[1:])[inside])
