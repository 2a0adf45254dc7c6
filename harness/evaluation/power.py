"""What a comparison can see: the smallest difference that it would tell, and how many items another would take."""

import math

import numpy as np

from harness.evaluation.resampling import Floats, freedom_of, student_quantile
from harness.evaluation.results import Power

POWER = 0.8


def power_of(error: float | None, difference: float | None, sizes: Floats, *, level: float) -> Power:
    """Work out what a comparison can detect with 80 % power, and what the observed difference would need.

    A two-sided test at the level sees a true difference of (t(1 - level/2) + t(0.8)) standard errors in 80 of
    100 cases, t being Student's quantiles with the clusters' degrees of freedom. Standard errors shrink with
    the root of the number of clusters, so that a difference half as large needs four times as many.

    Args:
        error: Standard error of the difference, by clusters; None where there is none.
        difference: What was observed.
        sizes: Number of items of each cluster, shape (clusters,).
        level: Of the test, not adjusted for other tests.
    """
    if error is None:
        return Power(reason="too few clusters to know how much chance moves the difference")
    if error == 0 or not math.isfinite(error):
        return Power(reason="the clusters do not differ in it: chance cannot be measured")
    freedom = freedom_of(sizes)
    detectable = (student_quantile(1 - level / 2, freedom) + student_quantile(POWER, freedom)) * error
    if not difference:
        return Power(detectable=detectable, reason="no difference was seen that more items could prove")
    times = (detectable / abs(difference)) ** 2
    return Power(
        detectable=detectable,
        needed_clusters=math.ceil(times * len(sizes)),
        needed_items=math.ceil(times * float(sizes.sum())),
    )


def mean_error(gains: Floats, sizes: Floats) -> float | None:
    """Give the standard error of a mean gain, by clusters: the linearised ratio of sums to numbers of items.

    Args:
        gains: Sum of the gains in each cluster, shape (clusters,).
        sizes: Number of items of each cluster, shape (clusters,).

    Returns:
        The error, or None for fewer than two clusters.
    """
    clusters, items = len(sizes), float(sizes.sum())
    if clusters < 2:
        return None
    apart = gains - sizes * (math.fsum(gains) / items)
    return math.sqrt(clusters / (clusters - 1) * math.fsum(np.square(apart))) / items


def effect_size(gains: Floats) -> float | None:
    """Give the mean gain in standard deviations of the items' gains (Cohen's d for pairs), shape (items,).

    None for fewer than two items, and where all gains are the same.
    """
    if len(gains) < 2:
        return None
    mean = math.fsum(gains) / len(gains)
    variance = math.fsum(np.square(gains - mean)) / (len(gains) - 1)
    return mean / math.sqrt(variance) if variance > 0 else None
