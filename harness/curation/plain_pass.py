"""Reading texts with Arrow and numpy alone: nothing to compile, for the first texts of a process."""

import re

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from harness.curation.minhash import band_keys
from harness.curation.ragged import Ragged, counts_before
from harness.curation.reading import COUNTED, DEFECTS, Hashes, Plan, Reading, class_weights
from harness.curation.shingles import (
    code_points,
    folded,
    line_hashes,
    sequence_hashes,
    shingle_hashes,
    split_lines,
    word_hashes,
)
from harness.text import patterns
from harness.text.classes import CLOSED, character_classes
from harness.text.privacy import NUMBER_SUSPECT_PATTERN

_LINE = r"[^\n]*[^\s\p{Z}][^\n]*"
# A line with something in it and all lines that follow it without a blank one between.
_PARAGRAPH = rf"(?:{_LINE}\n?)+"
_OPEN_GAP = rf"[^{re.escape(CLOSED)} \t\n][ \t]*\n[ \t]*\n"
# Matches that are counted, and those that are only looked for.
_COUNTED = {
    "lines": _LINE,
    "paragraphs": _PARAGRAPH,
    "latin_stops": patterns.LATIN_STOP_PATTERN,
    "arabic_stops": patterns.ARABIC_STOP_PATTERN,
    "lost_letters": patterns.LOST_LETTER_PATTERN,
    "spaced_punctuation": patterns.SPACED_PUNCTUATION_PATTERN,
}
_FOUND = {
    "ends_with_stop": patterns.ENDS_WITH_STOP_PATTERN,
    "is_misread": patterns.MOJIBAKE_SUSPECT_PATTERN,
    "has_open_gap": _OPEN_GAP,
    "has_long_number": NUMBER_SUSPECT_PATTERN,
}


def read_plainly(text: pa.Array, plan: Plan) -> Reading:
    """Read texts.

    Args:
        text: Type string or large_string with sound offsets; a null text counts as an empty one.
        plan: What is hashed.

    Raises:
        UnicodeDecodeError: The bytes are not UTF-8.
    """
    points = code_points(text)
    return Reading(_counts(pc.fill_null(text, ""), points), _hashes(points, plan))


def hash_plainly(text: pa.Array, plan: Plan) -> Hashes:
    """Read what copies are found by alone; arguments and errors are those of `read_plainly`."""
    return _hashes(code_points(text), plan)


def count_defects_plainly(text: pa.Array) -> np.ndarray:
    """Count `DEFECTS`, shape (texts, 2), dtype int64."""
    return np.asarray(_by_class(code_points(text)) @ class_weights(DEFECTS))


def _hashes(points: Ragged, plan: Plan) -> Hashes:
    lines, first_line = split_lines(points)
    by_line = word_hashes(folded(lines))
    words = Ragged(by_line.values, by_line.offsets[first_line])
    shingles = shingle_hashes(words, plan.shingle_words)
    return Hashes(
        words.lengths,
        sequence_hashes(words),
        line_hashes(by_line, first_line),
        shingles,
        band_keys(shingles, plan.banding),
    )


def _counts(text: pa.Array, points: Ragged) -> np.ndarray:
    columns = {name: pc.count_substring_regex(text, pattern) for name, pattern in _COUNTED.items()}
    columns |= {name: pc.match_substring_regex(text, pattern) for name, pattern in _FOUND.items()}
    counts = np.asarray(_by_class(points) @ class_weights(COUNTED))
    for place, name in enumerate(COUNTED):
        if name in columns:
            counts[:, place] = columns[name].cast(pa.int64()).to_numpy()
    counts[:, COUNTED.index("words")] = _word_counts(points)
    return counts


def _by_class(points: Ragged) -> np.ndarray:
    """Count each text's characters of each class, shape (texts, classes), dtype int64."""
    rows, width = len(points.offsets) - 1, len(character_classes().kinds)
    numbers = character_classes().number[points.values] + np.repeat(np.arange(rows) * width, points.lengths)
    return np.asarray(np.bincount(numbers, minlength=rows * width).reshape(rows, width))


def _word_counts(points: Ragged) -> np.ndarray:
    """Count runs of letters, marks and digits, from which what folding drops is taken out, shape (texts,)."""
    classes = character_classes()
    is_word, is_dropped = classes.weights(("word", "dropped")).T.astype(bool)
    numbers = classes.number[points.values]
    seen = Ragged(is_word[numbers], points.offsets).where(~is_dropped[numbers])
    is_start = seen.values.copy()
    is_start[1:] &= ~seen.values[:-1]
    row_starts = seen.offsets[:-1][seen.lengths > 0]
    is_start[row_starts] = seen.values[row_starts]
    return np.asarray(np.diff(counts_before(is_start)[seen.offsets]))
