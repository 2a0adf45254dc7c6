"""Comparisons written as pages for people and files for machines, all from the one result."""

from collections.abc import Sequence
from pathlib import Path

from harness.core.files import write_atomically
from harness.evaluation.results import Comparison
from harness.reports.comparison_html import comparison_html
from harness.reports.comparison_json import comparison_json
from harness.reports.comparison_markdown import comparison_markdown
from harness.reports.summary import CorpusSummary

_RENDERERS = {"html": comparison_html, "md": comparison_markdown, "json": comparison_json}


def write_pages(
    comparisons: Sequence[Comparison], out: Path, *, summary: CorpusSummary | None = None
) -> dict[str, Path]:
    """Write `comparison.html`, `.md` and `.json` into a folder; give the paths by format, `html` first.

    Args:
        comparisons: One for each task, in the order of the page.
        out: The folder; made where it is not there.
        summary: What is known of the corpus, where there is one.

    Raises:
        OSError: A file cannot be written.
    """
    written = {}
    for ending, render in _RENDERERS.items():
        written[ending] = out / f"comparison.{ending}"
        write_atomically(written[ending], render(comparisons, summary=summary))
    return written
