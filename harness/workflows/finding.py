"""Finding stored runs: those on a version, and those that people name; apart from what makes runs, to stay quick."""

import glob
from collections.abc import Callable, Sequence
from pathlib import Path

from harness.core.errors import InputError, NoEvidenceError
from harness.core.workspace import Workspace
from harness.store.runs import RunFolder, list_runs
from harness.store.versions import VersionFolder, find_version


def find_runs(
    workspace: Workspace,
    targets: Sequence[str],
    task: str | None = None,
    *,
    alone: bool = False,
    progress: Callable[[str], None] = lambda _line: None,
) -> dict[str, list[RunFolder]]:
    """Find the runs that people name, by task.

    Args:
        workspace: Where runs are kept.
        targets: One version (all runs on it), or run ids and run folders.
        task: Keep the runs on this task alone.
        alone: Whether each is looked at by itself, so that runs on different tasks are welcome.
        progress: Told which runs on a version were left out; see `runs_of`.

    Raises:
        InputError: A run is not there.
        NoEvidenceError: The version has no runs, or none on the task; or each run is on another task.
    """
    named = [_run_folder(workspace, target) for target in targets]
    if len(targets) == 1 and named[0] is None:
        return runs_of(workspace, find_version(workspace, targets[0]), task, progress=progress)
    by_task: dict[str, list[RunFolder]] = {}
    for target, path in zip(targets, named, strict=True):
        if path is None:
            raise InputError(
                f"no run is called '{target}'",
                where=str(workspace.root / "datasets"),
                remedy="give run ids as harness run prints them, or one version for all of its runs",
            )
        folder = RunFolder.open(path)
        if task in (None, folder.manifest.subject.task):
            by_task.setdefault(folder.manifest.subject.task, []).append(folder)
    if not by_task:
        raise NoEvidenceError(
            f"none of these runs is on the task '{task}'",
            where=", ".join(targets),
            remedy="leave --task out, or name other runs",
        )
    if not alone and len(by_task) > 1 and all(len(folders) == 1 for folders in by_task.values()):
        raise NoEvidenceError(
            f"the runs cannot be compared: each is on another task ({', '.join(sorted(by_task))})",
            where=", ".join(targets),
            remedy="name runs on one task",
        )
    return by_task


def _run_folder(workspace: Workspace, target: str) -> Path | None:
    path = Path(target)
    if (path / "result.json").is_file():
        return path
    if "/" in target:
        return None
    return next(iter(sorted((workspace.root / "datasets").glob(f"*/runs/{glob.escape(target)}"))), None)


def runs_of(
    workspace: Workspace,
    version: VersionFolder,
    task: str | None = None,
    *,
    progress: Callable[[str], None] = lambda _line: None,
) -> dict[str, list[RunFolder]]:
    """Gather the runs that were made on a version, by task.

    Where a task was changed between runs, those on the task as it is now are taken, and the others counted
    to `progress`: they answered other questions, and would make the rest incomparable for good.

    Raises:
        NoEvidenceError: There is none, or none on the task as it is now.
    """
    manifest = version.manifest
    by_task: dict[str, list[RunFolder]] = {}
    for folder in list_runs(workspace.runs(manifest.name)):
        subject = folder.manifest.subject
        if subject.content_hash == manifest.content_hash and task in (None, subject.task):
            by_task.setdefault(subject.task, []).append(folder)
    if not by_task:
        raise NoEvidenceError(
            f"no system was run on {manifest.reference}" + (f", task '{task}'" if task else ""),
            where=str(workspace.runs(manifest.name)),
            remedy=f"harness run {manifest.reference}",
        )
    return {
        name: folders if _is_one_task(folders) else _current(workspace, version, folders, progress)
        for name, folders in by_task.items()
    }


def _is_one_task(folders: Sequence[RunFolder]) -> bool:
    return len({folder.manifest.subject.task_fingerprint for folder in folders}) == 1


def _current(
    workspace: Workspace,
    version: VersionFolder,
    folders: Sequence[RunFolder],
    progress: Callable[[str], None],
) -> list[RunFolder]:
    """Keep the runs on a task as it is now; deriving it takes time, so this is for tasks that were changed."""
    # A tenth of a comparison's time goes into importing every system; it is for this case alone.
    from harness.workflows.run import derive_task, request_for, tasks_file_of  # noqa: PLC0415 - see above

    name = folders[0].manifest.subject.task
    subject = derive_task(request_for(workspace, version, task=name, system="")).subject
    kept = [folder for folder in folders if folder.manifest.subject == subject]
    if not kept:
        raise NoEvidenceError(
            f"the task '{name}' was changed after every run on it",
            where=str(tasks_file_of(workspace, version.manifest.name)),
            remedy=f"harness run {version.manifest.reference} --task {name}",
        )
    left = len(folders) - len(kept)
    progress(
        f"{name}: {left} older {'run' if left == 1 else 'runs'} left out, made before the task was changed"
    )
    return kept
