"""`harness run`: NLP systems on the tasks of a version."""

from typing import Annotated

import typer

from harness.cli.output import Format, FormatOption, Output, WorkspaceOption


def run(
    target: Annotated[str, typer.Argument(help="NAME, NAME@VERSION, or a version folder.")],
    task: Annotated[
        list[str] | None, typer.Option(help="Task; repeatable. Default: all of the corpus.")
    ] = None,
    system: Annotated[
        list[str] | None,
        typer.Option(help="System, such as bm25 or preds:FILE.jsonl; repeatable. Default: all built in."),
    ] = None,
    on_missing: Annotated[
        str,
        typer.Option(help="Items without an answer: fail (refuse the run), wrong (count them so) or drop."),
    ] = "fail",
    workspace: WorkspaceOption = None,
    format_: FormatOption = Format.HUMAN,
) -> None:
    """Run systems on tasks and score them.

    Tasks are derived from the version; a run that is there already is kept, not repeated.
    """
    from harness.reports.runs_text import runs_text
    from harness.store.versions import find_version
    from harness.workflows.campaign import run_campaign
    from harness.workflows.targets import missing_policy, open_workspace

    output = Output(format_)
    place = open_workspace(workspace)
    version = find_version(place, target)
    folders = run_campaign(
        place,
        version,
        tasks=task or (),
        systems=system or (),
        on_missing=missing_policy(on_missing),
        progress=output.progress,
    )
    results = [(folder.manifest.subject, folder.result) for folder in folders]
    output.result(
        lambda: runs_text(results),
        lambda: [{"path": str(folder.path), **folder.result.model_dump(mode="json")} for folder in folders],
    )
