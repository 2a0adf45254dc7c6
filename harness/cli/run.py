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
        typer.Option(
            help="System: a name in systems.toml, or such as bm25, preds:FILE.jsonl, cmd:./program, "
            "py:module:function, openai:http://localhost:8000/v1#MODEL; repeatable. Default: all built in."
        ),
    ] = None,
    on_missing: Annotated[
        str,
        typer.Option(help="Items without an answer: fail (refuse the run), wrong (count them so) or drop."),
    ] = "fail",
    dry_run: Annotated[
        bool,
        typer.Option("--dry-run", help="Count what would be asked, and what it costs at most; ask nothing."),
    ] = False,
    workspace: WorkspaceOption = None,
    format_: FormatOption = Format.HUMAN,
) -> None:
    """Run systems on tasks and score them.

    Tasks are derived from the version; a run that is there already is kept, not repeated. Answers are kept as
    they come: after a kill or an error, the same command goes on where it was.
    """
    from harness.reports.runs_text import estimates_text, runs_text
    from harness.store.versions import find_version
    from harness.workflows.campaign import run_campaign
    from harness.workflows.estimating import estimate
    from harness.workflows.targets import missing_policy, open_workspace

    output = Output(format_)
    place = open_workspace(workspace)
    version = find_version(place, target)
    if dry_run:
        estimates = estimate(place, version, tasks=task or (), systems=system or (), progress=output.progress)
        rows = [one.as_json() for one in estimates]
        output.result(lambda: estimates_text(rows), lambda: rows)
        return
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
        lambda: [
            {
                "path": str(folder.path),
                "tokens": folder.tokens(),
                **folder.result.model_dump(mode="json"),
            }
            for folder in folders
        ],
    )
