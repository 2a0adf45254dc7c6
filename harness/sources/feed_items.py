"""Feeds cut into items, each of which is parsed alone: a broken one costs no other, and no document type is read."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html.entities import html5
from typing import Any

_ATTRIBUTES = r"""(?:[^<>"']|"[^"]*"|'[^']*')*+"""
# What is not closed reaches to the end, so that a feed of opening marks is passed over once.
_SKIPPED = (
    r"<!--.*?(?:-->|\Z)|<!\[CDATA\[.*?(?:\]\]>|\Z)|<\?.*?(?:\?>|\Z)"
    r"|<!DOCTYPE[^<>\[]*(?:\[.*?(?:\]\s*>|\Z)|>|\Z)"
)
_ITEM_TAGS = re.compile(
    rf"{_SKIPPED}|<(?P<end>/?)(?:[\w.-]+:)?(?:item|entry)(?=[\s/>]){_ATTRIBUTES}(?P<empty>(?<=/))?>",
    re.DOTALL | re.IGNORECASE,
)
_ROOT_TAG = re.compile(rf"{_SKIPPED}|<(?P<name>[A-Za-z_][\w.:-]*){_ATTRIBUTES}>", re.DOTALL | re.IGNORECASE)
_FEEDS = frozenset({"rss", "feed", "rdf"})

_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_SECTION_OF_DATA = re.compile(r"(<!\[CDATA\[.*?(?:\]\]>|\Z))", re.DOTALL)
_AMPERSAND = re.compile(
    r"&(?:(?P<name>[A-Za-z][A-Za-z0-9]{0,31});|(?P<number>#(?:[0-9]{1,7}|x[0-9A-Fa-f]{1,6});))?"
)
_OF_XML = frozenset({"amp", "lt", "gt", "quot", "apos"})


class BrokenXmlError(Exception):
    """An item is no XML, or hides more than it may."""


@dataclass(frozen=True, slots=True)
class FeedItem:
    """An item as it stands in its feed; None where another begins, or the feed ends, before its end."""

    number: int
    written: str | None


@dataclass(frozen=True)
class Feed:
    """A feed's outermost tag as written, its name without a prefix in small letters, and the text of it all."""

    root_tag: str
    name: str
    text: str
    begin: int

    @property
    def is_feed(self) -> bool:
        """Whether it is RSS 0.9 to 2.0 or Atom."""
        return self.name in _FEEDS

    def items(self) -> Iterator[FeedItem]:
        """Give the items in their order, counted from 1."""
        number = 0
        start: int | None = None
        for tag in _ITEM_TAGS.finditer(self.text, self.begin):
            if tag["end"] is None:  # a comment, a section of data
                continue
            if tag["end"]:
                if start is not None:
                    yield FeedItem(number, self.text[start : tag.end()])
                    start = None
                continue
            if start is not None:
                yield FeedItem(number, None)
            number += 1
            start = tag.start()
            if tag["empty"] is not None:
                yield FeedItem(number, tag[0])
                start = None
        if start is not None:
            yield FeedItem(number, None)

    def head(self) -> Any:
        """Parse what stands before the first item, leniently: its elements are never closed. None if there is none."""
        first = next((tag for tag in _ITEM_TAGS.finditer(self.text, self.begin) if tag["end"] == ""), None)
        written = self.text[self.begin : first.start() if first else None]
        return _parse(self.root_tag + _mended(written), lenient=True)

    def parse(self, written: str) -> Any:
        """Parse an item among the names that its feed declares.

        Raises:
            BrokenXmlError: It cannot be parsed; an entity that only the feed's document type knows is an error.
        """
        name = self.root_tag[1:].split(None, 1)[0].rstrip("/>")
        return _parse(f"{self.root_tag}{_mended(written)}</{name}>", lenient=False)[0]


def open_feed(text: str) -> Feed | None:
    """Find the outermost tag; None where there is no tag at all."""
    for tag in _ROOT_TAG.finditer(text):
        if tag["name"] is not None:
            name = tag["name"].rpartition(":")[2].lower()
            return Feed(_NOT_XML.sub("\N{REPLACEMENT CHARACTER}", tag[0]), name, text, tag.end())
    return None


def _mended(written: str) -> str:
    """Make XML of what feeds write: names of characters that HTML has, lone ampersands, characters XML lacks."""
    pieces = _SECTION_OF_DATA.split(_NOT_XML.sub("\N{REPLACEMENT CHARACTER}", written))
    return "".join(
        piece if place % 2 else _AMPERSAND.sub(_reference, piece) for place, piece in enumerate(pieces)
    )


def _reference(found: re.Match[str]) -> str:
    name = found["name"]
    if name is None:
        return found[0] if found["number"] else "&amp;"
    meant = html5.get(f"{name};")
    return found[0] if name in _OF_XML or meant is None else meant


def _parse(document: str, *, lenient: bool) -> Any:
    from lxml import etree  # noqa: PLC0415 - only feeds need it

    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
        recover=lenient,
    )
    try:
        root = etree.fromstring(document.encode("utf-8"), parser)
    except etree.XMLSyntaxError as error:
        if lenient:
            return None
        raise BrokenXmlError(error.msg) from None
    if root is not None:
        etree.strip_tags(root, etree.Entity)  # references that lead nowhere, which libxml2 keeps as nodes
    return root
