"""`harness doctor`: what this installation can do, and which metrics can be trusted."""

from dataclasses import asdict
from typing import Annotated

import typer

from harness.cli.output import Format, FormatOption, Output, WorkspaceOption

doctor = typer.Typer(
    invoke_without_command=True, help="Check the installation; `doctor metrics` checks the metrics."
)


@doctor.callback()
def installation(
    context: typer.Context, workspace: WorkspaceOption = None, format_: FormatOption = Format.HUMAN
) -> None:
    """Check the installation: packages, extras, language identifiers, disk, and folders that are written to.

    Exits 2 where something that is needed is missing or broken; an extra that is absent is only told.
    """
    if context.invoked_subcommand is not None:
        return
    from harness.core.errors import ExitCode
    from harness.reports.doctor_text import installation_text
    from harness.workflows.doctor import check_installation
    from harness.workflows.targets import open_workspace

    findings = check_installation(open_workspace(workspace))
    Output(format_).result(lambda: installation_text(findings), lambda: [asdict(one) for one in findings])
    if any(one.state == "broken" for one in findings):
        raise typer.Exit(int(ExitCode.WRONG_USE))


@doctor.command()
def metrics(
    lang: Annotated[
        list[str] | None,
        typer.Option(help="Language (BCP-47); repeatable. Default: all that there are sentences of."),
    ] = None,
    metric: Annotated[
        list[str] | None,
        typer.Option(help="Metric; repeatable. Default: all built in and all that packages bring."),
    ] = None,
    format_: FormatOption = Format.HUMAN,
) -> None:
    """Try every metric on sentences of a language before it is trusted there.

    Exits 4 where a metric does not keep a promise, and names the promise.
    """
    from harness.core.errors import ExitCode
    from harness.reports.doctor_text import metrics_text
    from harness.workflows.doctor import check_metrics

    diagnoses = check_metrics(lang or (), metric or ())
    Output(format_).result(lambda: metrics_text(diagnoses), lambda: [asdict(one) for one in diagnoses])
    if not all(one.is_sound for one in diagnoses):
        raise typer.Exit(int(ExitCode.NO_EVIDENCE))
