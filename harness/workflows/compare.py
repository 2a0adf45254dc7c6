"""Compare stored runs, predictions, and results of other tools, with each other."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from harness.core.errors import ConfigurationError, NoEvidenceError
from harness.core.workspace import Workspace
from harness.evaluation.alignment import are_alike
from harness.evaluation.comparison import RunItems, compare
from harness.evaluation.intersection import in_common
from harness.evaluation.results import Comparison
from harness.store.imports.kept_baseline import write_baseline
from harness.store.runs import RunFolder
from harness.store.traits import traits_for
from harness.workflows.contestants import Asked, Progress, gathered, run_of


@dataclass(frozen=True)
class CompareRequest:
    """What to compare, and how.

    Args:
        asked: Who takes part.
        baseline: A run's id, the name or URI of its system, or a file: compare the others with it alone.
        margin: Largest difference that does not matter, in the metrics' unit, >= 0.
        seed: Of the resampling.
        seeds: Runs that are one system with other seeds, by the system's name.
        allow_mismatch: Compare what runs have in common, where they do not measure the same.
    """

    asked: Asked
    baseline: str | None = None
    margin: float = 0.0
    seed: int = 0
    seeds: Mapping[str, Sequence[str]] = field(default_factory=dict)
    allow_mismatch: bool = False


def compare_targets(workspace: Workspace, request: CompareRequest, progress: Progress) -> list[Comparison]:
    """Compare what people name, task by task.

    Raises:
        ConfigurationError: Fewer than two runs, one given twice, an unknown baseline, or predictions without a task.
        NoEvidenceError: There is no run, or the runs do not measure the same thing on the same items.
        InputError: A run is not there or was changed; a file cannot be read.
    """
    groups, baseline = gathered(workspace, request.asked, request.baseline, progress)
    request = replace(request, baseline=baseline)
    return [_compared(runs, workspace, request) for runs in groups.values()]


def named_seeds(options: Sequence[str]) -> dict[str, list[str]]:
    """Read `NAME=RUN,RUN` options.

    Raises:
        ConfigurationError: One is not of this form, or two name the same system.
    """
    named: dict[str, list[str]] = {}
    for option in options:
        name, equals, runs = option.partition("=")
        members = [run.strip() for run in runs.split(",") if run.strip()]
        if not (name.strip() and equals and members) or name.strip() in named:
            raise ConfigurationError(
                f"'{option}' does not say which runs are one system, or says it of one system again",
                where="--seeds",
                remedy="write NAME=RUN,RUN once for each system",
            )
        named[name.strip()] = members
    return named


def save_baseline(workspace: Workspace, request: CompareRequest, path: Path) -> str:
    """Keep the one run that is named as a baseline file, and give its id.

    Raises:
        ConfigurationError: Not just one run is named.
    """
    groups, _ = gathered(workspace, request.asked, None, lambda _line: None)
    runs = [run for group in groups.values() for run in group]
    if len(runs) != 1:
        raise ConfigurationError(
            f"a baseline is one run, and {len(runs)} are named",
            where="--save-baseline",
            remedy="name one run by its id",
        )
    write_baseline(runs[0], path)
    return runs[0].result.run_id


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
    runs = [run_of(folder) for folder in folders]
    traits = traits_for(workspace, runs[0].subject) if workspace and runs else None
    return compare(runs, baseline=baseline, margin=margin, seed=seed, traits=traits)


def _compared(runs: Sequence[RunItems], workspace: Workspace, request: CompareRequest) -> Comparison:
    traits = traits_for(workspace, runs[0].subject) if runs else None
    given, notes = list(runs), tuple[str, ...]()
    if request.allow_mismatch and not are_alike(
        runs
    ):  # narrowing takes metrics away that are no means over items
        given, notes = in_common(runs)
    try:
        compared = compare(
            given,
            baseline=request.baseline,
            margin=request.margin,
            seed=request.seed,
            traits=traits,
            seeds=request.seeds,
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
