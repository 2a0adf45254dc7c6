"""What one pass over texts yields: counts for the signals, and hashes to find copies and repeated lines by.

There are two ways to the same numbers: compiled (`harness.curation.kernels`), and with Arrow and numpy
(`harness.curation.plain_pass`). Which one is taken, and why there are two, says `harness.curation.passes`.
"""

import functools
from dataclasses import dataclass

import numpy as np

from harness.core.recipe import DuplicateSettings
from harness.curation.minhash import Banding
from harness.curation.ragged import Ragged, offsets_of
from harness.text.classes import character_classes

COUNTED = (
    "chars", "words", "lines", "paragraphs", "letters", "arabic_letters", "latin_letters", "digits", "blanks",
    "spaces", "replacement_chars", "private_use_chars", "bidi_controls", "zero_width_chars", "tatweel_chars",
    "diacritic_chars", "farsi_yeh_chars", "at_signs", "latin_stops", "arabic_stops", "lost_letters",
    "spaced_punctuation", "ends_with_stop", "is_misread", "has_open_gap", "has_long_number",
)  # fmt: skip
"""Counts, and flags (0 or 1) from `ends_with_stop` on.

`is_misread`: something looks like text read in a wrong encoding. `has_open_gap`: a blank line comes after what ends
no sentence. `has_long_number`: seven digits with little between them. They only say which texts are worth a closer look.
"""
DEFECTS = ("control_chars", "presentation_forms")
# Which kind of characters a column counts (see `harness.text.classes`).
KIND_COUNTED = {
    "chars": "any", "letters": "letter", "arabic_letters": "arabic", "latin_letters": "latin", "digits": "digit",
    "blanks": "blank", "spaces": "space", "replacement_chars": "replacement", "private_use_chars": "private_use",
    "bidi_controls": "bidi", "zero_width_chars": "zero_width", "tatweel_chars": "tatweel",
    "diacritic_chars": "diacritic", "farsi_yeh_chars": "farsi_yeh", "at_signs": "at_sign", "control_chars": "control",
    "presentation_forms": "presentation",
}  # fmt: skip


@dataclass(frozen=True)
class Plan:
    """What is hashed of each text: runs of `shingle_words` words, and band keys by `banding`."""

    shingle_words: int
    banding: Banding

    @classmethod
    def for_settings(cls, settings: DuplicateSettings) -> "Plan":
        """Take what a recipe's settings ask for."""
        return cls(settings.shingle_words, Banding.for_settings(settings))


@dataclass(frozen=True)
class Hashes:
    """What copies of texts are found by.

    Args:
        word_counts: Folded words of each text, shape (texts,), dtype int64.
        sequences: 128-bit hash of the sequence of folded words, shape (texts, 2), dtype uint64.
        lines: For each line with a word the hash of its folded words, in order, dtype uint64.
        shingles: Hashes of runs of words, ascending, each once, dtype uint64.
        keys: Band keys, dtype uint64.
    """

    word_counts: np.ndarray
    sequences: np.ndarray
    lines: Ragged
    shingles: Ragged
    keys: Ragged

    @classmethod
    def joined(cls, parts: "list[Hashes]") -> "Hashes":
        """Put hashes of successive texts one after the other."""
        return cls(
            np.concatenate([np.zeros(0, np.int64), *(part.word_counts for part in parts)]),
            np.concatenate([np.zeros((0, 2), np.uint64), *(part.sequences for part in parts)]),
            *(_end_to_end([getattr(part, name) for part in parts]) for name in ("lines", "shingles", "keys")),
        )


@dataclass(frozen=True)
class Reading:
    """What was read off texts.

    Args:
        counts: Shape (texts, len(COUNTED)), dtype int64.
        hashes: Of the same texts.
    """

    counts: np.ndarray
    hashes: Hashes

    @classmethod
    def joined(cls, parts: "list[Reading]") -> "Reading":
        """Put readings of successive texts one after the other."""
        if len(parts) == 1:
            return parts[0]
        return cls(
            np.concatenate([np.zeros((0, len(COUNTED)), np.int64), *(part.counts for part in parts)]),
            Hashes.joined([part.hashes for part in parts]),
        )


def _end_to_end(parts: list[Ragged]) -> Ragged:
    return Ragged(
        np.concatenate([np.zeros(0, np.uint64), *(part.values for part in parts)]),
        offsets_of(np.concatenate([np.zeros(0, np.int64), *(part.lengths for part in parts)])),
    )


@functools.cache
def class_weights(columns: tuple[str, ...]) -> np.ndarray:
    """Say which classes of characters the columns count, shape (classes, columns), dtype int64."""
    return character_classes().weights([KIND_COUNTED.get(name, "") for name in columns])
