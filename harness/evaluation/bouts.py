"""Pairs of systems by one metric: by items' gains where it is a mean, else by drawing and swapping whole sets."""

import math
from collections.abc import Sequence

import numpy as np

from harness.evaluation.drawing import Drawing, Measured, Pair, Seen
from harness.evaluation.pairing import (
    ENUMERATED_CLUSTERS,
    ROUNDING,
    PairedDifference,
    exact_sign_flip_p,
    less_rounding,
    mid_p,
)
from harness.evaluation.power import effect_size, mean_error
from harness.evaluation.resampling import Floats, Interval, percentile_interval
from harness.evaluation.swapping import swap_p

UNDEFINED = "the metric is undefined on these items: there is nothing in them to count"


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
        p, test = self._p(gains, by_cluster, pair)
        return drawing.judged(
            Seen(
                difference=self.difference(pair),
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

    @property
    def systems(self) -> int:
        """How many systems there are."""
        return int(self._scores.shape[1])

    def difference(self, pair: Pair) -> float | None:
        """Give how much more the first gains on average; None without any item."""
        n = len(self._scores)
        return (self._sums[pair[0]] - self._sums[pair[1]]) / n if n else None

    def standing(self, system: int) -> tuple[float | None, Interval]:
        """Give a system's value in the metric's own unit, and its interval."""
        drawing = self._drawing
        value = _signed(self._sign, self.value(system))
        if drawing.silence:
            return value, Interval(None, None, drawing.silence)
        drawn = self._sign * self.drawn(system)
        return value, percentile_interval(drawn, drawing.sizes, confidence=drawing.resampling.confidence)

    def value(self, run: int) -> float | None:
        """Give what a run scores, seen so that more is better."""
        return self._sums[run] / len(self._scores) if len(self._scores) else None

    def drawn(self, run: int) -> Floats:
        """Give what a run scores in each resample, seen so that more is better, shape (resamples,)."""
        sums = self._drawing.resampled
        values: Floats = self._sign * sums[:, self._start + run] / sums[:, -1]
        return values

    def gains(self, pair: tuple[Sequence[int], Sequence[int]]) -> Floats | None:
        """Give how much more the first runs score than the second on each item, on average, shape (items,)."""
        a, b = (self._scores[:, list(runs)].mean(axis=1) for runs in pair)
        apart: Floats = a - b
        return apart

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


class SetBout:
    """A metric of whole sets, such as macro F1: no single item has a score in it."""

    def __init__(self, measured: Measured, drawing: Drawing, start: int) -> None:
        self._measured = measured
        self._drawing = drawing
        self._start = start
        self._drawn: dict[int, Floats] = {}

    def judged(self, pair: Pair) -> PairedDifference:
        """Judge the pair by swapping answers."""
        drawing, statistics = self._drawing, self._measured.statistics
        difference = self.difference(pair)
        interval, p, error = Interval(None, None, drawing.silence), None, None
        if difference is None and len(statistics):
            interval = Interval(None, None, UNDEFINED)
        elif np.array_equal(statistics[:, pair[0]], statistics[:, pair[1]]) and len(statistics):
            interval = Interval(None, None, "the two are counted alike on every item")
        elif len(drawing.sizes) > 1:
            p = self._p(pair)
            if not drawing.silence:
                drawn = self.drawn(pair[0]) - self.drawn(pair[1])
                interval = percentile_interval(drawn, drawing.sizes, confidence=drawing.resampling.confidence)
                error = float(np.std(drawn, ddof=1)) if np.isfinite(drawn).all() else None
        return drawing.judged(Seen(difference, interval, p, "swap", error))

    def standing(self, system: int) -> tuple[float | None, Interval]:
        """Give a system's value in the metric's own unit, and its interval."""
        value, drawing = self.value(system), self._drawing
        if value is None or drawing.silence:
            return _signed(self._measured.sign, value), Interval(None, None, drawing.silence or UNDEFINED)
        drawn = self._measured.sign * self.drawn(system)
        interval = percentile_interval(drawn, drawing.sizes, confidence=drawing.resampling.confidence)
        return _signed(self._measured.sign, value), interval

    def gains(self, pair: tuple[Sequence[int], Sequence[int]]) -> Floats | None:  # noqa: ARG002 - as of a mean
        """Give nothing: no single item has a score in the metric."""
        return None

    def value(self, run: int) -> float | None:
        """Give what a run scores, seen so that more is better; None where the metric is undefined."""
        if not len(self._measured.statistics):
            return None
        sums = self._drawing.totals.sum(axis=0, keepdims=True)
        value = float(self._value(self._columns(sums, run))[0])
        return value if math.isfinite(value) else None

    @property
    def systems(self) -> int:
        """How many systems there are."""
        return int(self._measured.statistics.shape[1])

    def difference(self, pair: Pair) -> float | None:
        """Give how much more the first gains; None where the metric is undefined for one of them."""
        a, b = (self.value(one) for one in pair)
        return None if a is None or b is None else a - b

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

    def drawn(self, run: int) -> Floats:
        """Give what a run scores in each resample, seen so that more is better, shape (resamples,)."""
        if run not in self._drawn:
            self._drawn[run] = self._value(self._columns(self._drawing.resampled, run))
        return self._drawn[run]

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


def _signed(sign: float, value: float | None) -> float | None:
    return None if value is None else sign * value
