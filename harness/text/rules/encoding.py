"""What went wrong before the text reached us as characters: wrong readings, controls, line ends."""

import re
from collections.abc import Iterator

from harness.text.characters import CONTROLS
from harness.text.edits import Replacement
from harness.text.mojibake import MOJIBAKE_SUSPECT_PATTERN, repaired_line
from harness.text.rules.base import cleaning_rule

_LINE = re.compile(r"[^\n]+")
_LINE_END = re.compile("\r\n|[\r\N{LINE SEPARATOR}\N{PARAGRAPH SEPARATOR}]")
# Controls that part words: vertical tab, form feed, the information separators, next line.
_PARTING = "\x0b\x0c\x1c\x1d\x1e\x1f\x85"
_CONTROL_RUN = re.compile(f"[{CONTROLS}]+")


@cleaning_rule("mojibake", version="1", suspect=MOJIBAKE_SUSPECT_PATTERN)
def mojibake(text: str) -> Iterator[Replacement]:
    """Read lines again that were wholly read in a wrong encoding.

    Why: `Ø§Ù„Ø³Ù„Ø§Ù…` and `ÇáÓáÇã` are Arabic that an earlier program read as Windows-1252.
    Price: changed 0 of 39,940 sound lines in 20 languages (NTREX); a line about mojibake that shows
    nothing else would be read again too. Lines that are affected in part stay, and are flagged.
    """
    for line in _LINE.finditer(text):
        repaired = repaired_line(line.group())
        if repaired is not None:
            yield Replacement(*line.span(), repaired)


@cleaning_rule("newlines", version="1", suspect=r"[\r\x{2028}\x{2029}]")
def newlines(text: str) -> Iterator[Replacement]:
    """End every line in a line feed.

    Why: after decoding only mixtures are left (uniform line ends are a repair of decoding), and they
    hide blank lines from everything that looks for paragraphs. Price: none known.
    """
    for end in _LINE_END.finditer(text):
        yield Replacement(*end.span(), "\n")


@cleaning_rule("controls", version="1", suspect=f"[{CONTROLS}]")
def controls(text: str) -> Iterator[Replacement]:
    """Remove control characters but tab and line feed; one that parts two words becomes a line feed.

    Why: U+001A ends files of DOS, NUL breaks databases, and 0.3 % of real Arabic articles have some.
    Price: what a NUL or an escape parted grows together, as it looks on a screen.
    """
    for run in _CONTROL_RUN.finditer(text):
        around = text[max(run.start() - 1, 0) : run.start()], text[run.end() : run.end() + 1]
        parts_words = any(char in _PARTING for char in run.group()) and not any(
            side == "" or side.isspace() for side in around
        )
        yield Replacement(*run.span(), "\n" if parts_words else "")
