"""Texts with lines that end open: told before any pattern is searched in them."""

import functools
from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from harness.curation.utf8_texts import Utf8Texts
from harness.text.breaks import CONTINUING_WORDS, EDGE_CHARS, ENDS_NO_LINE_OPEN, HANGING_WORDS, SMALL_LETTERS
from harness.text.characters import ARABIC_COMMA, RANGES
from harness.text.folding import CODE_POINTS
from harness.text.rules.joins import broken_paragraph
from harness.text.rules.wrapped import MIN_BREAKS, wrapped_lines
from harness.text.wrapping import MAX_WIDTH

if TYPE_CHECKING:
    from harness.curation.kernels.open_ends import Signs

RULES_OF_LINE_ENDS = (wrapped_lines.name, broken_paragraph.name)


def signs_at_line_ends(text: pa.Array) -> dict[str, np.ndarray]:
    """Tell which texts `RULES_OF_LINE_ENDS` may find something in.

    Args:
        text: Type string, sound UTF-8; a null text counts as an empty one.

    Returns:
        By the name of the rule, shape (rows,), dtype bool.
    """
    texts = Utf8Texts.of(text)
    narrow, going_on, _ = _counted(texts.data, texts.starts, texts.ends).T
    return {wrapped_lines.name: narrow >= MIN_BREAKS, broken_paragraph.name: going_on > 0}


def may_hold_breaks(text: pa.Array, rows: np.ndarray) -> np.ndarray:
    """Tell in which of some texts `harness.text.breaks.suspected_breaks` may find something.

    Args:
        text: As above.
        rows: Numbers of the texts to be looked at, shape (chosen,), dtype int64.

    Returns:
        Those of the numbers, shape (found,), dtype int64.
    """
    texts = Utf8Texts.of(text)
    _, going_on, before_small = _counted(texts.data, texts.starts[rows], texts.ends[rows]).T
    return np.asarray(rows[going_on + before_small > 0])


def _counted(data: np.ndarray, starts: np.ndarray, ends: np.ndarray) -> np.ndarray:
    from harness.curation.kernels.open_ends import count_open_ends  # noqa: PLC0415 - LLVM takes 50 ms to start

    found = np.zeros((len(starts), 3), np.int64)
    count_open_ends(data, starts, ends, _signs(), found)
    return found


@functools.cache
def _signs() -> "Signs":
    """Build the tables, once a process."""
    from harness.curation.kernels.open_ends import (  # noqa: PLC0415 - LLVM takes 50 ms to start
        CLOSING,
        COMMA,
        INVISIBLE,
        LETTER,
        SMALL,
        Signs,
    )

    kinds = np.zeros(CODE_POINTS, np.uint8)
    for kind, ranges in (
        (SMALL, SMALL_LETTERS),  # and more, of which the others are
        (LETTER, RANGES["arabic_letters"]),
        (INVISIBLE, (*RANGES["arabic_marks"], *RANGES["bidi_controls"])),
        (COMMA, [(ord(comma), ord(comma)) for comma in f",{ARABIC_COMMA}"]),
        (CLOSING, ENDS_NO_LINE_OPEN),
    ):
        for low, high in ranges:
            kinds[low : high + 1] = kind
    backwards = (word[::-1] for word in HANGING_WORDS)
    return Signs(kinds, _numbers(CONTINUING_WORDS), _numbers(backwards), EDGE_CHARS, MAX_WIDTH)


def _numbers(words: Iterable[str]) -> np.ndarray:
    """Write words as numbers, a byte for each letter: so they are compared at once."""
    lower_bytes = (bytes(ord(letter) & 0xFF for letter in word) for word in sorted(words))
    return np.array([int.from_bytes(word) for word in lower_bytes], np.int64)
