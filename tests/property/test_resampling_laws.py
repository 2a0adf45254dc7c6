"""Laws of resampling: what may change a result, and what must not."""

import dataclasses
from fractions import Fraction
from itertools import product

import numpy as np
from hypothesis import example, given, settings
from hypothesis import strategies as st

from harness.evaluation.duels import Measured, Resampling, judged_duels, paired_difference
from harness.evaluation.pairing import holm, sign_flip_p
from harness.evaluation.resampling import cluster_totals, mean_interval, resampled_totals

_SCORES = st.sampled_from([0.0, 1.0, 0.5, 0.1, 0.3, 1 / 3, 17.25])
_PAIRS = st.lists(st.tuples(_SCORES, _SCORES, st.integers(0, 30)), min_size=1, max_size=60)
_FAST = settings(max_examples=60, deadline=None)


def _columns(rows):
    return np.array([r[0] for r in rows]), np.array([r[1] for r in rows]), [f"c{r[2]:02}" for r in rows]


@_FAST
@given(_PAIRS, st.integers(0, 2**32))
def test_exchanging_the_systems_flips_signs_and_nothing_else(rows, seed):
    """Comparing b with a gives the mirror image of comparing a with b, to the last bit."""
    a, b, clusters = _columns(rows)
    there = paired_difference(a, b, clusters, seed=seed, resamples=200, margin=0.2)
    back = paired_difference(b, a, clusters, seed=seed, resamples=200, margin=0.2)
    mirrored = {"better": "worse", "worse": "better"}
    assert back == dataclasses.replace(
        there,
        difference=-there.difference,
        effect=None if there.effect is None else -there.effect,
        low=None if there.high is None else -there.high,
        high=None if there.low is None else -there.low,
        wins=there.losses,
        losses=there.wins,
        verdict=mirrored.get(there.verdict, there.verdict),
    )


@_FAST
@given(_PAIRS, st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_no_bit(rows, random):
    """Shuffled items give the same interval, difference and p."""
    a, b, clusters = _columns(rows)
    shuffled = list(rows)
    random.shuffle(shuffled)
    c, d, moved = _columns(shuffled)
    assert paired_difference(a, b, clusters, seed=1, resamples=200) == paired_difference(
        c, d, moved, seed=1, resamples=200
    )
    assert mean_interval(a, clusters, seed=1, resamples=200) == mean_interval(c, moved, seed=1, resamples=200)


@_FAST
@given(_PAIRS)
def test_other_columns_change_no_bit_of_a_column(rows):
    """Systems resampled together get the sums that each would get alone: the number of systems is free."""
    a, b, clusters = _columns(rows)
    together, _ = cluster_totals(np.column_stack([a, b, a - b]), clusters)
    alone, _ = cluster_totals(a[:, None], clusters)
    assert np.array_equal(
        resampled_totals(together, seed=3, resamples=50)[:, :1], resampled_totals(alone, seed=3, resamples=50)
    )


@_FAST
@given(_PAIRS)
@example([(1.0, 0.0, 0), (1.0, 0.0, 1), (1.0, 0.0, 2), (0.1, 0.0, 3), (0.1, 0.0, 4)])
def test_an_interval_holds_values_that_were_possible(rows):
    """Bounds are in order and never leave the range of the scores."""
    a, _, clusters = _columns(rows)
    interval = mean_interval(a, clusters, seed=1, resamples=200)
    if interval.reason:
        assert interval.low is interval.high is None
    else:
        assert a.min() <= interval.low <= interval.high <= a.max()


@_FAST
@given(st.lists(st.integers(-3, 3), min_size=15, max_size=18))
def test_drawn_sign_patterns_approach_the_exact_p(gains):
    """Where patterns are drawn instead of tried, p stays within sampling error of full enumeration."""
    totals = np.array(gains, dtype=float)
    signs = 2 * ((np.arange(1 << len(totals))[:, None] >> np.arange(len(totals))) & 1) - 1
    exact = np.mean(np.abs(signs @ totals) >= abs(totals.sum()))
    assert abs(sign_flip_p(totals[:, None], seed=5, resamples=2000)[0] - exact) < 0.06


_RANKS = st.sampled_from([0, *range(1, 11)])  # 0: not found


@_FAST
@given(st.lists(st.tuples(_RANKS, _RANKS), min_size=1, max_size=9))
@example([(1, 2), (3, 6), (3, 1), (2, 6)])
def test_patterns_that_tie_in_truth_count_as_ties(ranks):
    """On reciprocal ranks, p is what fractions give: rounding makes no pattern less extreme than it is."""
    exact = [tuple(Fraction(1, rank) if rank else Fraction(0) for rank in pair) for pair in ranks]
    gains = [a - b for a, b in exact]
    sums = [
        abs(sum(s * g for s, g in zip(signs, gains, strict=True)))
        for signs in product([1, -1], repeat=len(gains))
    ]
    share = Fraction(sum(total >= abs(sum(gains)) for total in sums), len(sums))
    totals = np.array([[float(a) - float(b)] for a, b in exact])
    assert sign_flip_p(totals, seed=1)[0] == float(share)


@given(st.lists(st.none() | st.floats(0, 1), max_size=12))
def test_holm_never_lowers_a_p_and_keeps_its_order(p_values):
    """Adjusted values are at least the raw ones, at most 1, and rank tests as the raw ones do."""
    adjusted = holm(p_values)
    told = [(p, q) for p, q in zip(p_values, adjusted, strict=True) if p is not None]
    assert all(p <= q <= 1 for p, q in told)
    assert [q for _, q in sorted(told)] == sorted(q for _, q in told)
    assert [p is None for p in p_values] == [q is None for q in adjusted]


@_FAST
@given(_PAIRS)
def test_a_pair_is_judged_as_if_it_were_alone(rows):
    """Judging many pairs at once, with shared draws, changes no bit of any of them."""
    a, b, clusters = _columns(rows)
    scores = Measured(np.column_stack([a, b, np.zeros(len(b))])[:, :, None])
    errors = Measured(1 - scores.statistics, sign=-1.0)
    setting = Resampling(seed=9, resamples=100)
    together, _ = judged_duels([scores, errors], [(0, 1), (0, 2), (1, 2)], clusters, setting)
    assert together[0] == paired_difference(a, b, clusters, seed=9, resamples=100)
    assert together[2] == paired_difference(b, np.zeros(len(b)), clusters, seed=9, resamples=100)
