"""`harness ls`: what there is in the workspace."""

from typing import Annotated

import typer

from harness.cli.output import Format, FormatOption, Output, WorkspaceOption

ls = typer.Typer(no_args_is_help=True, help="List what there is; derives and runs nothing.")
_Corpus = Annotated[
    str | None, typer.Argument(metavar="NAME", help="Corpus. Default: all.", show_default=False)
]


@ls.command()
def corpora(workspace: WorkspaceOption = None, format_: FormatOption = Format.HUMAN) -> None:
    """List corpora, with how many versions were built of each, and how many runs were made on it."""
    from harness.reports.listing_text import listing_text
    from harness.workflows.listing import list_corpora
    from harness.workflows.targets import open_workspace

    rows = list_corpora(open_workspace(workspace))
    Output(format_).result(
        lambda: listing_text([(row.name, row.facts, row.damage) for row in rows]),
        lambda: [row.as_json() for row in rows],
    )


@ls.command()
def versions(
    corpus: _Corpus = None, workspace: WorkspaceOption = None, format_: FormatOption = Format.HUMAN
) -> None:
    """List the versions that were built, with their counts."""
    from harness.reports.listing_text import listing_text
    from harness.workflows.listing import list_versions
    from harness.workflows.targets import open_workspace

    rows = list_versions(open_workspace(workspace), corpus)
    Output(format_).result(
        lambda: listing_text([(row.name, row.facts, row.damage) for row in rows]),
        lambda: [row.as_json() for row in rows],
    )


@ls.command()
def runs(
    corpus: _Corpus = None, workspace: WorkspaceOption = None, format_: FormatOption = Format.HUMAN
) -> None:
    """List the runs that were made, each with its first score and its failures."""
    from harness.reports.listing_text import listing_text, run_facts
    from harness.workflows.listing import list_all_runs
    from harness.workflows.targets import open_workspace

    rows = list_all_runs(open_workspace(workspace), corpus)
    Output(format_).result(
        lambda: listing_text([(row.name, row.facts and run_facts(row.facts), row.damage) for row in rows]),
        lambda: [row.as_json() for row in rows],
    )
