"""Several systems on several tasks of one version: the runs, and what compares them."""

import glob
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from harness.core.errors import ConfigurationError, HarnessError, InputError, NoEvidenceError, raise_all
from harness.core.workspace import Workspace
from harness.evaluation.scoring import MissingPolicy
from harness.evaluation.tasks import Task, choose, read_tasks
from harness.store.runs import RunFolder, list_runs
from harness.store.versions import VersionFolder, find_version
from harness.systems.registry import Declared, built_in_for, family_of, open_system, settings_for
from harness.systems.settings import read_systems
from harness.workflows.run import RunRequest, derive_task, request_for, run, tasks_file_of

_TELL_EVERY_S = 10.0


def run_campaign(
    workspace: Workspace,
    version: VersionFolder,
    *,
    tasks: Sequence[str] = (),
    systems: Sequence[str] = (),
    on_missing: MissingPolicy = "fail",
    progress: Callable[[str], None],
) -> list[RunFolder]:
    """Run systems on tasks, every pair that fits; what is named twice counts once.

    Args:
        workspace: Where runs are kept.
        version: What the tasks are derived from.
        tasks: Names of tasks; none means all that the corpus has.
        systems: URIs; none means every built-in system that answers a task.
        on_missing: What becomes of items without a usable answer.
        progress: Told about each run.

    Raises:
        ConfigurationError: An unknown task or system, a system that fits none of the tasks, or a predictions
            file where several tasks are to be run. Nothing is run then.
        NoEvidenceError: A task that was named has no gold in this version, or none of all tasks has; or
            no system is installed that answers one of them.
    """
    folders = []
    for task, asked in planned(
        workspace, version, tasks=tasks, systems=systems, on_missing=on_missing, progress=progress
    ):
        for request in asked:
            progress(f"{request.task}: {request.system}")
            folders.append(run(request, task=task, progress=_now_and_then(request, progress)))
    return folders


def _now_and_then(request: RunRequest, progress: Callable[[str], None]) -> Callable[[int, int], None]:
    """Tell how far a run is every few seconds: a fast one says nothing of itself."""
    told = time.monotonic()

    def tell(done: int, total: int) -> None:
        nonlocal told
        if time.monotonic() - told >= _TELL_EVERY_S:
            told = time.monotonic()
            progress(f"{request.task}: {request.system}: {done:,} of {total:,} items")

    return tell


def planned(
    workspace: Workspace,
    version: VersionFolder,
    *,
    tasks: Sequence[str] = (),
    systems: Sequence[str] = (),
    on_missing: MissingPolicy = "fail",
    progress: Callable[[str], None],
) -> Iterator[tuple[Task, Sequence[RunRequest]]]:
    """Give each task that is to be run, derived, with a request for each of its systems.

    Raises:
        ConfigurationError: As by `run_campaign`.
        NoEvidenceError: As by `run_campaign`.
    """
    pairs = _pairs(workspace, version, list(dict.fromkeys(tasks)), list(dict.fromkeys(systems)))
    requests = _requests(workspace, version, pairs, on_missing)
    return _with_gold(requests, skipping=not tasks, progress=progress)


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


def _pairs(
    workspace: Workspace, version: VersionFolder, tasks: Sequence[str], systems: Sequence[str]
) -> dict[str, list[str]]:
    file = tasks_file_of(workspace, version.manifest.name)
    known = read_tasks(file)
    if not known:
        raise ConfigurationError(
            "the file names no task",
            where=str(file),
            remedy="add a [[tasks]], or remove the file for the defaults",
        )
    chosen = [choose(known, name, where=str(file)) for name in tasks] or list(known.values())
    declared = read_systems(file.with_name("systems.toml"))
    _refuse_one_file_for_several([task.name for task in chosen], systems, declared)
    fitting = {task.name: _fitting(task.kind, systems, declared) for task in chosen}
    pairs = {name: named for name, named in fitting.items() if named}
    for system in systems:
        if not any(system in named for named in pairs.values()):
            open_system(system, kind=chosen[0].kind, declared=declared)  # raises, and knows why
    if not pairs:
        raise NoEvidenceError(
            f"no system is installed that answers {', '.join(task.name for task in chosen)}",
            where=version.manifest.reference,
            remedy="install one, or name a system (--system preds:FILE.jsonl)",
        )
    return pairs


def _refuse_one_file_for_several(tasks: Sequence[str], systems: Sequence[str], declared: Declared) -> None:
    """Refuse what would fail on the second task, after the first was run."""
    for system in systems:
        family = family_of(system, declared)
        if family is not None and family.answers_one_task and len(tasks) > 1:
            options = [f"--task {name}" for name in tasks]
            raise ConfigurationError(
                f"'{system}' holds the answers to one task, and {len(tasks)} are to be run",
                where="--system",
                remedy=f"say which one: {', '.join(options[:-1])} or {options[-1]}",
            )


def _requests(
    workspace: Workspace,
    version: VersionFolder,
    pairs: Mapping[str, Sequence[str]],
    on_missing: MissingPolicy,
) -> list[list[RunRequest]]:
    """Ask for every pair, the systems of one task together; the documents are read once for all."""
    unnamed = request_for(workspace, version, task="", system="", on_missing=on_missing)
    return [
        [replace(unnamed, task=task, system=system) for system in fitting] for task, fitting in pairs.items()
    ]


def _with_gold(
    requests: Sequence[Sequence[RunRequest]], *, skipping: bool, progress: Callable[[str], None]
) -> Iterator[tuple[Task, Sequence[RunRequest]]]:
    """Derive each task once; one without gold is passed over where `skipping`, unless all of them are."""
    lacking: list[HarnessError] = []
    for asked in requests:
        try:
            task = derive_task(asked[0])
        except NoEvidenceError as error:
            if not skipping:
                raise
            progress(f"{asked[0].task}: not run, {error.what}")
            lacking.append(error)
        else:
            yield task, asked
    if len(lacking) == len(requests):
        raise_all(lacking)


def _fitting(kind: str, systems: Sequence[str], declared: Declared) -> list[str]:
    if not systems:
        return built_in_for(kind)
    return [system for system in systems if _answers(system, kind, declared)]


def _answers(system: str, kind: str, declared: Declared) -> bool:
    family = family_of(system, declared)
    return family is not None and family.fits(kind, settings_for(system, declared))


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
