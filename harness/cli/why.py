"""`harness why`: one document's life."""

from pathlib import Path
from typing import Annotated

import typer

from harness.cli.output import Format, FormatOption, Output, WorkspaceOption, is_coloured


def why(
    document: Annotated[str, typer.Argument(metavar="ID", help="Id, URL or locator of a record.")],
    in_: Annotated[
        str | None,
        typer.Option(
            "--in", help="NAME, NAME@VERSION or version folder. Default: the newest of each corpus."
        ),
    ] = None,
    edits: Annotated[int, typer.Option(min=0, help="So many edits are shown; JSON has all.")] = 40,
    save_page: Annotated[
        Path | None,
        typer.Option(
            help="Write the page that it was taken from to this file, byte for byte, where it is kept."
        ),
    ] = None,
    workspace: WorkspaceOption = None,
    format_: FormatOption = Format.HUMAN,
) -> None:
    """Tell one document's life.

    From raw bytes to row, or to what refused it: decoding, each edit as a word diff with its rule, signals against what rules and
    gates allow, cluster and survivor, split.
    """
    from harness.reports.why_text import why_text
    from harness.workflows.targets import open_workspace
    from harness.workflows.why import save_page as write_page
    from harness.workflows.why import why as tell_why

    opened = open_workspace(workspace)
    life = tell_why(opened, document, in_)
    if save_page is not None:
        write_page(opened, document, in_, save_page)
    Output(format_).result(
        lambda: why_text(life, most_edits=edits, coloured=is_coloured()), lambda: life.model_dump(mode="json")
    )
