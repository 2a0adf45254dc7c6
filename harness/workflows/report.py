"""A version's runs, compared task by task and written for people and for machines."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from harness.core.errors import HarnessError, InputError
from harness.core.verdict import Verdict
from harness.core.workspace import Workspace
from harness.evaluation.results import Comparison
from harness.evaluation.tasks import read_tasks
from harness.reports.summary import summary_of
from harness.store.versions import VersionFolder
from harness.workflows.compare import compare_runs
from harness.workflows.contestants import of_several
from harness.workflows.finding import runs_of
from harness.workflows.pages import write_pages
from harness.workflows.run import tasks_file_of
from harness.workflows.validate import current_verdict


@dataclass(frozen=True)
class ReportRequest:
    """What to report on.

    Args:
        version: The version whose runs are compared.
        task: This task alone; None takes all.
        baseline: Compare with this system alone; None compares all pairs.
        margin: Largest difference that does not matter.
        seed: Of the resampling.
    """

    version: VersionFolder
    task: str | None = None
    baseline: str | None = None
    margin: float = 0.0
    seed: int = 0


def compare_all(
    workspace: Workspace, request: ReportRequest, progress: Callable[[str], None]
) -> list[Comparison]:
    """Compare the runs on a version, task by task; `progress` hears of runs that are left out.

    Raises:
        NoEvidenceError: No system was run on it, or runs of a task cannot be compared.
        ConfigurationError: No task has more than one run.
    """
    found = of_several(runs_of(workspace, request.version, request.task, progress=progress), progress)
    return [
        compare_runs(
            folders,
            baseline=request.baseline,
            margin=request.margin,
            seed=request.seed,
            workspace=workspace,
        )
        for _, folders in sorted(found.items(), key=_order_of_tasks(workspace, request.version))
    ]


def _order_of_tasks(
    workspace: Workspace, version: VersionFolder
) -> Callable[[tuple[str, object]], tuple[int, str]]:
    """Order tasks as the corpus' `tasks.toml` does: what people wrote first is what they look for first."""
    try:
        known = list(read_tasks(tasks_file_of(workspace, version.manifest.name)))
    except HarnessError:  # a run is compared whatever has become of the file since
        known = []
    places = {name: place for place, name in enumerate(known)}
    return lambda entry: (places.get(entry[0], len(places)), entry[0])


def write_report(
    workspace: Workspace,
    request: ReportRequest,
    out: Path | None = None,
    *,
    progress: Callable[[str], None] = lambda _line: None,
) -> dict[str, Path]:
    """Write the report in every format; give the paths by format, `html` first."""
    comparisons = compare_all(workspace, request, progress)
    return render_report(comparisons, request.version, out or _place(workspace, request))


def render_report(comparisons: list[Comparison], version: VersionFolder, out: Path) -> dict[str, Path]:
    """Write comparisons with what is known of their corpus into a folder."""
    return write_pages(comparisons, out, summary=summary_of(version.manifest, _readable_verdict(version)))


def _place(workspace: Workspace, request: ReportRequest) -> Path:
    return workspace.reports(request.version.manifest.name)


def _readable_verdict(version: VersionFolder) -> Verdict | None:
    """Read the verdict on this content; a report can do without one that is broken."""
    try:
        return current_verdict(version)
    except InputError:
        return None
