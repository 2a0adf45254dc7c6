"""resiliparse: the fast extractor, for bulk."""

import re
from dataclasses import dataclass
from importlib.metadata import version
from types import ModuleType
from typing import Any

from harness.sources.extractors.wording import if_any, tidy

_CELLS = re.compile(r"[ ]*\t[\t ]*")
_GAPS = re.compile(r"\n[ \t]*\n\s*")


@dataclass(frozen=True)
class Resiliparse:
    """The imported modules: extraction, and lxml's to hand it a page."""

    html2text: ModuleType | Any
    html: ModuleType | Any

    @property
    def identity(self) -> str:
        """Name and version; `paragraphs` counts what is made here of its result."""
        return f"resiliparse {version('resiliparse')}, paragraphs 1"

    def blocks(self, tree: Any) -> list[str]:
        """Give the article's paragraphs."""
        text = self.html2text.extract_plain_text(
            self.html.tostring(tree, encoding="unicode"),
            preserve_formatting=True,
            main_content=True,
            list_bullets=False,
            alt_texts=False,
            comments=False,
        )
        blocks = (tidy(_CELLS.sub(" | ", block)) for block in _GAPS.split(text))
        return [block for found in blocks for block in if_any(found)]


def find() -> Resiliparse:
    """Import the library.

    Raises:
        ImportError: It is not installed.
    """
    from lxml import html  # noqa: PLC0415 - only pages need it
    from resiliparse.extract import html2text  # noqa: PLC0415 - same

    return Resiliparse(html2text, html)
