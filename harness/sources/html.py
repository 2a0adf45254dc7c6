"""From a page to its article: the text without what surrounds it, and what the page says of itself."""

import re
from dataclasses import astuple, dataclass, fields, replace
from importlib.metadata import version
from typing import Any

import pyarrow as pa

from harness.core.recipe import DEFAULT_EXTRACTOR
from harness.curation.dates import seconds_of
from harness.sources.extractors import Extractor, open_extractor
from harness.sources.page_body import body_of
from harness.sources.page_boxes import cut_boxes, dissolve_layout_tables
from harness.sources.page_dates import date_in_sight
from harness.sources.page_metadata import PageMetadata, metadata_of
from harness.sources.page_notes import cut_notes
from harness.sources.page_paragraphs import mark_paragraphs

NO_TEXT = "no-text-extracted"

# Work is bounded before it begins. libxml2 compares each attribute of a tag with all others: 0.8 s for
# 20,000 of them, and it is parsed more than once. trafilatura takes 0.2 s for 10,000 elements in one body, but
# 13 s for 42,000: its cost grows with their square.
# An article needs a hundredth of either; what a larger page loses is told as `no-text-extracted`.
_MAX_ATTRIBUTES = 2_000
_MAX_ELEMENTS = 50_000
# In deep nesting an element costs as much as it has elements around it; an article's has some twenty.
_MAX_DEPTHS = 2_000_000
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
# Raised when what is done here for every extractor gives another outcome for some page.
_PREPARATION_VERSION = "4"


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


def extract(page: str, extractor: str = DEFAULT_EXTRACTOR) -> ExtractedPage:
    """Extract the article of a page that has been decoded.

    Navigation, share bars, boxes of further reading, ratings and comments are left out, as far as the
    extractor knows them; tables and lists stay. A first block that repeats the title is left out, too.

    A page that the extractor cannot master has no text.

    Raises:
        ConfigurationError: No extractor has this name, or its package is not installed.
    """
    opened = open_extractor(extractor)
    try:
        return _extract(page, opened)
    except Exception:  # noqa: BLE001 - whatever a hostile page does to the parser, the caller records it
        return ExtractedPage("")


def extract_batch(pages: pa.StringArray, extractor: str = DEFAULT_EXTRACTOR) -> pa.RecordBatch:
    """Extract the articles of pages, length n.

    Returns:
        n rows of `text`, `title`, `published`, `author`, `section`, `url`, `lang`, all text, and `error`,
        which is `no-text-extracted` where the text is empty, else null.

    Raises:
        ConfigurationError: No extractor has this name, or its package is not installed.
    """
    found = [extract(page or "", extractor) for page in pages.to_pylist()]
    rows = [(*astuple(page), None if page.text else NO_TEXT) for page in found]
    columns = list(zip(*rows, strict=True)) or [()] * len(_SCHEMA)
    return pa.record_batch([pa.array(column, pa.string()) for column in columns], schema=_SCHEMA)


def extractor_identity(extractor: str = DEFAULT_EXTRACTOR) -> str:
    """Name an extractor and its version with what prepares pages for it, as part of a version's identity.

    Raises:
        ConfigurationError: No extractor has this name, or its package is not installed.
    """
    return f"{open_extractor(extractor).identity}, lxml {version('lxml')}, preparation {_PREPARATION_VERSION}"


def _extract(page: str, extractor: Extractor) -> ExtractedPage:
    page = _NOT_XML.sub("\N{REPLACEMENT CHARACTER}", page)
    tree = _parse(page) if _is_affordable(page) else None
    if tree is None or _is_too_large(tree):
        return ExtractedPage("")
    about = metadata_of(tree)
    cut_boxes(tree)
    if seconds_of(about.published) is None:
        about = replace(about, published=date_in_sight(tree, about.title) or about.published)
    dissolve_layout_tables(tree)
    mark_paragraphs(tree)
    cut_notes(tree)
    blocks = _without_title(_blocks_of(tree, extractor), about)
    return ExtractedPage("\n\n".join(blocks), **vars(about))


def _blocks_of(tree: Any, extractor: Extractor) -> list[str]:
    """Let the extractor work on the part of the page that has the article, else on all of it."""
    body = body_of(tree)
    if body is None or body is tree:
        return extractor.blocks(tree)
    page = tree.makeelement("html")
    frame = tree.makeelement("body")
    page.append(frame)
    body.tag = "div"
    body.set("class", "post-content")
    body.tail = None
    for name in ("id", "style", "role"):
        body.attrib.pop(name, None)
    frame.append(body)
    return extractor.blocks(page)


def _is_affordable(page: str) -> bool:
    if len(page) > _MAX_PAGE_CHARS:
        return False
    return not any(
        tag.end() - tag.start() > _TAG_TO_COUNT_CHARS
        and sum(1 for _ in _ATTRIBUTES.finditer(tag[0])) > _MAX_ATTRIBUTES
        for tag in _TAG.finditer(page)
    )


def _is_too_large(tree: Any) -> bool:
    """Tell whether a page has too many elements, or too many that are nested too deep."""
    elements = depths = depth = 0
    level = [tree]
    while level:
        depth += 1
        elements += len(level)
        depths += depth * len(level)
        if elements > _MAX_ELEMENTS or depths > _MAX_DEPTHS:
            return True
        level = [child for element in level for child in element]
    return False


def _parse(page: str) -> Any:
    """Parse a page leniently; elements nested deeper than libxml2's 256 are lost. None where nothing is left."""
    from lxml import html  # noqa: PLC0415 - only pages need it

    parser = html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, collect_ids=False)
    content = page.strip()
    return html.document_fromstring(content.encode("utf-8"), parser=parser) if content else None


def _without_title(blocks: list[str], about: PageMetadata) -> list[str]:
    return blocks[1:] if blocks and about.title is not None and blocks[0] == about.title else blocks
