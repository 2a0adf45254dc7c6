"""`harness compare`: runs against each other."""

import os
from pathlib import Path
from typing import Annotated

import typer

from harness.cli.output import Format, FormatOption, MarginOption, Output, SeedOption, WorkspaceOption


def compare(
    targets: Annotated[
        list[str],
        typer.Argument(
            help="Run ids or run folders; one NAME[@VERSION] for all runs on it; predictions files; or result files of "
            "other tools."
        ),
    ],
    task: Annotated[
        str | None,
        typer.Option(help="Only runs on this task; what predictions files answer.", show_default=False),
    ] = None,
    version: Annotated[
        str | None,
        typer.Option(
            help="NAME[@VERSION] that predictions files answer. Default: that of the runs beside them.",
            show_default=False,
        ),
    ] = None,
    on_missing: Annotated[
        str, typer.Option(help="Items without a prediction: fail, wrong (count them so) or drop.")
    ] = "fail",
    baseline: Annotated[
        str | None,
        typer.Option(
            help="Compare with this run, system or kept baseline file alone. Default: all pairs.",
            show_default=False,
        ),
    ] = None,
    save_baseline: Annotated[
        Path | None,
        typer.Option(
            help="Keep the one run that is named as a file to commit; compares nothing.", show_default=False
        ),
    ] = None,
    margin: MarginOption = 0.0,
    gate: Annotated[
        Path | None,
        typer.Option(help="TOML file of floors and margins that the runs are held to.", show_default=False),
    ] = None,
    strict: Annotated[bool, typer.Option("--strict", help="Exit 4 where evidence is lacking.")] = False,
    report: Annotated[
        list[str] | None,
        typer.Option(
            help="With --gate, also write KIND=FILE; repeatable. Kinds: junit, sarif, gitlab, github, summary, md, badge, html."
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            help="Folder; also write the comparison as HTML, Markdown and JSON there.", show_default=False
        ),
    ] = None,
    clusters: Annotated[
        Path | None,
        typer.Option(help="File with the cluster of each item, for result files.", show_default=False),
    ] = None,
    qrels: Annotated[Path | None, typer.Option(help="Judgements, for TREC runs.", show_default=False)] = None,
    allow_mismatch: Annotated[
        bool, typer.Option("--allow-mismatch", help="Compare the items and metrics that runs have in common.")
    ] = False,
    seeds: Annotated[
        list[str] | None,
        typer.Option(
            help="NAME=RUN,RUN,...: runs that are one system with other seeds; repeatable. Default: as systems.toml says.",
            show_default=False,
        ),
    ] = None,
    seed: SeedOption = 0,
    workspace: WorkspaceOption = None,
    format_: FormatOption = Format.HUMAN,
) -> None:
    """Compare runs on the same items.

    Differences come with intervals, and each pair with a verdict. Whole clusters of near-duplicates are resampled, since copies are no independent evidence.

    With --gate: exits 1 where a run is surely worse than allowed, 4 where a rule could not be judged.
    """
    # Before numpy is loaded: the sums here are narrow, and threads that wait for each other double the CPU time.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    from harness.reports.comparison_text import comparison_text
    from harness.workflows.compare import CompareRequest, compare_targets, named_seeds
    from harness.workflows.compare import save_baseline as keep
    from harness.workflows.contestants import Asked
    from harness.workflows.gate import exit_code_of, held_to_gate
    from harness.workflows.opening import missing_policy, open_workspace

    output = Output(format_)
    asked = Asked(targets, task, version, missing_policy(on_missing), clusters, qrels)
    request = CompareRequest(
        asked, baseline, margin, seed, seeds=named_seeds(seeds or []), allow_mismatch=allow_mismatch
    )
    if save_baseline is not None:
        run_id = keep(open_workspace(workspace), request, save_baseline)
        output.result(
            lambda: f"{save_baseline}: {run_id}", lambda: {"run_id": run_id, "file": str(save_baseline)}
        )
        return
    held = held_to_gate(gate, report or [], is_strict=strict)
    compared = compare_targets(open_workspace(workspace), request, output.progress)
    if out is not None:
        from harness.workflows.pages import write_pages

        for path in write_pages(compared, out).values():
            output.progress(str(path))
    verdict = held.verdict(compared, lambda content: typer.echo(content, nl=False))
    output.result(
        lambda: "\n\n".join([*map(comparison_text, compared), *held.text(verdict)]),
        lambda: held.rows(compared, verdict),
    )
    raise typer.Exit(int(exit_code_of(compared, verdict, is_strict=strict)))
