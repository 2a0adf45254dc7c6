"""What noise costs a system: each noisy item against the same item clean."""

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from harness.core.frozen import Frozen
from harness.evaluation.alignment import SCORE_PREFIX
from harness.evaluation.recounting import metric_again
from harness.evaluation.resampling import (
    Floats,
    Formula,
    Interval,
    mean_interval,
    mean_of_totals,
    statistic_interval,
)
from harness.evaluation.results import RunResult, Score
from harness.evaluation.tasks.noise import CLEAN, MARK


class Drop(Frozen):
    """How much one noise takes from a system's score: noisy less clean, on the items that it changed.

    Below zero where the noise did harm, for metrics of which more is better. `low` and `high` are None where no
    interval can be given, and `reason` says why.
    """

    run_id: str
    system: str
    metric: str
    noise: str
    clean: float
    noisy: float
    difference: float
    low: float | None
    high: float | None
    n: int
    clusters: int
    reason: str = ""


def drops(
    result: RunResult, items: pa.Table, *, seed: int, counts: Mapping[str, Floats] | None = None
) -> tuple[Drop, ...]:
    """Pair noisy items with clean ones, by every metric whose scores or counts were kept.

    Args:
        result: The run's.
        items: Its items: `item_id`, `cluster`, `variant`, `failure` and `score:<metric>` columns. Pairs of which one
            side was left out of the scores are passed over.
        seed: Of the intervals' resampling, which draws whole clusters.
        counts: Sufficient statistics of the other metrics, row by row, shape (items, k).
    """
    pairs = _pairs(items)
    clusters = items.column("cluster").to_pylist()
    told = []
    for score in result.scores:
        measured = _measured(score, items, counts or {})
        for noise in sorted(pairs) if measured else ():
            both = [pair for pair in pairs[noise] if measured and measured.is_scored[list(pair)].all()]
            if measured and both:
                shared = [clusters[clean] for clean, _ in both]
                cost = measured.of(both, shared, seed)
                if math.isfinite(cost.difference):  # without a single name, say, F1 is undefined
                    told.append(_drop(result, score.metric, noise, cost, shared))
    return tuple(told)


@dataclass(frozen=True)
class _Cost:
    """What one noise costs: the metric before and after, and bounds of the difference."""

    clean: float
    noisy: float
    difference: float
    interval: Interval


@dataclass(frozen=True)
class _Measured:
    """What was counted of each item by one metric, and how counts become the number.

    Args:
        statistics: Shape (items, k).
        is_scored: Which items took part, shape (items,).
        formula: Turns sums, shape (sets, k), into the metric.
        is_mean: Whether statistics are (score, 1).
    """

    statistics: Floats
    is_scored: npt.NDArray[np.bool_]
    formula: Formula
    is_mean: bool

    def of(self, pairs: Sequence[tuple[int, int]], clusters: Sequence[str], seed: int) -> _Cost:
        """Tell what the noise of these pairs, (clean row, noisy row), costs."""
        before, after = (self.statistics[list(side)] for side in zip(*pairs, strict=True))
        if self.is_mean:
            difference = after[:, 0] - before[:, 0]
            interval = mean_interval(difference, clusters, seed=seed)
            clean, noisy = before[:, 0].mean(), after[:, 0].mean()
            return _Cost(float(clean), float(noisy), float(difference.mean()), interval)
        clean, noisy = (float(self.formula(side.sum(axis=0, keepdims=True))[0]) for side in (before, after))
        width = before.shape[1]

        def apart(totals: Floats) -> Floats:
            return self.formula(totals[:, width:]) - self.formula(totals[:, :width])

        interval = statistic_interval(np.hstack([before, after]), clusters, apart, seed=seed)
        return _Cost(clean, noisy, noisy - clean, interval)


def _measured(score: Score, items: pa.Table, counts: Mapping[str, Floats]) -> _Measured | None:
    column = f"{SCORE_PREFIX}{score.metric}"
    if column in items.column_names:
        scores = items.column(column).to_numpy(zero_copy_only=False).astype(np.float64)
        statistics = np.column_stack([scores, np.ones(len(scores))])
        return _Measured(statistics, ~np.isnan(scores), mean_of_totals, is_mean=True)
    metric = metric_again(score.signature)
    if metric is None or score.metric not in counts:
        return None
    is_answered = items.column("failure").is_null().to_numpy(zero_copy_only=False).astype(bool)
    # Fewer in n than items: failures were left out of the scores. Else they count, as answered wrongly.
    is_scored = is_answered if score.n < items.num_rows else np.ones(items.num_rows, bool)
    return _Measured(counts[score.metric], is_scored, metric.formula, is_mean=False)


def _pairs(items: pa.Table) -> Mapping[str, list[tuple[int, int]]]:
    """Give the rows of clean items beside those of the same items with each noise."""
    ids, variants = (items.column(name).to_pylist() for name in ("item_id", "variant"))
    clean = {
        name: row for row, (name, variant) in enumerate(zip(ids, variants, strict=True)) if variant == CLEAN
    }
    pairs: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for row, (name, variant) in enumerate(zip(ids, variants, strict=True)):
        base = clean.get(name.removesuffix(f"{MARK}{variant}"))
        if variant != CLEAN and base is not None:
            pairs[variant].append((base, row))
    return pairs


def _drop(result: RunResult, metric: str, noise: str, cost: _Cost, clusters: Sequence[str]) -> Drop:
    return Drop(
        run_id=result.run_id,
        system=result.system.name,
        metric=metric,
        noise=noise,
        clean=cost.clean,
        noisy=cost.noisy,
        difference=cost.difference,
        low=cost.interval.low,
        high=cost.interval.high,
        n=len(clusters),
        clusters=len(set(clusters)),
        reason=cost.interval.reason,
    )
