"""Several runs on one task, compared in pairs on the same items, with a verdict on each pair."""

import math
from collections.abc import Mapping, Sequence
from itertools import combinations, groupby

from harness.core.errors import ConfigurationError
from harness.core.settings import suggestion
from harness.evaluation.alignment import Aligned, RunItems, align
from harness.evaluation.bands import bands_of, places_of
from harness.evaluation.contests import Contest, judged_contests, left_out, measured_fields
from harness.evaluation.deciding import all_wrong_items, deciding_items, items_apart
from harness.evaluation.drawing import Measured, Pair, Resampling
from harness.evaluation.facets import Traits, facets_of
from harness.evaluation.metrics import name_for_people
from harness.evaluation.pairing import ENUMERATED_CLUSTERS, SeedSpread, holm, verdict_of
from harness.evaluation.resampling import CONFIDENCE, RESAMPLES, Interval
from harness.evaluation.results import AllWrong, Comparison, Difference, RunResult, Score, SeedVerdict
from harness.evaluation.seeds import as_systems, teams_of
from harness.evaluation.slices import SMALL_CLUSTERS, cells_of, judged_slices

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
        method=_method(contests, resampling, pairs=len(pairs)),
        notes=_notes(aligned, contests, resampling),
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
    pooled, _ = as_systems(aligned, fields, teams, resampling)
    order = sorted(range(len(teams)), key=lambda place: _rank(pooled.runs[place].result))
    return as_systems(aligned, fields, [teams[place] for place in order], resampling)


def are_independent(aligned: Aligned) -> bool:
    """Whether the items' clusters are unknown: results of other tools name none, unless they are given."""
    items = aligned.runs[0].items
    return not aligned.runs[0].subject.splits and items.column("cluster").equals(items.column("item_id"))


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


def _method(contests: Sequence[Contest], resampling: Resampling, *, pairs: int) -> str:
    def told_by(test: str) -> str:
        found = dict.fromkeys(contest.score.metric for contest in contests if contest.gain.test == test)
        return ", ".join(map(name_for_people, found))

    swapped, exact, seeded = told_by("swap"), told_by("mcnemar-mid-p"), told_by("two-level-t")
    swaps = f" For {swapped} they swap the two systems' answers instead." if swapped else ""
    coins = (
        f" For {exact}, where items are right or wrong and none has a copy, they are McNemar's exact mid-p."
        if exact
        else ""
    )
    percent, level = f"{resampling.confidence * 100:.4g} %", f"{resampling.level:.4g}"
    seeds = (
        " Systems of several runs are compared by the mean over their runs; intervals and p are then Student's t, of "
        "the clusters' variance, drawn as above, and that between runs."
        if seeded
        else ""
    )
    equivalent = (
        f" Equivalent: the whole interval lies within ±{resampling.margin:g} (two one-sided tests at "
        f"{resampling.level / 2:.4g} each)."
    )
    return (
        f"Each pair is judged on the same items. Intervals ({percent}) draw whole clusters of near-duplicates "
        f"with replacement {resampling.resamples:,} times and read off percentiles, taken further out the fewer "
        f"or more unequal the clusters are. p-values flip the sign of whole clusters, in all patterns where at "
        f"most {ENUMERATED_CLUSTERS} clusters differ, else in {resampling.resamples:,} random ones.{coins}{swaps}{seeds} Holm's method "
        f"adjusts them over "
        f"the {pairs} {'pair' if pairs == 1 else 'pairs'} of a metric, while intervals are not adjusted. Better and "
        f"worse: the adjusted p is at most {level} and the interval leaves zero out."
        f"{equivalent if resampling.margin else ''} Otherwise inconclusive. What can be seen: the true difference "
        f"that one such test, unadjusted, finds in 80 of 100 comparisons of this size. Systems share a band where no "
        f"two of them are better or worse. In slices p is adjusted over all slices, metrics and pairs by the false-discovery rate "
        f"(Benjamini and Hochberg); those of fewer than {SMALL_CLUSTERS} clusters are greyed. Seed {resampling.seed}."
    )


def _seed_notes(aligned: Aligned) -> list[str]:
    several = [run.result for run in aligned.runs if run.result.seeds]
    notes = []
    for result in several:
        spreads = [
            f"{name_for_people(score.metric)} {score.between_runs:.3g}"
            for score in result.scores
            if score.between_runs is not None
        ]
        between = f" Standard deviation between them: {', '.join(spreads)}." if spreads else ""
        runs = len(result.seeds.runs) if result.seeds else 0
        notes.append(
            f"{result.system.name}: {runs} runs that differ in their seed alone, compared as one system by their mean."
            f"{between} Of an item the answer is shown that most of them gave."
        )
    if several and len(several) < len(aligned.runs):
        notes.append(
            "A system of one run is taken to vary between seeds as much as the other of its pair: for one that has no "
            "seed, p is too large and the interval too wide."
        )
    return notes


def _notes(aligned: Aligned, contests: Sequence[Contest], resampling: Resampling) -> tuple[str, ...]:
    notes = []
    compared = {contest.score.metric for contest in contests}
    unpaired = [s.metric for s in aligned.runs[0].result.scores if s.metric not in compared]
    if unpaired:
        notes.append(
            f"{', '.join(map(name_for_people, unpaired))}: told for each system, but not compared in pairs: this version of harness "
            "does not know how its signature counts answers."
        )
    notes += _seed_notes(aligned)
    for run, missing in zip(aligned.runs, left_out(aligned).sum(axis=0).tolist(), strict=True):
        if missing:
            notes.append(
                f"{run.result.system.name}: {missing} items without an answer were left out of its pairs."
            )
    if are_independent(aligned):
        notes.append(
            "Every item was taken for independent of all others, since no clusters were given. Where items are copies of "
            "each other, or cut from one document, p is too small and intervals too narrow: name them by --clusters."
        )
    if resampling.margin == 0:
        notes.append("No margin was set, so no two systems can be called equivalent.")
    return tuple(notes)
