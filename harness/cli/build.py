"""`harness build`: raw articles to a version."""

import os
from pathlib import Path
from typing import Annotated

import typer

from harness.cli.output import Format, FormatOption, Output, WorkspaceOption


def build(
    target: Annotated[
        str,
        typer.Argument(
            help="A corpus' name, a recipe.toml, any folder or file of articles, a quoted pattern ('raw/**/*.jsonl'), an address (s3://…, hf://…), or - for stdin."
        ),
    ],
    out: Annotated[Path | None, typer.Option(help="Version folder to write.", show_default=False)] = None,
    profile: Annotated[str | None, typer.Option(help="Cleaning profile: safe or news-ar.")] = None,
    source: Annotated[
        str | None, typer.Option(help="Where the raw data lies, for a recipe whose data you bring.")
    ] = None,
    workers: Annotated[int | None, typer.Option(min=1, help="Processes at most. Default: all cores.")] = None,
    strict: Annotated[
        bool, typer.Option("--strict", help="Refuse to write if any record cannot be read.")
    ] = False,
    memory: Annotated[
        float | None,
        typer.Option(
            min=0.1,
            help="GiB that all processes may take together: fewer work at a time, and what is held of each record "
            "goes to a file where it is too much. Default: half of the machine.",
            show_default=False,
        ),
    ] = None,
    release: Annotated[
        bool,
        typer.Option(
            "--release",
            help="Also track the version in versions/<semver>.json beside the recipe, for later ones to be compared with.",
        ),
    ] = False,
    cache: Annotated[
        Path | None,
        typer.Option(
            envvar="HARNESS_CACHE",
            help="Folder that keeps finished work for later builds. Default: beside the version among a workspace's builds, else none.",
            show_default=False,
        ),
    ] = None,
    no_cache: Annotated[
        bool, typer.Option("--no-cache", help="Do all work anew, and keep none of it.")
    ] = False,
    chunk_kib: Annotated[
        int | None,
        typer.Option(min=1, hidden=True, help="Expected size of a chunk: shapes the work, never the result."),
    ] = None,
    workspace: WorkspaceOption = None,
    format_: FormatOption = Format.HUMAN,
) -> None:
    """Build a dataset version from raw articles.

    Without a recipe, FOLDER or FILE is built with defaults, and the recipe that was used is printed.
    """
    # Before numpy is loaded: no sum here is wide, and threads that wait for one take each process 0.1 s.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    from harness.reports.build_text import build_text
    from harness.workflows.build import build as build_version
    from harness.workflows.release import require_recipe, write_release
    from harness.workflows.targets import BuildTarget, open_workspace

    output = Output(format_)
    place = open_workspace(workspace)
    chosen = BuildTarget.resolve(place, target, out).adjusted(profile=profile, source=source)
    if release:
        require_recipe(improvised=chosen.improvised)
    chosen = chosen.cached_in(cache, is_off=no_cache)
    built = build_version(
        chosen.request(workers=workers, strict=strict, chunk_kib=chunk_kib, memory_gib=memory),
        output.progress,
    )
    for remark in built.remarks:
        output.remark(remark)
    if release:
        output.progress(f"tracked in {write_release(place, built.version)}")
    manifest = built.version.manifest
    output.result(
        lambda: build_text(manifest, str(built.version.path), recipe_toml=chosen.recipe_to_print()),
        lambda: {"path": str(built.version.path), **manifest.model_dump(mode="json", exclude={"files"})},
    )
