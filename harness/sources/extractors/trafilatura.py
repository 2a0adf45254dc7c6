"""trafilatura in its fast mode: the careful extractor, and the default."""

import logging
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from typing import Any

from harness.sources.extractors.wording import HTML_BLANKS, if_any, tidy
from harness.sources.page_text import short_text

# It takes the second of two neighbours that are alike for a slip of its own; only a mark tells them apart. These
# code points are in no text by their definition, and lxml lets them through; one that a page has is not used.
_MARKS = tuple(map(chr, range(0xFDD0, 0xFDF0)))
_REPEATED = ("blockquote", "dd", "div", "h2", "h3", "h4", "h5", "h6", "li", "p", "pre", "td")
_MAX_MARKED_CHARS = 10_000

_BLOCKS = frozenset({"p", "head", "list", "item", "quote", "table", "row", "cell", "code"})


@dataclass(frozen=True)
class Trafilatura:
    """The installed library, imported by the first page."""

    version: str

    @property
    def identity(self) -> str:
        """Name and version; `paragraphs` counts what is made here of its result."""
        return f"trafilatura {self.version} fast, paragraphs 2"

    def blocks(self, tree: Any) -> list[str]:
        """Give the article's paragraphs, those that repeat another (a refrain, a quoted line) included."""
        mark = _told_apart(tree)
        found = _library().bare_extraction(
            tree,
            fast=True,
            include_comments=False,
            include_tables=True,
            with_metadata=False,  # its dates depend on today
        )
        blocks = [] if found is None else list(_paragraphs(found.body))
        return [block.replace(mark, "") for block in blocks] if mark else blocks


def find() -> Trafilatura:
    """Find the library.

    Raises:
        ImportError: It is not installed.
    """
    return Trafilatura(version("trafilatura"))


@cache
def _library() -> Any:
    import trafilatura  # noqa: PLC0415 - a second to import, and only pages need it

    # It reports pages without an article as errors; they are records of the ledger here.
    logging.getLogger(trafilatura.__name__).setLevel(logging.CRITICAL + 1)
    return trafilatura


def _told_apart(tree: Any) -> str:
    """Put a mark into every other element that repeats one before it; give the mark, empty where none was put."""
    seen: Counter[str] = Counter()
    repeated = []
    for element in tree.iter(*_REPEATED):
        text = short_text(element, _MAX_MARKED_CHARS)
        # What is around one paragraph alone has its text, and is no repetition of it.
        is_innermost = text is not None and next(element.iterdescendants(*_REPEATED), None) is None
        if text and not text.isspace() and is_innermost:
            key = " ".join(text.split())
            seen[key] += 1
            if seen[key] % 2 == 0:
                repeated.append(element)
    if not repeated:
        return ""
    content = "".join(tree.itertext())
    mark = next((mark for mark in _MARKS if mark not in content), "")
    for element in repeated:
        if len(element):
            element[-1].tail = (element[-1].tail or "") + mark
        else:
            element.text = (element.text or "") + mark
    return mark


def _paragraphs(parent: Any) -> Iterator[str]:
    """Give the blocks inside an element, each as one paragraph."""
    yield from if_any(tidy(parent.text or ""))
    for child in parent:
        if child.tag in ("list", "table"):
            lines = [tidy(_line_of(row)) for row in child]
            yield from if_any("\n".join(line for line in lines if line))
        elif any(inner.tag in _BLOCKS for inner in child):
            yield from _paragraphs(child)
        else:
            yield from if_any(tidy("".join(_pieces(child))))
        yield from if_any(tidy(child.tail or ""))


def _line_of(row: Any) -> str:
    """Write a list's item, or a table's row with its cells apart, as one line."""
    if row.tag == "row":
        cells = [tidy("".join(_pieces(cell))) for cell in row]
        return " | ".join(cell.replace("\n", " ") for cell in cells)
    return " ".join("".join(_pieces(row)).split("\n"))


def _pieces(element: Any) -> Iterator[str]:
    """Give an element's text in pieces; only a line break (`lb`) gives a line feed."""
    yield HTML_BLANKS.sub(" ", element.text or "")
    for child in element:
        if child.tag == "lb":
            yield "\n"
        elif child.tag in _BLOCKS:  # words of two blocks must not grow together
            yield " "
        yield from _pieces(child)
        yield " " if child.tag in _BLOCKS else ""
        yield HTML_BLANKS.sub(" ", child.tail or "")
