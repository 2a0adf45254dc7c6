"""Pairs of systems on the same items, all metrics and pairs from one set of draws.

What is drawn and swapped are sums of sufficient statistics, cluster by cluster, one set of columns a system. All
that is said of a pair follows from the sums of its two systems, so that the cost of drawing grows with the
number of systems and not with that of pairs, and each pair comes out as it would alone.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from harness.evaluation.pairing import (
    ENUMERATED_CLUSTERS,
    ROUNDING,
    PairedDifference,
    exact_sign_flip_p,
    less_rounding,
    mid_p,
    verdict_of,
)
from harness.evaluation.power import effect_size, mean_error, power_of
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
    swapped_totals,
    why_no_interval,
)
from harness.evaluation.swapping import swap_p

Pair = tuple[int, int]  # places of the candidate and of the baseline among the systems


@dataclass(frozen=True)
class Resampling:
    """How chance is told from difference; see `harness.evaluation.comparison.compare`."""

    seed: int = 0
    resamples: int = RESAMPLES
    confidence: float = CONFIDENCE
    margin: float = 0.0

    @property
    def level(self) -> float:
        """The level of tests."""
        return 1 - self.confidence


@dataclass(frozen=True)
class Measured:
    """One metric of all systems on the same items.

    Args:
        statistics: Finite sufficient statistics, shape (items, systems, k); they add up over items. Of a mean
            they are the items' scores, k = 1.
        formula: Turns sums, shape (sets, k), into the metric, shape (sets,); None for a mean.
        sign: 1 where more is better, else -1: what is judged are gains.
    """

    statistics: Floats
    formula: Formula | None = None
    sign: float = 1.0


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
    flat = [
        one.statistics.reshape(len(one.statistics), math.prod(one.statistics.shape[1:])) for one in measured
    ]
    totals, sizes = cluster_totals(np.hstack([*flat, np.ones((len(flat[0]), 1))]), cluster_of)
    drawing = Drawing(totals, sizes, resampling)
    starts = np.cumsum([0, *(columns.shape[1] for columns in flat)]).tolist()
    judged = []
    for one, start in zip(measured, starts, strict=False):
        bout = (MeanBout if one.formula is None else _SetBout)(one, drawing, start)
        judged.append([bout.judged(pair) for pair in pairs])
    return judged


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


@dataclass(frozen=True)
class Drawing:
    """Cluster totals of all columns, the number of items last, and what was drawn from them when asked for."""

    totals: Floats
    sizes: Floats
    resampling: Resampling

    @property
    def silence(self) -> str:
        """Why there can be no interval; nothing where there can."""
        return why_no_interval(len(self.sizes))

    @cached_property
    def resampled(self) -> Floats:
        """Sums of whole clusters drawn with replacement, shape (resamples, columns)."""
        return resampled_totals(self.totals, seed=self.resampling.seed, resamples=self.resampling.resamples)

    @cached_property
    def swapped(self) -> Floats:
        """Sums of the clusters that are swapped, shape (resamples, columns)."""
        return swapped_totals(self.totals, seed=self.resampling.seed, resamples=self.resampling.resamples)

    def part(self, columns: slice) -> "Drawing":
        """Give the draws of a slice of the items: its own columns, the last of which counts its items.

        Clusters without an item of it fall away, and so do resamples that drew none.
        """
        sizes = self.totals[:, columns][:, -1]
        present = sizes > 0
        part = Drawing(self.totals[present, columns], sizes[present], self.resampling)
        if len(self.sizes) > 1:
            drawn = self.resampled[:, columns]
            part.__dict__["resampled"] = drawn[drawn[:, -1] > 0]
            part.__dict__["swapped"] = self.swapped[:, columns]
        return part

    def judged(self, seen: "_Seen") -> PairedDifference:
        """Put what was seen of a pair into a result."""
        setting = self.resampling
        return PairedDifference(
            difference=seen.difference,
            low=seen.interval.low,
            high=seen.interval.high,
            p=seen.p,
            n=int(self.sizes.sum()),
            clusters=len(self.sizes),
            wins=seen.wins,
            ties=seen.ties,
            losses=seen.losses,
            verdict=verdict_of(
                seen.difference, seen.interval, seen.p, margin=setting.margin, level=setting.level
            ),
            reason=seen.interval.reason,
            test=seen.test,
            effect=seen.effect,
            power=power_of(
                None if self.silence else seen.error, seen.difference, self.sizes, level=setting.level
            ),
        )


@dataclass(frozen=True)
class _Seen:
    """What one pair showed by one metric."""

    difference: float | None
    interval: Interval
    p: float | None
    test: str
    error: float | None
    effect: float | None = None
    wins: int | None = None
    ties: int | None = None
    losses: int | None = None


class MeanBout:
    """A metric that is the mean of items' scores."""

    def __init__(self, measured: Measured, drawing: Drawing, start: int) -> None:
        self._scores = measured.statistics[:, :, 0] * measured.sign
        self._sign = measured.sign
        self._drawing = drawing
        self._start = start
        self._sums = [math.fsum(column) for column in self._scores.T]

    def judged(self, pair: Pair) -> PairedDifference:
        """Judge the pair by its items' gains."""
        drawing, (a, b) = self._drawing, pair
        gains = self._scores[:, a] - self._scores[:, b]
        by_cluster = self._apart(drawing.totals, pair)
        n = len(gains)
        difference = (self._sums[a] - self._sums[b]) / n if n else None
        p, test = self._p(gains, by_cluster, pair)
        return drawing.judged(
            _Seen(
                difference=difference,
                interval=self._interval(gains, pair),
                p=p,
                test=test,
                error=mean_error(by_cluster, drawing.sizes),
                effect=effect_size(gains),
                wins=int((gains > 0).sum()),
                ties=int((gains == 0).sum()),
                losses=int((gains < 0).sum()),
            )
        )

    def _apart(self, sums: Floats, pair: Pair) -> Floats:
        apart: Floats = (sums[:, self._start + pair[0]] - sums[:, self._start + pair[1]]) * self._sign
        return apart

    def _interval(self, gains: Floats, pair: Pair) -> Interval:
        drawing = self._drawing
        if len(gains) and not gains.any():
            return Interval(None, None, "the two score the same on every item")
        if drawing.silence:
            return Interval(None, None, drawing.silence)
        drawn = self._apart(drawing.resampled, pair) / drawing.resampled[:, -1]
        return percentile_interval(drawn, drawing.sizes, confidence=drawing.resampling.confidence)

    def _p(self, gains: Floats, by_cluster: Floats, pair: Pair) -> tuple[float | None, str]:
        drawing = self._drawing
        if drawing.sizes.max(initial=0) == 1 and np.isin(gains, (-1.0, 0.0, 1.0)).all():
            p = mid_p(int((gains > 0).sum()), int((gains < 0).sum()))
            return (p if len(drawing.sizes) > 1 and gains.any() else None), "mcnemar-mid-p"
        if len(drawing.sizes) < 2 or not gains.any():
            return None, "sign-flip"
        differing = by_cluster[by_cluster != 0]
        if len(differing) <= ENUMERATED_CLUSTERS:
            return exact_sign_flip_p(differing), "sign-flip"
        flipped = 2 * self._apart(drawing.swapped, pair) - by_cluster.sum()
        as_far = int((np.abs(flipped) >= less_rounding(by_cluster)).sum())
        return (as_far + 1) / (len(flipped) + 1), "sign-flip"


