"""Laws of comparing metrics of whole sets: what may change a result, and what must not."""

import dataclasses

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.evaluation.duels import paired_difference, swapped_difference
from harness.evaluation.metrics import label_counts, macro_f1
from harness.evaluation.pairing import sign_flip_p
from harness.evaluation.resampling import cluster_totals, mean_of_totals
from harness.evaluation.swapping import swap_p

_LABEL = st.sampled_from(["ar", "fa", "ur"])
_ANSWER = st.none() | _LABEL | st.just("und")
_ROWS = st.lists(st.tuples(_LABEL, _ANSWER, _ANSWER, st.integers(0, 30)), min_size=1, max_size=60)
# Scores whose sums need no rounding, so that two tests can be held to the same bits.
_SCORED = st.lists(
    st.tuples(*[st.sampled_from([0.0, 0.25, 0.5, 1.0])] * 2, st.integers(0, 30)), min_size=1, max_size=60
)
_FAST = settings(max_examples=60, deadline=None)


def _judged(rows):
    references, first, second, clusters = zip(*rows, strict=True)
    a, b = label_counts(references, first), label_counts(references, second)
    return swapped_difference(a, b, clusters, macro_f1, seed=1, resamples=200, margin=0.2)


@_FAST
@given(_ROWS)
def test_exchanging_the_systems_turns_the_difference_and_nothing_else(rows):
    """Comparing b with a gives the mirror image of comparing a with b, to the last bit."""
    there = _judged(rows)
    back = _judged([(reference, b, a, cluster) for reference, a, b, cluster in rows])
    mirrored = {"better": "worse", "worse": "better"}
    assert back == dataclasses.replace(
        there,
        difference=-there.difference,
        effect=None if there.effect is None else -there.effect,
        low=None if there.high is None else -there.high,
        high=None if there.low is None else -there.low,
        verdict=mirrored.get(there.verdict, there.verdict),
    )


@_FAST
@given(_ROWS, st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_no_bit(rows, random):
    """Shuffled items give the same difference, interval and p."""
    shuffled = list(rows)
    random.shuffle(shuffled)
    assert _judged(shuffled) == _judged(rows)


@_FAST
@given(_ROWS)
def test_a_difference_lies_where_metrics_can(rows):
    """Bounds are in order, between -1 and 1, and p is a probability that is never 0."""
    result = _judged(rows)
    assert -1 <= result.difference <= 1
    if result.low is not None:
        assert -1 <= result.low <= result.high <= 1
    assert result.p is None or 0 < result.p <= 1


@_FAST
@given(_SCORED)
def test_on_a_mean_swapping_is_flipping_signs(rows):
    """The two tests are one where both apply: the same patterns, the same p, the same interval."""
    a, b, clusters = (np.array(column) for column in zip(*rows, strict=True))
    ones = np.ones(len(a))
    first, second = np.column_stack([a, ones]), np.column_stack([b, ones])
    sums = [cluster_totals(statistics, clusters)[0] for statistics in (first, second)]
    flipped, _ = cluster_totals((a - b)[:, None], clusters)
    assert (
        swap_p(*sums, mean_of_totals, seed=4, resamples=200) == sign_flip_p(flipped, seed=4, resamples=200)[0]
    )
    swapped = swapped_difference(first, second, clusters, mean_of_totals, seed=4, resamples=200)
    paired = paired_difference(a, b, clusters, seed=4, resamples=200)
    # Right and wrong answers of items that stand alone have an exact test of their own.
    is_exact = len(set(clusters)) == len(clusters) and {*(a - b)} <= {-1.0, 0.0, 1.0}
    assert is_exact or (swapped.p, swapped.verdict) == (paired.p, paired.verdict)
    assert np.allclose(
        [x or 0.0 for x in (swapped.difference, swapped.low, swapped.high)],
        [x or 0.0 for x in (paired.difference, paired.low, paired.high)],
    )
