"""Residue that one source repeats: lines that were learnt from its documents and accepted by a person."""

import re
from collections.abc import Iterator, Sequence

from harness.text.edits import Replacement
from harness.text.rules.base import CleaningRule
from harness.text.rules.residue import end_of_words, end_of_words_before_line

LEARNT_RULE = "residue-learnt"
LEARNT_VERSION = "1"

_DIGITS = re.compile(r"\d+")
_BLANKS = re.compile(r"[^\S\n]+")
# Stands for a run of digits in a template: times, dates and numbers differ from one article to the next.
DIGITS_MARK = "#"


def line_template(line: str) -> str:
    """Give what a repeated line has in common: each run of digits as `#`, each run of blanks as one."""
    return _DIGITS.sub(DIGITS_MARK, _BLANKS.sub(" ", line.strip()))


def learnt_residue(first: Sequence[str], last: Sequence[str]) -> CleaningRule:
    """Make the rule that cuts the accepted lines of one source.

    Args:
        first: Templates of lines that open a document.
        last: Templates of lines that close one.
    """
    opening, closing = (frozenset(map(line_template, templates)) for templates in (first, last))

    def find(text: str) -> Iterator[Replacement]:
        """Cut lines that a source repeats at the edges of its articles, as its recipe lists them.

        Why: what stands at the end of every article of a source is the source's, not the author's. Only
        whole lines at the very edge are cut, with the blank lines that part them from the text. Price: an
        article that ends in such a line by chance loses it; a person has accepted each line.
        """
        end = _closing_from(text, closing)
        start = _opening_to(text, opening, end)
        if start:
            yield Replacement(0, start, "")
        if end < len(text):
            yield Replacement(end, len(text), "")

    return CleaningRule(LEARNT_RULE, LEARNT_VERSION, _suspect([*opening, *closing]), find)


def _closing_from(text: str, templates: frozenset[str]) -> int:
    """Find where the learnt lines at the end begin, the blank lines before them included."""
    cut = len(text)
    end = end_of_words(text, cut)
    while end and line_template(text[(start := text.rfind("\n", 0, end) + 1) : end]) in templates:
        cut = end_of_words_before_line(text, start)
        end = end_of_words(text, cut)
    return cut


def _opening_to(text: str, templates: frozenset[str], limit: int) -> int:
    """Find where the learnt lines at the start end, the blank lines after them included."""
    cut = 0
    while cut < limit:
        line_end = text.find("\n", cut, limit)
        line_end = limit if line_end < 0 else line_end
        if line_template(text[cut:line_end]) not in templates:
            break
        cut = line_end
        while cut < limit and text[cut] in " \t\n":
            cut += 1
    return cut


def _suspect(templates: Sequence[str]) -> str:
    """Write the templates as one RE2 pattern; blanks and digits of any script match their marks."""
    written = sorted(set(templates))
    return "|".join(
        r"[\s\p{Z}]+".join(
            r"\p{Nd}+".join(map(re.escape, word.split(DIGITS_MARK))) for word in template.split(" ")
        )
        for template in written
    )
