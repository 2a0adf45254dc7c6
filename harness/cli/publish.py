"""`harness publish`: a version to the Hugging Face Hub."""

from typing import Annotated

import typer

from harness.cli.output import Format, FormatOption, Output, WorkspaceOption


def publish(
    target: Annotated[str, typer.Argument(help="NAME, NAME@VERSION, or a version folder.")],
    to: Annotated[str, typer.Option(help="Dataset repository, ORGANISATION/NAME.", show_default=False)],
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Check all and print the plan; needs no network and no token.")
    ] = False,
    private: Annotated[bool, typer.Option("--private", help="Refuse to publish where all can read.")] = False,
    workspace: WorkspaceOption = None,
    format_: FormatOption = Format.HUMAN,
) -> None:
    """Publish a version that passed its gates.

    In one commit with one tag. The token is HF_TOKEN, or the login of the Hub's own client (hf auth login). Exits 1 when a gate had
    failed, 4 when the gates were not judged on this content, 2 when a licence is not stated.
    """
    from harness.reports.publish_text import plan_text, published_text
    from harness.store.versions import find_version
    from harness.workflows.baseline import baseline_identity
    from harness.workflows.publish import plan_publication
    from harness.workflows.publish import publish as publish_version
    from harness.workflows.targets import open_suites, open_workspace

    output = Output(format_)
    place = open_workspace(workspace)
    version = find_version(place, target)
    suites = [suite.identity for suite in open_suites(place, version)]
    suites += filter(None, [baseline_identity(place, version.manifest.name)])
    plan = plan_publication(version, suites, to, private=private)
    if dry_run:
        output.result(lambda: plan_text(plan), plan.as_json)
        return
    published = publish_version(plan, output.progress)
    output.result(lambda: published_text(published), published.as_json)
