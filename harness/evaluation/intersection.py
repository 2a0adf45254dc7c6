"""What runs have in common, for comparing them all the same: items, metrics, and scores on these alone."""

import math
from collections.abc import Sequence

import numpy as np
import pyarrow as pa

from harness.core.errors import NoEvidenceError
from harness.evaluation.alignment import SCORE_PREFIX, RunItems
from harness.evaluation.resampling import mean_interval
from harness.evaluation.results import Score


def in_common(runs: Sequence[RunItems]) -> tuple[list[RunItems], tuple[str, ...]]:
    """Narrow runs to the items and the metrics that all of them have.

    Items are the same where id and reference are; their clusters are those of the first run. Metrics are the
    same where name and signature are, and only those that are means over items can be told anew.

    Args:
        runs: Two or more.

    Returns:
        The runs, as if they had been made on these items, and what was left out, in sentences.

    Raises:
        NoEvidenceError: They have no item, or no metric, in common.
    """
    keys = [_keys(run) for run in runs]
    shared = sorted(set(keys[0]).intersection(*keys[1:]))
    scores = _shared_scores(runs)
    if not shared or not scores:
        raise NoEvidenceError(
            f"the runs have no {'metric that is a mean over items' if shared else 'item'} in common",
            where=" and ".join(run.result.run_id for run in runs),
            remedy="compare runs on the same task, with the same metrics",
        )
    clusters = _column(runs[0], keys[0], shared, "cluster")
    narrowed = [
        _narrowed(run, {key: row for row, key in enumerate(own)}, shared, scores, clusters, runs[0])
        for run, own in zip(runs, keys, strict=True)
    ]
    return narrowed, _notes(runs, keys, len(shared), scores)


def _keys(run: RunItems) -> list[tuple[str, str]]:
    columns = (run.items.column(name).to_pylist() for name in ("item_id", "reference"))
    return list(zip(*columns, strict=True))


def _column(
    run: RunItems, keys: Sequence[tuple[str, str]], shared: Sequence[tuple[str, str]], name: str
) -> list[str]:
    values = dict(zip(keys, run.items.column(name).to_pylist(), strict=True))
    return [values[key] for key in shared]


def _shared_scores(runs: Sequence[RunItems]) -> list[Score]:
    """Keep the metrics of the first run that all others have with the same signature, as item scores."""
    others = [{(score.metric, score.signature) for score in run.result.scores} for run in runs[1:]]
    return [
        score
        for score in runs[0].result.scores
        if all((score.metric, score.signature) in told for told in others)
        and all(f"{SCORE_PREFIX}{score.metric}" in run.items.column_names for run in runs)
    ]


def _narrowed(
    run: RunItems,
    rows: dict[tuple[str, str], int],
    shared: Sequence[tuple[str, str]],
    scores: Sequence[Score],
    clusters: Sequence[str],
    first: RunItems,
) -> RunItems:
    items = run.items.take([rows[key] for key in shared])
    items = items.set_column(items.column_names.index("cluster"), "cluster", pa.array(clusters, pa.string()))
    names = {f"{SCORE_PREFIX}{score.metric}" for score in scores}
    kept = [name for name in items.column_names if not name.startswith(SCORE_PREFIX) or name in names]
    told = tuple(_anew(score, items, clusters) for score in scores)
    subject = first.subject.model_copy(update={"items": len(shared), "clusters": len(set(clusters))})
    return RunItems(run.result.model_copy(update={"scores": told}), subject, items.select(kept))


def _anew(score: Score, items: pa.Table, clusters: Sequence[str]) -> Score:
    column = np.array(items.column(f"{SCORE_PREFIX}{score.metric}").to_pylist(), dtype=np.float64)
    scored = np.isfinite(column)
    values, own = column[scored], np.array(clusters)[scored]
    interval = mean_interval(values, own, seed=0)
    return score.model_copy(
        update={
            "value": math.fsum(values) / len(values) if len(values) else None,
            "n": len(values),
            "clusters": len(set(own.tolist())),
            "low": interval.low,
            "high": interval.high,
            "reason": interval.reason,
        }
    )


def _notes(
    runs: Sequence[RunItems],
    keys: Sequence[Sequence[tuple[str, str]]],
    shared: int,
    scores: Sequence[Score],
) -> tuple[str, ...]:
    items = "one item" if shared == 1 else f"{shared:,} items"
    notes = [f"Compared on the {items} that all runs have in common (--allow-mismatch)."]
    for run, own in zip(runs, keys, strict=True):
        if len(own) > shared:
            left = len(own) - shared
            were = "was" if left == 1 else "were"
            notes.append(f"{run.result.system.name}: {left:,} of its items {were} left out.")
    kept = {score.metric for score in scores}
    lost = dict.fromkeys(s.metric for run in runs for s in run.result.scores if s.metric not in kept)
    if lost:
        notes.append(f"Left out, as not all runs have them alike: {', '.join(lost)}.")
    facts = {
        "task": "tasks",
        "version": "versions",
        "content_hash": "contents of the version",
        "task_fingerprint": "fingerprints of the task",
    }
    differing = [name for key, name in facts.items() if len({getattr(run.subject, key) for run in runs}) > 1]
    if differing:
        notes.append(f"The runs have different {', '.join(differing)}.")
    return tuple(notes)
