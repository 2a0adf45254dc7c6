"""From references and answers to scores with n, interval and signature, and to scores of single items."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from harness.evaluation.metrics import Metric, Value
from harness.evaluation.resampling import CONFIDENCE, Floats, Interval, mean_interval, statistic_interval
from harness.evaluation.results import Score

MissingPolicy = Literal["fail", "wrong", "drop"]


@dataclass(frozen=True)
class Scored:
    """A system's scores, the primary metric first, and what each item contributed to them.

    `by_item` holds one column, shape (items,), for each metric that is a mean of item scores; NaN where
    the item was left out. `counts` holds the sufficient statistics, shape (items, k), for each other metric; an
    item that was left out is counted there as answered wrongly, since pairs decide anew whom they leave out.
    """

    scores: tuple[Score, ...]
    by_item: Mapping[str, Floats]
    counts: Mapping[str, Floats]


@dataclass(frozen=True)
class Answered:
    """What there is to score: one entry an item, in one order.

    Args:
        references: What is right.
        answers: What the system said; None where it failed.
        clusters: The cluster that each item belongs to.
    """

    references: Sequence[Value]
    answers: Sequence[Value | None]
    clusters: Sequence[str]


def score(answered: Answered, metrics: Sequence[Metric], *, on_missing: MissingPolicy, seed: int) -> Scored:
    """Score answers by each metric.

    Args:
        answered: References, answers and clusters.
        metrics: The primary one first.
        on_missing: `drop` leaves failed items out of n; otherwise they count as wrong. (That `fail`
            refuses failures is the caller's business: a metric cannot name ids.)
        seed: Of the resampling.
    """
    rows = [row for row, answer in enumerate(answered.answers) if answer is not None or on_missing != "drop"]
    clusters = [answered.clusters[row] for row in rows]
    scores, by_item, counts = [], {}, {}
    for metric in metrics:
        statistics = metric.statistics(answered.references, answered.answers)
        scores.append(_score(metric, statistics[rows], clusters, seed))
        if metric.is_mean:
            by_item[metric.name] = np.full(len(answered.answers), np.nan)
            by_item[metric.name][rows] = statistics[rows, 0]
        else:
            counts[metric.name] = statistics
    return Scored(tuple(scores), by_item, counts)


def _score(metric: Metric, statistics: Floats, clusters: Sequence[str], seed: int) -> Score:
    value, interval = _value(metric, statistics), Interval(None, None, "no examples")
    if value is not None:
        interval = _interval(metric, statistics, clusters, seed)
    elif len(statistics):
        interval = Interval(
            None, None, "the metric is undefined on these items: there is nothing in them to count"
        )
    return Score(
        metric=metric.name,
        value=value,
        n=len(statistics),
        clusters=len(set(clusters)),
        low=interval.low,
        high=interval.high,
        confidence=CONFIDENCE,
        signature=metric.signature,
        higher_is_better=metric.higher_is_better,
        reason=interval.reason,
    )


def _value(metric: Metric, statistics: Floats) -> float | None:
    if not len(statistics):
        return None
    value = float(metric.formula(_exact_sums(statistics))[0])
    return value if math.isfinite(value) else None


def _exact_sums(statistics: Floats) -> Floats:
    # Correctly rounded, so that neither the order of items nor the processor changes the last digit.
    return np.array([[math.fsum(column) for column in statistics.T]])


def _interval(metric: Metric, statistics: Floats, clusters: Sequence[str], seed: int) -> Interval:
    if metric.is_mean:
        return mean_interval(statistics[:, 0], clusters, seed=seed)
    return statistic_interval(statistics, clusters, metric.formula, seed=seed)
