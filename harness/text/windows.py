"""Short pieces of running text, a few words each, such as titles, messages and captions are made of."""

import re

from harness.text.search_words import UNSPACED

# Two characters of a script without blanks (about a word of Chinese, a syllable of Thai), or else what
# stands between blanks, punctuation included.
_WORD = re.compile(rf"{UNSPACED}{{1,2}}|(?:(?!{UNSPACED})\S)+")


def word_windows(line: str, words: int) -> list[tuple[int, str]]:
    """Cut a line into consecutive pieces of so many words; what is left at the end is dropped.

    Only what has a letter in it counts as a word; numbers and signs between two words of a piece stay in it.

    Args:
        line: Any text.
        words: Words a piece, >= 1.

    Returns:
        For each piece the ordinal of its first word in the line, from 1, and the piece as it stands there.
    """
    spans = [word.span() for word in _WORD.finditer(line) if any(map(str.isalpha, word.group()))]
    return [
        (first + 1, line[spans[first][0] : spans[first + words - 1][1]])
        for first in range(0, len(spans) - words + 1, words)
    ]
