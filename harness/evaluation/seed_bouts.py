"""Pairs of systems of which each has several runs that differ in their seed alone: chance at two levels.

What a system would score with yet another seed on yet other items is uncertain twice. Clusters of items are drawn
as for single runs. Runs are drawn as well, in closed form: with the three or five that people have, drawn ones
have a dozen values, of a spread that is too small by the factor (m - 1) / m, and no tails (Rao and Wu 1988; Colas,
Sigaud and Oudeyer 2019). Runs and items are crossed, and resampling both at once counts what is left of noise in a
single answer up to three times (McCullagh 2000; Owen 2007, "pigeonhole bootstrap"); so the share of the spread
between runs that comes from the items is measured in the same draws and taken off, as in an analysis of variance.
The sum of both variances is read off Student's t with the degrees of freedom of Welch and Satterthwaite.
"""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import product

import numpy as np

from harness.evaluation.bouts import UNDEFINED, MeanBout, SetBout
from harness.evaluation.drawing import Drawing, Measured, Pair, Seen
from harness.evaluation.pairing import PairedDifference, SeedSpread
from harness.evaluation.power import POWER, effect_size
from harness.evaluation.resampling import Floats, Interval, freedom_of
from harness.evaluation.results import Outcome, Power
from harness.evaluation.student import student_bound, student_p

TEST = "two-level-t"
_NO_SPREAD = "neither items nor runs differ in it: chance cannot be measured"


@dataclass(frozen=True)
class _Runs:
    """The runs of one system: their values on all items, and in each resample of clusters, shape (resamples, m)."""

    values: Floats
    drawn: Floats

    @property
    def deviation(self) -> float | None:
        """Give the standard deviation between the runs; None for a single one."""
        return float(np.std(self.values, ddof=1)) if len(self.values) > 1 else None

    def variance(self, inflation: float) -> float:
        """Estimate the variance of the mean over runs that is due to the seeds, without that of the items."""
        m = len(self.values)
        if m < 2:
            return 0.0
        apart = self.drawn - self.drawn.mean(axis=1, keepdims=True)
        of_items = inflation * float(np.var(apart, axis=0, ddof=1).mean()) * m / (m - 1)
        return max(float(np.var(self.values, ddof=1)) - of_items, 0.0) / m


@dataclass(frozen=True)
class _Chance:
    """How much chance moves a value: the variance that items cause, that of each system's runs, and what they rest on."""

    of_items: float
    freedom: float
    of_runs: tuple[tuple[float, int], ...]  # variance, and degrees of freedom

    @property
    def error(self) -> float:
        """The standard error."""
        return math.sqrt(self.of_items + sum(variance for variance, _ in self.of_runs))

    @property
    def degrees(self) -> float:
        """Degrees of freedom of the error (Satterthwaite 1946)."""
        parts = [(self.of_items, self.freedom), *self.of_runs]
        return self.error**4 / sum(variance**2 / freedom for variance, freedom in parts if variance > 0)


