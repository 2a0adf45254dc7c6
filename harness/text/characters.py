"""Classes of characters as regular-expression pieces that RE2 (over Arrow columns) and Python's `re` both read."""

NO_BREAK_SPACE = "\N{NO-BREAK SPACE}"
NARROW_NO_BREAK_SPACE = "\N{NARROW NO-BREAK SPACE}"
BYTE_ORDER_MARK = "\N{ZERO WIDTH NO-BREAK SPACE}"
ZERO_WIDTH_NON_JOINER = "\N{ZERO WIDTH NON-JOINER}"
ZERO_WIDTH_JOINER = "\N{ZERO WIDTH JOINER}"
REPLACEMENT_CHARACTER = "\N{REPLACEMENT CHARACTER}"
ARABIC_COMMA = "\N{ARABIC COMMA}"
ARABIC_SEMICOLON = "\N{ARABIC SEMICOLON}"
ARABIC_QUESTION_MARK = "\N{ARABIC QUESTION MARK}"
TATWEEL = "\N{ARABIC TATWEEL}"
FARSI_YEH = "\N{ARABIC LETTER FARSI YEH}"

_Ranges = tuple[tuple[int, int], ...]

# Letters in their base blocks: Arabic, Supplement, Extended-A and -B (Unicode 16, category Lo and Lm but tatweel).
_ARABIC_BASE_LETTERS: _Ranges = (
    (0x0620, 0x063F), (0x0641, 0x064A), (0x066E, 0x066F), (0x0671, 0x06D3), (0x06D5, 0x06D5),
    (0x06E5, 0x06E6), (0x06EE, 0x06EF), (0x06FA, 0x06FC), (0x06FF, 0x06FF), (0x0750, 0x077F),
    (0x0870, 0x0887), (0x0889, 0x088F), (0x08A0, 0x08C9),
)  # fmt: skip
# Presentation forms that stand for letters alone. Left out on purpose: the spacing marks
# (FC5E to FC63, FE70 to FE7F) and the words in one glyph (FDF0 to FDFF: the honorifics, the rial).
_PRESENTATION_LETTERS: _Ranges = (
    (0xFB50, 0xFBB1), (0xFBD3, 0xFC5D), (0xFC64, 0xFCF1), (0xFCF5, 0xFD3D), (0xFD50, 0xFD8F),
    (0xFD92, 0xFDC7), (0xFE80, 0xFEFC),
)  # fmt: skip
_ARABIC_MARKS: _Ranges = (
    (0x0610, 0x061A), (0x064B, 0x065F), (0x0670, 0x0670), (0x06D6, 0x06DC), (0x06DF, 0x06E4),
    (0x06E7, 0x06E8), (0x06EA, 0x06ED), (0x0897, 0x089F), (0x08CA, 0x08E1), (0x08E3, 0x08FF),
)  # fmt: skip
_BIDI_CONTROLS: _Ranges = ((0x061C, 0x061C), (0x200E, 0x200F), (0x202A, 0x202E), (0x2066, 0x2069))
_ZERO_WIDTH: _Ranges = ((0x200B, 0x200D), (0x2060, 0x2060), (0xFEFF, 0xFEFF))
# All of category Cc but tab and line feed.
_CONTROLS: _Ranges = ((0x00, 0x08), (0x0B, 0x1F), (0x7F, 0x9F))

# The same classes as code points, first and last of each run, for tables over all characters.
RANGES: dict[str, _Ranges] = {
    "arabic_letters": (*_ARABIC_BASE_LETTERS, *_PRESENTATION_LETTERS),
    "arabic_marks": _ARABIC_MARKS,
    "presentation_letters": _PRESENTATION_LETTERS,
    "bidi_controls": _BIDI_CONTROLS,
    "zero_width": _ZERO_WIDTH,
    "controls": _CONTROLS,
}


def _inside(*tables: _Ranges) -> str:
    """Write ranges as the inside of a character class, ASCII as escapes, the rest as the characters themselves."""
    return "".join(f"{_code_point(low)}-{_code_point(high)}" for table in tables for low, high in table)


def _code_point(number: int) -> str:
    # Below 0x80 the two engines share the notation \xNN; above, only the character itself is common to both.
    return f"\\x{number:02x}" if number < 0x80 else chr(number)


ARABIC_LETTERS = _inside(_ARABIC_BASE_LETTERS, _PRESENTATION_LETTERS)
ARABIC_MARKS = _inside(_ARABIC_MARKS)
PRESENTATION_LETTERS = _inside(_PRESENTATION_LETTERS)
BIDI_CONTROLS = _inside(_BIDI_CONTROLS)
ZERO_WIDTH = _inside(_ZERO_WIDTH)
CONTROLS = _inside(_CONTROLS)
BLANKS = f" \\t{NO_BREAK_SPACE}{NARROW_NO_BREAK_SPACE}"

ARABIC_LETTER = f"[{ARABIC_LETTERS}]"
# A letter with the vowel signs on it and tatweel after it, as it ends a word.
ARABIC_WORD_END = f"[{ARABIC_LETTERS}][{ARABIC_MARKS}{TATWEEL}]*"


def presentation_letters() -> tuple[str, ...]:
    """List the presentation forms that stand for letters alone."""
    return tuple(chr(code) for low, high in _PRESENTATION_LETTERS for code in range(low, high + 1))
