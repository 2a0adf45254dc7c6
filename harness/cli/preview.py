"""`harness preview`: what a recipe would do."""

from typing import Annotated

import typer

from harness.cli.output import Format, FormatOption, Output, WorkspaceOption, is_coloured


def preview(
    target: Annotated[
        str,
        typer.Argument(
            help="A corpus' name, a recipe.toml, any folder or file of articles, an address (s3://…, hf://…), or - for stdin."
        ),
    ],
    limit: Annotated[int, typer.Option(min=1, help="Records of each source at most.")] = 20,
    spread: Annotated[
        bool,
        typer.Option(
            "--spread", help="Draw them from all over each source, which is read whole, not the first."
        ),
    ] = False,
    profile: Annotated[str | None, typer.Option(help="Cleaning profile: safe or news-ar.")] = None,
    source: Annotated[
        str | None, typer.Option(help="Where the raw data lies, for a recipe whose data you bring.")
    ] = None,
    edits: Annotated[
        int, typer.Option(min=0, help="So many edits of each record are shown; JSON has all.")
    ] = 3,
    workspace: WorkspaceOption = None,
    format_: FormatOption = Format.HUMAN,
) -> None:
    """Show what a recipe would do, without writing anything.

    A few records of each source go through the work of a build: per record what would become of it and why, its encoding,
    language and edits; then the sum. Copies are looked for among these records alone.
    """
    from harness.reports.preview_text import preview_text
    from harness.workflows.build import BuildRequest
    from harness.workflows.preview import PreviewRequest
    from harness.workflows.preview import preview as look
    from harness.workflows.targets import BuildTarget, open_workspace

    output = Output(format_)
    chosen = BuildTarget.resolve(open_workspace(workspace), target, None).adjusted(
        profile=profile, source=source
    )
    build = BuildRequest(chosen.recipe, chosen.root, chosen.out, source=chosen.source)
    seen = look(PreviewRequest(build, limit, spread), output.progress)
    output.result(
        lambda: preview_text(seen, most_edits=edits, coloured=is_coloured()),
        lambda: seen.model_dump(mode="json"),
    )
