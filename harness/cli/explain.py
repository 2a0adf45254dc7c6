"""`harness explain`: what a code means."""

from typing import Annotated

import typer

from harness.cli.output import Format, FormatOption, Output, WorkspaceOption


def explain(
    code: Annotated[
        str | None,
        typer.Argument(help="A rule's code, an error's, a signal or an exit code. Default: list all."),
    ] = None,
    workspace: WorkspaceOption = None,
    format_: FormatOption = Format.HUMAN,
) -> None:
    """Tell what a code means.

    Of a rule of a suite: what it asks for, why, an example, how to mend it and what it wrongly catches; your own suites are
    read, too. Also rules of cleaning and of recipes, codes of errors, signals and exit codes.
    """
    from harness.reports.explain_text import explain_text, list_text
    from harness.workflows.explain import all_pages
    from harness.workflows.explain import explain as tell
    from harness.workflows.targets import open_workspace

    opened = open_workspace(workspace)
    output = Output(format_)
    found = all_pages(opened) if code is None else tell(opened, code)
    for file in found.unread:
        output.remark(f"{file} cannot be read; 'harness check config' says why")
    render = list_text if code is None else explain_text
    output.result(lambda: render(found.pages), lambda: [page.model_dump() for page in found.pages])
