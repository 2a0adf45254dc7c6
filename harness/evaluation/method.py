"""How a comparison was made, in sentences: the method, and what a reader has to know beside the figures."""

from collections.abc import Sequence

from harness.evaluation.alignment import Aligned
from harness.evaluation.contests import Contest, left_out
from harness.evaluation.drawing import Resampling
from harness.evaluation.metrics import name_for_people
from harness.evaluation.pairing import ENUMERATED_CLUSTERS
from harness.evaluation.slices import SMALL_CLUSTERS


def are_independent(aligned: Aligned) -> bool:
    """Whether the items' clusters are unknown: results of other tools name none, unless they are given."""
    items = aligned.runs[0].items
    return not aligned.runs[0].subject.splits and items.column("cluster").equals(items.column("item_id"))


def method_of(contests: Sequence[Contest], resampling: Resampling, *, pairs: int) -> str:
    """Say how pairs were judged, for whoever reads the result."""

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


def notes_of(aligned: Aligned, contests: Sequence[Contest], resampling: Resampling) -> tuple[str, ...]:
    """Say what a reader has to know beside the figures: what was left out, and what was assumed."""
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
