"""Pairs of systems on the same items, all metrics and pairs from one set of draws.

What is drawn and swapped are sums of sufficient statistics, cluster by cluster, one set of columns a system. All
that is said of a pair follows from the sums of its two systems, so that the cost of drawing grows with the
number of systems and not with that of pairs, and each pair comes out as it would alone.
"""

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from harness.evaluation.bouts import MeanBout, SetBout
from harness.evaluation.drawing import Drawing, Measured, Pair, Resampling
from harness.evaluation.pairing import PairedDifference
from harness.evaluation.resampling import (
    CONFIDENCE,
    RESAMPLES,
    Clusters,
    Floats,
    Formula,
    cluster_totals,
)
from harness.evaluation.seed_bouts import SeedBout

__all__ = ["Measured", "Pair", "Resampling", "judged_duels", "paired_difference", "swapped_difference"]

Bout = MeanBout | SetBout | SeedBout


def judged_duels(
    measured: Sequence[Measured], pairs: Sequence[Pair], cluster_of: Clusters, resampling: Resampling
) -> list[list[PairedDifference]]:
    """Judge pairs of systems by each metric.

    The interval is that of `statistic_interval`, of the difference in the same draws of clusters. p flips the
    sign of whole clusters for a mean (see `sign_flip_p`), swaps the systems' answers to them for any other
    metric (`swap_p`), and is the mid-p of McNemar's test where items are right or wrong and independent.

    Args:
        measured: The metrics, over the same items.
        pairs: Which systems; a difference is the first's less the second's, in what is better.
        cluster_of: Cluster of each item, shape (items,).
        resampling: Seed, number of draws, confidence and margin.

    Returns:
        For each metric, one result a pair.
    """
    totals, sizes = cluster_totals(columns_of(measured), cluster_of)
    bouts = bouts_of(measured, Drawing(totals, sizes, resampling))
    return [[with_claims(bout, pair) for pair in pairs] for bout in bouts]


def columns_of(measured: Sequence[Measured]) -> Floats:
    """Put the statistics of all metrics and runs beside each other, and a column of ones last.

    Returns:
        Shape (items, columns + 1): what clusters are summed up over, so that each sum ends with its number of items.
    """
    items = len(measured[0].statistics)
    flat = [one.statistics.reshape(items, math.prod(one.statistics.shape[1:])) for one in measured]
    return np.hstack([*flat, np.ones((items, 1))])


def bouts_of(measured: Sequence[Measured], drawing: Drawing) -> list[Bout]:
    """Give for each metric what judges pairs by it, over what was drawn from `columns_of`."""
    starts = np.cumsum([0, *(math.prod(one.statistics.shape[1:]) for one in measured)]).tolist()
    return [_bout(one, drawing, start) for one, start in zip(measured, starts, strict=False)]


def _bout(measured: Measured, drawing: Drawing, start: int) -> Bout:
    single = (MeanBout if measured.formula is None else SetBout)(measured, drawing, start)
    return SeedBout(single, measured, drawing) if measured.systems else single


def with_claims(bout: Bout, pair: Pair) -> PairedDifference:
    """Judge a pair, and of systems of several runs also say what each of their runs alone would have claimed."""
    judged = bout.judged(pair)
    if not isinstance(bout, SeedBout) or judged.spread is None:
        return judged
    return replace(judged, spread=replace(judged.spread, claims=bout.claims(pair)))


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
    """Compare the mean scores of two systems on the same items; see `judged_duels`.

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
    scores = Measured(np.stack([first, second], axis=1)[:, :, None])
    resampling = Resampling(seed, resamples, confidence, margin)
    return judged_duels([scores], [(0, 1)], cluster_of, resampling)[0][0]


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
    """Compare a statistic of two systems on the same items, such as macro F1; see `judged_duels`.

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
        The difference; wins, ties, losses and effect are None, since no single item is won or lost.
    """
    counted = Measured(np.stack([a, b], axis=1), formula)
    resampling = Resampling(seed, resamples, confidence, margin)
    return judged_duels([counted], [(0, 1)], cluster_of, resampling)[0][0]
