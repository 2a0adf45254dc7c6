"""What the lines of texts show at a glance: words of residue, and ends at which a sentence may go on."""

import functools
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from harness.curation.line_beginnings import residue_tree
from harness.curation.passes import is_compiling
from harness.curation.utf8_texts import Utf8Texts
from harness.text.breaks import CONTINUING_WORDS, EDGE_CHARS, ENDS_NO_LINE_OPEN, HANGING_WORDS, SMALL_LETTERS
from harness.text.characters import ARABIC_COMMA, RANGES
from harness.text.folding import CODE_POINTS
from harness.text.residue_lines import BEGINNINGS
from harness.text.wrapping import MAX_WIDTH

if TYPE_CHECKING:
    from harness.curation.kernels.lines import Signs


@dataclass(frozen=True)
class LineSigns:
    """What the lines of each text show; all of shape (texts,).

    A line ends open where another one follows and its last sign does not close a sentence.

    Args:
        begun: By the keys of `BEGINNINGS`, whether a line begins with their words, dtype bool.
        narrow: How many lines of `MAX_WIDTH` code points or fewer end open, dtype int64.
        going_on: How many end open before a blank line, and in a comma or a word of `HANGING_WORDS`, or before one of
            `CONTINUING_WORDS`, dtype int64.
        suspected: The same, or before a small letter.
    """

    begun: dict[str, np.ndarray]
    narrow: np.ndarray
    going_on: np.ndarray
    suspected: np.ndarray


def line_signs(text: pa.Array) -> LineSigns | None:
    """Look at the lines of texts.

    Args:
        text: Type string, sound UTF-8; a null text counts as an empty one.

    Returns:
        None where so little was read that searching for patterns is cheaper.
    """
    if not is_compiling():
        return None
    from harness.curation.kernels.lines import Tree, look_at_lines  # noqa: PLC0415 - LLVM takes 50 ms to start

    texts, found = Utf8Texts.of(text), np.zeros((len(text), 4), np.int64)
    look_at_lines(texts.data, texts.starts, texts.ends, Tree(*residue_tree().tables), _signs(), found)
    begun, narrow, going_on, suspected = found.T
    return LineSigns(
        {kind: begun & (1 << bit) > 0 for bit, kind in enumerate(BEGINNINGS)}, narrow, going_on, suspected
    )


@functools.cache
def _signs() -> "Signs":
    """Build the tables of characters and words, once a process."""
    from harness.curation.kernels import lines  # noqa: PLC0415 - LLVM takes 50 ms to start

    kinds = np.zeros(CODE_POINTS, np.uint8)
    for kind, ranges in (
        (lines.SMALL, SMALL_LETTERS),  # and more, of which the others are
        (lines.LETTER, RANGES["arabic_letters"]),
        (lines.INVISIBLE, (*RANGES["arabic_marks"], *RANGES["bidi_controls"])),
        (lines.COMMA, [(ord(comma), ord(comma)) for comma in f",{ARABIC_COMMA}"]),
        (lines.CLOSING, ENDS_NO_LINE_OPEN),
    ):
        for low, high in ranges:
            kinds[low : high + 1] = kind
    backwards = (word[::-1] for word in HANGING_WORDS)
    return lines.Signs(kinds, _numbers(CONTINUING_WORDS), _numbers(backwards), EDGE_CHARS, MAX_WIDTH)


def _numbers(words: Iterable[str]) -> np.ndarray:
    """Write words as numbers, a byte for each letter: so they are compared at once."""
    lower_bytes = (bytes(ord(letter) & 0xFF for letter in word) for word in sorted(words))
    return np.array([int.from_bytes(word) for word in lower_bytes], np.int64)
