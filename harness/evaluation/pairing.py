"""What is said of two systems on the same items: p-value, adjustment for many tests, and verdict."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import comb

import numpy as np

from harness.evaluation.resampling import RESAMPLES, Floats, Interval, swap_patterns
from harness.evaluation.results import Outcome, Power

# All sign patterns of up to 14 clusters (16,384) are tried; beyond, patterns are drawn.
ENUMERATED_CLUSTERS = 14
# Sums that agree to nine digits of the largest possible one count as equal. Scores are rounded (1/3 is), so that
# patterns which tie in truth may come out a little apart; not to count them would make p too small.
ROUNDING = 1e-9
_NEGLIGIBLE = 1e-17  # of a sum: what adds no digit to it


@dataclass(frozen=True)
class SeedSpread:
    """What is known of a pair by running its systems several times with other seeds.

    Args:
        runs: How many runs each of the two has.
        deviations: Standard deviation of the metric between the runs of each; None for a single run.
        claims: How many of the comparisons of one run with one run would have come to each verdict.
    """

    runs: tuple[int, int]
    deviations: tuple[float | None, float | None]
    claims: Mapping[Outcome, int] = field(default_factory=dict)


@dataclass(frozen=True)
class PairedDifference:
    """How much `a` scores above `b` on the same items.

    `difference` is None where there is no item; `low`, `high` and `p` are None where resampling can say
    nothing, and `reason` says why. Wins, ties and losses count items on which `a` scores above, like and
    below `b`; they are None for metrics that give no score to an item.
    """

    difference: float | None
    low: float | None
    high: float | None
    p: float | None
    n: int
    clusters: int
    wins: int | None
    ties: int | None
    losses: int | None
    verdict: Outcome
    reason: str = ""
    test: str = ""  # what p comes from
    effect: float | None = None  # mean gain in standard deviations of the items' gains
    power: Power = field(default_factory=Power)
    spread: SeedSpread | None = None  # where one of the two has several runs


def sign_flip_p(gains: Floats, *, seed: int, resamples: int = RESAMPLES) -> list[float]:
    """Give two-sided p-values of "neither system is better", flipping the sign of whole clusters.

    Exact, over all patterns of signs, where at most 14 clusters differ from zero; else over `resamples`
    random patterns, counting the observed one in (so that p is never 0 and the test never too eager).

    Args:
        gains: Sums of the differences of each cluster from `cluster_totals`, shape (clusters, pairs).
        seed: Same seed, same p; the sign of all gains of a pair does not matter.
        resamples: How many patterns, where they are drawn: the same ones for all pairs.

    Returns:
        One p for each pair.
    """
    observed = less_rounding(gains)
    as_far = np.ones(gains.shape[1])  # the observed signs
    for flips in swap_patterns(len(gains), seed=seed, resamples=resamples):
        as_far += (np.abs((2.0 * flips - 1) @ gains) >= observed).sum(axis=0)
    return [
        exact_sign_flip_p(column[column != 0]) if np.count_nonzero(column) <= ENUMERATED_CLUSTERS else drawn
        for column, drawn in zip(gains.T, (as_far / (resamples + 1)).tolist(), strict=True)
    ]


def exact_sign_flip_p(gains: Floats) -> float:
    """Try all patterns of signs of the clusters that differ, shape (clusters,), at most 14 of them."""
    patterns = np.arange(1 << len(gains))[:, None] >> np.arange(len(gains))
    sums = np.abs((2.0 * (patterns & 1) - 1) @ gains)
    return float(np.mean(sums >= less_rounding(gains)))


def less_rounding(gains: Floats) -> Floats:
    """Give how far apart sums have to be to count as far as the observed one, along the first axis."""
    least: Floats = np.abs(gains.sum(axis=0)) - ROUNDING * np.abs(gains).sum(axis=0)
    return least


def verdict_of(
    difference: float | None, interval: Interval, p: float | None, *, margin: float, level: float
) -> Outcome:
    """Put a difference in a word.

    *Equivalent*: the whole interval lies within the margin on both sides (two one-sided tests, each at
    half the level). Otherwise *better* or *worse*: p is at most the level and the interval leaves zero
    out. Otherwise *inconclusive*. A difference that is surely there and surely too small to matter is
    equivalent. Where no interval can be given, only a difference beyond the margin is told, by p alone.

    Args:
        difference: Observed difference.
        interval: Its interval, at one less `level`.
        p: Its p-value, adjusted for how many were tested, where several were.
        margin: Largest difference that does not matter, >= 0.
        level: The test's level, in (0, 1).
    """
    if interval.low is not None and interval.high is not None:
        if -margin <= interval.low and interval.high <= margin:
            return "equivalent"
        apart = interval.low > 0 or interval.high < 0
    else:
        apart = difference is not None and abs(difference) > margin
    if difference is None or p is None or p > level or not apart:
        return "inconclusive"
    return "better" if difference > 0 else "worse"


def holm(p_values: Sequence[float | None]) -> tuple[float | None, ...]:
    """Adjust the p-values of one family so that the chance of any false alarm stays at the level.

    A test that could not be made (None) stays None and does not count as a member.
    """
    tested = [p for p in p_values if p is not None]
    adjusted: dict[float, float] = {}
    least = 0.0
    for rank, p in enumerate(sorted(tested)):
        least = max(least, min(1.0, (len(tested) - rank) * p))
        # Equal p-values share the adjustment of the first of them, so that their order does not matter.
        adjusted.setdefault(p, least)
    return tuple(None if p is None else adjusted[p] for p in p_values)


def benjamini_hochberg(p_values: Sequence[float | None]) -> tuple[float | None, ...]:
    """Adjust p-values so that the expected share of false alarms among all alarms stays at the level.

    Benjamini and Hochberg (1995); it holds for independent tests and for the positively dependent ones that
    slices of the same items are (Benjamini and Yekutieli 2001). A test that could not be made (None) stays
    None and does not count as a member.
    """
    tested = sorted((p for p in p_values if p is not None), reverse=True)
    adjusted: dict[float, float] = {}
    least = 1.0
    for place, p in enumerate(tested):
        least = min(least, p * len(tested) / (len(tested) - place))
        adjusted[p] = least
    return tuple(None if p is None else adjusted[p] for p in p_values)


def mid_p(wins: int, losses: int) -> float:
    """Give the exact two-sided mid-p value of McNemar's test.

    For right-or-wrong answers to independent items: of the items on which just one of two systems is right,
    each is as likely to be won as lost. The observed count enters by half, which keeps the false-positive
    rate nearer to the level than the exact test (Fagerland, Lydersen and Laake 2013).

    Args:
        wins: Items on which only the first is right.
        losses: Items on which only the second is. Which is which does not matter.
    """
    apart, fewer = wins + losses, min(wins, losses)
    if wins == losses:
        return 1.0
    # Exact in whole numbers, divided once; the rest of the tail are ratios of neighbouring terms.
    at_observed = comb(apart, fewer) / (1 << apart)
    tail, term = 0.0, 1.0
    for count in range(fewer, 0, -1):
        term *= count / (apart - count + 1)
        tail += term
        if term < tail * _NEGLIGIBLE:
            break
    return min(1.0, at_observed * (1 + 2 * tail))
