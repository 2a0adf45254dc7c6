"""`harness report`: a comparison as pages for people and files for machines."""

from pathlib import Path
from typing import Annotated

import typer

from harness.cli.output import Format, FormatOption, MarginOption, Output, SeedOption, WorkspaceOption


def report(
    target: Annotated[str, typer.Argument(help="NAME, NAME@VERSION, or a version folder with runs on it.")],
    out: Annotated[
        Path | None, typer.Option(help="Folder. Default: reports/NAME.", show_default=False)
    ] = None,
    task: Annotated[str | None, typer.Option(help="Only this task.", show_default=False)] = None,
    baseline: Annotated[
        str | None, typer.Option(help="Compare with this system alone.", show_default=False)
    ] = None,
    margin: MarginOption = 0.0,
    seed: SeedOption = 0,
    workspace: WorkspaceOption = None,
    format_: FormatOption = Format.HUMAN,
) -> None:
    """Write the comparison of a version's runs.

    As one self-contained HTML file, as Markdown and as JSON.
    """
    from harness.store.versions import find_version
    from harness.workflows.report import ReportRequest, write_report
    from harness.workflows.targets import open_workspace

    place = open_workspace(workspace)
    request = ReportRequest(
        find_version(place, target), task=task, baseline=baseline, margin=margin, seed=seed
    )
    output = Output(format_)
    written = write_report(place, request, out, progress=output.progress)
    output.result(
        lambda: "\n".join(str(path) for path in written.values()),
        lambda: {kind: str(path) for kind, path in written.items()},
    )
