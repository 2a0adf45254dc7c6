"""Copies of articles: what of an original is changed, by kind."""

from dataclasses import dataclass

import numpy as np
import spellings
from draws import Draws
from lexicon import ARABIC, Lexicon, Sentences
from ragged import BLANK, PARAGRAPH, SEPARATOR_BITS, Rows, counted, spread_places

WORDS_CHANGED = (0.01, 0.10)
WORDS_KEPT = (0.5, 0.9)  # of a truncated copy
_SUBSTITUTED, _DELETED = 0.55, 0.75  # below the first: another word; below the second: none; else one more
# Ways of spelling a word and how often a copy takes them; as it is else.
_WAYS = (
    (spellings.ALEF, 0.25),
    (spellings.YEH, 0.10),
    (spellings.TEH, 0.10),
    (spellings.TATWEEL, 0.07),
    (spellings.SIGNS, 0.06),
    (spellings.OTHER_SIGNS, 0.06),
)
_COUNTERS = 1 << 14


@dataclass(frozen=True)
class Edits:
    """Makes copies; `numbers` name the copies, of shape (rows,)."""

    lexicon: Lexicon
    draws: Draws

    def words(self, original: Rows, numbers: np.ndarray) -> tuple[Rows, np.ndarray]:
        """Replace, drop or add 1 to 10 % of the words; give the copies and the share changed in each."""
        rate = self.draws.between("rate", numbers, WORDS_CHANGED)
        counts = np.maximum(1, (original.lengths * rate).astype(np.int64))
        counter = np.repeat(numbers * _COUNTERS, counts) + counted(counts)
        places = spread_places(original.lengths, counts, self.draws.share("edit", counter))
        action = self.draws.share("action", counter)
        drawn = self._other_words("other", counter)
        changed = original.words.copy()
        changed[places[action < _SUBSTITUTED]] = drawn[action < _SUBSTITUTED]
        times = np.ones(len(changed), np.int64)
        times[places[(action >= _SUBSTITUTED) & (action < _DELETED)]] = 0
        times[places[action >= _DELETED]] = 2
        edited = _repeated(original.with_words(changed), times)
        # Of a word that stands twice the second one becomes another word.
        second = np.cumsum(times)[places[action >= _DELETED]] - 1
        more = edited.words.copy()
        more[second] = drawn[action >= _DELETED]
        return edited.with_words(more), counts / original.lengths

    def spelling(self, original: Rows, numbers: np.ndarray) -> Rows:
        """Spell about half of the words otherwise; every second copy writes figures and stops otherwise, too."""
        counter = np.repeat(numbers * _COUNTERS, original.lengths) + original.within
        drawn = self.draws.share("way", counter)
        figures = np.repeat(self.draws.share("figures", numbers) < 0.5, original.lengths)
        way = np.where(figures, spellings.FIGURES, spellings.AS_IS)
        end = 0.0
        for number, share in _WAYS:
            way[(drawn >= end) & (drawn < end + share)] = number
            end += share
        return original.with_words(self.lexicon.spellings[original.words, way])

    def frame(self, original: Rows, numbers: np.ndarray) -> Rows:
        """Put a page's lines before and behind a text."""
        heads = _lines(self.lexicon.heads, self.draws.below("head", numbers, len(self.lexicon.heads.lengths)))
        tails = _lines(self.lexicon.tails, self.draws.below("tail", numbers, len(self.lexicon.tails.lengths)))
        last = original.starts + original.lengths - 1
        codes = original.codes.copy()
        codes[last] = original.words[last] << SEPARATOR_BITS | PARAGRAPH
        pieces = [heads, Rows(codes, original.lengths), tails]
        order = np.argsort(np.concatenate([piece.row for piece in pieces]), kind="stable")
        return Rows(
            np.concatenate([piece.codes for piece in pieces])[order],
            heads.lengths + original.lengths + tails.lengths,
        )

    def truncated(self, original: Rows, numbers: np.ndarray) -> Rows:
        """Keep the first 50 to 90 % of the words."""
        kept = (original.lengths * self.draws.between("kept", numbers, WORDS_KEPT)).astype(np.int64)
        return original.where(original.within < np.repeat(kept, original.lengths))

    def _other_words(self, purpose: str, counter: np.ndarray) -> np.ndarray:
        types = self.lexicon.languages[ARABIC].types
        return types[self.draws.below(purpose, counter, len(types))]


def _repeated(rows: Rows, times: np.ndarray) -> Rows:
    lengths = np.bincount(rows.row, times, minlength=len(rows.lengths)).astype(np.int64)
    return Rows(np.repeat(rows.codes, times), lengths)


def _lines(sentences: Sentences, chosen: np.ndarray) -> Rows:
    """Write a line for each row, a paragraph of its own."""
    lengths = sentences.lengths[chosen]
    words = sentences.words[np.repeat(sentences.starts[chosen], lengths) + counted(lengths)]
    separators = np.full(len(words), BLANK)
    separators[np.cumsum(lengths) - 1] = PARAGRAPH
    return Rows(words << SEPARATOR_BITS | separators, lengths)
