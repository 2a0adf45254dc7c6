"""How an item's input is shown to a reader: texts set apart, tokens as a sentence, and never more than an excerpt."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.evaluation.asked import shown_input


@pytest.mark.parametrize(
    ("asked", "shown"),
    [
        ("سؤال عن المدينة", "سؤال عن المدينة"),
        (json.dumps(["النص الأول هنا", "النص الثاني هنا"]), "النص الأول هنا\n—\nالنص الثاني هنا"),
        (json.dumps(["زار", "الوزير", "بغداد", "."]), "زار الوزير بغداد ."),
        (json.dumps({"context": "في المدينة سوق", "question": "ما الذي فيها؟"}), "context: في المدينة سوق\n—\nquestion: ما الذي فيها؟"),
        (json.dumps({"text": "ذهب إلى ___ اليوم", "options": ["السوق", "البحر"]}), "text: ذهب إلى ___ اليوم\n—\noptions: السوق · البحر"),
        ("[1, 2]", "[1, 2]"),
        ("[no JSON", "[no JSON"),
    ],
)  # fmt: skip
def test_what_was_asked_is_set_for_reading(asked, shown):
    """A pair is two paragraphs, tokens a sentence, an object its named parts; anything else is as it was."""
    assert shown_input(asked, limit=400) == shown


def test_both_texts_of_a_pair_are_seen_however_long_the_first_is():
    """Each has its share of the excerpt."""
    shown = shown_input(json.dumps(["كلمة " * 500, "النص الثاني هنا"]), limit=400)
    assert shown.endswith("النص الثاني هنا")
    assert len(shown) < 400


@given(st.one_of(st.text(), st.text().map(lambda text: "[" * 3000 + text), st.from_type(type(None)).map(str)))
def test_any_text_is_shown_and_stays_short(text):
    """Whatever stands in an input, nesting without end included."""
    assert len(shown_input(text, limit=100)) <= 100
