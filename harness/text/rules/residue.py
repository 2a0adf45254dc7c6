"""What a page leaves in its article: rating widgets, share bars, footers, links to other articles."""

import re
from collections.abc import Iterator

from harness.text.edits import Replacement
from harness.text.language_data import language_table
from harness.text.rules.base import CleaningRule, Finder

_TABLE = language_table("residue")
_SHARE_BAR = "residue-share-bar"
_READ_ALSO = "residue-read-also"
_SHARE_WORD = "|".join(map(re.escape, sorted(_TABLE["share_bar"]["words"], key=len, reverse=True)))
_SHARE_LINE = re.compile(rf"[ \t|•·/]*(?:(?:{_SHARE_WORD})(?:[ \t|•·/]+|$))+")
_SHARE_WORDS = re.compile(rf"(?:{_SHARE_WORD})(?=[ \t|•·/]|$)")
# The last word of a share bar, at the very end or before lines that other rows cut.
_SHARE_SUSPECT = rf"(?:^|[\s|•·/])(?:{_SHARE_WORD})[ \t|•·/]*(?:\n|$)"
_MIN_SHARE_WORDS: int = _TABLE["share_bar"]["min_words"]


def end_residue(profile: str) -> CleaningRule:
    """Make the rule that cuts known residue off the end of a text, by the rows of one profile."""
    rows = [row for row in _TABLE["end"] if profile in row["profiles"]]
    patterns = {f"residue-{row['name']}": re.compile(row["pattern"]) for row in rows}
    suspects = [row["suspect"] for row in rows] + [_SHARE_SUSPECT]
    return CleaningRule(
        name=f"end-residue-{profile}",
        version="1",
        suspect="|".join(suspects),
        find=_end_finder(patterns),
        yields=(*patterns, _SHARE_BAR),
    )


def _end_finder(patterns: dict[str, re.Pattern[str]]) -> Finder:
    def find(text: str) -> Iterator[Replacement]:
        """Cut lines of known residue off the end, with the blank lines that parted them from the text.

        Why: widgets and footers are no words of the author. Only whole lines at the end are cut, one after
        another, each written down under its row's name. Price: stated in each row of `residue.toml`.
        """
        end = end_of_words(text, len(text))
        while end:
            rule, start = _last_residue(text, end, patterns)
            if not rule:
                return
            cut_from = end_of_words_before_line(text, start)
            yield Replacement(cut_from, end, "", rule)
            end = end_of_words(text, cut_from)

    return find


def _last_residue(text: str, end: int, patterns: dict[str, re.Pattern[str]]) -> tuple[str, int]:
    """Name the residue that the text up to `end` ends in and where it starts; an empty name for none."""
    start = text.rfind("\n", 0, end) + 1
    line = text[start:end].strip(" \t")
    for rule, pattern in patterns.items():
        if pattern.fullmatch(line):
            return rule, start
    words, start = _share_bar(text, end)
    return (_SHARE_BAR, start) if words >= _MIN_SHARE_WORDS else ("", end)


def _share_bar(text: str, end: int) -> tuple[int, int]:
    """Count the words of the share bar that ends at `end`, over all its lines, and find its start."""
    words, first = 0, end
    while end:
        start = text.rfind("\n", 0, end) + 1
        line = text[start:end].strip(" \t")
        if _SHARE_LINE.fullmatch(line) is None:
            break
        words, first = words + len(_SHARE_WORDS.findall(line)), start
        end = end_of_words(text, start)
    return words, first


def end_of_words(text: str, end: int) -> int:
    """Go back over blanks and line ends to behind the last word before `end`."""
    while end and text[end - 1] in " \t\n":
        end -= 1
    return end


def end_of_words_before_line(text: str, start: int) -> int:
    """Go back over the line ends before a line to the first of them; blanks behind the last word stay."""
    words_end = end_of_words(text, start)
    first_line_end = text.find("\n", words_end, start)
    return first_line_end if words_end and first_line_end >= 0 else 0


_READ_ALSO_LINE = re.compile(rf"(?m)^[ \t]*(?:{_TABLE['read_also']['pattern']})[ \t]*$")


def _find_read_also(text: str) -> Iterator[Replacement]:
    """Cut lines that send the reader to another article, with the blank lines before them.

    Why: the title of another article inside a text is no sentence of it. Price: see `residue.toml`.
    """
    reached = 0
    for line in _READ_ALSO_LINE.finditer(text):
        start = max(end_of_words_before_line(text, line.start()), reached)
        yield Replacement(start, line.end(), "")
        reached = line.end()


read_also = CleaningRule(_READ_ALSO, "1", _TABLE["read_also"]["suspect"], _find_read_also)
safe_end_residue = end_residue("safe")
news_ar_end_residue = end_residue("news-ar")
RESIDUE_RULES: frozenset[str] = frozenset({*news_ar_end_residue.yields, *safe_end_residue.yields, _READ_ALSO})
