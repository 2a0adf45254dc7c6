"""Scores anew from the answers of a run: no system is opened, and nothing is asked."""

import pyarrow as pa

from harness.core.errors import NoEvidenceError
from harness.core.workspace import Workspace
from harness.evaluation.scoring import MissingPolicy
from harness.evaluation.tasks import Task
from harness.store.runs import METERED, SAID, RunFolder
from harness.store.versions import find_version
from harness.systems.system import Metered, Response
from harness.workflows.judging import Judging, judged, refuse_failures, write_scored
from harness.workflows.run import derive_task, manifest_of, request_for


def rescore(
    workspace: Workspace,
    folder: RunFolder,
    *,
    on_missing: MissingPolicy | None = None,
    seed: int | None = None,
) -> RunFolder:
    """Score a run's answers by the metrics as they are now, and keep the run beside the old one.

    With the run's own policy and seed, and metrics that did not change, it is the same run, written anew.

    Args:
        workspace: Where the version lies that the run was made on.
        folder: The run.
        on_missing: What becomes of items without a usable answer; by default as in the run.
        seed: Of the resampling; by default as in the run.

    Raises:
        NoEvidenceError: The version or the task is not the one that was answered.
        InputError: The run or the version is not there or damaged; under `fail`, an item has no answer.
    """
    manifest = folder.manifest
    policy = manifest.on_missing if on_missing is None else on_missing
    task = _task_of(workspace, folder)
    responses = [judged(response, task) for response in _responses(folder, task)]
    refuse_failures(responses, Judging(policy, manifest.run_id))
    again = manifest_of(
        task, manifest.system, on_missing=policy, seed=manifest.seed if seed is None else seed
    ).model_copy(update={"answers": manifest.answers})
    return write_scored(folder.path.parent, again, task, responses, usage=folder.result.usage)


def _task_of(workspace: Workspace, folder: RunFolder) -> Task:
    """Derive the task that a run answered, and make sure that it is the same."""
    subject = folder.manifest.subject
    version = find_version(workspace, f"{subject.dataset}@{subject.version}")
    if version.manifest.content_hash != subject.content_hash:
        raise NoEvidenceError(
            f"{subject.dataset}@{subject.version} was built anew with another content since",
            where=str(folder.path),
            remedy=f"harness run {subject.dataset}@{subject.version}; what is the same is not asked again",
        )
    task = derive_task(request_for(workspace, version, task=subject.task, system=""))
    if task.subject.task_fingerprint != subject.task_fingerprint:
        raise NoEvidenceError(
            f"the task '{subject.task}' was changed after the run",
            where=str(folder.path),
            remedy=f"harness run {subject.dataset}@{subject.version} --task {subject.task}; what is the same is "
            "not asked again",
        )
    return task


def _responses(folder: RunFolder, task: Task) -> list[Response]:
    """Take answers and failures of a run in the order of the task's items."""
    items, answers = folder.items(), folder.answers()
    ids, kinds = (items.column(name).to_pylist() for name in ("item_id", "failure"))
    failure_of = dict(zip(ids, kinds, strict=True))
    metered_of, said_of = _metered(folder), _said(items)
    return [
        Response(name, _output(answers.get(name)), failure_of[name], metered_of.get(name), said_of.get(name))
        for name in task.items.column("item_id").to_pylist()
    ]


def _output(said: object) -> str | tuple[str, ...] | None:
    if isinstance(said, list):
        return tuple(said)
    return said if isinstance(said, str) else None


def _said(items: pa.Table) -> dict[str, str]:
    if SAID.name not in items.column_names:
        return {}
    rows = items.select(["item_id", SAID.name]).to_pylist()
    return {row["item_id"]: row[SAID.name] for row in rows if row[SAID.name] is not None}


def _metered(folder: RunFolder) -> dict[str, Metered]:
    items = folder.items()
    if METERED.names[0] not in items.column_names:
        return {}
    rows = items.select(["item_id", *METERED.names]).to_pylist()
    return {
        row["item_id"]: Metered(row["input_tokens"], row["output_tokens"], row["logprob"])
        for row in rows
        if row["input_tokens"] is not None
    }
