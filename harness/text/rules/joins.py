"""Sentences that were broken over a blank line."""

import re
from collections.abc import Collection, Iterator, Sequence

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
from harness.text.language_data import language_table
from harness.text.rules.base import cleaning_rule
from harness.text.wrapping import STOP_INSIDE, is_list_entry

_CLOSING = tuple(language_table("ar_breaks")["closing"])


_OPEN_END_SUSPECT = r"[\pL\pM\p{Nd}\p{Cf},،][ \t]*\n[ \t]*\n"
# A paragraph that ends a sentence: a stop, with closing quotes or brackets behind it.
_ENDS_SENTENCE = re.compile(r"[.!?؟…][\"'»”’)\]\s]*\Z|[\"»”]\Z")
# Shorter ones may be answers and entries of lists, whatever they end in.
_MIN_CHARS_BEFORE_HANGING = 20
# In a source that breaks often, a piece of two short words may stand between two breaks; an answer has one.
_MIN_CHARS_BEFORE_HANGING_OF_SOURCE = 8
_MIN_CHARS_BEFORE_COMMA = 60
# Subheadings and captions have no stop either; below 120 characters 7 of 150 joins were wrong.
_MIN_CHARS = 120
# The first paragraph may be a headline: the longest of 123 has 140 characters.
_MIN_CHARS_OF_FIRST = 150
# Paragraphs that show how this text ends its sentences: so many, each long enough for one.
_MIN_WITNESSES = 3
_MIN_WITNESS_CHARS = 60
# Where fewer of them end in stops, this text does not write stops, and a missing one tells nothing.
_MIN_STOP_SHARE = 0.5


@cleaning_rule("broken-paragraph", version="2", suspect=SUSPECTED_BREAK_PATTERN)
def broken_paragraph(text: str) -> Iterator[Replacement]:
    """Join a sentence that stands on both sides of a blank line, with one blank.

    Evidence: the paragraph before ends in no stop, and at least half of the text's other paragraphs do. Then one
    of these: it ends in a comma, or in a word that ends no sentence; or a sentence has ended inside it, and the
    next paragraph begins with a word that goes on and ends in a stop; or it is longer than headlines, the next
    begins and ends so, and every other paragraph of the text, three or more, ends in a stop.
    What is not joined is flagged where a word tells.
    Price: on 60 held-out Arabic documents (NTREX) with 5 to 40 % of their sentences broken, 0.97 to 1.00 of the joins
    were right, and 0.12 to 0.26 of the breaks joined; at true boundaries of 123 documents 3 joins at 6,645, all
    behind a paragraph that ends in a comma or lacks its stop (docs/text-quality.md). A list whose last item lacks its
    stop, or a subheading of 120 characters before "في", is joined.
    """
    between = list(gaps(text))
    open_ones = [(number, gap) for number, gap in enumerate(between) if ends_open(gap.before)]
    certain = {number for number, gap in open_ones if _is_certain(gap)}
    likely = {number for number, gap in open_ones if _is_likely(gap, is_first=number == 0)}
    if certain and _stop_share(between, certain, if_none=1) < _MIN_STOP_SHARE:
        certain = set()
    if likely and (_stop_share(between, likely) < 1 or len(_witnesses(between, likely)) < _MIN_WITNESSES):
        likely = set()
    yield from (
        Replacement(between[number].start, between[number].end, " ") for number in sorted(certain | likely)
    )


@cleaning_rule("broken-paragraph-of-source", version="1", suspect=_OPEN_END_SUSPECT)
def broken_paragraph_of_source(text: str) -> Iterator[Replacement]:
    """Join broken sentences of a source of which a person has accepted that it breaks them often.

    Why: where breaks are frequent, a paragraph of running text that ends in no stop is broken, whatever the next
    one begins with. Running text is what has a sentence's end inside or 150 characters and more, as no headline,
    subheading or caption has; the next paragraph ends in a stop and is no entry of a list. What ends in a comma or
    in a word that ends no sentence is joined without looking at the rest of the text.
    Price: where an author forgot a stop, two paragraphs become one. On the same documents, broken so often that
    `harness residue` proposes the source, 0.97 to 0.99 of the joins were right, and half of the breaks joined.
    """
    for gap in gaps(text):
        if not ends_open(gap.before):
            continue
        if _is_certain(gap, _MIN_CHARS_BEFORE_HANGING_OF_SOURCE) or _is_running_text(gap):
            yield Replacement(gap.start, gap.end, " ")


def _is_certain(gap: Gap, min_chars_before_hanging: int = _MIN_CHARS_BEFORE_HANGING) -> bool:
    """Say whether the words at an open gap leave no other reading: the last one goes on, or the next one does."""
    if is_list_entry(gap.after):
        return False
    if gap.before[-1] in ",،":
        return len(gap.before) >= _MIN_CHARS_BEFORE_COMMA and _ends_sentence(gap.after)
    if last_word(gap.before) in HANGING_WORDS:
        return len(gap.before) >= min_chars_before_hanging and not gap.before.endswith(_CLOSING)
    goes_on = first_word(gap.after) in CONTINUING_WORDS and _ends_sentence(gap.after)
    return goes_on and STOP_INSIDE.search(gap.before) is not None


def _is_likely(gap: Gap, *, is_first: bool) -> bool:
    min_chars = _MIN_CHARS_OF_FIRST if is_first else _MIN_CHARS
    if len(gap.before) < min_chars or not _ends_sentence(gap.after):
        return False
    return first_word(gap.after) in CONTINUING_WORDS


def _is_running_text(gap: Gap) -> bool:
    """Say whether an open end is of a paragraph that cannot be a headline: a sentence ends inside, or it is long."""
    if is_list_entry(gap.after) or not _ends_sentence(gap.after):
        return False
    return len(gap.before) >= _MIN_CHARS_OF_FIRST or STOP_INSIDE.search(gap.before) is not None


def _stop_share(between: Sequence[Gap], candidates: Collection[int], if_none: float = 0) -> float:
    witnesses = _witnesses(between, candidates)
    return sum(map(_ends_sentence, witnesses)) / len(witnesses) if witnesses else if_none


def _witnesses(between: Sequence[Gap], candidates: Collection[int]) -> list[str]:
    """Give the other paragraphs that are long enough for a sentence: they show how this text ends them."""
    paragraphs = [between[0].before, *(gap.after for gap in between)]
    concerned = {*candidates, *(number + 1 for number in candidates)}
    return [
        paragraph
        for number, paragraph in enumerate(paragraphs)
        if number not in concerned and len(paragraph) >= _MIN_WITNESS_CHARS
    ]


def _ends_sentence(paragraph: str) -> bool:
    return _ENDS_SENTENCE.search(paragraph[-20:]) is not None
