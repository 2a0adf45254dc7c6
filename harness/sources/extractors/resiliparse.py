"""resiliparse: the fast extractor, for bulk."""

import re
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any

from harness.sources.extractors.wording import if_any, tidy

_CELLS = re.compile(r" *\t[\t ]*")
_GAPS = re.compile(r"\n[ \t]*\n\s*")


@dataclass(frozen=True)
class Resiliparse:
    """The installed library, imported by the first page."""

    version: str

    @property
    def identity(self) -> str:
        """Name and version; `paragraphs` counts what is made here of its result."""
        return f"resiliparse {self.version}, paragraphs 1"

    def blocks(self, tree: Any) -> list[str]:
        """Give the article's paragraphs."""
        from lxml import html  # noqa: PLC0415 - only pages need it
        from resiliparse.extract.html2text import extract_plain_text  # noqa: PLC0415 - same

        text = extract_plain_text(
            html.tostring(tree, encoding="unicode"),
            preserve_formatting=True,
            main_content=True,
            list_bullets=False,
            alt_texts=False,
            comments=False,
        )
        blocks = (tidy(_CELLS.sub(" | ", block)) for block in _GAPS.split(text))
        return [block for found in blocks for block in if_any(found)]


def find() -> Resiliparse:
    """Find the library.

    Raises:
        ImportError: It is not installed.
    """
    return Resiliparse(version("resiliparse"))
