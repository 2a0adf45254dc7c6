"""Intervals, paired differences and verdicts, against hand-made cases and against the truth of simulations."""

import itertools

import numpy as np
import pytest

from harness.evaluation.duels import paired_difference
from harness.evaluation.pairing import holm, sign_flip_p, verdict_of
from harness.evaluation.resampling import (
    Interval,
    cluster_totals,
    mean_interval,
    resampled_totals,
    statistic_interval,
)

_LEVEL = 0.05
_SIMULATIONS = 500
# 100 items stand alone, 100 in 25 clusters of four copies.
_CLUSTERED = np.concatenate([np.arange(100), 100 + np.repeat(np.arange(25), 4)])


def _slow_resampled_totals(totals, counts):
    """Add up drawn clusters one by one: the readable reference of the matrix product."""
    return [
        [sum(count * row[k] for count, row in zip(drawn, totals, strict=True)) for k in range(len(totals[0]))]
        for drawn in counts
    ]


def test_a_resample_adds_up_whole_clusters():
    """Every resampled number of items is a sum of as many cluster sizes as there are clusters."""
    totals, sizes = cluster_totals(np.ones((7, 1)), ["a", "b", "b", "c", "c", "c", "c"])
    assert sizes.tolist() == [1, 2, 4]
    possible = {sum(drawn) for drawn in itertools.product([1, 2, 4], repeat=3)}
    assert set(resampled_totals(totals, seed=1, resamples=500)[:, 0]) == possible


def test_the_matrix_product_equals_adding_up_one_by_one():
    """Counts recovered from marked columns, added up slowly, give the same sums bit for bit."""
    values = np.random.default_rng(0).random((40, 2))
    clusters = np.arange(40) // 3
    totals, _ = cluster_totals(values, clusters)
    marked = np.column_stack([totals, np.eye(len(totals))])
    sums = resampled_totals(marked, seed=4, resamples=20)
    assert sums[:, :2].tolist() == _slow_resampled_totals(totals.tolist(), sums[:, 2:].tolist())


def test_whole_numbers_are_summed_as_they_are():
    """Rounding to a common grid touches no count and no 0/1 score."""
    values = np.array([[0.0, 7], [1, 123456], [1, 3]])
    totals, _ = cluster_totals(values, ["x", "x", "y"])
    assert totals.tolist() == [[1, 123463], [1, 3]]


@pytest.mark.parametrize(
    ("values", "clusters", "reason"),
    [
        ([], [], "no item"),
        ([1.0], ["a"], "one cluster"),
        ([1.0, 0.0, 1.0], ["a", "a", "a"], "one cluster"),
        ([1.0, 0.0, 1.0], ["a", "b", "c"], "too few"),
        ([0.3] * 9, list("abcdefghi"), "same value"),
    ],
)
def test_an_interval_that_cannot_be_given_says_why(values, clusters, reason):
    """No item, one cluster, a few, or one value: no bounds, and a sentence."""
    interval = mean_interval(values, clusters, seed=1)
    assert (interval.low, interval.high) == (None, None)
    assert reason in interval.reason


def test_a_statistic_that_some_resample_leaves_undefined_has_no_interval():
    """A ratio whose denominator can be drawn as zero is not bounded by the draws that happen to work."""
    rare = np.column_stack([np.zeros(8), np.eye(8)[0]])
    with np.errstate(invalid="ignore"):
        interval = statistic_interval(rare, range(8), lambda t: t[:, 0] / t[:, 1], seed=1)
    assert "undefined" in interval.reason


def test_a_statistic_of_the_whole_set_is_bounded_through_its_sums():
    """The interval of an F1 holds the F1 itself."""
    random = np.random.default_rng(2)
    truth, said = random.random(300) < 0.3, random.random(300) < 0.4
    counts = np.column_stack([truth & said, truth, said]).astype(float)
    interval = statistic_interval(
        counts, np.arange(300) // 2, lambda t: 2 * t[:, 0] / (t[:, 1] + t[:, 2]), seed=1
    )
    assert interval.low < 2 * (truth & said).sum() / (truth.sum() + said.sum()) < interval.high


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_an_item_without_a_score_is_not_averaged(value):
    """A score that is not a number is a mistake of the caller, not a zero."""
    with pytest.raises(ValueError, match="not finite"):
        mean_interval([0.0, value], ["a", "b"], seed=1)


def test_scores_that_cannot_be_paired_are_refused():
    """Two systems with different numbers of items have no paired difference."""
    with pytest.raises(ValueError, match="cannot be paired"):
        paired_difference([1.0], [1.0, 0.0], ["a"], seed=1)


def test_systems_that_never_differ_get_no_p_and_no_winner():
    """All ties: nothing was seen, so nothing is said, whatever the margin."""
    result = paired_difference([1.0] * 20, [1.0] * 20, range(20), seed=1, margin=0.5)
    assert (result.difference, result.low, result.p, result.ties) == (0.0, None, None, 20)
    assert result.verdict == "inconclusive"
    assert "same on every item" in result.reason


