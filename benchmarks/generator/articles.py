"""Articles of 10 to 25 sentences; each is a function of its number alone."""

from dataclasses import dataclass

import numpy as np
from draws import Draws
from lexicon import ARABIC, Lexicon, Sentences
from ragged import BLANK, PARAGRAPH, SEPARATOR_BITS, Rows, counted, spread_places

_SENTENCES = (10, 26)
_BREAKS = 0.35  # of sentences end a paragraph
_COUNTERS = 1 << 13  # words of one article at most: a counter for each
_SHARED = (0.3, 0.5)


@dataclass(frozen=True)
class Articles:
    """Draws the articles of a corpus.

    Args:
        substituted: Share of each sentence's words that are other ones in each article; at least one word if
            it is not 0. So sentences do not recur.
    """

    lexicon: Lexicon
    draws: Draws
    substituted: float = 0.0

    def of(self, numbers: np.ndarray, languages: np.ndarray) -> Rows:
        """Write the articles of these numbers; all words of one language lie in one pass."""
        codes: list[np.ndarray] = [np.zeros(0, np.int64)] * len(numbers)
        for language in np.unique(languages):
            rows = np.flatnonzero(languages == language)
            written = self._written(numbers[rows], self._picked(numbers[rows], language), language)
            for row, piece in zip(rows, np.split(written.codes, written.starts[1:]), strict=True):
                codes[row] = piece
        return Rows(np.concatenate(codes), np.array([len(piece) for piece in codes]))

    def sharing(self, numbers: np.ndarray, roots: np.ndarray) -> Rows:
        """Write Arabic articles that have 30 to 50 % of the sentences of their root, in another order."""
        shared = self.draws.between("shared", numbers, _SHARED)
        own, others = self._picked(numbers, ARABIC), self._picked(roots, ARABIC)
        length = np.minimum((own >= 0).sum(axis=1), (others >= 0).sum(axis=1))
        column = np.arange(own.shape[1])
        mixed = np.where(column < (shared * length)[:, np.newaxis], others, own)
        mixed[column >= length[:, np.newaxis]] = -1
        keys = self.draws.bits("mixing", numbers[:, np.newaxis] * len(column) + column)
        keys[mixed < 0] = np.iinfo(np.uint64).max
        return self._written(numbers, np.take_along_axis(mixed, np.argsort(keys, axis=1), axis=1), ARABIC)

    def _picked(self, numbers: np.ndarray, language: int) -> np.ndarray:
        """Pick different sentences for each article, shape (articles, most sentences), -1 behind the last."""
        least, limit = _SENTENCES
        most = limit - 1
        column = np.arange(most)
        counter = numbers[:, np.newaxis] * most + column
        known = len(self.lexicon.languages[language].lengths)
        # Sorted draws with their rank added never repeat.
        picked = np.sort(self.draws.below("sentence", counter, known - most + 1), axis=1) + column
        picked = np.take_along_axis(picked, np.argsort(self.draws.bits("sequence", counter), axis=1), axis=1)
        length = least + self.draws.below("length", numbers, limit - least)
        return np.where(column < length[:, np.newaxis], picked, -1)

    def _written(self, numbers: np.ndarray, picked: np.ndarray, language: int) -> Rows:
        sentences = self.lexicon.languages[language]
        is_there = picked >= 0
        chosen = picked[is_there]
        lengths = sentences.lengths[chosen]
        words = sentences.words[np.repeat(sentences.starts[chosen], lengths) + counted(lengths)]
        article = np.repeat(np.arange(len(numbers)), is_there.sum(axis=1))
        per_article = np.bincount(article, lengths, minlength=len(numbers)).astype(np.int64)
        counter = np.repeat(numbers * _COUNTERS, per_article) + counted(per_article)
        if self.substituted:
            words = self._with_other_words(words, lengths, counter, sentences)
        ends = np.cumsum(lengths) - 1
        separators = np.full(len(words), BLANK)
        separators[ends[self.draws.share("paragraph", counter[ends]) < _BREAKS]] = PARAGRAPH
        return Rows(words << SEPARATOR_BITS | separators, per_article)

    def _with_other_words(
        self, words: np.ndarray, lengths: np.ndarray, counter: np.ndarray, sentences: Sentences
    ) -> np.ndarray:
        counts = np.maximum(1, np.round(lengths * self.substituted)).astype(np.int64)
        first = np.repeat(np.cumsum(lengths) - lengths, counts)
        places = spread_places(lengths, counts, self.draws.share("slot", counter[first] + counted(counts)))
        # Drawn from running text, so that frequent words stay frequent.
        drawn = self.draws.below("word", counter[places], len(sentences.words))
        changed = words.copy()
        changed[places] = sentences.words[drawn]
        return changed
