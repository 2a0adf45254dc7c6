"""Several systems on several tasks of one version: the runs, and what compares them."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

from harness.core.errors import ConfigurationError, HarnessError, NoEvidenceError, raise_all
from harness.core.workspace import Workspace
from harness.evaluation.scoring import MissingPolicy
from harness.evaluation.tasks import Task, choose, read_tasks
from harness.store.runs import RunFolder
from harness.store.versions import VersionFolder
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


def _pairs(
    workspace: Workspace, version: VersionFolder, tasks: Sequence[str], systems: Sequence[str]
) -> dict[str, list[str]]:
    file = tasks_file_of(workspace, version.manifest.name)
    known = read_tasks(file)
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
            for note in task.notes:
                progress(f"{task.subject.task}: {note}")
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
