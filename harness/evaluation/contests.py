"""Every pair of runs on every metric, judged by the test that fits the metric."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from harness.evaluation.alignment import Aligned
from harness.evaluation.duels import Measured, Pair, Resampling, judged_duels
from harness.evaluation.metrics import Metric
from harness.evaluation.pairing import PairedDifference
from harness.evaluation.recounting import metric_again
from harness.evaluation.resampling import Floats
from harness.evaluation.results import Score


@dataclass(frozen=True)
class Contest:
    """One pair on one metric, judged; the difference is a gain: above zero where the candidate is better."""

    score: Score  # the metric's name, signature and direction
    pair: Pair
    gain: PairedDifference


def judged_contests(aligned: Aligned, pairs: Sequence[Pair], resampling: Resampling) -> list[Contest]:
    """Judge pairs on every metric that can be compared, metric by metric in the order of the scores.

    A mean over items is judged by each item's gain, any other metric that this version of harness knows by
    its signature from the answers themselves; the rest is passed over. Pairs that left the same items out
    share one set of draws.
    """
    measured = {
        score.metric: found for score in aligned.runs[0].result.scores if (found := _measured(aligned, score))
    }
    missing = left_out(aligned)
    groups: dict[bytes, list[Pair]] = defaultdict(list)
    for pair in pairs:
        groups[missing[:, list(pair)].any(axis=1).tobytes()].append(pair)
    judged: dict[tuple[str, Pair], PairedDifference] = {}
    for together in groups.values() if measured else ():
        scored = np.logical_not(missing[:, list(together[0])].any(axis=1))
        fields = [_over(one, scored) for one in measured.values()]
        for metric, gains in zip(
            measured, judged_duels(fields, together, aligned.clusters[scored], resampling), strict=True
        ):
            judged |= {(metric, pair): gain for pair, gain in zip(together, gains, strict=True)}
    scores = [score for score in aligned.runs[0].result.scores if score.metric in measured]
    return [Contest(score, pair, judged[score.metric, pair]) for score in scores for pair in pairs]


def _measured(aligned: Aligned, score: Score) -> Measured | None:
    """Take the items' scores of a mean, and the kept counts of another metric.

    Runs that keep no counts (older ones, and those of other tools) have their answers counted anew: what they
    keep of an item are its reference and the answer to it.
    """
    sign = 1.0 if score.higher_is_better else -1.0
    if score.metric in aligned.scores:
        return Measured(aligned.scores[score.metric][:, :, None], sign=sign)
    metric = metric_again(score.signature)
    if metric is None:
        return None
    return Measured(np.stack(_counts(aligned, metric), axis=1), metric.formula, sign)


def _counts(aligned: Aligned, metric: Metric) -> list[Floats]:
    kept = [run.counts.get(metric.name) for run in aligned.runs]
    known = [counts for counts in kept if counts is not None]
    # Of other widths they were made by another version of a metric that still bears the same signature.
    if len(known) == len(kept) and len({counts.shape for counts in known}) == 1:
        return known
    references = aligned.runs[0].items.column("reference").to_pylist()
    return [metric.statistics(references, run.items.column("output").to_pylist()) for run in aligned.runs]


def _over(measured: Measured, scored: npt.NDArray[np.bool_]) -> Measured:
    """Narrow to some items; of the systems that are not judged on them, what is missing counts as nothing."""
    kept = measured.statistics if scored.all() else measured.statistics[scored]
    return Measured(np.nan_to_num(kept, nan=0.0), measured.formula, measured.sign)


def left_out(aligned: Aligned) -> npt.NDArray[np.bool_]:
    """Tell which items each run left out of its scores, shape (items, runs): those that lack one."""
    missing = np.zeros((len(aligned.clusters), len(aligned.runs)), dtype=np.bool_)
    for scores in aligned.scores.values():
        missing |= np.isnan(scores)
    return missing
