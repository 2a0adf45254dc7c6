"""From a page to its article: the text without what surrounds it, and what the page says of itself."""

import logging
import re
from collections.abc import Iterator
from dataclasses import astuple, dataclass, fields
from functools import cache
from importlib.metadata import version
from typing import Any

import pyarrow as pa

from harness.sources.page_boxes import cut_boxes, dissolve_layout_tables
from harness.sources.page_metadata import PageMetadata, metadata_of

NO_TEXT = "no-text-extracted"

# Work is bounded before it begins. libxml2 compares each attribute of a tag with all others: 0.8 s for
# 20,000 of them, and it is parsed more than once. Extraction takes some 50 µs an element, so 10 s at most.
# An article needs a hundredth of either; what a larger page loses is told as `no-text-extracted`.
_MAX_ATTRIBUTES = 2_000
_MAX_ELEMENTS = 200_000
_MAX_PAGE_CHARS = 32 << 20
# Shorter tags cannot hold so many attributes.
_TAG_TO_COUNT_CHARS = 2 * _MAX_ATTRIBUTES

# Tags as the HTML standard's tokenizer sees them. The quantifiers are possessive, since what they match is
# never ambiguous, so that no page costs more than one pass.
_ATTRIBUTE = r"""[\s/]*+[^\s/>][^\s/>=]*+(?:\s*+=\s*+(?:"[^"]*+"|'[^']*+'|[^\s>"'][^\s>]*+))?+"""
_TAG = re.compile(rf"<[a-zA-Z][^\s/>]*+(?:{_ATTRIBUTE})*+")
_ATTRIBUTES = re.compile(_ATTRIBUTE)
# What XML cannot hold; libxml2 ends a page at U+0000.
_NOT_XML = re.compile("[\x00-\x08\x0b\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_HTML_BLANKS = re.compile(r"[ \t\n\f\r]+")
_BLOCKS = frozenset({"p", "head", "list", "item", "quote", "table", "row", "cell", "code"})


@dataclass(frozen=True)
class ExtractedPage:
    """An article and what its page says of it, all as given; None where the page does not say.

    `text` is empty where no article was found. Its paragraphs are parted by blank lines; the items of a
    list and the rows of a table are lines of one paragraph. `published` is the date as it stands there.
    """

    text: str
    title: str | None = None
    published: str | None = None
    author: str | None = None
    section: str | None = None
    url: str | None = None
    lang: str | None = None


_COLUMNS = tuple(field.name for field in fields(ExtractedPage))
_SCHEMA = pa.schema([pa.field(name, pa.string()) for name in (*_COLUMNS, "error")])


def extract(page: str) -> ExtractedPage:
    """Extract the article of a page that has been decoded.

    Navigation, share bars, boxes of further reading, ratings and comments are left out, as far as the
    extractor knows them; tables and lists stay. A first block that repeats the title is left out, too.

    Never raises: a page that the extractor cannot master has no text.
    """
    try:
        return _extract(page)
    except Exception:  # noqa: BLE001 - whatever a hostile page does to the parser, the caller records it
        return ExtractedPage("")


def extract_batch(pages: pa.StringArray) -> pa.RecordBatch:
    """Extract the articles of pages, length n.

    Returns:
        n rows of `text`, `title`, `published`, `author`, `section`, `url`, `lang`, all text, and `error`,
        which is `no-text-extracted` where the text is empty, else null.
    """
    found = [extract(page or "") for page in pages.to_pylist()]
    rows = [(*astuple(page), None if page.text else NO_TEXT) for page in found]
    columns = list(zip(*rows, strict=True)) or [()] * len(_SCHEMA)
    return pa.record_batch([pa.array(column, pa.string()) for column in columns], schema=_SCHEMA)


@cache
def extractor_identity() -> str:
    """Name the extractor and its version, as part of a version's identity."""
    return f"trafilatura {version('trafilatura')} fast, lxml {version('lxml')}, blocks 1"


def _extract(page: str) -> ExtractedPage:
    page = _NOT_XML.sub("\N{REPLACEMENT CHARACTER}", page)
    tree = _parse(page) if _is_affordable(page) else None
    if tree is None or sum(1 for _ in tree.iter()) > _MAX_ELEMENTS:
        return ExtractedPage("")
    about = metadata_of(tree)
    cut_boxes(tree)
    dissolve_layout_tables(tree)
    body = _article_of(tree)
    blocks = list(_paragraphs(body)) if body is not None else []
    return ExtractedPage("\n\n".join(_without_title(blocks, about)), **vars(about))


def _is_affordable(page: str) -> bool:
    if len(page) > _MAX_PAGE_CHARS:
        return False
    return not any(
        tag.end() - tag.start() > _TAG_TO_COUNT_CHARS
        and sum(1 for _ in _ATTRIBUTES.finditer(tag[0])) > _MAX_ATTRIBUTES
        for tag in _TAG.finditer(page)
    )


def _parse(page: str) -> Any:
    """Parse a page leniently; elements nested deeper than libxml2's 256 are lost. None where nothing is left."""
    from lxml import html  # noqa: PLC0415 - only pages need it

    parser = html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, collect_ids=False)
    content = page.strip()
    return html.document_fromstring(content.encode("utf-8"), parser=parser) if content else None


