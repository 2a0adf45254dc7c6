"""RSS and Atom: each item of a feed is a record."""

import hashlib
import re
from collections.abc import Iterator
from typing import Any

from harness.sources.charset import Charset, judge
from harness.sources.feed_items import BrokenXmlError, Feed, FeedItem, open_feed
from harness.sources.fields import metadata_of, value_of
from harness.sources.formats import whole
from harness.sources.raw_file import Block, RawError, RawFile, RawRecord, Reading, read_bounded, too_large

_PREFIXES = {
    "http://www.w3.org/2005/Atom": "",
    "http://purl.org/rss/1.0/": "",
    "http://purl.org/rss/1.0/modules/content/": "content:",
    "http://purl.org/dc/elements/1.1/": "dc:",
    "http://purl.org/dc/terms/": "dcterms:",
    "http://search.yahoo.com/mrss/": "media:",
}
_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_MARKUP = re.compile(r"</?[A-Za-z][^<>]*>|<!--|&(?:[A-Za-z][A-Za-z0-9]+|#[0-9]+|#x[0-9A-Fa-f]+);")
# For each field, the elements that feeds have for it, the best first.
_ELEMENTS = {
    "id": ("guid", "id"),
    "title": ("title", "dc:title"),
    "text": ("content:encoded", "content", "description", "summary"),
    "published": ("pubdate", "published", "dc:date", "issued", "updated"),
    "url": ("link",),
    "section": ("category", "dc:subject"),
    "author": ("dc:creator", "author"),
    "license": ("dc:rights", "rights"),
}


class _PlainText(str):
    """Text that its feed says is no markup, whatever it looks like."""

    __slots__ = ()


def read(file: RawFile, reading: Reading) -> Iterator[Block]:
    """Give a record for each item, locators end in `#I<number>`; a page called .xml is read as a page.

    A feed is held whole, as its publisher holds it.
    """
    charset = judge(file)
    with file.open() as stream:
        content = read_bounded(stream, reading.limits.document_bytes)
    if content is None:
        yield too_large(file.locator, reading.limits.document_bytes)
        return
    feed = open_feed(charset.decode(content.removeprefix(charset.bom)))
    if feed is not None and feed.name == "html":
        yield from whole.read_page(file, reading)
    elif feed is None or not feed.is_feed:
        what = "it has no element" if feed is None else f"its outermost element is '{feed.name[:40]}'"
        yield RawError(file.locator, "unsupported-format", f"this XML is no feed: {what}")
    else:
        about = _about(feed)
        for item in feed.items():
            yield _record_of(item, feed, (f"{file.locator}#I{item.number}", charset, about), reading)


def _record_of(
    item: FeedItem, feed: Feed, told: tuple[str, Charset, dict[str, Any]], reading: Reading
) -> RawRecord | RawError:
    locator, charset, about = told
    if item.written is None:
        return RawError(locator, "broken-xml", "the item has no end")
    raw = charset.encode(item.written)
    sha256 = hashlib.sha256(raw).hexdigest()
    if len(raw) > reading.limits.record_bytes:
        return too_large(locator, reading.limits.record_bytes)
    try:
        row = {**about, **_row_of(feed.parse(item.written))}
    except BrokenXmlError as error:
        return RawError(locator, "broken-xml", str(error), sha256, len(raw))
    text = value_of(row, reading.fields.text)
    if not isinstance(text, str):
        missing = f"the item has no '{reading.fields.text}'; it has: {', '.join(sorted(row))}"
        return RawError(locator, "no-text-field", missing, sha256, len(raw))
    is_html = not isinstance(text, _PlainText) and _MARKUP.search(text) is not None
    payload = f"<html><body><article>{text}</article></body></html>" if is_html else text
    return RawRecord(
        locator,
        payload.encode("utf-8"),
        sha256,
        len(raw),
        media="html" if is_html else "text",
        encoding="utf-8",
        metadata=metadata_of(row, reading.fields),
    )


def _about(feed: Feed) -> dict[str, Any]:
    """Take what a feed says of all its items: its title as their source, its language, its licence."""
    head = feed.head()
    if head is None:
        return {}
    channel = next((one for one in head if _name_of(one) == "channel"), head)
    row = _row_of(channel)
    said = {"source": row.get("title"), "lang": row.get("language") or row.get("lang") or head.get(_XML_LANG)}
    return {key: value for key, value in said.items() if value}


def _row_of(element: Any) -> dict[str, Any]:
    """Give an element's children by name, and under the names of fields what feeds have for them."""
    row: dict[str, Any] = {}
    for child in element:
        name, value = _name_of(child), _value_of(child)
        if not value:
            continue
        if name == "link" and child.get("rel", "alternate") != "alternate":
            name = f"link:{child.get('rel')}"
        if name == "category" and name in row:
            row[name] = f"{row[name]}, {value}"
        row.setdefault(name, value)
    for field, names in _ELEMENTS.items():
        found = next((row[name] for name in names if name in row), None)
        if found is not None:
            row[field] = found
    if element.get(_XML_LANG):
        row["lang"] = element.get(_XML_LANG)
    return row


def _name_of(element: Any) -> str:
    """Name an element in small letters, with the prefix by which its namespace is usually known."""
    namespace, _, local = element.tag.rpartition("}")
    own = f"{element.prefix}:" if element.prefix else ""
    return str(_PREFIXES.get(namespace.removeprefix("{"), own) + local.lower())


def _value_of(element: Any) -> str:
    """Give an element's text, or what it has in its place: an address, a term, a name, markup."""
    from lxml import etree  # noqa: PLC0415 - only feeds need it

    if len(element):
        name = next((child for child in element if _name_of(child) == "name"), None)
        if name is not None:
            return "".join(name.itertext()).strip()
        inner = "".join(etree.tostring(child, encoding="unicode") for child in element)
        return ((element.text or "") + inner).strip()
    text = (element.text or "").strip()
    if element.get("type") in ("text", "text/plain"):
        return _PlainText(text)
    return text or str(element.get("href") or element.get("term") or "")
