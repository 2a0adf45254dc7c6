"""Where a difference lies: each pair judged on each slice of the items, with control of false discoveries."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from harness.evaluation.alignment import Aligned
from harness.evaluation.contests import left_out, narrowed_to
from harness.evaluation.drawing import Drawing, Measured, Pair, Resampling, drawings_of
from harness.evaluation.duels import Bout, bouts_of, columns_of
from harness.evaluation.pairing import PairedDifference, benjamini_hochberg, verdict_of
from harness.evaluation.resampling import Floats, Interval, Part, cluster_totals
from harness.evaluation.results import Score, Slice, SliceDifference, SliceScore

# Below, intervals of skewed scores hold less than they promise: at 12 clusters of unequal size a nominal 0.95
# covered 0.87 (see `statistic_interval`). Such slices are shown, greyed, and no gate should hang on them.
SMALL_CLUSTERS = 20
_CELLS_AT_ONCE = 1 << 25  # of the sums of resamples: 256 MB


@dataclass(frozen=True)
class Cell:
    """One slice: its dimension, its value, and which items belong to it, shape (items,)."""

    dimension: str
    value: str
    members: npt.NDArray[np.bool_]


def cells_of(facets: Mapping[str, Sequence[str]]) -> list[Cell]:
    """Turn labels into slices, the largest of each dimension first."""
    cells = []
    for dimension, labels in facets.items():
        column = np.array(labels)
        values, counts = np.unique(column, return_counts=True)
        order = np.lexsort((values, -counts))
        cells += [Cell(dimension, str(values[place]), column == values[place]) for place in order]
    return cells


def judged_slices(
    aligned: Aligned,
    fields: Mapping[str, Measured],
    pairs: Sequence[Pair],
    cells: Sequence[Cell],
    resampling: Resampling,
) -> tuple[Slice, ...]:
    """Judge pairs on each slice by each metric.

    All slices share one set of draws of whole clusters of the whole set; resamples that drew nothing of a slice
    are left out of its interval. Items that some system was not scored on are left out of every slice. One
    adjustment for false discoveries covers all slices, metrics and pairs together.

    Args:
        aligned: The systems, item by item.
        fields: What was measured of them by each metric, the primary one first.
        pairs: Which systems; seen as in `judged_duels`.
        cells: The slices.
        resampling: Seed, number of draws, confidence and margin.

    Returns:
        The slices by the first metric, then those by the next, and so on.
    """
    if not fields or not cells:
        return ()
    complete = np.logical_not(left_out(aligned).any(axis=1))
    narrowed = [narrowed_to(one, complete) for one in fields.values()]
    field = _Field(narrowed, aligned.clusters[complete], pairs, resampling)
    kept = [Cell(cell.dimension, cell.value, cell.members[complete]) for cell in cells]
    judged = list(field.judged([cell for cell in kept if cell.members.any()]))
    by_metric = [[one[place] for one in judged] for place in range(len(fields))]
    adjusted = iter(benjamini_hochberg([gain.p for row in by_metric for one in row for gain in one.gains]))
    scores = {score.metric: score for score in aligned.runs[0].result.scores}
    ids = [run.result.run_id for run in aligned.runs]
    return tuple(
        _slice(one, _Told(scores[metric], ids, pairs, whole, resampling), adjusted)
        for metric, row, whole in zip(fields, by_metric, field.signs(), strict=True)
        for one in row
    )


@dataclass(frozen=True)
class _Judged:
    """One slice by one metric: what each system scores, and what was found of each pair."""

    cell: Cell
    sizes: Floats  # items of each of its clusters
    standings: Sequence[tuple[float | None, Interval]]
    gains: Sequence[PairedDifference]


@dataclass(frozen=True)
class _Told:
    """What turns a slice's figures into its result."""

    score: Score
    ids: Sequence[str]
    pairs: Sequence[Pair]
    whole: Sequence[float]  # sign of each pair's difference on all items
    resampling: Resampling


