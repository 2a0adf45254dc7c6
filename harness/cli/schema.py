"""`harness schema`: JSON Schemas for editors."""

from typing import Annotated

import typer


def schema(
    kind: Annotated[str, typer.Argument(help="gate, recipe, suite, tasks or systems.")],
) -> None:
    """Print the JSON Schema of a file that people edit, for completion in an editor.

    In TOML name it in the first line, `#:schema PATH`; in a suite as "$schema". A suite's schema knows the signals
    of your own that the recipes here name.
    """
    from harness.workflows.opening import open_workspace
    from harness.workflows.schemas import schema_text

    typer.echo(schema_text(kind, open_workspace(None)), nl=False)
