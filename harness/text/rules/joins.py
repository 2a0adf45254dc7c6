"""Sentences that were broken over a blank line."""

import re
from collections.abc import Iterator

from harness.text.breaks import (
    CONTINUING_WORDS,
    HANGING_WORDS,
    SUSPECTED_BREAK_PATTERN,
    Gap,
    ends_open,
    first_word,
    gaps,
    last_word,
)
from harness.text.edits import Replacement
from harness.text.rules.base import cleaning_rule

# A paragraph that ends a sentence: a stop, with closing quotes or brackets behind it.
_ENDS_SENTENCE = re.compile(r"[.!?؟…][\"'»”’)\]\s]*\Z|[\"»”]\Z")
# A paragraph whose last word cannot end a sentence is broken however short; NTREX has no such headline.
_MIN_CHARS_BEFORE_HANGING = 60
# Subheadings and captions have no stop either; below 120 characters 7 of 150 joins were wrong.
_MIN_CHARS = 120
# The first paragraph may be a headline: the longest of 123 has 140 characters.
_MIN_CHARS_OF_FIRST = 150
# Paragraphs that show how this text ends its sentences: so many, each long enough for one.
_MIN_WITNESSES = 3
_MIN_WITNESS_CHARS = 60


@cleaning_rule("broken-paragraph", version="1", suspect=SUSPECTED_BREAK_PATTERN)
def broken_paragraph(text: str) -> Iterator[Replacement]:
    """Join a sentence that stands on both sides of a blank line, with one blank.

    Evidence, all of it needed: the paragraph before ends in no stop or comma; it is longer than headlines
    and the next begins with a word that goes on a sentence, or its own last word cannot end one; the
    next paragraph ends in a stop; and every other paragraph of the text does, three or more of them.
    Measured on 123 Arabic news documents (NTREX) with one to three sentences a paragraph, with and
    without headline: 2 joins at 6,645 true boundaries, both behind a paragraph that lacks its stop. Cut
    at 6,249 random places inside a sentence: 403 joined, all at the cut; recall 0.06. These
    documents were used to choose the limits. What is not joined is flagged where a word tells.
    Price: a list whose last item lacks its stop, or a subheading of 120 characters before "في", is joined.
    """
    between = list(gaps(text))
    candidates = [number for number, gap in enumerate(between) if _is_broken(gap, is_first=number == 0)]
    if candidates and _others_end_sentences(between, candidates):
        for number in candidates:
            yield Replacement(between[number].start, between[number].end, " ")


def _is_broken(gap: Gap, *, is_first: bool) -> bool:
    if not ends_open(gap.before) or gap.before[-1] in ",،" or not _ends_sentence(gap.after):
        return False
    if last_word(gap.before) in HANGING_WORDS:
        return len(gap.before) >= _MIN_CHARS_BEFORE_HANGING
    min_chars = _MIN_CHARS_OF_FIRST if is_first else _MIN_CHARS
    return len(gap.before) >= min_chars and first_word(gap.after) in CONTINUING_WORDS


def _others_end_sentences(between: list[Gap], candidates: list[int]) -> bool:
    """Ask the other paragraphs: where all end in stops, one without is an accident."""
    paragraphs = [between[0].before, *(gap.after for gap in between)]
    concerned = {*candidates, *(number + 1 for number in candidates)}
    witnesses = [
        paragraph
        for number, paragraph in enumerate(paragraphs)
        if number not in concerned and len(paragraph) >= _MIN_WITNESS_CHARS
    ]
    return len(witnesses) >= _MIN_WITNESSES and all(map(_ends_sentence, witnesses))


def _ends_sentence(paragraph: str) -> bool:
    return _ENDS_SENTENCE.search(paragraph[-20:]) is not None
