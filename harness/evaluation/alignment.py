"""Runs side by side, item by item: only where task, version, metrics and items are the same."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from harness.core.errors import ConfigurationError, NoEvidenceError, named
from harness.evaluation.resampling import Floats
from harness.evaluation.results import RunResult, Subject

SCORE_PREFIX = "score:"  # of the columns of items that hold a metric's scores
# What has to be the same, in the order in which a reader wants to hear of it.
_SUBJECT_FACTS = {
    "task": "task",
    "kind": "kind of task",
    "dataset": "corpus",
    "content_hash": "content of the corpus' version",
    "task_fingerprint": "fingerprint of the task (its settings, items or references)",
    "splits": "choice of splits",
}


@dataclass(frozen=True)
class RunItems:
    """One run to compare: its scores, what it was measured on, and its items.

    Args:
        result: Scores and failures.
        subject: Task and version.
        items: One row an item: `item_id`, `document_id`, `cluster`, `title`, `input`, `reference`,
            `output`, `failure`, and a column `score:<metric>` for each metric that is a mean over items.
        counts: For other metrics, as far as they are kept, sufficient statistics row by row, shape (items, k).
    """

    result: RunResult
    subject: Subject
    items: pa.Table
    counts: Mapping[str, Floats] = field(default_factory=dict)

    def in_order(self) -> "RunItems":
        """Give the run with its rows sorted by the items' ids."""
        order = pc.sort_indices(self.items.column("item_id"))
        counts = {metric: statistics[order.to_pylist()] for metric, statistics in self.counts.items()}
        return replace(self, items=self.items.take(order), counts=counts)


@dataclass(frozen=True)
class Aligned:
    """Runs whose rows are the same items in the same order, by item id.

    Args:
        runs: The runs, in the order given, with sorted items.
        clusters: Cluster of each item, shape (items,).
        scores: For each metric that has item scores, shape (items, runs); NaN where an item was left out.
    """

    runs: tuple[RunItems, ...]
    clusters: np.ndarray
    scores: dict[str, Floats]


def align(runs: Sequence[RunItems]) -> Aligned:
    """Put runs side by side.

    Raises:
        ConfigurationError: There are fewer than two runs, or one is given twice.
        NoEvidenceError: The runs do not measure the same thing in the same way on the same items; all
            that differs is named.
    """
    _require_several(runs)
    first = runs[0]
    for other in runs[1:]:
        _require_alike(first, other)
    ordered = tuple(run.in_order() for run in runs)
    scores = {
        name.removeprefix(SCORE_PREFIX): np.column_stack(
            [_numbers(run.items.column(name)) for run in ordered]
        )
        for name in first.items.column_names
        if name.startswith(SCORE_PREFIX)
    }
    return Aligned(ordered, np.array(ordered[0].items.column("cluster").to_pylist()), scores)


def are_alike(runs: Sequence[RunItems]) -> bool:
    """Say whether runs measure the same thing in the same way on the same items, so that `align` takes them whole."""
    return not any(_mismatches(runs[0], other) for other in runs[1:])


def _require_several(runs: Sequence[RunItems]) -> None:
    ids = [run.result.run_id for run in runs]
    if len(runs) < 2:
        raise ConfigurationError(
            f"a comparison needs two runs or more, not {len(runs)}",
            remedy="run another system on the same task",
        )
    doubled = sorted(run_id for run_id, times in Counter(ids).items() if times > 1)
    if doubled:
        raise ConfigurationError(
            f"a run is given twice: {named(doubled)}",
            remedy="name each run once; the same run has the same id",
        )


def _require_alike(first: RunItems, other: RunItems) -> None:
    mismatches = _mismatches(first, other)
    if mismatches:
        raise NoEvidenceError(
            f"the runs cannot be compared: {'; '.join(what for what, _ in mismatches)}",
            where=f"{first.result.run_id} and {other.result.run_id}",
            remedy=mismatches[0][1],
        )


def _mismatches(first: RunItems, other: RunItems) -> list[tuple[str, str]]:
    """Say in what two runs differ, each time with what to do; items are looked at where the task is one."""
    found = [
        (
            _differs(name, getattr(first.subject, key), getattr(other.subject, key)),
            "run both on the same version and task",
        )
        for key, name in _SUBJECT_FACTS.items()
        if getattr(first.subject, key) != getattr(other.subject, key)
    ]
    versions = [one.subject.version for one in (first, other)]
    # Of our own runs the content decides; results of other tools have none, and their word for the version stands in.
    if not first.subject.content_hash and len(set(versions)) > 1 and all(versions):
        found.append((_differs("version", *versions), "run both on the same version of the task"))
    found += _metric_mismatches(first.result, other.result)
    return found or _item_mismatches(first.items, other.items)


def _differs(what: str, here: object, there: object) -> str:
    return f"the {what} differs ({_shown(here)} and {_shown(there)})"


def _alone(what: str, names: Sequence[str]) -> str:
    counted = f"1 {what} is" if len(names) == 1 else f"{len(names)} {what}s are"
    return f"{counted} in one run only: {named(names)}"


def _shown(value: object) -> str:
    text = ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)
    if not text:
        return "none"
    return text[:12] if len(text) == 64 else text  # a hash is told apart by its beginning


def _metric_mismatches(first: RunResult, other: RunResult) -> list[tuple[str, str]]:
    here, there = ({score.metric: score.signature for score in run.scores} for run in (first, other))
    remedy = "run both with the same settings and the same version of harness"
    if here.keys() != there.keys():
        return [(_alone("metric", sorted(here.keys() ^ there.keys())), remedy)]
    return [
        (_differs(f"signature of {metric}", here[metric], there[metric]), remedy)
        for metric in here
        if here[metric] != there[metric]
    ]


def _item_mismatches(first: pa.Table, other: pa.Table) -> list[tuple[str, str]]:
    remedy = "run both on all items of the task"
    here, there = first.column("item_id").to_pylist(), other.column("item_id").to_pylist()
    for ids in (here, there):
        doubled = sorted(item for item, times in Counter(ids).items() if times > 1)
        if doubled:
            return [(f"items occur twice: {named(doubled)}", "run the system again")]
    missing = sorted(set(here) ^ set(there))
    if missing:
        return [(_alone("item", missing), remedy)]
    here_sorted, there_sorted = first.sort_by("item_id"), other.sort_by("item_id")
    return [
        (f"the {column}s of the items differ", "run both on the same version and task")
        for column in ("reference", "cluster")
        if not here_sorted.column(column).equals(there_sorted.column(column))
    ]


def _numbers(column: pa.ChunkedArray) -> Floats:
    # By way of Python: Arrow's own conversions import pandas, which takes longer than the comparison.
    return np.array(column.to_pylist(), dtype=np.float64)  # None becomes NaN
