"""Laws of first lines: what tells most texts from those with a credit hides no credit."""

import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from harness.curation import line_beginnings
from harness.text.credits import FirstLines, read_first_lines
from harness.text.first_lines import CREDIT_BEGINNING_PATTERN
from harness.text.language_data import language_table

TABLE = language_table("first_lines")
NAMES = [name for table in TABLE.values() for words in table.values() for name in words]
SIGNS = [" - ", ": ", "/", " | ", "(", ") ", "[", "] ", "«", "»", "“", "،", "ـ", " ـ ", "... ", ".", " ", "\t", "\u00a0",
         "\u200f", "\u2066", "\u061c", "\x01", "\x1f", "\u3000", "\n", "\n\n", "\n\x85\n", " الموافق "]  # fmt: skip
DATES = ["12 مارس", "١٢ آذار 2024", "2024/3/12", "يوم الأحد", "الاثنين"]
NAMED = st.sampled_from(NAMES) | st.sampled_from(NAMES).map(lambda words: ".".join(words.replace(" ", "")))
PIECES = (
    NAMED
    | st.sampled_from(SIGNS)
    | st.sampled_from(DATES)
    | st.sampled_from(["أحمد سالم", "قال", "عنوان قصير"])
)
BODY = "\nأعلنت البلدية فتح الجسر أمام السيارات صباح الأحد المقبل."


def _matched(texts):
    return pc.match_substring_regex(pa.array(texts, pa.string()), CREDIT_BEGINNING_PATTERN).to_pylist()


def _told(texts):
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(line_beginnings, "is_compiling", lambda: True)
        return line_beginnings.credit_beginnings(pa.array(texts, pa.string())).tolist()


both_ways = pytest.mark.parametrize("begins_like_one", [_matched, _told])


@both_ways
@settings(deadline=None, max_examples=200)
@example([["أ", ".", "ف", ".", "ب", " - "]])
@given(st.lists(st.lists(PIECES, min_size=1, max_size=6), min_size=1, max_size=20))
def test_what_begins_otherwise_tells_nothing(begins_like_one, parts):
    """Texts that the pattern or the compiled look passes over have no credit and no dateline, with and without a headline before them."""
    texts = [
        f"{headline}{''.join(part)}{BODY}"
        for part in parts
        for headline in ("", "جسر جديد\n", "\u00a0\n \u2009")
    ]
    for text, is_suspected in zip(texts, begins_like_one(texts), strict=True):
        assert is_suspected or read_first_lines(text[:512]) == FirstLines(), text


@both_ways
def test_every_word_of_the_table_may_begin_a_credit(begins_like_one):
    """No place, agency, lead or given name is passed over, with its alefs bare and its letters apart as well."""
    leads = [
        word
        for key in ("leads", "leads_with_sign", "leads_before_given_name", "given_names")
        for word in TABLE["byline"][key]
    ]
    places = [word for key in ("alone", "agencies", "places", "weekdays") for word in TABLE["dateline"][key]]
    for change in (str, lambda word: word.replace("أ", "ا"), ". ".join):
        assert all(begins_like_one([change(word) for word in (*leads, *places)]))


@both_ways
def test_a_sentence_is_passed_over(begins_like_one):
    """Most first lines are told by their first letters, else the pattern would spare nothing."""
    assert not any(begins_like_one(["وقال المدير إن العمل انتهى.", f"قرار جديد في المدينة{BODY}"]))
