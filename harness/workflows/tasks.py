"""What a version's tasks ask, shown on real items, and how much of them stands in other texts."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from harness.core.errors import NoEvidenceError, raise_all
from harness.core.fingerprints import sha256_of
from harness.core.workspace import Workspace
from harness.evaluation.contamination import Overlap, ScoreApart, overlap, scores_apart
from harness.evaluation.robustness import Drop, drops
from harness.evaluation.tasks import KINDS, Task, choose, read_tasks
from harness.store.runs import list_runs
from harness.store.versions import VersionFolder, find_version
from harness.systems.registry import usages_for
from harness.workflows.run import derive_task, request_for, tasks_file_of

_ITEMS_SHOWN = 3
_TRAIN = "train"


@dataclass(frozen=True)
class ShownTask:
    """A task, or why there is none.

    Args:
        name: Its name in `tasks.toml`.
        kind: Its kind.
        task: The task; None where the version holds no gold for it.
        lacking: What is missing then.
        systems: How to name the systems that answer it.
    """

    name: str
    kind: str
    task: Task | None
    lacking: str
    systems: tuple[str, ...]

    @property
    def pitfalls(self) -> str:
        """What its scores do not say."""
        return KINDS[self.kind].pitfalls

    def items(self, number: int = _ITEMS_SHOWN) -> list[dict[str, Any]]:
        """Give a few items, of different clusters as far as there are, the same ones each time."""
        if self.task is None:
            return []
        rows = sorted(self.task.items.to_pylist(), key=lambda row: sha256_of(row["item_id"]))
        firsts = {row["cluster"]: row for row in reversed(rows)}
        chosen = [row for row in rows if firsts[row["cluster"]] is row]
        rest = [row for row in rows if firsts[row["cluster"]] is not row]
        return [*chosen, *rest][:number]

    def as_json(self, *, items: bool) -> dict[str, Any]:
        """Give it as a JSON object, with some items or without any."""
        told: dict[str, Any] = {"task": self.name, "kind": self.kind, "systems": list(self.systems)}
        if self.task is None:
            return told | {"lacking": self.lacking}
        told |= {
            "subject": self.task.subject.model_dump(mode="json"),
            "metrics": [metric.signature for metric in self.task.metrics],
            "examples": len(self.task.examples),
            "pitfalls": self.pitfalls,
            "notes": list(self.task.notes),
        }
        return told | ({"shown": self.items()} if items else {})


def shown_tasks(workspace: Workspace, version: VersionFolder, name: str | None = None) -> list[ShownTask]:
    """Derive a version's tasks, or one of them.

    Raises:
        ConfigurationError: There is no such task, or `tasks.toml` has mistakes.
        NoEvidenceError: The version holds no gold for the task that was named.
    """
    file = tasks_file_of(workspace, version.manifest.name)
    known = read_tasks(file)
    chosen = [choose(known, name, where=str(file))] if name else list(known.values())
    base = request_for(workspace, version, task="", system="")
    shown = []
    for settings in chosen:
        task, lacking = None, ""
        try:
            task = derive_task(replace(base, task=settings.name))
        except NoEvidenceError as error:
            if name:
                raise
            lacking = error.what
        shown.append(ShownTask(settings.name, settings.kind, task, lacking, tuple(usages_for(settings.kind))))
    return shown


@dataclass(frozen=True)
class Contamination:
    """How much of one task stands in other texts, and what the scores of its runs are without that."""

    task: str
    overlaps: tuple[Overlap, ...]
    scores: tuple[ScoreApart, ...]  # apart from the items of any of the overlaps

    def as_json(self) -> dict[str, Any]:
        """Give it as a JSON object."""
        return {
            "task": self.task,
            "overlaps": [one.model_dump(mode="json") for one in self.overlaps],
            "scores": [one.model_dump(mode="json") for one in self.scores],
        }


def contamination(
    workspace: Workspace,
    version: VersionFolder,
    *,
    task: str | None,
    against: Sequence[str],
    progress: Callable[[str], None],
) -> list[Contamination]:
    """Look for the items of tasks in the version's train split and in other corpora.

    Args:
        workspace: Where runs and versions are.
        version: What the tasks are derived from.
        task: One task; None for all that can be derived.
        against: Further versions, by name or folder.
        progress: Told what is looked at.

    Raises:
        ConfigurationError: There is no such task.
        NoEvidenceError: The task has no gold, or none of all tasks has.
        InputError: A version that was named is not there.
    """
    others = [find_version(workspace, name) for name in against]
    shown = shown_tasks(workspace, version, task)
    if all(one.task is None for one in shown):
        raise_all([NoEvidenceError(f"{one.name}: {one.lacking}") for one in shown])
    runs = list_runs(workspace.runs(version.manifest.name))
    found = []
    for one in shown:
        if one.task is None:
            progress(f"{one.name}: not looked for, {one.lacking}")
            continue
        reference = version.manifest.reference
        overlaps = [
            overlap(one.task.items, _train(version), against=f"{reference}, split train", is_own=True)
        ]
        for other in others:
            progress(f"{one.name}: looking in {other.manifest.reference}")
            overlaps.append(overlap(one.task.items, _texts(other), against=other.manifest.reference))
        ids = frozenset(item for part in overlaps for item in part.item_ids)
        scores = [
            score
            for run in runs
            if run.manifest.subject == one.task.subject
            for score in scores_apart(run.result, run.items(), ids, seed=run.manifest.seed)
        ]
        found.append(Contamination(one.name, tuple(overlaps), tuple(scores)))
    return found


def robustness(workspace: Workspace, version: VersionFolder, *, task: str | None) -> list[Drop]:
    """Tell what noise cost the systems that were run on tasks with `noise`.

    Raises:
        ConfigurationError: There is no such task.
        NoEvidenceError: No system was run on a task with noise, as the task is now.
    """
    subjects = [one.task.subject for one in shown_tasks(workspace, version, task) if one.task is not None]
    found = [
        drop
        for run in list_runs(workspace.runs(version.manifest.name))
        if run.manifest.subject in subjects
        for drop in drops(run.result, run.items(), seed=run.manifest.seed, counts=run.counts())
    ]
    if not found:
        raise NoEvidenceError(
            "no system was run on a task with noise",
            where=version.manifest.reference,
            remedy='add noise = ["typing", "digits"] to a task in tasks.toml, and run systems on it',
        )
    return found


def _train(version: VersionFolder) -> Iterator[tuple[str, str]]:
    documents = version.documents(["id", "text"])
    rows = zip(*(documents.column(name).to_pylist() for name in ("id", "text", "split")), strict=True)
    return ((name, text) for name, text, split in rows if split == _TRAIN)


def _texts(version: VersionFolder) -> Iterator[tuple[str, str]]:
    documents = version.documents(["id", "text"])
    return zip(*(documents.column(name).to_pylist() for name in ("id", "text")), strict=True)
