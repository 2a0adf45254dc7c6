"""Correlations as sums: equal to scipy's on what is answered, and as wide as chance makes them."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from harness.evaluation.correlation import correlation_metrics, linear_shares
from harness.evaluation.recounting import metric_again
from harness.evaluation.resampling import resampled_totals, statistic_interval

PEARSON, SPEARMAN = correlation_metrics()
THEIRS = {"pearson": stats.pearsonr, "spearman": stats.spearmanr}
METRICS = pytest.mark.parametrize("metric", [PEARSON, SPEARMAN], ids=["pearson", "spearman"])


def value_of(metric, references, answers):
    """Score answers as a run does: numbers are texts, None is no answer."""
    texts = [[None if one is None else repr(float(one)) for one in side] for side in (references, answers)]
    return float(metric.formula(metric.statistics(*texts).sum(axis=0, keepdims=True))[0])


def varies(numbers):
    """Tell whether there is anything to correlate."""
    return len(set(numbers)) > 1


@METRICS
@settings(deadline=None)
@given(
    pairs=st.lists(
        st.tuples(st.integers(0, 10).map(lambda n: n / 2), st.floats(-5, 5).map(lambda f: round(f, 2))),
        min_size=2,
        max_size=60,
    )
)
def test_the_value_is_scipys(metric, pairs):
    """With ties on either side; undefined where one side does not vary, as there."""
    references, answers = zip(*pairs, strict=True)
    ours = value_of(metric, references, answers)
    if varies(references) and varies(answers):
        assert ours == pytest.approx(THEIRS[metric.name](references, answers).statistic, abs=1e-8)
    else:
        assert np.isnan(ours)


@METRICS
def test_a_thousand_generated_sets_are_scipys(metric):
    """Of all sizes, with ties and without, on scales far apart."""
    random = np.random.default_rng(7)
    for _ in range(1000):
        size = int(random.integers(3, 80))
        people = np.round(random.normal(size=size) * 2) / 2
        system = random.choice([0.01, 1, 1000]) * (people + random.normal(size=size)) + random.normal() * 10
        system = np.round(system, int(random.integers(0, 6)))
        if varies(people) and varies(system):
            expected = THEIRS[metric.name](people, system).statistic
            assert value_of(metric, people, system) == pytest.approx(expected, abs=1e-7)


@METRICS
def test_an_item_without_an_answer_adds_no_correlation(metric):
    """The others' correlation counts for their share; left out of n, it is theirs alone."""
    references, answers = [1, 2, 3, 4, 5, 0], [1, 3, 2, 5, 4, None]
    alone = THEIRS[metric.name](references[:5], answers[:5]).statistic
    assert value_of(metric, references, answers) == pytest.approx(alone * 5 / 6)
    texts = [[None if one is None else str(one) for one in side] for side in (references, answers)]
    kept = metric.statistics(*texts)[:5].sum(axis=0, keepdims=True)
    assert float(metric.formula(kept)[0]) == pytest.approx(alone)


@METRICS
def test_an_interval_is_as_wide_as_scoring_every_resample_anew(metric):
    """Of Spearman's rho the sums are linear: each resample differs a little, their spread does not."""
    random = np.random.default_rng(3)
    people = np.round(random.normal(size=120), 1)
    system = people + random.normal(size=120)
    statistics = metric.statistics([str(one) for one in people], [str(one) for one in system])
    ours = metric.formula(resampled_totals(statistics, seed=1, resamples=400))
    drawn = random.integers(120, size=(400, 120))
    theirs = [THEIRS[metric.name](people[rows], system[rows]).statistic for rows in drawn]
    assert np.std(ours) == pytest.approx(np.std(theirs), rel=0.2)
    assert np.mean(ours) == pytest.approx(np.mean(theirs), abs=0.02)


def test_an_interval_holds_the_truth_as_often_as_it_says():
    """Spearman's, of 40 pairs drawn from a normal world whose rho is known; 120 of them, so that 0.88 is far off."""
    random = np.random.default_rng(5)
    truth = 6 / np.pi * np.arcsin(0.6 / 2)
    held = 0
    for _ in range(120):
        x, y = random.multivariate_normal([0, 0], [[1, 0.6], [0.6, 1]], size=40).T
        statistics = SPEARMAN.statistics([str(one) for one in x], [str(one) for one in y])
        bounds = statistic_interval(statistics, range(40), SPEARMAN.formula, seed=0, resamples=400)
        held += bounds.low <= truth <= bounds.high
    assert held / 120 >= 0.88


def test_shares_are_how_the_correlation_moves_when_an_item_weighs_more():
    """The derivative: doubling an item in a hundred moves rho by its share over a hundred, nearly."""
    random = np.random.default_rng(9)
    x = np.round(random.normal(size=300), 1)
    y = np.round(x + random.normal(size=300), 1)
    shares, rho = linear_shares(x, y), stats.spearmanr(x, y).statistic
    assert shares.mean() == pytest.approx(rho)
    for row in range(0, 300, 29):
        more = stats.spearmanr(np.append(x, x[row]), np.append(y, y[row])).statistic
        assert (more - rho) * 301 == pytest.approx(shares[row] - rho, abs=0.15)


@METRICS
def test_it_is_found_again_by_its_signature(metric):
    """So that answers of a run without counts are counted anew."""
    assert metric_again(metric.signature).name == metric.name
