"""The main job on the embedded corpus, end to end: built, gated, run, compared, reported."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from harness.core.publication import Plan
from harness.core.verdict import Verdict
from harness.core.workspace import Workspace
from harness.curation.life import Life
from harness.evaluation.results import Comparison
from harness.workflows.build import Built, build
from harness.workflows.campaign import run_campaign
from harness.workflows.publish import plan_publication
from harness.workflows.report import ReportRequest, compare_all, render_report
from harness.workflows.targets import BuildTarget, open_suites
from harness.workflows.validate import validate
from harness.workflows.why import why

CORPUS = "demo-news"
_REGRESSION = "regression.toml"
_EXAMPLE_REPOSITORY = "your-organisation/demo-news"


@dataclass(frozen=True)
class Judged:
    """A version with the verdict on it."""

    built: Built
    verdict: Verdict


@dataclass(frozen=True)
class Demo:
    """All that the demo made.

    Args:
        good: The corpus' version, which passes its gates.
        plan: What publishing that version would do.
        edited: The life of a document that cleaning mended.
        regressed: A second raw batch by a careless scraper; its version fails a gate.
        comparisons: One for each task.
        reports: Paths by format.
    """

    good: Judged
    plan: Plan
    edited: Life
    regressed: Judged
    comparisons: tuple[Comparison, ...]
    reports: dict[str, Path]


def demo(workspace: Workspace, progress: Callable[[str], None]) -> Demo:
    """Run the main job on the embedded corpus; what it makes lies in the workspace."""
    recipe = workspace.corpus(CORPUS)
    good = _judge(workspace, str(recipe / "recipe.toml"), None, progress)
    # Not under a version's number: `demo-news@latest` must stay the good one.
    bad = _judge(workspace, str(recipe / _REGRESSION), workspace.builds(CORPUS) / "regression", progress)
    version = good.built.version
    suites = [suite.identity for suite in open_suites(workspace, version)]
    plan = plan_publication(version, suites, _EXAMPLE_REPOSITORY)
    run_campaign(workspace, version, progress=progress)
    progress("comparing")
    comparisons = compare_all(workspace, ReportRequest(version), progress)
    reports = render_report(comparisons, version, workspace.reports(CORPUS))
    return Demo(good, plan, _most_edited(workspace, good), bad, tuple(comparisons), reports)


def _judge(workspace: Workspace, target: str, out: Path | None, progress: Callable[[str], None]) -> Judged:
    chosen = BuildTarget.resolve(workspace, target, out)
    built = build(chosen.request(workers=None, strict=False), progress)
    manifest = built.version.manifest
    progress(f"judging {manifest.reference} by {', '.join(manifest.recipe.gates)}")
    return Judged(built, validate(built.version, open_suites(workspace, built.version)))


def _most_edited(workspace: Workspace, judged: Judged) -> Life:
    """Tell the life of the document that cleaning changed most, the first by id among equals."""
    version = judged.built.version
    rows = version.documents(["id", "edits"]).to_pylist()
    chosen = min(rows, key=lambda row: (-row["edits"], row["id"]))
    return why(workspace, chosen["id"], str(version.path))
