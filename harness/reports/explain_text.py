"""Pages that explain codes, in plain text."""

import itertools
import textwrap
from collections.abc import Sequence

from harness.core.explanation import Page
from harness.text.visible import visible

_WIDTH = 100
_PARTS = {
    "what": "What",
    "why": "Why",
    "example": "Example",
    "fix": "How to mend it",
    "wrongly": "What it wrongly catches",
    "where": "Where",
}


def explain_text(pages: Sequence[Page]) -> str:
    """Tell each page whole."""
    return "\n\n".join("\n".join(_lines(page)) for page in pages)


def list_text(pages: Sequence[Page]) -> str:
    """Tell every code in a line, by kind."""
    lines = []
    for kind, some in itertools.groupby(pages, key=lambda page: page.kind):
        lines += [f"{kind}s" if not kind.endswith("s") else kind]
        lines += [visible(f"  {page.code:<24}  {page.title}") for page in some]
        lines += [""]
    return "\n".join([*lines, "harness explain CODE tells one of them."])


def _lines(page: Page) -> list[str]:
    lines = [visible(f"{page.code}  {page.title}"), f"  {page.kind}"]
    for field, heading in _PARTS.items():
        said = getattr(page, field)
        if said:
            lines += ["", f"  {heading}"]
            lines += [
                visible(line)
                for paragraph in said.split("\n")
                for line in textwrap.wrap(paragraph, _WIDTH, initial_indent="    ", subsequent_indent="    ")
            ]
    return lines
