"""The words that a search compares: runs of letters, marks and digits, folded lightly."""

import functools
import re
import unicodedata

from harness.text.characters import TATWEEL

_LAST_WITH_MARKS = 0x1FFFF  # beyond lie ideographs and, at U+E0100, variation selectors
# Scripts that put no blanks between words: each run becomes its overlapping pairs of characters, which
# is the usual way to index them without a dictionary. Han and kana; Thai, Lao; Myanmar; Khmer.
UNSPACED = "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
_UNSPACED_RUN = re.compile(f"{UNSPACED}+")
# Hebrew and Arabic marks (category Mn of their blocks), then format characters that are not seen. U+200B
# ZERO WIDTH SPACE is not among them: it ends a word.
_VOWEL_SIGNS = (
    "\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7"
    "\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed"
)
_FORMATS = "\u00ad\u061c\u200c-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff"
_FOLDED_AWAY = re.compile(f"[{TATWEEL}{_VOWEL_SIGNS}{_FORMATS}]")
FOLD = "nfc+casefold-marks(arabic,hebrew)-tatweel-format"


def search_words(text: str) -> list[str]:
    """Cut a text into folded words, in order and with repetitions."""
    words: list[str] = []
    for word in _word().findall(fold(text)):
        if _UNSPACED_RUN.search(word):
            words.extend(_pairs(word))
        else:
            words.append(word)
    return words


def fold(text: str) -> str:
    """Undo differences of spelling that no reader means or sees.

    These are case, Arabic and Hebrew vowel signs, tatweel, and format characters inside words (joiners,
    direction marks, soft hyphens).

    Letters stay what they are (no hamza, ya or ta marbuta is merged), and so do the marks of scripts in
    which a vowel sign is part of the word.
    """
    return _FOLDED_AWAY.sub("", unicodedata.normalize("NFC", text).casefold())


def _pairs(word: str) -> list[str]:
    parts: list[str] = []
    end = 0
    for run in _UNSPACED_RUN.finditer(word):
        if run.start() > end:
            parts.append(word[end : run.start()])
        letters = run.group()
        parts.extend(letters[start : start + 2] for start in range(max(len(letters) - 1, 1)))
        end = run.end()
    return [*parts, word[end:]] if end < len(word) else parts


@functools.cache
def _word() -> re.Pattern[str]:
    # Python's \w leaves out combining marks, which would cut Hindi words at every vowel sign.
    marks = [chr(code) for code in range(_LAST_WITH_MARKS) if unicodedata.category(chr(code))[0] == "M"]
    return re.compile(rf"[^\W_](?:[^\W_]|[{''.join(marks)}])*")
