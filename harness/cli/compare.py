"""`harness compare`: runs against each other."""

from typing import Annotated

import typer

from harness.cli.output import Format, FormatOption, MarginOption, Output, SeedOption, WorkspaceOption


def compare(
    targets: Annotated[
        list[str], typer.Argument(help="Run ids or run folders; or one NAME[@VERSION] for all runs on it.")
    ],
    task: Annotated[str | None, typer.Option(help="Only runs on this task.", show_default=False)] = None,
    baseline: Annotated[
        str | None,
        typer.Option(help="Compare with this run or system alone. Default: all pairs.", show_default=False),
    ] = None,
    margin: MarginOption = 0.0,
    seed: SeedOption = 0,
    workspace: WorkspaceOption = None,
    format_: FormatOption = Format.HUMAN,
) -> None:
    """Compare runs on the same items.

    Differences come with intervals, and each pair with a verdict. Whole clusters of near-duplicates are resampled, since copies are no independent evidence.
    """
    from harness.reports.comparison_text import comparison_text
    from harness.workflows.campaign import find_runs
    from harness.workflows.compare import compare_runs
    from harness.workflows.targets import open_workspace

    output = Output(format_)
    place = open_workspace(workspace)
    found = find_runs(place, targets, task, progress=output.progress)
    compared = [
        compare_runs(folders, baseline=baseline, margin=margin, seed=seed, workspace=place)
        for _, folders in sorted(found.items())
    ]
    output.result(
        lambda: "\n\n".join(map(comparison_text, compared)),
        lambda: [comparison.as_json() for comparison in compared],
    )
