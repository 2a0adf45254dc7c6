"""Whether systems differ in a metric of whole sets of items, such as macro F1: their answers are swapped.

No single item has a score in such a metric, so there is no gain to average and no sign to flip. What can be
drawn and swapped are the sums of sufficient statistics, cluster by cluster.
"""

import numpy as np

from harness.evaluation.pairing import (
    ENUMERATED_CLUSTERS,
    ROUNDING,
    SIGN_STREAM,
    PairedDifference,
    verdict_of,
)
from harness.evaluation.resampling import (
    CONFIDENCE,
    RESAMPLES,
    Clusters,
    Floats,
    Formula,
    Interval,
    cluster_totals,
    percentile_interval,
    resampled_totals,
    slices_of,
    why_no_interval,
)


def swapped_difference(  # noqa: PLR0913 - as `paired_difference`, whose counterpart this is
    a: Floats,
    b: Floats,
    cluster_of: Clusters,
    formula: Formula,
    *,
    seed: int,
    resamples: int = RESAMPLES,
    confidence: float = CONFIDENCE,
    margin: float = 0.0,
) -> PairedDifference:
    """Compare a statistic of two systems on the same items.

    The interval is that of `statistic_interval`, of the difference between both systems' statistics in the
    same draws of clusters; p is that of `swap_p`; `verdict_of` joins them.

    Args:
        a: Finite sufficient statistics of one system, shape (items, k); they add up over items.
        b: Those of the other on the same items, in the same order.
        cluster_of: Cluster of each item, shape (items,).
        formula: Turns sums, shape (sets, k), into the statistic, shape (sets,).
        seed: Same seed, same result; exchanging `a` and `b` changes signs and nothing else.
        resamples: How often clusters, and swaps, are drawn.
        confidence: Of the interval, in (0, 1); the test's level is one less it.
        margin: Largest difference that does not matter, in the metric's unit, >= 0.

    Returns:
        The difference; wins, ties and losses are None, since no single item is won or lost.
    """
    totals, sizes = cluster_totals(np.column_stack([a, b]), cluster_of)
    difference = float(_apart(totals.sum(axis=0, keepdims=True), formula)[0]) if len(sizes) else None
    interval, p = Interval(None, None, why_no_interval(len(sizes))), None
    if len(sizes) and np.array_equal(a, b):
        interval = Interval(None, None, "the two are counted alike on every item")
    elif len(sizes) > 1:
        first, second = np.split(totals, 2, axis=1)
        p = swap_p(first, second, formula, seed=seed, resamples=resamples)
        if not interval.reason:
            drawn = _apart(resampled_totals(totals, seed=seed, resamples=resamples), formula)
            interval = percentile_interval(drawn, sizes, confidence=confidence)
    return PairedDifference(
        difference=difference,
        low=interval.low,
        high=interval.high,
        p=p,
        n=len(a),
        clusters=len(sizes),
        wins=None,
        ties=None,
        losses=None,
        verdict=verdict_of(difference, interval, p, margin=margin, level=1 - confidence),
        reason=interval.reason,
    )


def swap_p(a: Floats, b: Floats, formula: Formula, *, seed: int, resamples: int = RESAMPLES) -> float:
    """Give the two-sided p-value of "it does not matter which system gave which answers".

    Approximate randomisation (Noreen 1989) by whole clusters: the two systems' answers to a cluster stay or
    change places together. Exact, over all patterns of swaps, where at most 14 clusters differ; else over
    `resamples` random ones, counting the observed one in. For a mean of item scores this is the sign-flip
    test of `harness.evaluation.pairing`, pattern by pattern.

    Args:
        a: Sums of one system's statistics in each cluster from `cluster_totals`, shape (clusters, k).
        b: Those of the other, shape (clusters, k).
        formula: Turns sums, shape (sets, k), into the statistic, shape (sets,).
        seed: Same seed, same p; which system is `a` does not matter.
        resamples: How many patterns, where they are drawn.
    """
    moved = b - a
    differing = np.flatnonzero(moved.any(axis=1))
    sums = np.concatenate([a.sum(axis=0), b.sum(axis=0)])
    scale = np.abs(formula(np.stack([a.sum(axis=0), b.sum(axis=0)]))).max()
    observed = abs(_apart(sums[None, :], formula)[0]) - ROUNDING * scale

    def as_far(swaps: Floats, moved: Floats) -> int:
        shift = swaps @ moved
        return int((np.abs(_apart(sums + np.hstack([shift, -shift]), formula)) >= observed).sum())

    if len(differing) <= ENUMERATED_CLUSTERS:
        patterns = (np.arange(1 << len(differing))[:, None] >> np.arange(len(differing))) & 1
        return as_far(patterns.astype(np.float64), moved[differing]) / len(patterns)
    random = np.random.default_rng((seed, SIGN_STREAM))
    found = 1  # the observed pattern
    for rows in slices_of(resamples, len(a)):
        swaps = random.integers(2, size=(rows.stop - rows.start, len(a)), dtype=np.int8)
        found += as_far(swaps.astype(np.float64), moved)
    return found / (resamples + 1)


def _apart(sums: Floats, formula: Formula) -> Floats:
    """Give the first system's statistic less the second's, from their sums beside each other."""
    first, second = np.split(sums, 2, axis=1)
    return formula(first) - formula(second)
