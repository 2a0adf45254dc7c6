"""Copies that a task makes itself: the same text in another spelling, with words changed, or in another frame."""

import re
import unicodedata
from collections.abc import Callable

from harness.evaluation.draws import Draws
from harness.text.characters import ARABIC_MARKS, TATWEEL

# Letters that Arabic writers and keyboards exchange; each is changed as often as not.
_EXCHANGED = str.maketrans("أإآ", "ااا")
_AT_WORD_END = {"ى": "ي", "ة": "ه", "ي": "ى"}
_TO_ARABIC_DIGITS = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
_TO_LATIN_DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩", "0123456789")
_MARKS = re.compile(f"[{ARABIC_MARKS}]")
_STRETCHED = re.compile(r"[بتثجحخسشصضطظعغفقكلمنهي](?=[\u0621-\u064a])")  # letters that join the next one
_WORD = re.compile(r"\S+")
_EVEN = 0.5
_STRETCHED_SHARE = 0.05
_CAPITAL_SHARE = 0.2

Alter = Callable[[str, str, Draws, float], str]


def other_spelling(text: str, _other: str, draws: Draws, _share: float) -> str:
    """Spell a text otherwise, word for word.

    Arabic: hamza on alef, ya and alef maqsura, ta marbuta, vowel signs, tatweel, digits. Elsewhere: accents fall
    away, and capitals at the beginning of one word in five.
    """
    bare = draws.chance(_EVEN)
    digits = draws.pick((_TO_ARABIC_DIGITS, _TO_LATIN_DIGITS))
    respelt = _WORD.sub(lambda word: _respelt(word.group(), draws), text)
    return (_MARKS.sub("", respelt) if bare else respelt).translate(digits)


def other_words(text: str, other: str, draws: Draws, share: float) -> str:
    """Drop, repeat or replace a share of a text's words; what takes their place are words of another text."""
    strange = other.split() or ["…"]

    def changed(word: re.Match[str]) -> str:
        if not draws.chance(share):
            return word.group()
        return draws.pick(("", f"{word.group()} {draws.pick(strange)}", draws.pick(strange)))

    return _WORD.sub(changed, text)


def other_frame(text: str, other: str, draws: Draws, _share: float) -> str:
    """Put a line of another text before a text and one after it, and drop its last paragraph if it has three."""
    lines = [line for line in other.split("\n") if line.strip()] or [""]
    own = text.split("\n")
    if sum(bool(line.strip()) for line in own) > 2:
        own = own[: max(place for place, line in enumerate(own) if line.strip())]
    return "\n".join([draws.pick(lines), *own, draws.pick(lines)]).strip()


ALTERATIONS: dict[str, Alter] = {"spelling": other_spelling, "words": other_words, "frame": other_frame}


def _respelt(word: str, draws: Draws) -> str:
    if draws.chance(_EVEN):
        word = word.translate(_EXCHANGED)
    if word[-1] in _AT_WORD_END and draws.chance(_EVEN):
        word = word[:-1] + _AT_WORD_END[word[-1]]
    if draws.chance(_STRETCHED_SHARE):
        word = _STRETCHED.sub(lambda letter: letter.group() + TATWEEL, word, count=1)
    if word[:1].isupper() and draws.chance(_CAPITAL_SHARE):
        word = word[:1].lower() + word[1:]
    return _without_accents(word) if draws.chance(_EVEN) else word


def _without_accents(word: str) -> str:
    """Drop the accents of Latin, Greek and Cyrillic letters; marks of other scripts are letters or vowels."""
    bare = "".join(
        letter[0] if unicodedata.name(letter[0], "").startswith(("LATIN", "GREEK", "CYRILLIC")) else sign
        for sign in word
        for letter in (unicodedata.normalize("NFD", sign),)
    )
    return bare if len(bare) == len(word) else word
