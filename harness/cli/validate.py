"""`harness validate`: gates over a version."""

from typing import Annotated

import typer

from harness.cli.output import Format, FormatOption, Output, WorkspaceOption


def validate(
    target: Annotated[str, typer.Argument(help="NAME, NAME@VERSION, or a version folder.")],
    suite: Annotated[
        list[str] | None,
        typer.Option(help="Suite to run, by name or path; repeatable. Default: the recipe's."),
    ] = None,
    report: Annotated[
        list[str] | None,
        typer.Option(
            help="Also write KIND=FILE; repeatable. Kinds: junit, sarif, gitlab, github, summary, md, badge, html. "
            "A FILE of - is stdout; `github` and `summary` know their place in a job by themselves."
        ),
    ] = None,
    workspace: WorkspaceOption = None,
    format_: FormatOption = Format.HUMAN,
) -> None:
    """Judge a version by its suites of expectations, and by its corpus' baseline where there is one.

    Exits 0 when all critical gates passed, 1 when one failed, 4 when something could not be judged.
    """
    from harness.reports.verdict_text import verdict_text
    from harness.reports.verdicts import parse_sink
    from harness.store.versions import find_version
    from harness.workflows.baseline import held_against_baseline
    from harness.workflows.placing import placing_in
    from harness.workflows.release import tables_beside
    from harness.workflows.targets import open_suites, open_workspace
    from harness.workflows.validate import validate as validate_version

    output = Output(format_)
    sinks = [parse_sink(word) for word in report or []]
    place = open_workspace(workspace)
    version = find_version(place, target)
    suites = open_suites(place, version, suite or None)
    output.progress(f"judging {version.manifest.reference} by {', '.join(one.name for one in suites)}")
    verdict = validate_version(
        version,
        suites,
        lambda judged: held_against_baseline(place, version, judged),
        beside=tables_beside(place, version),
    )
    output.result(lambda: verdict_text(verdict), verdict.as_json)
    # What blocks comes first: `False` sorts before `True`.
    failed = [
        gate.rule
        for gate in sorted(verdict.gates, key=lambda gate: not gate.blocks)
        if gate.status == "failed"
    ]
    if failed and output.format is Format.HUMAN:
        output.remark(f"'harness explain {failed[0]}' tells why it is asked for and how to mend it")
    placing = placing_in(place, version)
    for sink in sinks:
        sink.write(verdict, placing, lambda content: typer.echo(content, nl=False))
    raise typer.Exit(int(verdict.exit_code))
