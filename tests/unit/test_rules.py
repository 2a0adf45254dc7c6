"""What the rules of a recipe refuse, and how they say so."""

import pyarrow as pa
import pytest

from harness.core.errors import ConfigurationError, SeveralErrors
from harness.core.recipe import RejectRule
from harness.curation import rules

SIGNALS = pa.table(
    {
        "words": pa.array([12, 50, None, 400], pa.int64()),
        "latin_share": pa.array([0.1, 0.9, 0.95, None], pa.float64()),
        "decode_repaired": pa.array([False, False, True, None]),
        "lang": pa.array(["ar", "en", "ar", None]),
    }
)


def _rule(when, name="some-rule"):
    return RejectRule(rule=name, when=when)


def _hits(*conditions):
    found = rules.apply([_rule(when, f"rule-{number}") for number, when in enumerate(conditions)], SIGNALS)
    return [tuple(column.to_pylist()) for column in (found.rule, found.observed, found.allowed)]


def test_a_refusal_says_what_was_seen_and_what_would_have_passed():
    """The observed value carries its signal's name, the allowed one is the negated condition."""
    assert _hits("words < 50") == [
        ("rule-0", None, None, None),
        ("words = 12", None, None, None),
        (">= 50", None, None, None),
    ]


def test_the_first_rule_that_hits_is_the_one_that_refuses():
    """Order in the recipe decides, not order of the columns."""
    rule, observed, _ = _hits("latin_share > 0.5", "words <= 50")
    assert rule == ("rule-1", "rule-0", "rule-0", None)
    assert observed == ("words = 12", "latin_share = 0.9", "latin_share = 0.95", None)


@pytest.mark.parametrize("when", ["words != 0", "words < 1000", "latin_share >= 0", "lang != und"])
def test_what_was_not_measured_refuses_nothing(when):
    """A null signal satisfies no condition, not even an inequality."""
    name = when.split()[0]
    unknown = [value is None for value in SIGNALS[name].to_pylist()]
    assert [hit is None for hit in _hits(when)[0]] == unknown


def test_flags_and_labels_are_compared_as_what_they_are():
    """A flag reads true or false, a label may stand in quotes."""
    assert _hits("decode_repaired == true")[0] == (None, None, "rule-0", None)
    assert _hits("decode_repaired == true")[1][2] == "decode_repaired = true"
    assert _hits('lang != "ar"') == [
        (None, "rule-0", None, None),
        (None, "lang = en", None, None),
        (None, "== ar", None, None),
    ]


def test_without_rules_nothing_is_refused():
    """No rule gives nulls of the table's length."""
    assert _hits() == [(None,) * 4] * 3


@pytest.mark.parametrize(
    ("when", "remedy"),
    [
        ("word < 50", "did you mean 'words'?"),
        ("lang < ar", "=="),
        ("decode_repaired > true", "=="),
        ("words < 5.5", "whole number"),
        ("words < many", "whole number"),
        ("latin_share > 5", "0.05"),
        ("latin_share > nan", "0.05"),
        ("decode_repaired == yes", "true or false"),
    ],
)
def test_a_rule_that_cannot_be_applied_is_refused_with_place_and_remedy(when, remedy):
    """The mistake is found before anything is read, and the remedy fits it."""
    with pytest.raises(ConfigurationError) as caught:
        rules.check([_rule("words < 5", "fine"), _rule(when, "broken")])
    assert caught.value.where.startswith("reject[1].when")
    assert remedy in caught.value.remedy


def test_all_mistakes_come_at_once():
    """Two broken rules are two errors in one."""
    with pytest.raises(SeveralErrors) as caught:
        rules.check([_rule("word < 50", "one"), _rule("lang < ar", "two")])
    assert len(caught.value.errors) == 2
