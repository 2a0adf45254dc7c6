"""Comparisons as one HTML file that needs nothing but itself: no request, no script, hostile text escaped."""

from collections.abc import Sequence
from functools import cache
from typing import Any

from harness.evaluation.results import Comparison
from harness.reports import wording
from harness.reports.page_view import view_of
from harness.reports.summary import CorpusSummary
from harness.text.direction import direction_of
from harness.text.visible import code_point, visible, visible_parts

_LINE_BREAKS = "\n"  # kept where a text is shown: the style sheet sets `pre-line`


def comparison_html(
    comparisons: Sequence[Comparison], *, summary: CorpusSummary | None = None, title: str = ""
) -> str:
    """Write one page for comparisons of one corpus.

    Args:
        comparisons: One for each task, in the order of the page.
        summary: The version's numbers, to open the page with.
        title: The page's heading; without one, the task's or the version's name.
    """
    template = _environment().get_template("report.html.j2")
    views = tuple(
        view_of(comparison, number=number) for number, comparison in enumerate(comparisons, start=1)
    )
    page: str = template.render(
        views=views, summary=summary, title=title or wording.page_title(comparisons, summary)
    )
    return page


@cache
def _environment() -> Any:
    import jinja2  # noqa: PLC0415 - only a page needs it, and every command would wait for it

    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("harness.reports"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.globals |= {
        "balance": wording.balance,
        "gates": wording.gates,
        "all_wrong_heading": wording.ALL_WRONG,
        "pitfalls_heading": wording.PITFALLS,
    }
    environment.filters |= {
        "shown": shown,
        "plain": visible,
        "direction": direction_of,
        "count": wording.count,
        "all_wrong": wording.all_wrong,
        "width": _width,
        "most_first": wording.most_first,
    }
    return environment


def shown(text: str) -> Any:
    """Escape a text for the page, and write out by name what would direct or hide its neighbours."""
    from markupsafe import Markup, escape  # noqa: PLC0415 - comes with jinja2

    hidden = Markup('<span class="ctl" title="{}">{}</span>')
    return Markup("").join(
        hidden.format(code_point(piece), f"U+{ord(piece):04X}")
        if is_hidden and piece not in _LINE_BREAKS
        else escape(piece)
        for piece, is_hidden in visible_parts(text)
    )


def _width(band: tuple[str, str]) -> str:
    return f"{float(band[1].rstrip('%')) - float(band[0].rstrip('%')):.2f}%"
