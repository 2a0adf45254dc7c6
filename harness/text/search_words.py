"""The words that a search compares: runs of letters, marks and digits, folded lightly."""

import functools
import re
import unicodedata

from harness.text.characters import TATWEEL

_LAST_WITH_MARKS = 0x1FFFF  # beyond lie ideographs and, at U+E0100, variation selectors
# Scripts that put no blanks between words: each run becomes its overlapping pairs of characters, which
# is the usual way to index them without a dictionary. Han and kana; Thai, Lao; Myanmar; Khmer.
_UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]+"
)
FOLD = "nfc+casefold-marks(arabic,hebrew)-tatweel"


def search_words(text: str) -> list[str]:
    """Cut a text into folded words, in order and with repetitions."""
    words: list[str] = []
    for word in _word().findall(fold(text)):
        if _UNSPACED.search(word):
            words.extend(_pairs(word))
        else:
            words.append(word)
    return words


def fold(text: str) -> str:
    """Undo differences of spelling that no reader means: case, Arabic and Hebrew vowel signs, tatweel.

    Letters stay what they are (no hamza, ya or ta marbuta is merged), and so do the marks of scripts in
    which a vowel sign is part of the word.
    """
    return _folded_away().sub("", unicodedata.normalize("NFC", text).casefold())


def _pairs(word: str) -> list[str]:
    parts: list[str] = []
    end = 0
    for run in _UNSPACED.finditer(word):
        if run.start() > end:
            parts.append(word[end : run.start()])
        letters = run.group()
        parts.extend(letters[start : start + 2] for start in range(max(len(letters) - 1, 1)))
        end = run.end()
    return [*parts, word[end:]] if end < len(word) else parts


@functools.cache
def _word() -> re.Pattern[str]:
    # Python's \w leaves out combining marks, which would cut Hindi or Amharic words at every vowel sign.
    marks = [chr(code) for code in range(_LAST_WITH_MARKS) if unicodedata.category(chr(code))[0] == "M"]
    return re.compile(rf"(?:[^\W_]|[{''.join(marks)}\N{{ZERO WIDTH NON-JOINER}}])+")


@functools.cache
def _folded_away() -> re.Pattern[str]:
    # U+0591 to U+05C7 are the Hebrew, the rest the Arabic marks (category Mn of these blocks).
    blocks = ((0x0591, 0x05C7), (0x0610, 0x061A), (0x064B, 0x065F), (0x0670, 0x0670), (0x06D6, 0x06ED))
    marks = [
        chr(code)
        for low, high in blocks
        for code in range(low, high + 1)
        if unicodedata.category(chr(code)) == "Mn"
    ]
    return re.compile(f"[{TATWEEL}{''.join(marks)}]")
