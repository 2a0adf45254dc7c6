"""What characters are to the signs of defects: the kinds that the suspect patterns of cleaning rules ask for."""

import functools
import re
from collections.abc import Iterable

from harness.text.characters import (
    ARABIC_COMMA,
    ARABIC_QUESTION_MARK,
    ARABIC_SEMICOLON,
    BYTE_ORDER_MARK,
    NARROW_NO_BREAK_SPACE,
    NO_BREAK_SPACE,
    RANGES,
    TATWEEL,
)
from harness.text.classes import CharacterClasses, numbered_classes
from harness.text.mojibake import CONTINUATION_IN_CP1252, ODD_IN_CP1256
from harness.text.rules.glyphs import COMPOSING, ORDERED_MARK

_Ranges = Iterable[tuple[int, int]]
_RUN = re.compile(r"\\x\{([0-9A-F]+)\}(?:-\\x\{([0-9A-F]+)\})?")


@functools.cache
def sign_classes() -> CharacterClasses:
    """Build the table, once a process; kinds that a rule names are signs of its defect wherever they stand."""
    kinds: dict[str, _Ranges] = {
        "newlines": _each("\r\N{LINE SEPARATOR}\N{PARAGRAPH SEPARATOR}"),
        "controls": RANGES["controls"],
        "zero-width": _each(f"\N{ZERO WIDTH SPACE}\N{WORD JOINER}{BYTE_ORDER_MARK}"),
        "no-break-spaces": _each(f"{NO_BREAK_SPACE}{NARROW_NO_BREAK_SPACE}"),
        "presentation-forms": RANGES["presentation_letters"],
        "ordered_mark": _written(ORDERED_MARK),
        "composing": _written(COMPOSING),
        # Marks that stand in this order, and in no other, in composed text (their combining classes are 27 to 33).
        "vowel": ((0x064B, 0x0650),),
        "shadda": _each("\N{ARABIC SHADDA}"),
        "arabic": RANGES["arabic_letters"],
        "of_word": (*RANGES["arabic_letters"], *RANGES["arabic_marks"], *_each(TATWEEL)),
        "blank": _each(f" \t{NO_BREAK_SPACE}{NARROW_NO_BREAK_SPACE}"),
        "line_feed": _each("\n"),
        "closing": _each("\"'»”’)]"),
        "comma": _each(",;"),
        "question": _each("?"),
        "arabic_stop": _each(f"{ARABIC_COMMA}{ARABIC_SEMICOLON}{ARABIC_QUESTION_MARK}"),
        "stop": _each(".:!"),
        "utf8_lead": ((0xC2, 0xF4),),
        "utf8_continuation": (*_each(CONTINUATION_IN_CP1252), (0x80, 0x9F)),
        "odd_1256": _each(ODD_IN_CP1256),
        "high_latin": ((0xC0, 0xFF),),
    }
    return numbered_classes(kinds)


def _each(characters: str) -> _Ranges:
    return tuple((ord(char), ord(char)) for char in characters)


def _written(pattern: str) -> _Ranges:
    """Read the ranges of a character class that names all of its characters by number."""
    return tuple((int(low, 16), int(high or low, 16)) for low, high in _RUN.findall(pattern))
