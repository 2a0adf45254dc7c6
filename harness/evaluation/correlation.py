"""Correlation of graded answers with people's scores: Pearson's and Spearman's, as sums that resampling can add up."""

import math
from collections.abc import Sequence

import numpy as np

from harness.evaluation.metrics import Metric, Value
from harness.evaluation.resampling import Floats

# Below this share of the mean square a variance is what rounding left of equal numbers. The price: answers whose
# spread is less than a hundred-thousandth of their size count as all the same; shift them nearer to zero.
_LEAST_SPREAD = 1e-10


def correlation_metrics() -> tuple[Metric, ...]:
    """Give the metrics of graded answers: `pearson`, the primary one, and `spearman`.

    An item without a usable answer adds no correlation and counts in n, so that the correlation of the others is
    multiplied by their share. Where all answers, or all references, are the same, the metric is undefined.

    Pearson's statistics are powers and products, which add up exactly. Ranks depend on all items: of Spearman's each
    item holds its linear share (rho plus its influence, whose mean is rho itself), ties and both margins taken into
    account; the interval is that of the linearised statistic, and the value of a part of the items says what they
    bring to the whole rather than how they are ranked among themselves.
    """
    missing = "|v:1|missing:adds-nothing"
    return (
        Metric("pearson", f"pearson{missing}", _pearson_statistics, pearson_of_totals, is_mean=False),
        Metric(
            "spearman", f"spearman{missing}|ties:average|resampled:linearised", _spearman_statistics,
            spearman_of_totals, is_mean=False,
        ),
    )  # fmt: skip


def stored_correlation(signature: str) -> Metric | None:
    """Find a metric of this module by a score's signature."""
    return next((metric for metric in correlation_metrics() if metric.signature == signature), None)


def read_number(output: object) -> str | None:
    """Read a finite number, as a text with a decimal point; None where it is none."""
    text = output.strip() if isinstance(output, str) else ""
    try:
        number = math.nan if "_" in text else float(text)
    except ValueError:
        return None
    return text if math.isfinite(number) else None


def pearson_of_totals(totals: Floats) -> Floats:
    """Compute Pearson's correlation times the share of answered items.

    Args:
        totals: Shape (sets, 7): items; then of the answered ones their number and the sums of references, answers,
            their squares and their products.

    Returns:
        Shape (sets,), in [-1, 1]; NaN where references or answers do not vary.
    """
    items, answered = totals[:, 0], totals[:, 1]
    several = np.maximum(answered, 1)
    x, y, xx, yy, xy = (totals[:, column] / several for column in range(2, 7))
    spread_x, spread_y = xx - x * x, yy - y * y
    varies = (spread_x > _LEAST_SPREAD * xx) & (spread_y > _LEAST_SPREAD * yy)
    divisor = np.sqrt(np.where(varies, spread_x * spread_y, 1.0))
    correlation = np.clip((xy - x * y) / divisor, -1.0, 1.0)
    shared: Floats = np.where(varies, correlation * answered / np.maximum(items, 1), np.nan)
    return shared


def spearman_of_totals(totals: Floats) -> Floats:
    """Average the items' shares of Spearman's correlation.

    Args:
        totals: Shape (sets, 3): sums of shares, items, and items of sets in which both sides vary.

    Returns:
        Shape (sets,), in [-1, 1]; NaN where references or answers do not vary, and for one item alone, whose share
        is no correlation.
    """
    shares, items, defined = totals.T
    mean = np.clip(shares / np.maximum(items, 1), -1.0, 1.0)
    known: Floats = np.where((defined > 0) & (items > 1), mean, np.nan)
    return known


def linear_shares(x: Floats, y: Floats) -> Floats | None:
    """Share Spearman's correlation out among items.

    Args:
        x: One number an item, shape (items,).
        y: Another, shape (items,).

    Returns:
        Shape (items,): rho plus the influence of each item on it, by the derivative of Pearson's correlation of
        grades (the empirical distribution's, ties halved). Their mean is rho with average ranks. None where a side
        does not vary.
    """
    r, s = _grades(x), _grades(y)
    spread_x, spread_y = float(np.mean(r * r) - 0.25), float(np.mean(s * s) - 0.25)
    if len(x) < 2 or min(spread_x, spread_y) < _LEAST_SPREAD:
        return None
    rho = (float(np.mean(r * s)) - 0.25) / math.sqrt(spread_x * spread_y)
    on_product = r * s + _mean_above(x, s) + _mean_above(y, r) - 3 * np.mean(r * s)
    on_x = r * r + 2 * _mean_above(x, r) - 3 * np.mean(r * r)
    on_y = s * s + 2 * _mean_above(y, s) - 3 * np.mean(s * s)
    influence = on_product / math.sqrt(spread_x * spread_y) - rho / 2 * (on_x / spread_x + on_y / spread_y)
    shares: Floats = rho + influence
    return shares


def _grades(values: Floats) -> Floats:
    """Give the share of values below each, and half of those equal to it."""
    return _mean_above(-values, np.ones(len(values)))


def _mean_above(values: Floats, weights: Floats) -> Floats:
    """Add up the weights of greater values and half of those of equal ones, over the number of all."""
    _, group, sizes = np.unique(values, return_inverse=True, return_counts=True)
    of_group = np.bincount(group, weights=weights, minlength=len(sizes))
    above = of_group.sum() - np.cumsum(of_group) + of_group / 2
    mean: Floats = above[group] / len(values)
    return mean


def _pearson_statistics(references: Sequence[Value], answers: Sequence[Value | None]) -> Floats:
    rows = np.zeros((len(references), 7))
    rows[:, 0] = 1
    answered, x, y = _numbers(references, answers)
    rows[answered, 1:] = np.column_stack([np.ones(len(x)), x, y, x * x, y * y, x * y])
    return rows


def _spearman_statistics(references: Sequence[Value], answers: Sequence[Value | None]) -> Floats:
    rows = np.zeros((len(references), 3))
    rows[:, 1] = 1
    answered, x, y = _numbers(references, answers)
    shares = linear_shares(x, y)
    if shares is not None:
        rows[:, 2] = 1
        rows[answered, 0] = shares
    return rows


def _numbers(
    references: Sequence[Value], answers: Sequence[Value | None]
) -> tuple[list[int], Floats, Floats]:
    """Give which items are answered, and both numbers of these."""
    rows = [row for row, answer in enumerate(answers) if answer is not None]
    x, y = (np.array([float(str(side[row])) for row in rows]) for side in (references, answers))
    return rows, x, y
