"""Several runs on one task, compared in pairs on the same items, with a verdict on each pair."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import combinations, groupby

from harness.core.errors import ConfigurationError
from harness.core.settings import suggestion
from harness.evaluation.alignment import Aligned, RunItems, align
from harness.evaluation.bands import bands_of, places_of
from harness.evaluation.contests import Contest, judged_contests, measured_fields
from harness.evaluation.deciding import all_wrong_items, deciding_items, items_apart
from harness.evaluation.drawing import Measured, Pair, Resampling
from harness.evaluation.facets import Traits, facets_of
from harness.evaluation.method import are_independent, method_of, notes_of
from harness.evaluation.pairing import SeedSpread, holm, verdict_of
from harness.evaluation.resampling import CONFIDENCE, RESAMPLES, Interval
from harness.evaluation.results import AllWrong, Comparison, Difference, RunResult, Score, SeedVerdict
from harness.evaluation.seeds import as_systems, teams_of
from harness.evaluation.slices import cells_of, judged_slices

__all__ = ["RunItems", "compare"]


def compare(  # noqa: PLR0913 - each is a choice that a reader of the result asks for
    runs: Sequence[RunItems],
    *,
    baseline: str | None = None,
    margin: float = 0.0,
    seed: int = 0,
    resamples: int = RESAMPLES,
    confidence: float = CONFIDENCE,
    traits: Traits | None = None,
    seeds: Mapping[str, Sequence[str]] | None = None,
) -> Comparison:
    """Compare runs of one task, each pair of them, or each with a baseline.

    A pair is judged on every metric, by the gains on single items where the metric is their mean, else by
    swapping answers (see `harness.evaluation.swapping`). The pairs of one metric are a family whose p-values
    are adjusted by Holm's method, and the verdict goes by the adjusted one. In each pair the candidate is the run that ranks higher, or the one that is not the baseline.

    Args:
        runs: Two or more runs.
        baseline: A run's id, or the name or URI of a system that only one run has.
        margin: Largest difference that does not matter, in the metrics' unit (a share, mostly), >= 0.
        seed: Of the resampling.
        resamples: How often clusters, and signs or swaps, are drawn.
        confidence: Of intervals, in (0, 1); tests are made at one less it.
        traits: What is known of documents beside the items, to slice by.
        seeds: Runs of one system that differ in their seed alone, by the system's name; they are compared as one,
            as are runs whose system says so itself (see `harness.evaluation.seeds.teams_of`).

    Raises:
        ConfigurationError: Fewer than two runs, an unknown baseline, a seed below 0, a margin that is none, or
            runs of different systems among the seeds of one.
        NoEvidenceError: The runs differ in task, version, metric signatures or items.
    """
    if not 0 <= margin < math.inf:  # NaN is neither
        raise ConfigurationError(f"the margin is {margin:g}", where="--margin", remedy="give 0 or more")
    if seed < 0:
        raise ConfigurationError(f"the seed is {seed}", where="--seed", remedy="give 0 or more")
    resampling = Resampling(seed, resamples, confidence, margin)
    aligned, fields = _systems(
        align(sorted(runs, key=lambda run: _rank(run.result))), seeds or {}, resampling
    )
    results = tuple(run.result for run in aligned.runs)
    base = None if baseline is None else _baseline(results, baseline)
    pairs = _pairs(len(results), base)
    contests = judged_contests(aligned, fields, pairs, resampling)
    primary = results[0].scores[0]
    differences = _differences(contests, results, resampling)
    decided = differences if base is None else ()
    cells = cells_of(facets_of(aligned.runs[0].items, traits))
    return Comparison(
        subject=aligned.runs[0].subject,
        runs=results,
        differences=differences,
        items=deciding_items(aligned, primary.metric) if primary.metric in aligned.scores else (),
        method=method_of(contests, resampling, pairs=len(pairs)),
        notes=notes_of(aligned, contests, resampling),
        all_wrong=_all_wrong(aligned, primary),
        bands=bands_of(results, decided),
        places=places_of(results, decided),
        baseline=None if base is None else results[base].run_id,
        are_independent=are_independent(aligned),
        items_apart=items_apart(aligned, primary.metric) if primary.metric in aligned.scores else 0,
        slices=judged_slices(aligned, fields, pairs, cells, resampling),
    )


def _systems(
    aligned: Aligned, named_seeds: Mapping[str, Sequence[str]], resampling: Resampling
) -> tuple[Aligned, dict[str, Measured]]:
    """Put the runs of one system together, and order the systems best first."""
    fields = measured_fields(aligned)
    teams = teams_of([run.result for run in aligned.runs], named_seeds)
    if len(teams) == len(aligned.runs):
        return aligned, fields
    if len(teams) < 2:
        raise ConfigurationError(
            "all runs are seeds of one system: there is nothing to compare it with",
            where="--seeds",
            remedy="add runs of another system",
        )
    pooled, grouped = as_systems(aligned, fields, teams, resampling)
    order = sorted(range(len(teams)), key=lambda place: _rank(pooled.runs[place].result))
    ranked = {
        metric: replace(one, systems=tuple(one.systems[place] for place in order))
        for metric, one in grouped.items()
    }
    scores = {metric: column[:, order] for metric, column in pooled.scores.items()}
    return Aligned(tuple(pooled.runs[place] for place in order), pooled.clusters, scores), ranked


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


def _all_wrong(aligned: Aligned, primary: Score) -> AllWrong:
    """Look for them where 0 means wrong; of an error rate, 0 is the best."""
    if primary.metric not in aligned.scores or not primary.higher_is_better:
        return AllWrong()
    return all_wrong_items(aligned, primary.metric)


def _pairs(runs: int, baseline: int | None) -> list[Pair]:
    if baseline is None:
        return list(combinations(range(runs), 2))
    return [(place, baseline) for place in range(runs) if place != baseline]


def _differences(
    contests: Sequence[Contest], results: Sequence[RunResult], resampling: Resampling
) -> tuple[Difference, ...]:
    differences: list[Difference] = []
    for _, family in groupby(contests, key=lambda contest: contest.score.metric):
        judged = list(family)
        adjusted = holm([contest.gain.p for contest in judged])
        differences += [
            _difference(contest, p_holm, results, resampling)
            for contest, p_holm in zip(judged, adjusted, strict=True)
        ]
    return tuple(differences)


def _difference(
    contest: Contest, p_holm: float | None, results: Sequence[RunResult], resampling: Resampling
) -> Difference:
    gain, score = contest.gain, contest.score
    interval = Interval(gain.low, gain.high, gain.reason)
    sign = 1.0 if score.higher_is_better else -1.0
    bounds = [gain.low, gain.high] if sign > 0 else [gain.high, gain.low]
    low, high = (None if bound is None else sign * bound for bound in bounds)
    candidate, baseline = contest.pair
    return Difference(
        metric=score.metric,
        baseline=results[baseline].run_id,
        candidate=results[candidate].run_id,
        difference=None if gain.difference is None else sign * gain.difference,
        low=low,
        high=high,
        confidence=resampling.confidence,
        p=gain.p,
        p_holm=p_holm,
        n=gain.n,
        clusters=gain.clusters,
        wins=gain.wins,
        ties=gain.ties,
        losses=gain.losses,
        margin=resampling.margin,
        verdict=verdict_of(
            gain.difference, interval, p_holm, margin=resampling.margin, level=resampling.level
        ),
        signature=f"{score.signature}|paired|test:{gain.test}|resampled:clusters"
        f"|n:{resampling.resamples}|seed:{resampling.seed}",
        reason=gain.reason,
        effect=None if gain.effect is None else sign * gain.effect,
        power=gain.power,
        seeds=None if gain.spread is None else _seeds(gain.spread),
    )


def _seeds(spread: SeedSpread) -> SeedVerdict:
    return SeedVerdict(
        candidate_runs=spread.runs[0],
        baseline_runs=spread.runs[1],
        candidate_sd=spread.deviations[0],
        baseline_sd=spread.deviations[1],
        claims=dict(spread.claims),
    )
