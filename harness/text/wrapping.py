"""Lines that a program broke at a width: which line ends stand inside a sentence."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from harness.text.breaks import ends_open

# Narrower lines are verses, menus and tables; wider ones are paragraphs.
MIN_WIDTH = 40
MAX_WIDTH = 140

_BLANKS = " \t"

_ENTRY = re.compile(r"[-–—•*·▪◦‣●○■□►✓+|#>]|[(\[]?[\d٠-٩]{1,3}[).\-–/:،\]][ \t]|[A-Za-zأ-ي][).][ \t]")
_TABULAR = re.compile(r"\t|\S {3,}\S|\|")
# A sentence that ends inside a line: headlines, subheadings, captions and verses have none.
STOP_INSIDE = re.compile(r"[^\W\d_]{2}[\"'»”’)\]]*[.!?؟…۔।][\"'»”’)\]]*[ \t]+\S")


@dataclass(frozen=True)
class LineEnd:
    """The end of a line that others follow: code points [start, end) up to the next line, and the two lines.

    `is_single` says that no blank line stands between the two.
    """

    start: int
    end: int
    before: str
    after: str
    is_single: bool

    @property
    def widths(self) -> range:
        """The widths, in code points, at which a program would have broken here: the next word is too long."""
        # A line of other blanks than those that part words here, such as U+3000, is one word.
        word = (self.after.split(None, 1) or [self.after])[0]
        return range(len(self.before), len(self.before) + 1 + len(word))


@dataclass(frozen=True)
class Wrapping:
    """How a text's lines are broken.

    Args:
        width: The one that explains most line ends, in code points.
        breaks: Line ends that it explains, whatever stands there.
        open_breaks: Those of them that stand behind no stop.
        others: Line ends that no paragraph's end explains: behind no stop though the next word would have
            fitted, or behind a line that is wider.
        are_paragraphs_marked: Whether every other line end is a blank line, or none is left: then a full line is
            no paragraph's last, even behind a stop.
    """

    width: int
    breaks: tuple[LineEnd, ...]
    open_breaks: tuple[LineEnd, ...]
    others: int
    are_paragraphs_marked: bool


def line_ends(text: str) -> Iterator[LineEnd]:
    """Go through the ends of lines that others follow, in order; blank lines belong to the end before them."""
    for (before_start, before), (after_start, after) in pairwise(_lines(text)):
        start = before_start + len(before)
        yield LineEnd(start, after_start, before, after, text.count("\n", start, after_start) == 1)


def _lines(text: str) -> Iterator[tuple[int, str]]:
    """Give the lines that are not blank without blanks around them, each with its place in code points."""
    start = 0
    for line in text.split("\n"):
        words = line.strip(_BLANKS)
        if words:
            yield start + len(line) - len(line.lstrip(_BLANKS)), words
        start += len(line) + 1


def wrapping_of(text: str, width: int | None = None) -> Wrapping | None:
    """Tell how a text's lines are broken; None where there is no line end that a width could explain.

    Where single line feeds and blank lines both occur, blank lines part paragraphs and are left out.

    Args:
        text: With line feeds.
        width: Where it is known, in code points; else the one that explains most is taken.
    """
    every_end = list(line_ends(text))
    ends = _wrappable(every_end)
    width = commonest_width(ends) if width is None else width
    if width is None:
        return None
    breaks = [end for end in ends if width in end.widths and not _is_entry(end)]
    open_breaks = [end for end in breaks if ends_open(end.before)]
    rest = [end for end in ends if width not in end.widths or _is_entry(end)]
    others = sum(ends_open(end.before) or len(end.before) > width for end in rest)
    return Wrapping(width, tuple(breaks), tuple(open_breaks), others, len(ends) < len(every_end) and not rest)


def wrappable_ends(text: str) -> list[LineEnd]:
    """Give the line ends at which a width may have broken a line: single line feeds where there are any."""
    return _wrappable(list(line_ends(text)))


def running_stops(ends: Sequence[LineEnd]) -> int:
    """Count lines with a sentence's end inside them: verses, lists and tables have them at line ends if anywhere."""
    return sum(STOP_INSIDE.search(end.before) is not None for end in ends)


def is_list_entry(line: str) -> bool:
    """Say whether a line begins with a sign or a number that begins entries of lists."""
    return _ENTRY.match(line) is not None


def commonest_width(ends: Iterable[LineEnd]) -> int | None:
    """Give the width that explains most line ends, the least of several; None where there is none in the limits."""
    votes = Counter(
        width
        for end in ends
        for width in range(max(end.widths.start, MIN_WIDTH), min(end.widths.stop, MAX_WIDTH + 1))
    )
    return max(votes, key=lambda width: (votes[width], -width)) if votes else None


def _wrappable(ends: list[LineEnd]) -> list[LineEnd]:
    return [end for end in ends if end.is_single] or ends


def _is_entry(end: LineEnd) -> bool:
    """Say whether one of the two lines looks like a row of a list or of a table."""
    return is_list_entry(end.after) or any(_TABULAR.search(line) for line in (end.before, end.after))
