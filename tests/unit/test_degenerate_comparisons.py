"""Where nothing can be said of a pair: none, with a reason, for means, for metrics of sets, and in slices."""

import numpy as np
import pytest
from support.made_runs import made_run

from harness.evaluation.comparison import compare
from harness.evaluation.duels import paired_difference, swapped_difference
from harness.evaluation.metrics import label_counts, macro_f1
from harness.evaluation.texts.edits import rate_of_totals

_CASES = [
    ("one item", 1, [0], "one cluster"),
    ("all ties", 40, range(40), ("same on every item", "alike on every item")),
    ("one cluster", 12, [0] * 12, "one cluster"),
    ("too few clusters", 4, range(4), "too few"),
    ("no item", 0, [], "no item"),
]


def _reason(expected, given):
    return any(one in given for one in ([expected] if isinstance(expected, str) else expected))


@pytest.mark.parametrize(("name", "items", "clusters", "reason"), _CASES)
def test_a_mean_says_why_it_has_no_interval(name, items, clusters, reason):
    """No interval is made up, and what resampling cannot tell is inconclusive where there is no p."""
    b = np.ones(items) if name == "all ties" else np.zeros(items)
    told = paired_difference(np.ones(items), b, list(clusters), seed=1)
    assert told.low is told.high is None
    assert _reason(reason, told.reason)
    assert told.p is None or name == "too few clusters"
    assert told.verdict == "inconclusive"
    assert told.power.needed_items is None


@pytest.mark.parametrize(("name", "items", "clusters", "reason"), _CASES)
def test_a_metric_of_sets_says_why_it_has_no_interval(name, items, clusters, reason):
    """The same of macro F1."""
    references = ["ar", "fa"] * (items // 2) + ["ar"] * (items % 2)
    said = references if name == "all ties" else ["fa"] * items
    counts = [label_counts(references, one) for one in (references, said)]
    told = swapped_difference(*counts, list(clusters), macro_f1, seed=1)
    assert told.low is told.high is None
    assert _reason(reason, told.reason)
    assert told.verdict == "inconclusive"


def test_a_gain_that_is_the_same_everywhere_has_no_spread():
    """A constant metric: the difference is told, its uncertainty is not."""
    told = paired_difference(np.full(30, 0.75), np.full(30, 0.5), range(30), seed=1)
    assert told.difference == 0.25
    assert told.low is told.high is told.power.detectable is None
    assert "same value" in told.reason


def test_a_rate_over_nothing_is_undefined():
    """Where references hold nothing to count, there is no difference, and no number that is none in its place."""
    nothing = np.zeros((30, 2))
    told = swapped_difference(np.add(nothing, [1, 0]), nothing, range(30), rate_of_totals, seed=1)
    assert told.difference is told.low is told.p is None
    assert "undefined" in told.reason


def test_a_slice_that_nobody_was_scored_on_is_not_listed():
    """An empty slice has no value to grey; the others stand."""
    runs = [made_run("a", [1.0] * 60), made_run("b", [None] * 20 + [1.0, 0.0] * 20)]
    traits = {"desk": {f"doc-{row:03}": "lost" if row < 20 else f"kept {row % 2}" for row in range(60)}}
    result = compare(runs, seed=1, traits=traits)
    assert sorted(one.value for one in result.slices if one.dimension == "desk") == ["kept 0", "kept 1"]
