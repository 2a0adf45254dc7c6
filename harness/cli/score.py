"""`harness score`: scores anew from the answers of runs."""

from typing import Annotated

import typer

from harness.cli.output import Format, FormatOption, Output, WorkspaceOption


def score(
    targets: Annotated[
        list[str],
        typer.Argument(
            metavar="RUN...", help="Run ids or run folders; or one NAME@VERSION for all of its runs."
        ),
    ],
    task: Annotated[str | None, typer.Option(help="Only runs on this task.", show_default=False)] = None,
    on_missing: Annotated[
        str | None,
        typer.Option(
            help="Items without an answer: fail, wrong or drop. Default: as in the run.", show_default=False
        ),
    ] = None,
    seed: Annotated[
        int | None, typer.Option(help="Of the resampling. Default: as in the run.", show_default=False)
    ] = None,
    workspace: WorkspaceOption = None,
    format_: FormatOption = Format.HUMAN,
) -> None:
    """Score the answers of runs by the metrics as they are now; runs no system.

    With another policy or seed, the result is another run beside the old one.
    """
    from harness.reports.runs_text import runs_text
    from harness.workflows.finding import find_runs
    from harness.workflows.rescoring import rescore
    from harness.workflows.targets import missing_policy, open_workspace

    output = Output(format_)
    place = open_workspace(workspace)
    policy = None if on_missing is None else missing_policy(on_missing)
    found = find_runs(place, targets, task, alone=True, progress=output.progress)
    folders = [
        rescore(place, folder, on_missing=policy, seed=seed) for runs in found.values() for folder in runs
    ]
    results = [(folder.manifest.subject, folder.result) for folder in folders]
    output.result(
        lambda: runs_text(results),
        lambda: [{"path": str(folder.path), **folder.result.model_dump(mode="json")} for folder in folders],
    )
