"""Sentences that were broken over a blank line."""

import re
from collections.abc import Iterator

from harness.text.breaks import CONTINUING_WORDS, SUSPECTED_BREAK_PATTERN, Gap, ends_open, first_word, gaps
from harness.text.edits import Replacement
from harness.text.rules.base import cleaning_rule

# A paragraph that ends a sentence: a stop, with closing quotes or brackets behind it.
_ENDS_SENTENCE = re.compile(r"[.!?؟…][\"'»”’)\]\s]*\Z|[\"»”]\Z")
_MIN_CHARS = 120
# The first paragraph may be a headline, which has no stop either; of 123 headlines the longest has 122.
_MIN_CHARS_OF_FIRST = 150
_MIN_WITNESSES = 3


@cleaning_rule("broken-paragraph", version="1", suspect=SUSPECTED_BREAK_PATTERN)
def broken_paragraph(text: str) -> Iterator[Replacement]:
    """Join a sentence that stands on both sides of a blank line, with one blank.

    Evidence: the paragraph before is long and ends in no stop, the one after begins with a word that goes on
    and ends in a stop, and all other paragraphs of the text end in stops.
    """
    between = list(gaps(text))
    candidates = [number for number, gap in enumerate(between) if _is_broken(gap, is_first=number == 0)]
    if not candidates or not _others_end_sentences(between, candidates):
        return
    for number in candidates:
        yield Replacement(between[number].start, between[number].end, " ")


def _is_broken(gap: Gap, *, is_first: bool) -> bool:
    return (
        len(gap.before) >= (_MIN_CHARS_OF_FIRST if is_first else _MIN_CHARS)
        and ends_open(gap.before)
        and gap.before[-1] not in ",،"
        and first_word(gap.after) in CONTINUING_WORDS
        and _ENDS_SENTENCE.search(gap.after[-20:]) is not None
    )


def _others_end_sentences(between: list[Gap], candidates: list[int]) -> bool:
    """Ask the other paragraphs: where all end in stops, one without is an accident."""
    paragraphs = [between[0].before, *(gap.after for gap in between)]
    broken = set(candidates)
    others = [
        paragraph
        for number, paragraph in enumerate(paragraphs)
        if number not in broken and number - 1 not in broken
    ]
    witnesses = [paragraph for paragraph in others if len(paragraph) >= 60]
    return len(witnesses) >= _MIN_WITNESSES and all(
        _ENDS_SENTENCE.search(paragraph[-20:]) for paragraph in witnesses
    )
