"""`harness gc`: prune what builds and runs keep for later ones."""

import time
from pathlib import Path
from typing import Annotated

import typer

from harness.cli.output import Format, FormatOption, Output, WorkspaceOption


def gc(
    older_than_days: Annotated[
        float, typer.Option(min=0, help="What no version and no run rests on goes at this age.")
    ] = 7.0,
    max_gib: Annotated[
        float | None,
        typer.Option(min=0, help="Let the oldest go as well until a cache is no larger.", show_default=False),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would go, and let it stay.")] = False,
    cache: Annotated[
        Path | None,
        typer.Option(
            envvar="HARNESS_CACHE",
            help="The cache to prune, and nothing else. Default: all of the workspace, answers included.",
            show_default=False,
        ),
    ] = None,
    workspace: WorkspaceOption = None,
    format_: FormatOption = Format.HUMAN,
) -> None:
    """Prune what is kept for later: finished work of builds and answers of systems, on which nothing rests.

    Versions and runs lose nothing: what goes is done, or asked, again where it is wanted.
    """
    from harness.reports.gc_text import gc_text
    from harness.store.chunk_cache import Limits
    from harness.workflows.gc import collect_garbage
    from harness.workflows.targets import open_workspace

    most_bytes = None if max_gib is None else int(max_gib * (1 << 30))
    limits = Limits(oldest_s=time.time() - older_than_days * 86_400, most_bytes=most_bytes)
    pruned = collect_garbage(open_workspace(workspace), cache, limits, dry_run=dry_run)
    Output(format_).result(
        lambda: gc_text(pruned, dry_run=dry_run), lambda: [one.as_json() for one in pruned]
    )
