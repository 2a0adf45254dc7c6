"""`harness residue`: lines that a source repeats, proposed to be cut; sources that break sentences, to be joined."""

from dataclasses import asdict
from typing import Annotated

import typer

from harness.cli.output import Format, FormatOption, Output, WorkspaceOption


def residue(
    target: Annotated[str, typer.Argument(help="NAME, NAME@VERSION, or a version folder.")],
    min_share: Annotated[
        float, typer.Option(min=0.0, max=1.0, help="Least share of a source's clusters that have the line.")
    ] = 0.02,
    workspace: WorkspaceOption = None,
    format_: FormatOption = Format.HUMAN,
) -> None:
    """Propose residue that a source repeats, and sources that break their sentences.

    Lines that recur at the edges of a source's documents, and sources whose lines are broken at a width or
    have blank lines inside many sentences, with counts and examples, as TOML for the recipe. Nothing is cut or
    joined before a person has pasted it there.
    """
    from harness.reports.residue_text import residue_text
    from harness.store.versions import find_version
    from harness.workflows.residue import propose_joins, propose_residue
    from harness.workflows.targets import open_workspace

    version = find_version(open_workspace(workspace), target)
    proposals = propose_residue(version, min_share)
    joins = propose_joins(version)
    Output(format_).result(
        lambda: residue_text(proposals, joins), lambda: [*map(asdict, proposals), *map(asdict, joins)]
    )
