"""What commands share: where they look, how they answer. stdout is the result, stderr is progress."""

import json
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer


class Format(StrEnum):
    """How a result is printed."""

    HUMAN = "human"
    JSON = "json"
    JSONL = "jsonl"
    QUIET = "quiet"


FormatOption = Annotated[Format, typer.Option("--format", "-f", help="How the result is printed on stdout.")]
WorkspaceOption = Annotated[
    Path | None,
    typer.Option(
        "--workspace",
        envvar="HARNESS_WORKSPACE",
        help="Folder with datasets/, expectations/ and reports/. Default: the nearest one upwards.",
        show_default=False,
    ),
]
MarginOption = Annotated[float, typer.Option(help="Largest difference that does not matter, as a share.")]
SeedOption = Annotated[int, typer.Option(help="Of the resampling.")]


def is_coloured() -> bool:
    """Tell whether stdout is a terminal whose user wants colours (https://no-color.org)."""
    terminal = sys.stdout is not None and sys.stdout.isatty() and os.environ.get("TERM") != "dumb"
    return terminal and not os.environ.get("NO_COLOR")


@dataclass(frozen=True)
class Output:
    """Answers in the chosen format."""

    format: Format

    def progress(self, line: str) -> None:
        """Say on stderr what is going on."""
        from harness.text.visible import visible

        if self.format is not Format.QUIET:
            typer.echo(visible(line), err=True)

    def remark(self, line: str) -> None:
        """Say on stderr what the user should know."""
        self.progress(f"note: {line}")

    def result(self, human: Callable[[], str], rows: Callable[[], Any]) -> None:
        """Print a result: for people, as one JSON value, as JSON lines (a list's items), or not at all."""
        if self.format is Format.HUMAN:
            typer.echo(human())
        elif self.format is Format.JSON:
            typer.echo(json.dumps(rows(), ensure_ascii=False, indent=2))
        elif self.format is Format.JSONL:
            content = rows()
            for row in content if isinstance(content, list) else [content]:
                typer.echo(json.dumps(row, ensure_ascii=False))
