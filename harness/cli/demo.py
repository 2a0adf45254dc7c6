"""`harness demo`: the main job on the embedded corpus."""

import time

from harness.cli.output import Format, FormatOption, Output, WorkspaceOption


def demo(
    workspace: WorkspaceOption = None,
    format_: FormatOption = Format.HUMAN,
) -> None:
    """Run the main job on the embedded corpus.

    Build, gates, systems, comparison, report. Outside a corpora repository everything is written below ./harness-demo.
    """
    from harness.reports import demo_text
    from harness.workflows.demo import demo as run_demo
    from harness.workflows.targets import open_demo_workspace

    started = time.monotonic()
    output = Output(format_)
    made = run_demo(open_demo_workspace(workspace), output.progress)
    manifest = made.good.built.version.manifest
    paths = {kind: str(path) for kind, path in made.reports.items()}
    output.result(
        lambda: "\n".join(
            [
                "",
                demo_text.built_section(manifest, str(made.good.built.version.path)),
                demo_text.edited_section(made.edited),
                demo_text.passed_section(made.good.verdict, made.plan),
                demo_text.refused_section(made.regressed.verdict),
                demo_text.comparison_section(made.comparisons),
                demo_text.paths_section(paths, time.monotonic() - started),
            ]
        ),
        lambda: {
            "version": manifest.model_dump(mode="json", exclude={"files"}),
            "gates": made.good.verdict.as_json(),
            "regression": made.regressed.verdict.as_json(),
            "comparisons": [comparison.as_json() for comparison in made.comparisons],
            "reports": paths,
        },
    )
