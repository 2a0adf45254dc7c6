"""Contamination: which items are found in other texts, which are not, and what scores are without them."""

import json

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.evaluation.contamination import RUN_WORDS, overlap, scores_apart
from harness.evaluation.correlation import correlation_metrics
from harness.evaluation.results import RunResult, Score, SystemIdentity

WORDS = [f"word{number}" for number in range(60)]
TEXT = " ".join(WORDS)


def items(*inputs):
    """Make items of documents of their own."""
    return pa.table(
        {
            "item_id": [f"i{number}" for number in range(len(inputs))],
            "document_id": [f"d{number}" for number in range(len(inputs))],
            "input": list(inputs),
        }
    )


def found(text, *inputs):
    """Look for inputs in one text."""
    return overlap(items(*inputs), [("elsewhere", text)], against="elsewhere")


@pytest.mark.parametrize(("shared", "is_found"), [(RUN_WORDS, True), (RUN_WORDS - 1, False)])
def test_a_run_of_thirteen_words_is_found_and_one_of_twelve_is_not(shared, is_found):
    """Wherever it stands in either text."""
    strange = [f"strange{number}" for number in range(50)]
    item = " ".join([*strange[:25], *WORDS[20 : 20 + shared], *strange[25:]])
    assert (found(TEXT, item).shares_run == 1) is is_found


def test_spelling_does_not_hide_a_run():
    """Case, vowel signs and tatweel are folded, punctuation is no word."""
    text = "قال الكاتب إن المدينة القديمة سوف تبقى كما كانت منذ مئات السنين في مكانها هذا"
    spelt = text.replace("قال", "قَالَ،").replace("المدينة", "المـدينة")
    assert found(text, spelt).shares_run == 1


def test_a_text_with_few_words_changed_is_a_near_duplicate():
    """Every twelfth word replaced: no run of 13 words is left."""
    changed = " ".join("other" if number % 12 == 5 else word for number, word in enumerate(WORDS))
    told = found(TEXT, changed)
    assert (told.shares_run, told.near, told.either) == (0, 1, 1)
    assert told.item_ids == ("i0",)


def test_a_short_item_is_looked_for_whole_and_a_tiny_one_not_at_all():
    """Five words in a row are found; of four nothing can be told, and they are counted."""
    told = found(TEXT, " ".join(WORDS[3:8]), " ".join([*WORDS[3:7], "x"]), " ".join(WORDS[3:7]))
    assert told.item_ids == ("i0",)
    assert (told.either, told.too_short) == (1, 1)


def test_an_item_is_not_looked_for_in_its_own_document_unless_the_texts_are_anothers():
    """Otherwise every item of train would count; the same text in another document still does."""
    texts = [("d0", TEXT), ("x", TEXT)]
    assert overlap(items(TEXT), texts[:1], against="own", is_own=True).either == 0
    assert overlap(items(TEXT), texts[:1], against="own", is_own=True).own == 1
    assert overlap(items(TEXT), texts, against="own", is_own=True).either == 1
    assert overlap(items(TEXT), texts[:1], against="other").either == 1


def test_inputs_in_json_are_looked_for_by_the_texts_inside():
    """Line ends inside are no words; text that only looks like JSON is text."""
    pair = json.dumps([TEXT.replace(" ", "\n"), "something else"])
    assert found(TEXT, pair, "[1] " + TEXT).shares_run == 2


@given(st.lists(st.integers(0, 3), min_size=5, max_size=40), st.lists(st.integers(0, 3), max_size=40))
def test_texts_without_a_word_in_common_overlap_nowhere(ours, theirs):
    """And a text always overlaps with itself."""
    item = " ".join(f"a{number}" for number in ours)
    assert found(" ".join(f"b{number}" for number in theirs), item).either == 0
    assert found(item, item).either == 1


def test_scores_are_told_with_and_without_the_items_that_were_found():
    """A mean by its item scores, a metric of sets by its answers; of no items there is no value."""
    identity = SystemIdentity(uri="s", name="s", version="", fingerprint="f")
    score = Score(
        metric="accuracy",
        value=0.75,
        n=4,
        clusters=4,
        low=None,
        high=None,
        confidence=0.95,
        signature="a|v:1",
    )
    of_sets = score.model_copy(
        update={"metric": "macro_f1", "signature": "macro_f1|v:1|labels:exact|over:reference-labels"}
    )
    table = pa.table(
        {
            "item_id": ["a", "b", "c", "d"],
            "cluster": ["a", "b", "c", "d"],
            "reference": ["x", "y", "x", "y"],
            "output": ["x", "y", "x", None],
            "score:accuracy": [1.0, 1.0, 1.0, 0.0],
        }
    )
    result = RunResult(run_id="r", system=identity, scores=(score, of_sets), failures={})
    mean, sets = scores_apart(result, table, {"a", "b"}, seed=0)
    assert [part.value for part in (mean.everything, mean.clean, mean.overlapping)] == [0.75, 0.5, 1.0]
    assert [part.n for part in (mean.everything, mean.clean, mean.overlapping)] == [4, 2, 2]
    assert sets.everything.value == pytest.approx((1.0 + 2 / 3) / 2)
    assert sets.clean.value == pytest.approx(0.5)
    nothing = scores_apart(result, table, set(), seed=0)[0].overlapping
    assert (nothing.value, nothing.n, nothing.reason) == (None, 0, "no examples")


def test_a_correlation_of_one_item_that_was_found_is_no_number():
    """Not nan, and not the item's share of the whole's: one pair of texts has none."""
    identity = SystemIdentity(uri="s", name="s", version="", fingerprint="f")
    bare = {"value": 0.5, "n": 4, "clusters": 4, "low": None, "high": None, "confidence": 0.95}
    scores = tuple(
        Score(metric=metric.name, signature=metric.signature, **bare) for metric in correlation_metrics()
    )
    table = pa.table(
        {
            "item_id": ["a", "b", "c", "d"],
            "cluster": ["a", "b", "c", "d"],
            "reference": ["1", "2", "3", "4"],
            "output": ["2", "1", "3", "5"],
        }
    )
    result = RunResult(run_id="r", system=identity, scores=scores, failures={})
    for told in scores_apart(result, table, {"a"}, seed=0):
        assert (told.overlapping.value, told.overlapping.n) == (None, 1)
        assert "undefined" in told.overlapping.reason
        assert 0.7 < told.everything.value <= 1
        assert told.clean.n == 3
