"""Whether one system is better than another on the same items: difference, p-value and verdict."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from harness.evaluation.resampling import (
    CONFIDENCE,
    RESAMPLES,
    Clusters,
    Floats,
    Interval,
    cluster_totals,
    percentile_interval,
    resampled_totals,
    slices_of,
    why_no_interval,
)
from harness.evaluation.results import Outcome

# All sign patterns of up to 14 clusters (16,384) are tried; beyond, patterns are drawn.
ENUMERATED_CLUSTERS = 14
SIGN_STREAM = 2
# Sums that agree to nine digits of the largest possible one count as equal. Scores are rounded (1/3 is), so that
# patterns which tie in truth may come out a little apart; not to count them would make p too small.
ROUNDING = 1e-9


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


def paired_difference(  # noqa: PLR0913 - each is a choice that a reader of the result asks for
    a: npt.ArrayLike,
    b: npt.ArrayLike,
    cluster_of: Clusters,
    *,
    seed: int,
    resamples: int = RESAMPLES,
    confidence: float = CONFIDENCE,
    margin: float = 0.0,
) -> PairedDifference:
    """Compare the mean scores of two systems on the same items.

    The interval is that of `statistic_interval`; p is that of `sign_flip_p`; `verdict_of` joins them.

    Args:
        a: Finite scores of one system, shape (items,).
        b: Scores of the other on the same items, in the same order.
        cluster_of: Cluster of each item, shape (items,).
        seed: Same seed, same result; exchanging `a` and `b` changes signs and nothing else.
        resamples: How often clusters, and signs, are drawn.
        confidence: Of the interval, in (0, 1); the test's level is one less it.
        margin: Largest difference that does not matter, in the metric's unit, >= 0.
    """
    first, second = np.asarray(a, dtype=np.float64), np.asarray(b, dtype=np.float64)
    if first.shape != second.shape:
        raise ValueError(f"{first.shape} scores cannot be paired with {second.shape}")
    gains = (first - second)[:, None]
    return paired_differences(
        gains, cluster_of, seed=seed, resamples=resamples, confidence=confidence, margin=margin
    )[0]


def paired_differences(
    gains: Floats,
    cluster_of: Clusters,
    *,
    seed: int,
    resamples: int = RESAMPLES,
    confidence: float = CONFIDENCE,
    margin: float = 0.0,
) -> tuple[PairedDifference, ...]:
    """Judge several differences over the same items at once; each comes out as it would alone.

    Args:
        gains: Finite differences of scores, shape (items, pairs).
        cluster_of: Cluster of each item, shape (items,).
        seed: As in `paired_difference`, and so are the others.
        resamples: How often clusters, and signs, are drawn: once for all pairs.
        confidence: Of each interval, in (0, 1).
        margin: Largest difference that does not matter, >= 0.
    """
    n, pairs = gains.shape
    totals, sizes = cluster_totals(np.column_stack([gains, np.ones(n)]), cluster_of)
    silent = Interval(None, None, why_no_interval(len(sizes)))
    intervals = [silent] * pairs
    if not silent.reason:
        sums = resampled_totals(totals, seed=seed, resamples=resamples)
        intervals = [
            percentile_interval(column / sums[:, -1], sizes, confidence=confidence)
            for column in sums[:, :-1].T
        ]
    p_values = sign_flip_p(totals[:, :-1], seed=seed, resamples=resamples)
    judged = []
    for gain, interval, p in zip(gains.T, intervals, p_values, strict=True):
        seen = _Seen(gain, interval, None if len(sizes) < 2 or not gain.any() else p)
        judged.append(_judged(seen, len(sizes), margin=margin, level=1 - confidence))
    return tuple(judged)


@dataclass(frozen=True)
class _Seen:
    """What one pair of systems showed: gain of each item, interval of their mean, p."""

    gains: Floats
    interval: Interval
    p: float | None


def _judged(seen: _Seen, clusters: int, *, margin: float, level: float) -> PairedDifference:
    gains, interval = seen.gains, seen.interval
    if len(gains) and not gains.any():
        interval = Interval(None, None, "the two score the same on every item")
    difference = math.fsum(gains) / len(gains) if len(gains) else None
    return PairedDifference(
        difference=difference,
        low=interval.low,
        high=interval.high,
        p=seen.p,
        n=len(gains),
        clusters=clusters,
        wins=int((gains > 0).sum()),
        ties=int((gains == 0).sum()),
        losses=int((gains < 0).sum()),
        verdict=verdict_of(difference, interval, seen.p, margin=margin, level=level),
        reason=interval.reason,
    )


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
    observed = _less_rounding(gains)
    as_far = np.ones(gains.shape[1])  # the observed signs
    random = np.random.default_rng((seed, SIGN_STREAM))
    for rows in slices_of(resamples, len(gains)):
        flips = random.integers(2, size=(rows.stop - rows.start, len(gains)), dtype=np.int8)
        as_far += (np.abs((2.0 * flips - 1) @ gains) >= observed).sum(axis=0)
    return [
        _exact_p(column[column != 0]) if np.count_nonzero(column) <= ENUMERATED_CLUSTERS else drawn
        for column, drawn in zip(gains.T, (as_far / (resamples + 1)).tolist(), strict=True)
    ]


def _exact_p(gains: Floats) -> float:
    patterns = np.arange(1 << len(gains))[:, None] >> np.arange(len(gains))
    sums = np.abs((2.0 * (patterns & 1) - 1) @ gains)
    return float(np.mean(sums >= _less_rounding(gains)))


def _less_rounding(gains: Floats) -> Floats:
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
