"""Lines of page residue that still stand in a text, wherever they stand: cleaning cuts most of them at its end alone."""

import re

from harness.text.language_data import language_table

_TABLE = language_table("residue")
_BLANK = " \t|•·/"
_WORD = "|".join(map(re.escape, sorted(_TABLE["share_bar"]["words"], key=len, reverse=True)))
_SHARE_LINE = re.compile(rf"[{_BLANK}]*(?:(?:{_WORD})(?:[{_BLANK}]+|$))+")
_SHARE_WORDS = re.compile(rf"(?:{_WORD})(?=[{_BLANK}]|$)")
_ROWS = [row["pattern"] for row in _TABLE["end"]] + [_TABLE["read_also"]["pattern"]]
_LINE = re.compile("|".join(f"(?:{pattern})" for pattern in _ROWS))

# Only texts that match can have such a line. RE2.
RESIDUE_SUSPECT_PATTERN = "|".join(
    [
        *(row["suspect"] for row in _TABLE["end"]),
        _TABLE["read_also"]["suspect"],
        rf"(?:{_WORD})[\s|•·/]+(?:{_WORD})",
    ]
)
# What may stand before the words of a line, and the words that a line of residue begins with, by the part of the table
# that it is of; the letters A to Z are small.
BEFORE_BEGINNING = _BLANK
BEGINNINGS: dict[str, tuple[str, ...]] = {
    "end": (
        *(words for row in _TABLE["end"] for words in row["begins"]),
        *map(str.lower, _TABLE["share_bar"]["words"]),
    ),
    "read_also": tuple(_TABLE["read_also"]["begins"]),
}


def residue_lines(text: str) -> int:
    """Count lines that are residue as a whole, by the rows of every profile.

    Lines of a share bar count where they have enough of its words together, one below the other.
    """
    count, bar, words = 0, 0, 0
    for line in [*(one.strip(" \t") for one in text.split("\n")), "."]:
        if _SHARE_LINE.fullmatch(line):
            bar, words = bar + 1, words + len(_SHARE_WORDS.findall(line))
            continue
        if not line:
            continue
        count += bar if words >= _TABLE["share_bar"]["min_words"] else 0
        bar, words = 0, 0
        count += _LINE.fullmatch(line) is not None
    return count
