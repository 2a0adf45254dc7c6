"""`harness check`: what can be told of files before they are committed."""

from dataclasses import asdict
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from harness.cli.output import Format, FormatOption, Output, WorkspaceOption


class Selection(StrEnum):
    """Which records to look at."""

    ALL = "all"
    CHANGED = "changed"


check = typer.Typer(
    no_args_is_help=True, help="Check files before they are committed, as pre-commit hooks do."
)


@check.command()
def config(
    files: Annotated[
        list[Path] | None, typer.Argument(help="Recipes, tasks and suites. Default: all of the workspace.")
    ] = None,
    workspace: WorkspaceOption = None,
    format_: FormatOption = Format.HUMAN,
) -> None:
    """Read recipes, tasks and suites strictly, as a build and a validation would."""
    from harness.workflows.check_config import check_config
    from harness.workflows.targets import open_workspace

    read = check_config(open_workspace(workspace), files or [])
    Output(format_).result(lambda: f"{len(read)} files are as harness reads them", lambda: read)


@check.command()
def raw(
    files: Annotated[list[Path], typer.Argument(help="Raw articles, in any format that a build reads.")],
    select: Annotated[
        Selection,
        typer.Option(
            help="`changed` passes over records that a newest version kept, by the hash of their bytes."
        ),
    ] = Selection.ALL,
    workspace: WorkspaceOption = None,
    format_: FormatOption = Format.HUMAN,
) -> None:
    """Decode and clean raw articles as a build would, and tell damage and residue.

    Exits 1 where letters were lost or misread, 3 where a record cannot be read; residue alone is only told.
    """
    from harness.core.errors import ExitCode
    from harness.reports.raw_text import raw_text
    from harness.workflows.check_raw import check_raw, kept_before
    from harness.workflows.targets import open_workspace

    place = open_workspace(workspace)
    known = kept_before(place) if select is Selection.CHANGED else frozenset()
    checked = check_raw(place, files, known)
    Output(format_).result(
        lambda: raw_text(checked.findings, checked.records, checked.passed_over),
        lambda: [asdict(one) for one in checked.findings],
    )
    if checked.unreadable:
        raise typer.Exit(int(ExitCode.BAD_INPUT))
    if checked.damaged:
        raise typer.Exit(int(ExitCode.GATE_FAILED))
