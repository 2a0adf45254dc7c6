"""Cutting many texts into their words at once: what counts as a word, and where one ends.

A word is a run of letters, marks and digits, with joiners inside it. A letter of a script that puts no blanks
between words (Han, kana, Thai, …) is a word of its own, with the marks on it.
"""

import functools
import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from harness.text.folding import CODE_POINTS
from harness.text.language_data import language_table
from harness.text.levels import blocks_of, code_points, text_of
from harness.text.search_words import UNSPACED

# ZWNJ and ZWJ stand inside words of Persian, Kurdish and the scripts of India.
JOINERS = "\u200c\u200d"
_OTHER, _RUN, _MARK, _SINGLE, _JOINER = range(5)
_BLANK = ord(" ")
_BREAK = ord("\n")
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class WordClasses:
    """The characters that words are made of.

    Args:
        run: Those of which a run is one word, marks included.
        marks: Those that stand on the letter before them.
        singles: Letters that are words of their own.
    """

    run: str
    marks: str
    singles: str


@functools.cache
def word_classes() -> WordClasses:
    """Give the classes: Unicode's categories L, M and Nd, and the letters among them that no blanks part."""
    letters = members("letters")
    singles = "".join(re.findall(UNSPACED, letters))
    return WordClasses(re.sub(UNSPACED, "", letters) + members("marks", "digits"), members("marks"), singles)


def members(*names: str) -> str:
    """Give all characters of some kinds of `data/classes.toml`."""
    written = " ".join(language_table("classes")[name] for name in names).split()
    bounds = (part.partition("-") for part in written)
    return "".join(
        chr(code) for low, _, high in bounds for code in range(int(low, 16), int(high or low, 16) + 1)
    )


def terms(texts: Sequence[str]) -> list[list[str]]:
    """Give the words of each text in small letters, in order, without punctuation and symbols.

    Many texts are cut in one pass: everything between words becomes a blank, and blanks are put between words
    that touch.
    """
    return [words for block in blocks_of(texts) for words in _terms(block)]


def _terms(texts: list[str]) -> list[list[str]]:
    # A line feed parts the texts; those inside them part words, as blanks do.
    codes = code_points("\n".join([text.replace("\n", " ") for text in texts]).lower())
    kinds = _kind_of_code_point()[codes]
    is_kept, begins = _words(kinds)
    written = np.where(is_kept | (codes == _BREAK), codes, _BLANK)
    touching = np.flatnonzero(begins[1:] & is_kept[:-1]) + 1
    spaced = text_of(np.insert(written, touching, _BLANK))
    return [line.split() for line in spaced.split("\n")]


def _words(kinds: npt.NDArray[np.uint8]) -> tuple[Flags, Flags]:
    """Say which characters belong to a word, and which begin one; both of shape (characters,)."""
    is_mark = kinds == _MARK
    places = np.arange(len(kinds))
    bearer = np.maximum.accumulate(np.where(is_mark, 0, places))  # what a mark stands on
    on_single = is_mark & (kinds[bearer] == _SINGLE)
    in_run = (kinds == _RUN) | (is_mark & ~on_single)
    joins = kinds == _JOINER
    joins[1:] &= in_run[:-1]
    joins[:-1] &= in_run[1:]
    joins[:1] = joins[-1:] = False
    goes_on = on_single | joins
    goes_on[1:] |= in_run[1:] & (in_run[:-1] | joins[:-1])
    is_kept = in_run | on_single | joins | (kinds == _SINGLE)
    return is_kept, is_kept & ~goes_on


@functools.cache
def _kind_of_code_point() -> npt.NDArray[np.uint8]:
    classes = word_classes()
    kinds = np.full(CODE_POINTS, _OTHER, np.uint8)
    for kind, characters in (
        (_RUN, classes.run), (_MARK, classes.marks), (_SINGLE, classes.singles), (_JOINER, JOINERS),
    ):  # fmt: skip
        kinds[code_points(characters)] = kind
    kinds.flags.writeable = False
    return kinds