class _Field:
    """All metrics of all systems, on the items that all were scored on."""

    def __init__(
        self,
        measured: Sequence[Measured],
        clusters: npt.NDArray[Any],
        pairs: Sequence[Pair],
        resampling: Resampling,
    ) -> None:
        self._measured = measured
        self._columns = columns_of(measured)
        labels, self._cluster = np.unique(clusters, return_inverse=True)
        self._clusters = len(labels)
        self._pairs = pairs
        self._resampling = resampling

    def judged(self, cells: Sequence[Cell]) -> Iterator[list[_Judged]]:
        """Judge some slices at a time, as many as memory is set for; the draws are the same each time."""
        width = 2 * self._resampling.resamples * self._columns.shape[1]
        at_once = max(1, _CELLS_AT_ONCE // width)
        for start in range(0, len(cells), at_once):
            some = cells[start : start + at_once]
            drawings = drawings_of([self._part(cell) for cell in some], self._clusters, self._resampling)
            for cell, drawing in zip(some, drawings, strict=True):
                yield [self._one(cell, bout, drawing.sizes) for bout in self._bouts(cell.members, drawing)]

    def signs(self) -> list[list[float]]:
        """Give by metric the sign of each pair's difference on all items, seen so that more is better."""
        totals, sizes = cluster_totals(self._columns, self._cluster)
        bouts = bouts_of(self._measured, Drawing(totals, sizes, self._resampling))
        return [[float(np.sign(bout.difference(pair) or 0.0)) for pair in self._pairs] for bout in bouts]

    def _part(self, cell: Cell) -> Part:
        own = self._cluster[cell.members]
        totals, _ = cluster_totals(self._columns[cell.members], own)
        return Part(np.unique(own), totals)

    def _bouts(self, members: npt.NDArray[np.bool_], drawing: Drawing) -> list[Bout]:
        own = [replace(one, statistics=one.statistics[members]) for one in self._measured]
        return bouts_of(own, drawing)

    def _one(self, cell: Cell, bout: Bout, sizes: Floats) -> _Judged:
        systems = range(bout.systems)
        standings = [bout.standing(system) for system in systems]
        return _Judged(cell, sizes, standings, [bout.judged(pair) for pair in self._pairs])


def _slice(one: _Judged, told: _Told, adjusted: Iterator[float | None]) -> Slice:
    differences = tuple(
        _difference((told.ids[pair[0]], told.ids[pair[1]]), gain, next(adjusted), whole, told)
        for pair, gain, whole in zip(told.pairs, one.gains, told.whole, strict=True)
    )
    return Slice(
        metric=told.score.metric,
        dimension=one.cell.dimension,
        value=one.cell.value,
        n=int(one.cell.members.sum()),
        clusters=len(one.sizes),
        is_small=len(one.sizes) < SMALL_CLUSTERS,
        scores=tuple(
            SliceScore(
                run_id=run_id, value=value, low=interval.low, high=interval.high, reason=interval.reason
            )
            for run_id, (value, interval) in zip(told.ids, one.standings, strict=True)
        ),
        differences=differences,
    )


def _difference(
    ids: tuple[str, str], gain: PairedDifference, p_fdr: float | None, whole: float, told: _Told
) -> SliceDifference:
    setting = told.resampling
    interval = Interval(gain.low, gain.high, gain.reason)
    verdict = verdict_of(gain.difference, interval, p_fdr, margin=setting.margin, level=setting.level)
    seen = gain if told.score.higher_is_better else _turned(gain)
    return SliceDifference(
        candidate=ids[0],
        baseline=ids[1],
        difference=seen.difference,
        low=seen.low,
        high=seen.high,
        p=gain.p,
        p_fdr=p_fdr,
        verdict=verdict,
        flips=gain.difference is not None and gain.difference * whole < 0,
        reason=gain.reason,
    )


def _turned(gain: PairedDifference) -> PairedDifference:
    """Write a gain of a metric that is better lower in the metric's own unit."""
    low, high = (None if bound is None else -bound for bound in (gain.high, gain.low))
    difference = None if gain.difference is None else -gain.difference
    return replace(gain, difference=difference, low=low, high=high)
