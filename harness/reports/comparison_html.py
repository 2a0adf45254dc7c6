"""Comparisons as one HTML file that needs nothing but itself: no request, no script, hostile text escaped."""

from collections.abc import Sequence

from harness.evaluation.results import Comparison
from harness.reports import wording
from harness.reports.environment import page_environment
from harness.reports.extent import Extent
from harness.reports.page_view import view_of
from harness.reports.summary import CorpusSummary


def comparison_html(
    comparisons: Sequence[Comparison], *, summary: CorpusSummary | None = None, title: str = ""
) -> str:
    """Write one page for comparisons of one corpus.

    Args:
        comparisons: One for each task, in the order of the page.
        summary: The version's numbers, to open the page with.
        title: The page's heading; without one, the task's or the version's name.
    """
    extent = Extent.of(len(comparisons))
    views = tuple(
        view_of(comparison, number=number, extent=extent)
        for number, comparison in enumerate(comparisons, start=1)
    )
    page: str = (
        page_environment()
        .get_template("report.html.j2")
        .render(views=views, summary=summary, title=title or wording.page_title(comparisons, summary))
    )
    return page
