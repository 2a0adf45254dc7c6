"""What a result file says, whatever tool wrote it, and how it becomes a run that can be compared."""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pyarrow as pa

from harness.core.errors import InputError, NoEvidenceError, named
from harness.core.fingerprints import fingerprint
from harness.evaluation.alignment import SCORE_PREFIX, RunItems
from harness.evaluation.resampling import CONFIDENCE, mean_interval
from harness.evaluation.results import RunResult, Score, Subject, SystemIdentity

MOST_ITEMS = 5_000_000
IMPORTED = "imported"


@dataclass(frozen=True)
class ImportedItem:
    """One item: its id, each metric's score, and what is shown of it where the file tells."""

    item_id: str
    scores: Mapping[str, float]
    input: str = ""
    reference: str = ""
    output: str | None = None
    cluster: str | None = None
    document_id: str | None = None


@dataclass(frozen=True)
class Imported:
    """What a file says.

    Args:
        tool: Which tool's format it is in.
        system: The system's name.
        task: The task's name as the tool has it.
        items: One a row, in the file's order.
        signatures: What is known of each metric beyond its name; by default that the tool made it.
        version: The tool's word for the version of the task or its data.
        lower_is_better: Metrics that are errors.
        others: Metrics that the file tells in another form than a number an item, such as texts for corpus BLEU.
    """

    tool: str
    system: str
    task: str
    items: tuple[ImportedItem, ...]
    signatures: Mapping[str, str] = field(default_factory=dict)
    version: str = ""
    lower_is_better: frozenset[str] = frozenset()
    others: tuple[str, ...] = ()


# Metrics of known tools of which less is better; by the last part of their name.
_ERRORS = frozenset(
    {"ter", "wer", "cer", "perplexity", "word_perplexity", "byte_perplexity", "bits_per_byte"}
)


def as_run(imported: Imported, path: Path, clusters: Mapping[str, str] | None) -> RunItems:
    """Make a run of what a file says.

    Metrics that some item lacks come last, without a value and with the reason; the first that none lacks is the
    primary one.

    Raises:
        InputError: No metric has a score for every item, an item occurs twice, or `clusters` lacks an item.
        NoEvidenceError: There is no item.
    """
    items = imported.items
    if not items:
        raise NoEvidenceError("the file has no item", where=str(path), remedy="check the run that wrote it")
    _refuse_doubled(items, path)
    metrics = [m for m in items[0].scores if all(m in item.scores for item in items)]
    lacking = _lacking(imported, metrics)
    if not metrics:
        raise InputError(
            "no metric has a number for every item"
            + "".join(f"; {name}: {why}" for name, why in lacking.items()),
            where=str(path),
            remedy="export scores for every item; answers are scored here by harness run --system preds:FILE",
        )
    told = _clusters(imported, clusters, path)
    columns = {metric: [item.scores[metric] for item in items] for metric in metrics}
    table = pa.table(
        {
            "item_id": [item.item_id for item in items],
            "document_id": [item.document_id or item.item_id for item in items],
            "cluster": told,
            "title": [""] * len(items),
            "input": [item.input for item in items],
            "reference": [item.reference for item in items],
            "output": pa.array([item.output for item in items], pa.string()),
            "failure": pa.nulls(len(items), pa.string()),
            **{f"{SCORE_PREFIX}{metric}": column for metric, column in columns.items()},
        }
    )
    scores = (
        *(_score(imported, metric, columns[metric], told) for metric in metrics),
        *(_no_score(imported, metric, why) for metric, why in lacking.items()),
    )
    digest = fingerprint([imported.tool, imported.system, imported.task, *map(str, columns.values())])
    identity = SystemIdentity(
        uri=f"{imported.tool}:{path.name}", name=imported.system, version="", fingerprint=digest
    )
    result = RunResult(
        run_id=f"{imported.task}--{imported.system}--{digest[:12]}",
        system=identity,
        scores=scores,
        failures={},
    )
    return RunItems(result, _subject(imported, told), table)


def _refuse_doubled(items: Sequence[ImportedItem], path: Path) -> None:
    doubled = sorted(name for name, times in Counter(item.item_id for item in items).items() if times > 1)
    if doubled:
        raise InputError(
            f"items occur twice: {named(doubled)}",
            where=str(path),
            remedy="give each item one line; which of two scores counts is not guessed",
        )


def _clusters(imported: Imported, clusters: Mapping[str, str] | None, path: Path) -> list[str]:
    if clusters is None:
        return [item.cluster or item.item_id for item in imported.items]
    lacking = [item.item_id for item in imported.items if item.item_id not in clusters]
    if lacking:
        raise InputError(
            f"{len(lacking)} items have no cluster: {named(lacking)}",
            where=str(path),
            remedy="name the cluster of every item in the file of clusters",
        )
    return [clusters[item.item_id] for item in imported.items]


def _lacking(imported: Imported, metrics: Sequence[str]) -> dict[str, str]:
    """Say why metrics that the file names have no value here."""
    items = imported.items
    told = dict.fromkeys(name for item in items for name in item.scores)
    numbers = {name: sum(name in item.scores for item in items) for name in told if name not in metrics}
    partly = {
        name: f"{len(items) - number:,} of {len(items):,} items have no number"
        for name, number in numbers.items()
    }
    told_otherwise = dict.fromkeys(imported.others, "the file has no number of it for single items")
    return {name: why for name, why in (told_otherwise | partly).items() if name not in metrics}


def _no_score(imported: Imported, metric: str, why: str) -> Score:
    return Score(
        metric=metric,
        value=None,
        n=0,
        clusters=0,
        low=None,
        high=None,
        confidence=CONFIDENCE,
        signature=_signature(imported, metric),
        higher_is_better=not _is_error(imported, metric),
        reason=why,
    )


def _signature(imported: Imported, metric: str) -> str:
    return f"{imported.signatures.get(metric, metric)}|mean-of-items|from:{imported.tool}"


def _is_error(imported: Imported, metric: str) -> bool:
    return metric in imported.lower_is_better or metric.split(",", maxsplit=1)[0].lower() in _ERRORS


def _score(imported: Imported, metric: str, column: list[float], clusters: list[str]) -> Score:
    values = np.array(column, dtype=np.float64)
    interval = mean_interval(values, clusters, seed=0)
    return Score(
        metric=metric,
        value=math.fsum(column) / len(column),
        n=len(column),
        clusters=len(set(clusters)),
        low=interval.low,
        high=interval.high,
        confidence=CONFIDENCE,
        signature=_signature(imported, metric),
        higher_is_better=not _is_error(imported, metric),
        reason=interval.reason,
    )


def _subject(imported: Imported, clusters: list[str]) -> Subject:
    return Subject(
        task=imported.task,
        kind=IMPORTED,
        dataset="",
        version=imported.version,
        content_hash="",
        task_fingerprint="",
        gold=f"as {imported.tool} has it",
        splits=(),
        items=len(imported.items),
        clusters=len(set(clusters)),
    )
