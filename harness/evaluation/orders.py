"""Metrics of things put back into order: how many pairs stand the right way round, how many places are right."""

import json
from collections.abc import Callable, Sequence

import numpy as np

from harness.evaluation.metrics import Metric, Value
from harness.evaluation.resampling import Floats, mean_of_totals

_ScoreOf = Callable[[Sequence[str], Sequence[str]], float]


def order_metrics() -> tuple[Metric, ...]:
    """Give the metrics of orders, each a mean over items: `kendall_tau`, the primary one, `position_accuracy`, `exact_order`.

    An order is a list of different entries. Kendall's tau is the share of pairs that stand in the order of the reference
    less the share of those that do not, in [-1, 1]. An answer that is none, or orders other entries than the reference
    has, scores the worst that there is: -1 for tau, else 0.
    """
    return (
        _mean("kendall_tau", "kendall_tau|v:1|variant:a|average:items", kendall_tau, worst=-1.0),
        _mean("position_accuracy", "position_accuracy|v:1|average:items", _right_places, worst=0.0),
        _mean(
            "exact_order", "exact_order|v:1|average:items", lambda one, other: float(one == other), worst=0.0
        ),
    )


def kendall_tau(reference: Sequence[str], answer: Sequence[str]) -> float:
    """Give Kendall's tau of two orders of the same entries, two at least and all different."""
    place = {entry: number for number, entry in enumerate(answer)}
    ranks = np.array([place[entry] for entry in reference])
    ahead = np.triu(np.sign(ranks[np.newaxis, :] - ranks[:, np.newaxis]), k=1)
    return float(ahead.sum() / (len(ranks) * (len(ranks) - 1) / 2))


def _right_places(reference: Sequence[str], answer: Sequence[str]) -> float:
    return sum(one == other for one, other in zip(reference, answer, strict=True)) / len(reference)


def _mean(name: str, signature: str, score: _ScoreOf, *, worst: float) -> Metric:
    def statistics(references: Sequence[Value], answers: Sequence[Value | None]) -> Floats:
        pairs = zip(map(_entries, references), map(_entries, answers), strict=True)
        scores = [score(one, other) if sorted(one) == sorted(other) else worst for one, other in pairs]
        return np.column_stack([np.array(scores, dtype=np.float64), np.ones(len(scores))])

    return Metric(name, signature, statistics, mean_of_totals, is_mean=True)


def _entries(value: Value | None) -> tuple[str, ...]:
    """Read an order as it was read, or as a run keeps it: a JSON list."""
    if isinstance(value, str):
        return tuple(json.loads(value))
    return value or ()
