"""Whether systems differ in a metric of whole sets of items, such as macro F1: their answers are swapped.

No single item has a score in such a metric, so there is no gain to average and no sign to flip. What can be
drawn and swapped are the sums of sufficient statistics, cluster by cluster.
"""

import numpy as np

from harness.evaluation.pairing import ENUMERATED_CLUSTERS, ROUNDING
from harness.evaluation.resampling import RESAMPLES, Floats, Formula, swap_patterns


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
    found = 1  # the observed pattern
    for swaps in swap_patterns(len(a), seed=seed, resamples=resamples):
        found += as_far(swaps.astype(np.float64), moved)
    return found / (resamples + 1)


def _apart(sums: Floats, formula: Formula) -> Floats:
    """Give the first system's statistic less the second's, from their sums beside each other."""
    first, second = np.split(sums, 2, axis=1)
    return formula(first) - formula(second)