def test_a_constant_lead_is_told_by_the_signs_alone():
    """Where every item differs by the same amount there is no spread, but the sign-flip test is exact."""
    result = paired_difference([0.5] * 10, [0.0] * 10, range(10), seed=1)
    assert (result.p, result.test) == (2 / 2**10, "sign-flip")
    assert (result.low, result.verdict) == (None, "better")


def test_the_sign_flip_test_is_exact_for_few_clusters():
    """Three of three clusters on one side: two of the eight patterns are as extreme."""
    assert sign_flip_p(np.array([[1.0], [2.0], [3.0]]), seed=1) == [2 / 8]
    assert sign_flip_p(np.array([[1.0], [-1.0], [0.0]]), seed=1) == [1.0]


def test_a_drawn_p_is_never_zero():
    """A thousand wins in a row are unlikely by chance, not impossible."""
    assert sign_flip_p(np.ones((1000, 1)), seed=1, resamples=99) == [1 / 100]


@pytest.mark.parametrize(
    ("low", "high", "p", "margin", "verdict"),
    [
        (0.01, 0.05, 0.01, 0.0, "better"),
        (-0.05, -0.01, 0.01, 0.0, "worse"),
        (0.01, 0.05, 0.2, 0.0, "inconclusive"),
        (-0.01, 0.05, 0.04, 0.0, "inconclusive"),
        (-0.01, 0.02, 0.4, 0.02, "equivalent"),
        (0.001, 0.004, 0.001, 0.01, "equivalent"),
        (0.001, 0.03, 0.001, 0.01, "better"),
        (-0.03, 0.005, 0.3, 0.01, "inconclusive"),
    ],
)
def test_a_verdict_needs_both_the_interval_and_the_test(low, high, p, margin, verdict):
    """Better and worse need an interval beside zero and a small p; equivalence an interval in the margin."""
    assert verdict_of((low + high) / 2, Interval(low, high), p, margin=margin, level=_LEVEL) == verdict


def test_without_an_interval_a_difference_inside_the_margin_is_not_told():
    """A p-value alone does not turn what was declared too small to matter into a lead."""
    nothing = Interval(None, None, "all resamples give the same value")
    assert verdict_of(0.01, nothing, 0.001, margin=0.02, level=_LEVEL) == "inconclusive"
    assert verdict_of(0.03, nothing, 0.001, margin=0.02, level=_LEVEL) == "better"


def test_holm_steps_down():
    """The textbook example: 0.01, 0.04, 0.03 become 0.03, 0.06, 0.06; a missing test is no member."""
    assert holm([0.01, 0.04, 0.03, None]) == pytest.approx((0.03, 0.06, 0.06, None))
    assert holm([]) == ()
    assert holm([0.7, 0.7]) == (1.0, 1.0)


def _false_alarms(cluster_of, seed):
    """Share of null data sets, with real copies in them, that a test at 0.05 calls different."""
    random = np.random.default_rng(seed)
    alarms = 0
    for simulation in range(_SIMULATIONS):
        gains = random.choice([-1.0, 0.0, 1.0], p=[0.2, 0.6, 0.2], size=125)[_CLUSTERED]
        totals, _ = cluster_totals(gains[:, None], cluster_of)
        alarms += sign_flip_p(totals, seed=simulation, resamples=399)[0] <= _LEVEL
    return alarms / _SIMULATIONS


def test_copies_raise_no_false_alarm_when_clusters_are_flipped_whole():
    """With half of the items in clusters of four, the false-positive rate is the nominal one (± 0.03)."""
    assert _false_alarms(_CLUSTERED, seed=20261101) == pytest.approx(_LEVEL, abs=0.03)


def test_taking_copies_for_independent_items_raises_false_alarms():
    """The usual paired test on the same data cries wolf at least twice as often as it says."""
    assert _false_alarms(np.arange(len(_CLUSTERED)), seed=20261101) > 2 * _LEVEL


@pytest.mark.parametrize("shape", ["right or wrong", "difference", "graded"])
def test_intervals_hold_the_truth_about_as_often_as_they_say(shape):
    """Over 300 simulated corpora with copies, 95 % intervals hold the true mean in 0.95 ± 0.04 of them."""
    random = np.random.default_rng(20261102)
    held = 0
    for simulation in range(300):
        draws, truth = {
            "right or wrong": (random.random(125) < 0.7, 0.7),
            "difference": (random.choice([-1.0, 0, 1], p=[0.1, 0.7, 0.2], size=125), 0.1),
            "graded": (random.beta(2, 1, size=125), 2 / 3),
        }[shape]
        interval = mean_interval(draws[_CLUSTERED].astype(float), _CLUSTERED, seed=simulation, resamples=399)
        held += interval.low <= truth <= interval.high
    assert held / 300 == pytest.approx(0.95, abs=0.04)
