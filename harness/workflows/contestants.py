"""Who takes part in a comparison: stored runs, predictions files scored here, and results of other tools."""

import tempfile
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from harness.core.errors import ConfigurationError, InputError, named
from harness.core.workspace import Workspace
from harness.evaluation.alignment import RunItems
from harness.evaluation.results import Subject
from harness.evaluation.scoring import MissingPolicy
from harness.store.imports import SUFFIXES, import_run, is_predictions
from harness.store.imports.clusters import read_clusters
from harness.store.imports.kept_baseline import with_texts
from harness.store.runs import RunFolder
from harness.workflows.finding import find_runs

Progress = Callable[[str], None]


@dataclass(frozen=True)
class Asked:
    """What people name to be compared, and what has to be known to read it.

    Args:
        targets: Run ids, run folders, predictions files, result files of other tools; or one version, for all runs
            on it.
        task: Keep the runs on this task alone; what predictions files answer.
        version: NAME or NAME@VERSION that predictions files answer; that of the stored runs without it.
        on_missing: What becomes of items for which a predictions file has no usable answer.
        clusters: A file with the cluster of each item, for result files.
        qrels: Judgements for TREC runs.
    """

    targets: Sequence[str]
    task: str | None = None
    version: str | None = None
    on_missing: MissingPolicy = "fail"
    clusters: Path | None = None
    qrels: Path | None = None


def gathered(
    workspace: Workspace, asked: Asked, baseline: str | None, progress: Progress
) -> tuple[dict[str, list[RunItems]], str | None]:
    """Read all that is named, grouped by task, and give the baseline's run id where it is a file.

    Raises:
        ConfigurationError: Predictions files are named without saying, or implying, what they answer; or an option
            would change nothing.
        NoEvidenceError: There is no run.
        InputError: A run is not there or was changed; a file cannot be read, or its answers do not fit the task.
    """
    _require_there(asked, baseline)
    kept = [baseline] if baseline and Path(baseline).is_file() else []
    files = list(dict.fromkeys([*(one for one in asked.targets if Path(one).is_file()), *kept]))
    named = [target for target in asked.targets if target not in files]
    found = find_runs(workspace, named, asked.task, progress=progress) if named else {}
    if len(named) == 1 and not files:  # a version, and not runs that were chosen one by one
        found = of_several(found, progress)
    groups = {task: [run_of(folder) for folder in folders] for task, folders in sorted(found.items())}
    answers = [file for file in files if is_predictions(Path(file))]
    results = [file for file in files if file not in answers]
    if not results:
        _refuse_what_results_alone_need(asked)
    if not answers:
        _refuse_what_predictions_alone_need(asked)
    read = _scored(workspace, answers, _subject_of(asked, groups), asked) if answers else {}
    read |= _imported(results, asked) if results else {}
    if results:
        stored = [run for runs in groups.values() for run in runs]
        together = [*stored, *read.values()]
        groups = {"": [*stored, *(with_texts(run, together) for run in read.values())]}
    elif read:
        groups.setdefault(next(iter(read.values())).subject.task, []).extend(read.values())
    return groups, read[kept[0]].result.run_id if kept else baseline


def _require_there(asked: Asked, baseline: str | None) -> None:
    """Refuse names of files that are not there: they would be looked for among runs and corpora."""
    told = [*asked.targets, *([baseline] if baseline else [])]
    missing = [one for one in told if Path(one).suffix.lower() in SUFFIXES and not Path(one).exists()]
    if missing:
        raise InputError("there is no such file", where=", ".join(missing), remedy="check the path")
    doubled = sorted(one for one, times in Counter(asked.targets).items() if times > 1)
    if doubled:
        raise ConfigurationError(
            f"a run is given twice: {named(doubled)}", where="TARGETS", remedy="name each run once"
        )
    if (
        baseline
        and not Path(baseline).is_file()
        and len(asked.targets) == 1
        and Path(asked.targets[0]).is_file()
    ):
        raise ConfigurationError(
            f"the baseline '{baseline}' is no file, and no second run is named",
            where="--baseline",
            remedy="give the path of a file, or name the baseline's run among the targets, too",
        )


def _refuse_what_results_alone_need(asked: Asked) -> None:
    given = [
        name for name, file in (("--clusters", asked.clusters), ("--qrels", asked.qrels)) if file is not None
    ]
    if given:
        raise ConfigurationError(
            f"{' and '.join(given)} would change nothing: no result of another tool is named",
            where=given[0],
            remedy="leave it out: stored runs and predictions have the clusters of their version",
        )


def _refuse_what_predictions_alone_need(asked: Asked) -> None:
    given = {"--version": asked.version is not None, "--on-missing": asked.on_missing != "fail"}
    idle = [name for name, is_given in given.items() if is_given]
    if idle:
        raise ConfigurationError(
            f"{' and '.join(idle)} would change nothing: no predictions file is named",
            where=idle[0],
            remedy="leave it out: stored runs and results know it; harness score applies another policy to runs",
        )


def of_several(found: dict[str, list[RunFolder]], progress: Progress) -> dict[str, list[RunFolder]]:
    """Pass over tasks with one run alone, each told to `progress`, where another task has several."""
    several = {task: folders for task, folders in found.items() if len(folders) > 1}
    if several:
        for task in sorted(found.keys() - several.keys()):
            progress(f"{task}: passed over, since it has one run alone")
    return several or found


def run_of(folder: RunFolder) -> RunItems:
    """Read a stored run for comparing it."""
    return RunItems(folder.result, folder.manifest.subject, folder.items(), folder.counts())


def _imported(files: Sequence[str], asked: Asked) -> dict[str, RunItems]:
    clusters = read_clusters(asked.clusters) if asked.clusters else None
    return {file: import_run(Path(file), qrels=asked.qrels, clusters=clusters) for file in files}


def _subject_of(asked: Asked, groups: Mapping[str, Sequence[RunItems]]) -> tuple[str, str]:
    """Say which version and which task predictions answer: as told, else as the stored runs beside them."""
    subjects: list[Subject] = [runs[0].subject for runs in groups.values()]
    only = subjects[0] if len(subjects) == 1 else None
    version = asked.version or (f"{only.dataset}@{only.version}" if only else None)
    task = asked.task or (only.task if only else None)
    if version is None or task is None:
        lacking = " and ".join(name for name, told in (("version", version), ("task", task)) if told is None)
        raise ConfigurationError(
            f"a predictions file does not say which {lacking} it answers",
            where=", ".join(one for one in asked.targets if Path(one).is_file()),
            remedy="--version NAME[@VERSION] --task TASK, or name a stored run beside it",
        )
    return version, task


def _scored(
    workspace: Workspace, files: Sequence[str], subject: tuple[str, str], asked: Asked
) -> dict[str, RunItems]:
    """Score predictions files as `harness run` does, and keep no run."""
    # Of this case alone: whoever compares stored runs does not wait for every system to be imported.
    from harness.store.versions import find_version  # noqa: PLC0415 - see above
    from harness.workflows.run import derive_task, request_for, run  # noqa: PLC0415 - see above

    version, name = subject
    request = request_for(
        workspace, find_version(workspace, version), task=name, system="", on_missing=asked.on_missing
    )
    task = derive_task(request)
    with tempfile.TemporaryDirectory() as folder:
        request = replace(request, runs=Path(folder))
        return {file: run_of(run(replace(request, system=f"preds:{file}"), task=task)) for file in files}
