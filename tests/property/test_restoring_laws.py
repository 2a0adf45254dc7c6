"""Laws of restoring lines: marks are counted where they stand, damage is what it says, baselines do no more."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from harness.evaluation.draws import Draws
from harness.evaluation.restored import mark_metrics, words_and_marks
from harness.evaluation.tasks import Example, TaskBrief
from harness.evaluation.tasks.punctuation import without_marks
from harness.evaluation.tasks.spelling import SpellingSettings, mistyped
from harness.systems.registry import open_system
from harness.systems.system import Request

LINES = st.text("ab قال،.؟!«»-' 3", max_size=60)
SETTINGS = SpellingSettings(name="spelling", error_share=0.5)


def f1(reference, answer):
    """Score one answer."""
    (metric,) = mark_metrics()
    return metric.statistics([reference], [answer])[0][0]


@given(LINES, LINES)
def test_marks_as_they_stood_score_one_and_all_scores_lie_between(line, other):
    """No answer scores nothing; the same line, whatever it is, scores all."""
    assert f1(line, line) == 1.0
    assert 0.0 <= f1(line, other) <= 1.0
    assert f1(line, None) == 0.0


@pytest.mark.parametrize(
    ("answer", "score"),
    [
        ("قال، نعم.", 1.0),
        ("قال نعم.", 2 / 3),
        ("قال نعم،.", 0.5),
        ("قال نعم", 0.0),
        ("ثم قال، نعم.", 1.0),
        ("قال. نعم،", 0.0),
    ],
)
def test_a_mark_counts_behind_its_word(answer, score):
    """Also where words were put in on the way; the right mark in the wrong place does not."""
    assert f1("قال، نعم.", answer) == pytest.approx(score)


@given(LINES)
def test_a_line_without_marks_keeps_its_words(line):
    """And loses nothing that stands inside them."""
    bare = without_marks(line, Draws(0), SETTINGS)
    assert words_and_marks(bare) == (words_and_marks(line)[0], [""] * (len(words_and_marks(line)[0]) + 1))


def test_what_joins_a_word_or_a_number_stays():
    """Marks inside are spelling."""
    assert (
        without_marks("It's 3.5 % of “well-known” men.", Draws(0), SETTINGS) == "It's 3.5 of well-known men"
    )


def test_about_the_share_of_words_is_mistyped_and_each_by_one_error():
    """Letters change places, fall away, are doubled or exchanged; short words are spared."""
    words = ["مدينة", "ضابط", "كبير", "letter", "people", "في"] * 200
    typed = mistyped(" ".join(words), Draws(0, "x"), SETTINGS).split()
    assert len(typed) == len(words)
    apart = [OSA.distance(one, other) for one, other in zip(words, typed, strict=True)]
    assert max(apart) == 1
    assert 0.4 < sum(apart) / 1000 < 0.52  # doubled letters that change places are no error
    assert all(one == other for one, other in zip(words, typed, strict=True) if one == "في")


def answered(name, kind, line, lines):
    """Have a system that learnt some lines restore one."""
    system = open_system(name, kind=kind)
    system.prepare(TaskBrief(kind, ("x",), examples=tuple(Example(one, one) for one in lines)))
    return system.answer([Request("x", line)])[0].output


@pytest.mark.parametrize(
    ("name", "answer"), [("as-is", "قال نعم"), ("final-stop", "قال نعم."), ("learnt-marks", "قال، نعم!")]
)
def test_baselines_for_punctuation_put_in_what_they_learnt(name, answer):
    """Nothing, a stop, or the marks that stood between such words."""
    assert answered(name, "punctuation", "قال نعم", ["قال، ثم ذهب.", "كلا، نعم!"]) == answer


def test_an_unknown_word_becomes_the_commonest_known_one_that_is_one_error_away():
    """A known word stays, and so does one that nothing is near to."""
    learnt = ["the city the city the cite", "letter"]
    assert (
        answered("known-words", "spelling", "the citx ctiy letters xyzxyz", learnt)
        == "the city city letter xyzxyz"
    )
