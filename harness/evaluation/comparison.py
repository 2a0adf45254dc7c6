"""Several runs on one task, compared in pairs on the same items, with a verdict on each pair."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from harness.core.errors import ConfigurationError
from harness.core.settings import suggestion
from harness.evaluation.alignment import Aligned, RunItems, align
from harness.evaluation.deciding import deciding_items
from harness.evaluation.pairing import PairedDifference, holm, paired_differences, verdict_of
from harness.evaluation.resampling import CONFIDENCE, RESAMPLES, Floats, Interval
from harness.evaluation.results import Comparison, Difference, RunResult, Score

__all__ = ["RunItems", "compare"]


@dataclass(frozen=True)
class _Resampling:
    seed: int
    resamples: int
    confidence: float
    margin: float

    @property
    def level(self) -> float:
        return 1 - self.confidence


@dataclass(frozen=True)
class _Contest:
    """One pair on one metric: the runs' places, and the candidate's gain on each item (NaN: left out)."""

    score: Score  # the metric's name, signature and direction
    candidate: int
    baseline: int
    gains: Floats


def compare(
    runs: Sequence[RunItems],
    *,
    baseline: str | None = None,
    margin: float = 0.0,
    seed: int = 0,
    resamples: int = RESAMPLES,
    confidence: float = CONFIDENCE,
) -> Comparison:
    """Compare runs of one task, each pair of them, or each with a baseline.

    A pair is judged on every metric that is a mean over items; the pairs of one metric are a family whose
    p-values are adjusted by Holm's method, and the verdict goes by the adjusted one. In each pair the
    candidate is the run that ranks higher, or the one that is not the baseline.

    Args:
        runs: Two or more runs.
        baseline: A run's id, or the name or URI of a system that only one run has.
        margin: Largest difference that does not matter, in the metrics' unit (a share, mostly), >= 0.
        seed: Of the resampling.
        resamples: How often clusters, and signs, are drawn.
        confidence: Of intervals, in (0, 1); tests are made at one less it.

    Raises:
        ConfigurationError: Fewer than two runs, an unknown baseline, or a margin below 0.
        NoEvidenceError: The runs differ in task, version, metric signatures or items.
    """
    if margin < 0:
        raise ConfigurationError(f"the margin is {margin:g}", where="--margin", remedy="give 0 or more")
    aligned = align(sorted(runs, key=lambda run: _rank(run.result)))
    results = tuple(run.result for run in aligned.runs)
    base = None if baseline is None else _baseline(results, baseline)
    resampling = _Resampling(seed, resamples, confidence, margin)
    contests = _contests(aligned, base)
    primary = results[0].scores[0].metric
    return Comparison(
        subject=aligned.runs[0].subject,
        runs=results,
        differences=_differences(contests, aligned, resampling),
        items=deciding_items(aligned, primary) if primary in aligned.scores else (),
        method=_method(resampling, pairs=len({(c.candidate, c.baseline) for c in contests})),
        notes=_notes(aligned, resampling),
    )


def _rank(result: RunResult) -> tuple[bool, float, str, str]:
    """Order runs best first by the primary metric; a run without a value comes last."""
    primary = result.scores[0]
    value = primary.value if primary.value is not None else 0.0
    return (
        primary.value is None,
        -value if primary.higher_is_better else value,
        result.system.name,
        result.run_id,
    )


def _baseline(results: Sequence[RunResult], wanted: str) -> int:
    matching = [
        place
        for place, result in enumerate(results)
        if wanted in (result.run_id, result.system.name, result.system.uri)
    ]
    if len(matching) == 1:
        return matching[0]
    raise ConfigurationError(
        f"{len(matching) or 'no'} runs match the baseline '{wanted}'",
        where="--baseline",
        remedy="give a run's id" if matching else suggestion(wanted, [run.system.name for run in results]),
    )


def _contests(aligned: Aligned, baseline: int | None) -> list[_Contest]:
    places = range(len(aligned.runs))
    if baseline is None:
        pairs = list(combinations(places, 2))
    else:
        pairs = [(place, baseline) for place in places if place != baseline]
    return [
        _Contest(score, candidate, base, _gains(aligned.scores[score.metric], candidate, base, score))
        for score in aligned.runs[0].result.scores
        if score.metric in aligned.scores
        for candidate, base in pairs
    ]


def _gains(scores: Floats, candidate: int, baseline: int, score: Score) -> Floats:
    gains: Floats = scores[:, candidate] - scores[:, baseline]
    return gains if score.higher_is_better else -gains


def _differences(
    contests: Sequence[_Contest], aligned: Aligned, resampling: _Resampling
) -> tuple[Difference, ...]:
    paired = _paired(contests, aligned.clusters, resampling)
    families: dict[str, list[int]] = defaultdict(list)
    for place, contest in enumerate(contests):
        families[contest.score.metric].append(place)
    adjusted: dict[int, float | None] = {}
    for places in families.values():
        adjusted |= zip(places, holm([paired[place].p for place in places]), strict=True)
    return tuple(
        _difference(contest, paired[place], adjusted[place], aligned, resampling)
        for place, contest in enumerate(contests)
    )


def _paired(
    contests: Sequence[_Contest], clusters: np.ndarray, resampling: _Resampling
) -> list[PairedDifference]:
    """Judge all contests over the same items with one set of draws."""
    by_items: dict[bytes, list[int]] = defaultdict(list)
    for place, contest in enumerate(contests):
        by_items[np.isfinite(contest.gains).tobytes()].append(place)
    paired: dict[int, PairedDifference] = {}
    for places in by_items.values():
        scored = np.isfinite(contests[places[0]].gains)
        judged = paired_differences(
            np.column_stack([contests[place].gains[scored] for place in places]),
            clusters[scored],
            seed=resampling.seed,
            resamples=resampling.resamples,
            confidence=resampling.confidence,
            margin=resampling.margin,
        )
        paired |= zip(places, judged, strict=True)
    return [paired[place] for place in range(len(contests))]


def _difference(
    contest: _Contest,
    paired: PairedDifference,
    p_holm: float | None,
    aligned: Aligned,
    resampling: _Resampling,
) -> Difference:
    gain = Interval(paired.low, paired.high, paired.reason)
    sign = 1.0 if contest.score.higher_is_better else -1.0
    bounds = [gain.low, gain.high] if sign > 0 else [gain.high, gain.low]
    low, high = (None if bound is None else sign * bound for bound in bounds)
    return Difference(
        metric=contest.score.metric,
        baseline=aligned.runs[contest.baseline].result.run_id,
        candidate=aligned.runs[contest.candidate].result.run_id,
        difference=None if paired.difference is None else sign * paired.difference,
        low=low,
        high=high,
        confidence=resampling.confidence,
        p=paired.p,
        p_holm=p_holm,
        n=paired.n,
        clusters=paired.clusters,
        wins=paired.wins,
        ties=paired.ties,
        losses=paired.losses,
        margin=resampling.margin,
        verdict=verdict_of(paired.difference, gain, p_holm, margin=resampling.margin, level=resampling.level),
        signature=f"{contest.score.signature}|paired|resampled:clusters|n:{resampling.resamples}|seed:{resampling.seed}",
        reason=paired.reason,
    )


def _method(resampling: _Resampling, *, pairs: int) -> str:
    percent, level = f"{resampling.confidence * 100:.4g} %", f"{resampling.level:.4g}"
    return (
        f"Each pair is judged on the same items. Intervals ({percent}) draw whole clusters of near-duplicates "
        f"with replacement {resampling.resamples:,} times and read off percentiles, taken further out the fewer "
        f"or more unequal the clusters are. p-values flip the sign of whole clusters, in all patterns where at "
        f"most 14 clusters differ, else in {resampling.resamples:,} random ones; Holm's method adjusts them over "
        f"the {pairs} {'pair' if pairs == 1 else 'pairs'} of a metric, while intervals are not adjusted. Better and "
        f"worse: the adjusted p is at most {level} and the interval leaves zero out. Equivalent: the whole "
        f"interval lies within ±{resampling.margin:g} (two one-sided tests at {resampling.level / 2:.4g} each). "
        f"Otherwise inconclusive. Seed {resampling.seed}."
    )


def _notes(aligned: Aligned, resampling: _Resampling) -> tuple[str, ...]:
    notes = []
    unpaired = [s.metric for s in aligned.runs[0].result.scores if s.metric not in aligned.scores]
    if unpaired:
        notes.append(
            f"{', '.join(unpaired)}: told for each system, but not compared in pairs, since it is no mean over items."
        )
    for place, run in enumerate(aligned.runs):
        left_out = max((int(np.isnan(s[:, place]).sum()) for s in aligned.scores.values()), default=0)
        if left_out:
            notes.append(
                f"{run.result.system.name}: {left_out} items without an answer were left out of its pairs."
            )
    if resampling.margin == 0:
        notes.append("No margin was set, so no two systems can be called equivalent.")
    return tuple(notes)
