"""Every pair of runs on every metric, judged by the test that fits the metric."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from harness.evaluation.alignment import Aligned
from harness.evaluation.metrics import Metric, set_metric
from harness.evaluation.pairing import PairedDifference, paired_differences
from harness.evaluation.resampling import Floats
from harness.evaluation.results import Score
from harness.evaluation.swapping import swapped_difference

Pair = tuple[int, int]  # places of the candidate and of the baseline among the runs


@dataclass(frozen=True)
class Resampling:
    """How chance is told from difference; see `harness.evaluation.comparison.compare`."""

    seed: int
    resamples: int
    confidence: float
    margin: float

    @property
    def level(self) -> float:
        """The level of tests."""
        return 1 - self.confidence


@dataclass(frozen=True)
class Contest:
    """One pair on one metric, judged; the difference is a gain: above zero where the candidate is better."""

    score: Score  # the metric's name, signature and direction
    pair: Pair
    gain: PairedDifference
    test: str  # what p comes from, for the signature


def judged_contests(aligned: Aligned, pairs: Sequence[Pair], resampling: Resampling) -> list[Contest]:
    """Judge pairs on every metric that can be compared, metric by metric in the order of the scores.

    A mean over items is judged by each item's gain, any other metric that this version of harness knows by
    its signature from the answers themselves; the rest is passed over.
    """
    contests: list[Contest] = []
    means = _judged_means(aligned, pairs, resampling)
    for score in aligned.runs[0].result.scores:
        if score.metric in aligned.scores:
            contests += [Contest(score, pair, means[score.metric, pair], "sign-flip") for pair in pairs]
        elif metric := set_metric(score.signature):
            sets = _judged_sets(aligned, pairs, metric, score, resampling)
            contests += [Contest(score, pair, gain, "swap") for pair, gain in zip(pairs, sets, strict=True)]
    return contests


def _judged_means(
    aligned: Aligned, pairs: Sequence[Pair], resampling: Resampling
) -> dict[tuple[str, Pair], PairedDifference]:
    """Judge all contests over the same items with one set of draws."""
    by_items: dict[bytes, dict[tuple[str, Pair], Floats]] = defaultdict(dict)
    for score in aligned.runs[0].result.scores:
        for pair in pairs if score.metric in aligned.scores else ():
            gains = _gains(aligned.scores[score.metric], pair, score)
            by_items[np.isfinite(gains).tobytes()][score.metric, pair] = gains
    judged: dict[tuple[str, Pair], PairedDifference] = {}
    for contests in by_items.values():
        gains = np.column_stack(list(contests.values()))
        scored = np.isfinite(gains).all(axis=1)
        results = paired_differences(
            gains[scored],
            aligned.clusters[scored],
            seed=resampling.seed,
            resamples=resampling.resamples,
            confidence=resampling.confidence,
            margin=resampling.margin,
        )
        judged |= zip(contests, results, strict=True)
    return judged


def _gains(scores: Floats, pair: Pair, score: Score) -> Floats:
    candidate, baseline = pair
    gains: Floats = scores[:, candidate] - scores[:, baseline]
    return gains if score.higher_is_better else -gains


def _judged_sets(
    aligned: Aligned, pairs: Sequence[Pair], metric: Metric, score: Score, resampling: Resampling
) -> list[PairedDifference]:
    """Count the answers anew: what runs keep of an item are its reference and the answers to it."""
    references = aligned.runs[0].items.column("reference").to_pylist()
    statistics = [
        metric.statistics(references, run.items.column("output").to_pylist()) for run in aligned.runs
    ]
    sign = 1.0 if score.higher_is_better else -1.0
    missing = left_out(aligned)
    judged = []
    for candidate, baseline in pairs:
        scored = ~missing[:, [candidate, baseline]].any(axis=1)
        judged.append(
            swapped_difference(
                statistics[candidate][scored],
                statistics[baseline][scored],
                aligned.clusters[scored],
                lambda totals: sign * metric.formula(totals),
                seed=resampling.seed,
                resamples=resampling.resamples,
                confidence=resampling.confidence,
                margin=resampling.margin,
            )
        )
    return judged


def left_out(aligned: Aligned) -> npt.NDArray[np.bool_]:
    """Tell which items each run left out of its scores, shape (items, runs): those that lack one."""
    missing = np.zeros((len(aligned.clusters), len(aligned.runs)), dtype=np.bool_)
    for scores in aligned.scores.values():
        missing |= np.isnan(scores)
    return missing
