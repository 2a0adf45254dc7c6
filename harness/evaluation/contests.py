"""Every pair of runs on every metric, judged by the test that fits the metric."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

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


def judged_contests(
    aligned: Aligned, fields: Mapping[str, Measured], pairs: Sequence[Pair], resampling: Resampling
) -> list[Contest]:
    """Judge pairs on every metric that can be compared, metric by metric in the order of the scores.

    Pairs that left the same items out share one set of draws.

    Args:
        aligned: The systems, item by item.
        fields: What was measured of them; see `measured_fields`.
        pairs: Which systems.
        resampling: Seed, number of draws, confidence and margin.
    """
    missing = left_out(aligned)
    groups: dict[bytes, list[Pair]] = defaultdict(list)
    for pair in pairs:
        groups[missing[:, list(pair)].any(axis=1).tobytes()].append(pair)
    judged: dict[tuple[str, Pair], PairedDifference] = {}
    for together in groups.values() if fields else ():
        scored = np.logical_not(missing[:, list(together[0])].any(axis=1))
        narrowed = [narrowed_to(one, scored) for one in fields.values()]
        for metric, gains in zip(
            fields, judged_duels(narrowed, together, aligned.clusters[scored], resampling), strict=True
        ):
            judged |= {(metric, pair): gain for pair, gain in zip(together, gains, strict=True)}
    scores = [score for score in aligned.runs[0].result.scores if score.metric in fields]
    return [Contest(score, pair, judged[score.metric, pair]) for score in scores for pair in pairs]


def measured_fields(aligned: Aligned) -> dict[str, Measured]:
    """Give what was measured of runs by each metric that can be compared, in the order of the scores.

    A mean over items is compared by the items' scores, any other metric that this version of harness knows by
    its signature by sufficient statistics: those that the runs keep, else the answers are counted anew. The rest
    is passed over.
    """
    scores = aligned.runs[0].result.scores
    return {score.metric: found for score in scores if (found := _measured(aligned, score))}


def _measured(aligned: Aligned, score: Score) -> Measured | None:
    """Take the items' scores of a mean, and the counts of another metric."""
    sign = 1.0 if score.higher_is_better else -1.0
    if score.metric in aligned.scores:
        return Measured(aligned.scores[score.metric][:, :, None], sign=sign)
    metric = metric_again(score.signature)
    if metric is None:
        return None
    return Measured(np.stack(_counts(aligned, metric), axis=1), metric.formula, sign)


def _counts(aligned: Aligned, metric: Metric) -> list[Floats]:
    """Take what all runs keep; older runs keep nothing, and those of other tools neither."""
    kept = [run.counts.get(metric.name) for run in aligned.runs]
    known = [counts for counts in kept if counts is not None]
    # Of other widths they were made by another version of a metric that still bears the same signature.
    if len(known) == len(kept) and len({counts.shape for counts in known}) == 1:
        return known
    references = aligned.runs[0].items.column("reference").to_pylist()
    return [metric.statistics(references, run.items.column("output").to_pylist()) for run in aligned.runs]


def narrowed_to(measured: Measured, scored: npt.NDArray[np.bool_]) -> Measured:
    """Narrow to some items; of the systems that are not judged on them, what is missing counts as nothing."""
    kept = measured.statistics if scored.all() else measured.statistics[scored]
    return replace(measured, statistics=np.nan_to_num(kept, nan=0.0))


def left_out(aligned: Aligned) -> npt.NDArray[np.bool_]:
    """Tell which items each run left out of its scores, shape (items, runs): those that lack one."""
    missing = np.zeros((len(aligned.clusters), len(aligned.runs)), dtype=np.bool_)
    for scores in aligned.scores.values():
        missing |= np.isnan(scores)
    return missing
