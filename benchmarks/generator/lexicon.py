"""The words and sentences that articles are made of, read from NTREX-128 (CC BY-SA 4.0); nothing of it is kept here."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import pyarrow as pa
from frames import HEADS, TAILS
from ragged import SEPARATORS
from spellings import spellings

ARABIC, PERSIAN, URDU, ENGLISH = range(4)
LANGUAGES = ("arb", "fas", "urd", "eng")
_LEAST_WORDS = 4  # shorter lines are headings and signatures


@dataclass(frozen=True)
class Sentences:
    """Sentences of one language.

    Args:
        words: Numbers of their words, end to end.
        starts: Where each begins.
        lengths: Words in each.
        types: The different words, ascending.
    """

    words: np.ndarray
    starts: np.ndarray
    lengths: np.ndarray
    types: np.ndarray


class Lexicon:
    """All words by number, and what is made of them."""

    def __init__(self, folder: Path) -> None:
        """Read the sentences of `LANGUAGES` in `folder`."""
        self._numbers: dict[str, int] = {}
        self.languages = tuple(self._sentences(_lines(folder, language)) for language in LANGUAGES)
        self.heads, self.tails = self._sentences(HEADS), self._sentences(TAILS)
        self.spellings = self._spellings()

    @cached_property
    def coded(self) -> pa.Array:
        """The text of each code (see `ragged.Rows`): a word with its separator, shape (codes,)."""
        padded = (*SEPARATORS, "")
        return pa.array([word + separator for word in self._numbers for separator in padded], pa.string())

    def _number(self, word: str) -> int:
        return self._numbers.setdefault(word, len(self._numbers))

    def _sentences(self, lines: tuple[str, ...]) -> Sentences:
        rows = [[self._number(word) for word in line.split()] for line in lines]
        lengths = np.array([len(row) for row in rows])
        words = np.array([word for row in rows for word in row])
        return Sentences(words, np.cumsum(lengths) - lengths, lengths, np.unique(words))

    def _spellings(self) -> np.ndarray:
        """Number every spelling of each word so far, shape (words, ways)."""
        words = list(self._numbers)
        return np.array([[self._number(spelt) for spelt in spellings(word)] for word in words])


def _lines(folder: Path, language: str) -> tuple[str, ...]:
    kind = "src" if language == "eng" else "ref"
    text = (folder / f"newstest2019-{kind}.{language}.txt").read_text("utf-8-sig")
    return tuple(line for line in text.split("\n") if len(line.split()) >= _LEAST_WORDS)
