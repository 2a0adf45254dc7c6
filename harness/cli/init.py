"""`harness init`: a repository of one's own corpora."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from harness.cli.output import Format, FormatOption, Output


def init(
    folder: Annotated[Path, typer.Argument(help="The repository. Default: this folder.")] = Path(),
    name: Annotated[str, typer.Option(help="Of the first corpus.")] = "my-news",
    ci: Annotated[str, typer.Option(help="Which job to write: github, gitlab or none.")] = "github",
    format_: FormatOption = Format.HUMAN,
) -> None:
    """Begin a repository: a corpus with a recipe and a few articles, suites, editor schemas, and a job for CI.

    What is there already is left as it is.
    """
    from harness.reports.init_text import init_text
    from harness.workflows.init import ci_provider
    from harness.workflows.init import init as begin

    started = begin(folder, name, ci_provider(ci))
    Output(format_).result(
        lambda: init_text(folder, started.name, started.written, started.kept),
        lambda: asdict(started) | {"folder": str(started.folder)},
    )
