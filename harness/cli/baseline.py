"""`harness baseline`: what a corpus' gates may not fall behind."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from harness.cli.output import Format, FormatOption, Output, WorkspaceOption

if TYPE_CHECKING:
    from harness.core.baseline import Changed
    from harness.gates.ratchet import Excuse
    from harness.workflows.baseline import Judged

baseline = typer.Typer(
    no_args_is_help=True,
    help="Agree on what the gates say now, so that it can only get better. The file is committed beside the recipe.",
)
_Target = Annotated[str, typer.Argument(help="NAME, NAME@VERSION, or a version folder.")]


@baseline.command("set")
def set_(target: _Target, workspace: WorkspaceOption = None, format_: FormatOption = Format.HUMAN) -> None:
    """Make what the gates say now the baseline of a corpus that has none."""
    from harness.reports.baseline_text import baseline_text
    from harness.workflows.baseline import set_baseline

    output = Output(format_)
    written = set_baseline(_judged(target, workspace, output))
    output.result(lambda: baseline_text(written), lambda: written.model_dump(mode="json"))


@baseline.command()
def show(target: _Target, workspace: WorkspaceOption = None, format_: FormatOption = Format.HUMAN) -> None:
    """Show a corpus' baseline; judges nothing."""
    from harness.reports.baseline_text import baseline_text
    from harness.workflows.baseline import baseline_path, existing_baseline
    from harness.workflows.targets import open_workspace

    found = existing_baseline(baseline_path(open_workspace(workspace), target.partition("@")[0]))
    Output(format_).result(lambda: baseline_text(found), lambda: found.model_dump(mode="json"))


@baseline.command()
def update(
    target: _Target,
    accept_worse: Annotated[
        bool,
        typer.Option("--accept-worse", help="Also take over what got worse; needs --reason and --until."),
    ] = False,
    reason: Annotated[str, typer.Option(help="Why the worsening is accepted.")] = "",
    until: Annotated[
        str, typer.Option(help="Day by which it is mended, YYYY-MM-DD; then validate fails.")
    ] = "",
    workspace: WorkspaceOption = None,
    format_: FormatOption = Format.HUMAN,
) -> None:
    """Tighten the baseline to what the gates say now; refuses where something got worse."""
    from harness.workflows.baseline import excuse_of, update_baseline

    excuse: Excuse | None = excuse_of(accept_worse, reason, until)
    _change(target, workspace, format_, lambda judged: update_baseline(judged, excuse))


@baseline.command()
def prune(target: _Target, workspace: WorkspaceOption = None, format_: FormatOption = Format.HUMAN) -> None:
    """Take out the gates and slices that no longer exist."""
    from harness.workflows.baseline import prune_baseline

    _change(target, workspace, format_, prune_baseline)


def _change(
    target: str, workspace: Path | None, format_: Format, change: "Callable[[Judged], Changed]"
) -> None:
    from harness.reports.baseline_text import changes_text

    output = Output(format_)
    changed = change(_judged(target, workspace, output))
    output.result(
        lambda: changes_text(changed),
        lambda: [{"rule": one.rule, "change": one.what} for one in changed.changes],
    )


def _judged(target: str, workspace: Path | None, output: Output) -> "Judged":
    from harness.store.versions import find_version
    from harness.workflows.baseline import judge_for_baseline
    from harness.workflows.targets import open_suites, open_workspace

    place = open_workspace(workspace)
    version = find_version(place, target)
    suites = open_suites(place, version)
    output.progress(f"judging {version.manifest.reference} by {', '.join(one.name for one in suites)}")
    return judge_for_baseline(place, version, suites)
