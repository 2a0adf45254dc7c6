"""`harness task`: what a corpus asks systems, shown on real items, and whether the answers stand elsewhere."""

from typing import Annotated

import typer

from harness.cli.output import Format, FormatOption, Output, WorkspaceOption

task = typer.Typer(no_args_is_help=True, help="What systems are measured on: tasks derived from a version.")
_Target = Annotated[str, typer.Argument(help="NAME, NAME@VERSION, or a version folder.")]


@task.command("list")
def list_(target: _Target, workspace: WorkspaceOption = None, format_: FormatOption = Format.HUMAN) -> None:
    """List a version's tasks: how many items each has, who can answer it, or what gold it lacks."""
    from harness.reports.tasks_text import tasks_text
    from harness.store.versions import find_version
    from harness.workflows.targets import open_workspace
    from harness.workflows.tasks import shown_tasks

    place = open_workspace(workspace)
    found = [one.as_json(items=False) for one in shown_tasks(place, find_version(place, target))]
    Output(format_).result(lambda: tasks_text(found), lambda: found)


@task.command()
def show(
    target: _Target,
    name: Annotated[str | None, typer.Argument(help="A task of tasks.toml. Default: all.")] = None,
    workspace: WorkspaceOption = None,
    format_: FormatOption = Format.HUMAN,
) -> None:
    """Show what a task asks: its gold, its metrics, its pitfalls and three real items."""
    from harness.reports.tasks_text import shown_text
    from harness.store.versions import find_version
    from harness.workflows.targets import open_workspace
    from harness.workflows.tasks import shown_tasks

    place = open_workspace(workspace)
    found = [one.as_json(items=True) for one in shown_tasks(place, find_version(place, target), name)]
    Output(format_).result(lambda: shown_text(found), lambda: found)


@task.command()
def overlap(
    target: _Target,
    name: Annotated[str | None, typer.Argument(help="A task of tasks.toml. Default: all.")] = None,
    against: Annotated[
        list[str] | None,
        typer.Option(help="A further corpus to look in: NAME, NAME@VERSION or a version folder; repeatable."),
    ] = None,
    workspace: WorkspaceOption = None,
    format_: FormatOption = Format.HUMAN,
) -> None:
    """Tell which items stand in texts that systems may have learnt from, and the scores without these.

    Looked for in the split train, and in every corpus that is named: runs of 13 words, and near-duplicates.
    """
    from harness.reports.tasks_text import contamination_text
    from harness.store.versions import find_version
    from harness.workflows.targets import open_workspace
    from harness.workflows.tasks import contamination

    output = Output(format_)
    place = open_workspace(workspace)
    version = find_version(place, target)
    found = contamination(place, version, task=name, against=against or (), progress=output.progress)
    output.result(lambda: contamination_text(found), lambda: [one.as_json() for one in found])


@task.command()
def robustness(
    target: _Target,
    name: Annotated[str | None, typer.Argument(help="A task of tasks.toml. Default: all.")] = None,
    workspace: WorkspaceOption = None,
    format_: FormatOption = Format.HUMAN,
) -> None:
    """Tell what each noise cost the systems that were run on tasks with `noise`: noisy items against clean ones."""
    from harness.reports.tasks_text import robustness_text
    from harness.store.versions import find_version
    from harness.workflows.targets import open_workspace
    from harness.workflows.tasks import robustness as told

    place = open_workspace(workspace)
    found = told(place, find_version(place, target), task=name)
    Output(format_).result(
        lambda: robustness_text(found), lambda: [one.model_dump(mode="json") for one in found]
    )