class _SetBout:
    """A metric of whole sets, such as macro F1: no single item has a score in it."""

    def __init__(self, measured: Measured, drawing: Drawing, start: int) -> None:
        self._measured = measured
        self._drawing = drawing
        self._start = start
        self._drawn: dict[int, Floats] = {}

    def judged(self, pair: Pair) -> PairedDifference:
        """Judge the pair by swapping answers."""
        drawing, statistics = self._drawing, self._measured.statistics
        whole = drawing.totals.sum(axis=0, keepdims=True)
        difference = (
            float(self._apart(*(self._columns(whole, one) for one in pair))[0]) if len(statistics) else None
        )
        interval, p, error = Interval(None, None, drawing.silence), None, None
        if len(statistics) and np.array_equal(statistics[:, pair[0]], statistics[:, pair[1]]):
            interval = Interval(None, None, "the two are counted alike on every item")
        elif len(drawing.sizes) > 1:
            p = self._p(pair)
            if not drawing.silence:
                drawn = self._resampled(pair[0]) - self._resampled(pair[1])
                interval = percentile_interval(drawn, drawing.sizes, confidence=drawing.resampling.confidence)
                error = float(np.std(drawn, ddof=1)) if np.isfinite(drawn).all() else None
        return drawing.judged(_Seen(difference, interval, p, "swap", error))

    def _value(self, sums: Floats) -> Floats:
        if self._measured.formula is None:
            raise ValueError("a metric of whole sets needs a formula")
        return self._measured.sign * self._measured.formula(sums)

    def _apart(self, a: Floats, b: Floats) -> Floats:
        return self._value(a) - self._value(b)

    def _columns(self, sums: Floats, system: int) -> Floats:
        width = self._measured.statistics.shape[2]
        first = self._start + system * width
        return sums[:, first : first + width]

    def _resampled(self, system: int) -> Floats:
        if system not in self._drawn:
            self._drawn[system] = self._value(self._columns(self._drawing.resampled, system))
        return self._drawn[system]

    def _p(self, pair: Pair) -> float:
        drawing = self._drawing
        a, b = (self._columns(drawing.totals, system) for system in pair)
        if np.count_nonzero((a != b).any(axis=1)) <= ENUMERATED_CLUSTERS:
            return swap_p(a, b, self._value, seed=drawing.resampling.seed)
        whole_a, whole_b = a.sum(axis=0, keepdims=True), b.sum(axis=0, keepdims=True)
        moved_a, moved_b = (self._columns(drawing.swapped, system) for system in pair)
        scale = max(abs(float(self._value(whole)[0])) for whole in (whole_a, whole_b))
        observed = abs(float(self._apart(whole_a, whole_b)[0])) - ROUNDING * scale
        swapped = self._apart(whole_a - moved_a + moved_b, whole_b - moved_b + moved_a)
        return (int((np.abs(swapped) >= observed).sum()) + 1) / (len(swapped) + 1)
