"""What every character is to the counts and to the small machines over texts, as one table over all code points."""

import functools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from harness.text.characters import (
    ARABIC_COMMA,
    ARABIC_QUESTION_MARK,
    ARABIC_SEMICOLON,
    FARSI_YEH,
    NARROW_NO_BREAK_SPACE,
    NO_BREAK_SPACE,
    RANGES,
    REPLACEMENT_CHARACTER,
    TATWEEL,
)
from harness.text.folding import CODE_POINTS, dropped_ranges
from harness.text.language_data import language_table
from harness.text.mojibake import CONTINUATION_IN_CP1252, ODD_IN_CP1256
from harness.text.privacy import ADDRESS_SUSPECT, IN_NUMBER

_Ranges = Iterable[tuple[int, int]]

# Category Z, and the blanks among the controls that every pattern engine knows.
_SEPARATORS = (
    (0x20, 0x20), (0xA0, 0xA0), (0x1680, 0x1680), (0x2000, 0x200A), (0x2028, 0x2029), (0x202F, 0x202F),
    (0x205F, 0x205F), (0x3000, 0x3000),
)  # fmt: skip
_LINE_BLANKS = ((0x09, 0x0A), (0x0C, 0x0D), *_SEPARATORS)
_PRIVATE_USE = ((0xE000, 0xF8FF), (0xF0000, 0xFFFFD), (0x100000, 0x10FFFD))
_ASCII_BLANKS = "\t\n\f\r "
_CLOSING = "\"'»”)]"
# After these a sentence does not go on over a blank line.
CLOSED = ".!?:;-()[]«»“”‘’\"'…؟؛"


@dataclass(frozen=True)
class CharacterClasses:
    """Every code point's number, and what the characters of a number are.

    Args:
        number: Shape (1114112,), dtype uint8: characters of which the same is true have the same number.
        kinds: For each number the names of what is true of it (see `_members`).
    """

    number: np.ndarray
    kinds: tuple[frozenset[str], ...]

    def weights(self, columns: Sequence[str]) -> np.ndarray:
        """Say which characters are of a kind, one column a kind: 1 or 0, shape (numbers, columns), dtype int64.

        A name that is no kind has a column of zeros.
        """
        return np.array([[column in kinds for column in columns] for kinds in self.kinds], np.int64)


@functools.cache
def character_classes() -> CharacterClasses:
    """Build the table, once a process (some 20 ms)."""
    return numbered_classes(_members())


def numbered_classes(members: Mapping[str, Iterable[tuple[int, int]]]) -> CharacterClasses:
    """Number all code points by which kinds they are of; of each kind first and last of each run are given."""
    bits = np.zeros(CODE_POINTS, np.uint64)
    for place, ranges in enumerate(members.values()):
        flag = np.uint64(1 << place)
        for low, high in ranges:
            bits[low : high + 1] |= flag
    different, number = _numbered(bits)
    names = tuple(members)
    kinds = tuple(
        frozenset(name for place, name in enumerate(names) if int(mask) >> place & 1) for mask in different
    )
    number.setflags(write=False)
    return CharacterClasses(number, kinds)


def _numbered(bits: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Number the different masks in ascending order; going by runs spares sorting a million of them."""
    starts = np.concatenate(([0], np.flatnonzero(bits[1:] != bits[:-1]) + 1))
    different, number = np.unique(bits[starts], return_inverse=True)
    if len(different) > 256:
        raise ValueError(f"{len(different)} classes of characters do not fit into one byte")
    return different, np.repeat(number.astype(np.uint8), np.diff(np.append(starts, len(bits))))


def _members() -> dict[str, tuple[tuple[int, int], ...]]:
    """Give the characters of each kind, first and last of each run; a character may be of several kinds."""
    data = language_table("classes")
    letters, marks, digits, latin = (
        tuple(_written(data[name])) for name in ("letters", "marks", "digits", "latin")
    )
    arabic = RANGES["arabic_letters"]
    members: dict[str, _Ranges] = {
        # Counted. Letters of a script are never more than all: Latin numerals and new Arabic letters are among them.
        "any": ((0, CODE_POINTS - 1),),
        "letter": (*letters, *latin, *arabic),
        "arabic": arabic,
        "latin": latin,
        "digit": digits,
        "word": (*letters, *marks, *digits),
        "dropped": dropped_ranges(),
        "blank": (*_LINE_BLANKS, (0x85, 0x85)),
        "space": ((0x09, 0x0D), (0x1C, 0x1F), (0x85, 0x85), *_SEPARATORS),  # what Arrow trims
        "replacement": _each(REPLACEMENT_CHARACTER),
        "private_use": _PRIVATE_USE,
        "control": RANGES["controls"],
        "bidi": RANGES["bidi_controls"],
        "zero_width": RANGES["zero_width"],
        "presentation": RANGES["presentation_letters"],
        "tatweel": _each(TATWEEL),
        "diacritic": RANGES["arabic_marks"],
        "farsi_yeh": _each(FARSI_YEH),
        "at_sign": _each(ADDRESS_SUSPECT),
        # Read by machines.
        "line_feed": _each("\n"),
        "line_blank": _LINE_BLANKS,
        "gap_blank": _each("\t "),
        "word_blank": _each(f"\t {NO_BREAK_SPACE}{NARROW_NO_BREAK_SPACE}"),
        "comma": _each(",;"),
        "question": _each("?"),
        "full_stop": _each("."),
        "exclamation": _each("!"),
        "arabic_stop": _each(f"{ARABIC_COMMA}{ARABIC_SEMICOLON}{ARABIC_QUESTION_MARK}"),
        "closing": _each(_CLOSING),
        "sentence_end": _each(".!?…؟۔。！？।։።"),
        "after_end": (*_each(f"\"'»”’)]{_ASCII_BLANKS}"), (0x200E, 0x200F)),
        "closed": _each(CLOSED),
        "utf8_lead": ((0xC2, 0xF4),),
        "utf8_continuation": (*_each(CONTINUATION_IN_CP1252), (0x80, 0x9F)),
        "odd_1256": _each(ODD_IN_CP1256),
        "high_latin": ((0xC0, 0xFF),),
        "in_number": IN_NUMBER,
    }
    return {name: tuple(ranges) for name, ranges in members.items()}


def _each(characters: str) -> tuple[tuple[int, int], ...]:
    return tuple((ord(char), ord(char)) for char in characters)


def _written(ranges: str) -> Iterator[tuple[int, int]]:
    for part in ranges.split():
        low, _, high = part.partition("-")
        yield int(low, 16), int(high or low, 16)
