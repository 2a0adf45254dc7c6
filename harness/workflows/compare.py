"""Compare stored runs, and results of other tools, with each other."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from harness.core.errors import ConfigurationError, NoEvidenceError
from harness.core.workspace import Workspace
from harness.evaluation.comparison import RunItems, compare
from harness.evaluation.intersection import in_common
from harness.evaluation.results import Comparison
from harness.store.imports import import_run
from harness.store.imports.clusters import read_clusters
from harness.store.imports.kept_baseline import with_texts, write_baseline
from harness.store.runs import RunFolder
from harness.store.traits import traits_for
from harness.workflows.finding import find_runs


@dataclass(frozen=True)
class CompareRequest:
    """What to compare.

    Args:
        targets: Run ids, run folders, result files of other tools; or one version, for all runs on it.
        task: Keep the runs on this task alone.
        baseline: A run's id, the name or URI of its system, or a result file: compare the others with it alone.
        margin: Largest difference that does not matter, in the metrics' unit, >= 0.
        seed: Of the resampling.
        clusters: A file with the cluster of each item, for result files.
        qrels: Judgements for TREC runs.
        allow_mismatch: Compare what runs have in common, where they do not measure the same.
    """

    targets: Sequence[str]
    task: str | None = None
    baseline: str | None = None
    margin: float = 0.0
    seed: int = 0
    clusters: Path | None = None
    qrels: Path | None = None
    allow_mismatch: bool = False


def compare_targets(
    workspace: Workspace, request: CompareRequest, progress: Callable[[str], None]
) -> list[Comparison]:
    """Compare what people name, task by task.

    Raises:
        ConfigurationError: Fewer than two runs, one given twice, or an unknown baseline.
        NoEvidenceError: There is no run, or the runs do not measure the same thing on the same items.
        InputError: A run is not there or was changed; a result file cannot be read.
    """
    kept = [request.baseline] if request.baseline and Path(request.baseline).is_file() else []
    files = list(dict.fromkeys([*(one for one in request.targets if Path(one).is_file()), *kept]))
    named = [target for target in request.targets if target not in files]
    found = find_runs(workspace, named, request.task, progress=progress) if named else {}
    groups = {task: [_run_of(folder) for folder in folders] for task, folders in sorted(found.items())}
    if files:
        clusters = read_clusters(request.clusters) if request.clusters else None
        imported = [import_run(Path(file), qrels=request.qrels, clusters=clusters) for file in files]
        if kept:
            request = replace(request, baseline=imported[files.index(kept[0])].result.run_id)
        together = [*(run for runs in groups.values() for run in runs), *imported]
        groups = {"": [with_texts(run, together) if run in imported else run for run in together]}
    return [_compared(runs, workspace, request) for runs in groups.values()]


def save_baseline(workspace: Workspace, request: CompareRequest, path: Path) -> str:
    """Keep the one run that is named as a baseline file, and give its id.

    Raises:
        ConfigurationError: Not just one run is named.
    """
    found = find_runs(workspace, request.targets, request.task)
    folders = [folder for folders in found.values() for folder in folders]
    if len(folders) != 1:
        raise ConfigurationError(
            f"a baseline is one run, and {len(folders)} are named",
            where="--save-baseline",
            remedy="name one run by its id",
        )
    write_baseline(_run_of(folders[0]), path)
    return folders[0].run_id


def compare_runs(
    folders: Sequence[RunFolder],
    *,
    baseline: str | None = None,
    margin: float = 0.0,
    seed: int = 0,
    workspace: Workspace | None = None,
) -> Comparison:
    """Compare runs in pairs on the same items; see `harness.evaluation.comparison.compare`.

    Args:
        folders: Two or more runs of one task on one version.
        baseline: A run's id, or the name or URI of its system: compare the others with it alone.
        margin: Largest difference that does not matter, in the metrics' unit, >= 0.
        seed: Of the resampling.
        workspace: Where the version is looked for, to slice by what it knows of its documents.

    Raises:
        ConfigurationError: Fewer than two runs, one given twice, or an unknown baseline.
        NoEvidenceError: The runs do not measure the same thing on the same items.
        InputError: A run's items were changed after the run.
    """
    runs = [_run_of(folder) for folder in folders]
    traits = traits_for(workspace, runs[0].subject) if workspace and runs else None
    return compare(runs, baseline=baseline, margin=margin, seed=seed, traits=traits)


def _run_of(folder: RunFolder) -> RunItems:
    return RunItems(folder.result, folder.manifest.subject, folder.items(), folder.counts())


def _compared(runs: Sequence[RunItems], workspace: Workspace, request: CompareRequest) -> Comparison:
    traits = traits_for(workspace, runs[0].subject) if runs else None
    given, notes = list(runs), tuple[str, ...]()
    if request.allow_mismatch and len(runs) > 1:
        given, notes = in_common(runs)
    try:
        compared = compare(
            given, baseline=request.baseline, margin=request.margin, seed=request.seed, traits=traits
        )
    except NoEvidenceError as error:
        if request.allow_mismatch:
            raise
        raise NoEvidenceError(
            error.what,
            where=error.where,
            remedy=f"{error.remedy}; or compare what they share: --allow-mismatch",
        ) from error
    return compared.model_copy(update={"notes": (*notes, *compared.notes)}) if notes else compared