class SeedBout:
    """One metric of systems that have several runs; a pair of single runs is judged as ever."""

    def __init__(self, single: MeanBout | SetBout, measured: Measured, drawing: Drawing) -> None:
        self._single = single
        self._systems = measured.systems
        self._sign = measured.sign
        self._drawing = drawing

    def judged(self, pair: Pair) -> PairedDifference:
        """Judge the pair by the means over its systems' runs."""
        a, b = (self._systems[system] for system in pair)
        if len(a) == len(b) == 1:
            return self._single.judged((a[0], b[0]))
        drawing, gains = self._drawing, self._single.gains((a, b))
        runs = None if drawing.silence else self._of((a, b))
        spread = SeedSpread((len(a), len(b)), (None, None))
        if runs is None:
            reason = drawing.silence or UNDEFINED
            return drawing.judged(
                Seen(self.difference(pair), Interval(None, None, reason), None, TEST, None, spread=spread)
            )
        difference = float(runs[0].values.mean() - runs[1].values.mean())
        chance = self._chance(runs[0].drawn.mean(axis=1) - runs[1].drawn.mean(axis=1), runs)
        p, interval = self._told(difference, chance)
        seen = Seen(
            difference=difference,
            interval=interval,
            p=p,
            test=TEST,
            error=None,
            power=self._power(chance, difference),
            spread=replace(spread, deviations=(runs[0].deviation, runs[1].deviation)),
        )
        if gains is not None:
            seen = replace(
                seen,
                effect=effect_size(gains),
                wins=int((gains > 0).sum()),
                ties=int((gains == 0).sum()),
                losses=int((gains < 0).sum()),
            )
        return drawing.judged(seen)

    def claims(self, pair: Pair) -> dict[Outcome, int]:
        """Count what comparisons of one run with one run would have said, the usual way, not adjusted."""
        runs = product(self._systems[pair[0]], self._systems[pair[1]])
        counted = Counter(self._single.judged(one).verdict for one in runs)
        return dict(sorted(counted.items()))

    def standing(self, system: int) -> tuple[float | None, Interval]:
        """Give a system's mean over its runs in the metric's own unit, and its interval."""
        places = self._systems[system]
        if len(places) == 1:
            return self._single.standing(places[0])
        if self._drawing.silence:
            mean = self._mean(places)
            return (None if mean is None else self._sign * mean), Interval(None, None, self._drawing.silence)
        found = self._of((places,))
        if found is None:
            return None, Interval(None, None, UNDEFINED)
        (runs,) = found
        mean = float(runs.values.mean())
        _, interval = self._told(mean, self._chance(runs.drawn.mean(axis=1), found))
        if interval.low is None or interval.high is None:
            return self._sign * mean, interval
        low, high = sorted((self._sign * interval.low, self._sign * interval.high))
        return self._sign * mean, Interval(low, high)

    def deviation(self, system: int) -> float | None:
        """Give the standard deviation of the metric between a system's runs; None for a single one."""
        values = [self._single.value(place) for place in self._systems[system]]
        known = [value for value in values if value is not None]
        return float(np.std(known, ddof=1)) if len(known) == len(values) > 1 else None

    @property
    def systems(self) -> int:
        """How many systems there are."""
        return len(self._systems)

    def difference(self, pair: Pair) -> float | None:
        """Give how much more the first gains, on average over its runs; None where the metric is undefined."""
        a, b = (self._mean(self._systems[system]) for system in pair)
        return None if a is None or b is None else a - b

    def _mean(self, places: Sequence[int]) -> float | None:
        values = [self._single.value(place) for place in places]
        known = [value for value in values if value is not None]
        return math.fsum(known) / len(known) if len(known) == len(values) else None

    def _of(self, systems: Sequence[Sequence[int]]) -> list[_Runs] | None:
        """Give the runs of systems; None where one of them has no value, of all items or in a resample."""
        found = []
        for places in systems:
            whole = [self._single.value(place) for place in places]
            drawn = np.column_stack([self._single.drawn(place) for place in places])
            if None in whole or not np.isfinite(drawn).all():
                return None
            found.append(_Runs(np.array(whole, dtype=np.float64), drawn))
        return found

    def _chance(self, drawn: Floats, runs: Sequence[_Runs]) -> _Chance:
        clusters = len(self._drawing.sizes)
        inflation = clusters / (clusters - 1)  # a bootstrap's variance is too small by as much
        of_runs = [(one.variance(inflation), len(one.values) - 1) for one in runs if len(one.values) > 1]
        if len(runs) > len(of_runs):
            # Nobody knows what another run of the single one would score; its seeds are taken to matter as much.
            (variance, freedom), m = of_runs[0], max(len(one.values) for one in runs)
            of_runs = [(variance * (1 + m), freedom)]
        return _Chance(
            of_items=inflation * float(np.var(drawn, ddof=1)),
            freedom=freedom_of(self._drawing.sizes),
            of_runs=tuple(of_runs),
        )

    def _told(self, value: float, chance: _Chance) -> tuple[float | None, Interval]:
        if not chance.error:
            return None, Interval(None, None, _NO_SPREAD)
        reach = student_bound(self._drawing.resampling.level, chance.degrees) * chance.error
        return student_p(value / chance.error, chance.degrees), Interval(value - reach, value + reach)

    def _power(self, chance: _Chance, difference: float) -> Power:
        """Work out what can be detected, and with how many more items; more items do not make runs agree."""
        if not chance.error:
            return Power(reason=_NO_SPREAD)
        level, degrees = self._drawing.resampling.level, chance.degrees
        reach = student_bound(level, degrees) + student_bound(2 * (1 - POWER), degrees)
        if not difference:
            return Power(
                detectable=reach * chance.error, reason="no difference was seen that more could prove"
            )
        left = (difference / reach) ** 2 - sum(variance for variance, _ in chance.of_runs)
        if left <= 0:
            reason = "no number of items could prove it with so few runs: they differ too much"
            return Power(detectable=reach * chance.error, reason=reason)
        times = chance.of_items / left
        return Power(
            detectable=reach * chance.error,
            needed_clusters=math.ceil(times * len(self._drawing.sizes)),
            needed_items=math.ceil(times * float(self._drawing.sizes.sum())),
        )
