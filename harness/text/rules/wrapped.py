"""Lines that a program broke at a width, put together again to paragraphs."""

from collections.abc import Iterator
from itertools import pairwise

from harness.text.edits import Replacement
from harness.text.rules.base import CleaningRule, Finder, cleaning_rule
from harness.text.wrapping import MAX_WIDTH, LineEnd, Wrapping, running_stops, wrapping_of

WRAPPED_OF_SOURCE = "wrapped-lines-of-source"
WRAPPED_OF_SOURCE_VERSION = "1"

# Chosen on 63 of 123 documents (NTREX) in six languages, wrapped at 60 to 100 characters: with three breaks or four
# and shares of 0.8 or 0.9, precision was 0.996 and more. Set in verses of ten kinds, none of the 63 was joined in Arabic.
MIN_BREAKS = 4
_MIN_SHARE = 0.8
# Of the lines of these documents in Arabic 0.25 (60 characters) to 0.44 (100) have a sentence's end inside, of 4 of 246
# texts fewer than this share; verses, lists and tables have none.
_MIN_RUNNING_SHARE = 0.1
# Where the width is known, one line end may do, and headlines or lists may be as many.
_MIN_SHARE_OF_SOURCE = 0.5
# A line that ends in a letter, a digit or a comma (all but blanks, brackets, quotes and stops), and two in a row.
_OPEN_END = r"[^\x00-+\-./:-@\[-`{-\x7f؛؟«»‘’“”…][ \t]*\n"
_TWO_OPEN_ENDS = rf"{_OPEN_END}\s*[^\n]+{_OPEN_END}"


@cleaning_rule("wrapped-lines", version="1", suspect=_TWO_OPEN_ENDS)
def wrapped_lines(text: str) -> Iterator[Replacement]:
    """Join lines that a program broke at a width, where the text itself tells: most of its line ends are such.

    Evidence: one width explains four line ends in five or more, four of them behind no stop: each line fits
    into it, and the first word of the next one would not have fitted. And sentences end inside lines, which they do
    not in verses, lists, menus and tables. Blank lines, where lines end in single line feeds, and
    lines that are shorter though the next word would have fitted part paragraphs and stay; so does
    a full line behind a stop where nothing else marks paragraphs.
    Price: on 60 held-out documents (NTREX) in six languages, wrapped at 60 to 100 characters, 0.997 to 1.000 of the
    joins were right, and 0.92 to 1.00 of the breaks joined (docs/text-quality.md). A list of entries of one
    length with sentences inside would be joined.
    """
    if _narrow_lines(text) < MIN_BREAKS:  # as of most texts of long paragraphs: no need to look further
        return
    wrapping = wrapping_of(text)
    if wrapping is not None and _tells_itself(wrapping):
        yield from _joins(wrapping)


def wrapped_lines_of_source(width: int) -> CleaningRule:
    """Make the rule that joins the lines of a source of which a person has accepted that it breaks them at a width.

    Args:
        width: In code points.
    """

    def find(text: str) -> Iterator[Replacement]:
        """Join lines that were broken at the width that the recipe names for their source.

        Why: short texts do not tell themselves. At least half of the line ends have to be such.
        Price: two entries of a list of just that width are joined. Of breaks in texts of two sentences 0.96 were
        joined, all rightly.
        """
        wrapping = wrapping_of(text, width)
        if wrapping is not None and is_wrapped(wrapping):
            yield from _joins(wrapping)

    finder: Finder = find
    return CleaningRule(WRAPPED_OF_SOURCE, WRAPPED_OF_SOURCE_VERSION, _OPEN_END, finder)


def is_wrapped(wrapping: Wrapping) -> bool:
    """Say whether a text is wrapped at a width that is known to be its source's."""
    found = len(wrapping.open_breaks)
    return found > 0 and found / (found + wrapping.others) >= _MIN_SHARE_OF_SOURCE


def _narrow_lines(text: str) -> int:
    """Count lines that a width could have broken: each fits into the widest."""
    return sum(0 < len(line.strip(" \t")) <= MAX_WIDTH for line in text.split("\n"))


def _tells_itself(wrapping: Wrapping) -> bool:
    found = len(wrapping.open_breaks)
    in_a_row = any(
        other.start - len(other.before) == one.end for one, other in pairwise(wrapping.open_breaks)
    )
    return (
        in_a_row
        and found >= MIN_BREAKS
        and found / (found + wrapping.others) >= _MIN_SHARE
        and running_stops(wrapping.breaks) >= _MIN_RUNNING_SHARE * found
    )


def _joins(wrapping: Wrapping) -> Iterator[Replacement]:
    joined: tuple[LineEnd, ...] = wrapping.breaks if wrapping.are_paragraphs_marked else wrapping.open_breaks
    yield from (Replacement(end.start, end.end, " ") for end in joined)