def _article_of(tree: Any) -> Any:
    """Find the article's blocks: `body` with `p`, `head`, `list`, `quote`, `table` in it, or None."""
    import trafilatura  # noqa: PLC0415 - a second to import, and only pages need it

    _silence(trafilatura.__name__)
    found: Any = trafilatura.bare_extraction(
        tree,
        fast=True,
        include_comments=False,
        include_tables=True,
        with_metadata=False,  # its dates depend on today
    )
    return None if found is None else found.body


@cache
def _silence(name: str) -> None:
    # It reports pages without an article as errors; they are records of the ledger here.
    logging.getLogger(name).setLevel(logging.CRITICAL + 1)


def _without_title(blocks: list[str], about: PageMetadata) -> list[str]:
    return blocks[1:] if blocks and about.title is not None and blocks[0] == about.title else blocks


def _paragraphs(parent: Any) -> Iterator[str]:
    """Give the blocks inside an element, each as one paragraph."""
    yield from _if_any(_tidy(parent.text or ""))
    for child in parent:
        if child.tag in ("list", "table"):
            lines = [_tidy(_line_of(row)) for row in child]
            yield from _if_any("\n".join(line for line in lines if line))
        elif any(inner.tag in _BLOCKS for inner in child):
            yield from _paragraphs(child)
        else:
            yield from _if_any(_tidy("".join(_pieces(child))))
        yield from _if_any(_tidy(child.tail or ""))


def _if_any(paragraph: str) -> list[str]:
    return [paragraph] if paragraph else []


def _line_of(row: Any) -> str:
    """Write a list's item, or a table's row with its cells apart, as one line."""
    if row.tag == "row":
        cells = [_tidy("".join(_pieces(cell))) for cell in row]
        return " | ".join(cell.replace("\n", " ") for cell in cells)
    return " ".join("".join(_pieces(row)).split("\n"))


def _pieces(element: Any) -> Iterator[str]:
    """Give an element's text in pieces; only a line break (`lb`) gives a line feed."""
    yield _HTML_BLANKS.sub(" ", element.text or "")
    for child in element:
        if child.tag == "lb":
            yield "\n"
        elif child.tag in _BLOCKS:  # words of two blocks must not grow together
            yield " "
        yield from _pieces(child)
        yield " " if child.tag in _BLOCKS else ""
        yield _HTML_BLANKS.sub(" ", child.tail or "")


def _tidy(text: str) -> str:
    lines = (re.sub(" +", " ", line).strip(" ") for line in text.split("\n"))
    return "\n".join(line for line in lines if line)
