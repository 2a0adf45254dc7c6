"""Blank lines that stand inside a sentence: where they may be."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from harness.text.characters import ARABIC_LETTERS, ARABIC_MARKS, BIDI_CONTROLS
from harness.text.language_data import language_table

_WORDS = language_table("ar_breaks")
CONTINUING_WORDS: frozenset[str] = frozenset(_WORDS["continuing"])
HANGING_WORDS: frozenset[str] = frozenset(_WORDS["hanging"])

# Blanks before the first line feed are taken in afterwards: a pattern that began with them would be
# quadratic in a long line of blanks.
_GAP = re.compile(r"\n(?:[ \t]*\n)+[ \t]*")
_FIRST_WORD = re.compile(rf"[{ARABIC_LETTERS}{ARABIC_MARKS}]+")
_LAST_WORD = re.compile(rf"(?<![{ARABIC_LETTERS}])[{ARABIC_LETTERS}]+\Z")
_STOPS = frozenset('.:!?؟…"»”)')  # most paragraphs end in one of them, and nobody need look further
_OPEN_END = re.compile(r"[^\W_]\Z|[,،]\Z")
_INVISIBLE = re.compile(f"[{BIDI_CONTROLS}{ARABIC_MARKS}]")
# Headlines and lines of lists are shorter; a line of a sentence that was broken by hand seldom is.
_MIN_CHARS_BEFORE = 60
# So much of a paragraph is looked at, at either end.
EDGE_CHARS = 80


# Patterns that say no more than they must, since each is compiled for every column. What may come before a blank
# line (all but blanks, brackets, quotes and stops), then a word that goes on or a small letter; or a comma or a word
# that ends no sentence before the blank line. Vowel signs and direction marks may stand between the letters of such a
# word: a word with one of them is suspected whichever it is. RE2 only.
_BLANK_LINES = r"[ \t]*\n(?:[ \t]*\n)+[ \t]*"
ENDS_NO_LINE_OPEN = (
    (0x00, 0x2B), (0x2D, 0x2F), (0x3A, 0x40), (0x5B, 0x60), (0x7B, 0x7F),
    *((ord(sign), ord(sign)) for sign in "؛؟«»‘’“”…"),
)  # fmt: skip
_NO_STOP = "[^" + "".join(rf"\x{{{low:04X}}}-\x{{{high:04X}}}" for low, high in ENDS_NO_LINE_OPEN) + "]"
# All of `_INVISIBLE` and more, in few ranges.
_MARK = (
    r"[\x{0610}-\x{061C}\x{064B}-\x{065F}\x{0670}\x{06D6}-\x{06ED}\x{0897}-\x{08FF}\x{200E}\x{200F}"
    r"\x{202A}-\x{202E}\x{2066}-\x{2069}]"
)
_PART_OF_WORD = rf"[^\x00-\x7f]{{0,{max(map(len, CONTINUING_WORDS | HANGING_WORDS))}}}"
_GOES_ON = rf"{'|'.join(sorted(CONTINUING_WORDS))}|{_PART_OF_WORD}{_MARK}"
_HANGS = rf"[^{ARABIC_LETTERS}](?:{'|'.join(sorted(HANGING_WORDS))})|{_MARK}{_PART_OF_WORD}"
# All small letters and some more characters, in few ranges; none of the capitals of Latin-1, Greek and Russian.
SMALL_LETTERS = (
    (0x61, 0x7A), (0xAA, 0xBA), (0xDF, 0x2FF), (0x345, 0x345), (0x371, 0x37D), (0x390, 0x390), (0x3AC, 0x3CE),
    (0x3D0, 0x3FC), (0x430, 0x52F), (0x560, 0x588), (0x10D0, 0x10FF), (0x13F8, 0x13FD), (0x1C80, 0x1C8F),
    (0x1D00, 0x1FFF), (0x2071, 0x209C), (0x2109, 0x218F), (0x24D0, 0x24E9), (0x2C30, 0x2D2D), (0xA640, 0xA7FF),
    (0xAB30, 0xABBF), (0xFB00, 0xFB17), (0xFF41, 0xFF5A), (0x10428, 0x1E943),
)  # fmt: skip
_SMALL_LETTER = "[" + "".join(rf"\x{{{low:04X}}}-\x{{{high:04X}}}" for low, high in SMALL_LETTERS) + "]"
SUSPECTED_BREAK_PATTERN = (
    rf"{_NO_STOP}{_BLANK_LINES}{_MARK}*(?:{_GOES_ON}|{_SMALL_LETTER})|(?:[,،]|{_HANGS}){_BLANK_LINES}"
)


class Gap(NamedTuple):  # made for every blank line
    """A run of blank lines between two paragraphs: code points [start, end) of the text, and its neighbours."""

    start: int
    end: int
    before: str
    after: str


def gaps(text: str) -> Iterator[Gap]:
    """Go through the runs of blank lines between paragraphs, in order."""
    places = [(_end_of_words(text, match.start()), match.end()) for match in _GAP.finditer(text)]
    starts = [0, *(end for _, end in places)]
    ends = [*(start for start, _ in places), len(text)]
    for number, (start, end) in enumerate(places):
        before = text[starts[number] : ends[number]]
        after = text[starts[number + 1] : ends[number + 1]]
        if before and after:
            yield Gap(start, end, before, after)


def _end_of_words(text: str, end: int) -> int:
    while end and text[end - 1] in " \t":
        end -= 1
    return end


def first_word(paragraph: str) -> str:
    """Give the Arabic word that a paragraph begins with, without vowel signs; empty where it begins otherwise."""
    match = _FIRST_WORD.match(_INVISIBLE.sub("", paragraph[:EDGE_CHARS]))
    return match.group() if match else ""


def last_word(paragraph: str) -> str:
    """Give the Arabic word that a paragraph ends with, without vowel signs; empty where it ends otherwise."""
    match = _LAST_WORD.search(_INVISIBLE.sub("", paragraph[-EDGE_CHARS:]))
    return match.group() if match else ""


def ends_open(paragraph: str) -> bool:
    """Say whether a paragraph ends in a letter, a digit or a comma: without anything that ends a sentence."""
    if paragraph[-1:] in _STOPS:
        return False
    return _OPEN_END.search(_INVISIBLE.sub("", paragraph[-EDGE_CHARS:])) is not None


def suspected_breaks(text: str) -> list[int]:
    """Find the blank lines that probably stand inside a sentence, for a signal and not for an edit.

    The paragraph before is of a sentence's length and ends in nothing that ends one; the paragraph after
    begins with a word that goes on, or with a small letter, or the one before ends in a comma or in a
    word that ends no sentence. On 123 Arabic news documents (NTREX) it flags 1 of 220 true boundaries.

    Returns:
        Code points at which the blank lines begin.
    """
    suspected: list[int] = []
    begin = 0
    for match in _GAP.finditer(text):
        start, end = _end_of_words(text, match.start()), match.end()
        is_sentence = start - begin >= _MIN_CHARS_BEFORE and end < len(text)
        # Most end in a stop: no paragraph is cut out of the text to see that.
        if is_sentence and text[start - 1] not in _STOPS:
            edges = text[max(begin, start - EDGE_CHARS) : start], text[end : end + EDGE_CHARS]
            if _is_suspected(*edges):
                suspected.append(start)
        begin = end
    return suspected


def _is_suspected(before: str, after: str) -> bool:
    if not ends_open(before):
        return False
    goes_on = first_word(after) in CONTINUING_WORDS or after[0].islower()
    return goes_on or before[-1] in ",،" or last_word(before) in HANGING_WORDS
