"""What all HTML pages share: templates that escape every text, and filters that make the hidden visible."""

from functools import cache
from typing import Any

from harness.reports import beside_scores, wording
from harness.text.direction import direction_of
from harness.text.visible import code_point, visible, visible_parts

_LINE_BREAKS = "\n"  # kept where a text is shown: the style sheet sets `pre-line`


@cache
def page_environment() -> Any:
    """Open the templates of this room, as a `jinja2.Environment`; do not change it, others share it."""
    import jinja2  # noqa: PLC0415 - only a page needs it, and every command would wait for it

    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("harness.reports"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {
        "shown": shown,
        "plain": visible,
        "direction": direction_of,
        "count": wording.count,
        "most_first": wording.most_first,
        "scope": wording.scope,
        "version_told": wording.version_told,
        "width": _width,
    }
    environment.globals |= {
        "balance": wording.balance,
        "gates": wording.gates,
        "all_wrong_heading": wording.ALL_WRONG,
        "pitfalls_heading": wording.PITFALLS,
        "slices_heading": wording.SLICES,
        "tokens_heading": beside_scores.TOKENS,
        "unusable_heading": beside_scores.UNUSABLE,
        "matrix_caption": wording.MATRIX,
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
