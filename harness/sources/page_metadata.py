"""What a page says of its article: JSON-LD first, then Open Graph, other `meta` elements, marked elements."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from harness.sources.page_text import short_text

_ARTICLE_TYPES = frozenset(
    {
        "Article", "NewsArticle", "ReportageNewsArticle", "AnalysisNewsArticle", "OpinionNewsArticle",
        "BackgroundNewsArticle", "ReviewNewsArticle", "BlogPosting", "LiveBlogPosting", "Report",
    }
)  # fmt: skip
_MAX_JSON_NODES = 10_000  # of one page; real ones have some hundred
_BLANKS = re.compile(r"\s+")

# Where each fact may stand, best first: (attribute that names it, its value in lower case).
_META = {
    "title": (
        ("property", "og:title"), ("property", "twitter:title"), ("itemprop", "headline"), ("name", "dc.title"),
        ("name", "dcterms.title"),
    ),
    "published": (
        ("property", "article:published_time"), ("itemprop", "datepublished"), ("name", "pubdate"),
        ("name", "publishdate"), ("name", "publish_date"), ("name", "dc.date.issued"), ("name", "dc.date"),
        ("name", "dcterms.issued"), ("name", "dcterms.created"), ("name", "dcterms.date"), ("name", "date"),
    ),
    "author": (
        ("name", "author"), ("property", "article:author"), ("name", "dc.creator"), ("name", "dcterms.creator"),
        ("itemprop", "author"),
    ),
    "section": (("property", "article:section"), ("itemprop", "articlesection"), ("name", "section")),
    "url": (("property", "og:url"),),
}  # fmt: skip
_MICRODATA = frozenset({"headline", "datepublished", "author", "articlesection"})
# What sites put between a title and their name, and what shows a title on a page.
_TITLE_SIGNS = (
    "|",
    "-",
    "\N{EN DASH}",
    "\N{EM DASH}",
    ":",
    "\N{BULLET}",
    "\N{RIGHT-POINTING DOUBLE ANGLE QUOTATION MARK}",
)
_SHOWING = ("h1", "h2", "h3", "h4", "b", "strong", "div", "td", "span", "font", "p", "bdo")


@dataclass(frozen=True)
class PageMetadata:
    """Facts as they stand on the page; None where it does not say."""

    title: str | None
    published: str | None
    author: str | None
    section: str | None
    url: str | None
    lang: str | None


def metadata_of(tree: Any) -> PageMetadata:
    """Read what a parsed page (an lxml element) says of its article."""
    article = _json_ld_article(tree)
    meta = _marked(tree) | _meta_of(tree)

    def said(fact: str) -> str | None:
        return next((meta[place] for place in _META[fact] if place in meta), None)

    author = _names(article.get("author")) or said("author")
    return PageMetadata(
        title=_text(article.get("headline")) or _without_site(said("title") or _heading(tree), tree),
        published=_text(article.get("datePublished")) or said("published") or _time(tree),
        # Open Graph asks for the author's profile there: an address is no name.
        author=None if author and _is_address(author) else author,
        section=_names(article.get("articleSection")) or said("section"),
        url=_first_address(_canonical(tree), said("url"), *_own_addresses(article)),
        lang=_text(tree.get("lang")) or _text(tree.get("{http://www.w3.org/XML/1998/namespace}lang")),
    )


def _meta_of(tree: Any) -> dict[tuple[str, str], str]:
    """Index the page's `meta` elements by what names them; of two alike the first counts."""
    found: dict[tuple[str, str], str] = {}
    for element in tree.iter("meta"):
        content = _text(element.get("content"))
        for attribute in ("property", "name", "itemprop"):
            named = element.get(attribute)
            if named and content:
                # Pages confuse `name` and `property`; names of Open Graph and its like have a colon.
                kind = "property" if ":" in named else attribute
                found.setdefault((kind, named.strip().lower()), content)
    return found


def _marked(tree: Any) -> dict[tuple[str, str], str]:
    """Index what elements in sight are marked as by microdata or hAtom; of two alike the first counts."""
    found: dict[tuple[str, str], str] = {}
    for element in tree.xpath("//*[@itemprop][not(self::meta)]"):
        place = ("itemprop", element.get("itemprop").strip().lower())
        if place[1] in _MICRODATA and place not in found and not _is_in_comment(element):
            found[place] = _marked_value(element) or ""
    for element in tree.xpath("//*[contains(concat(' ', @class, ' '), ' published ')][@title or @datetime]"):
        found.setdefault(
            ("itemprop", "datepublished"), _text(element.get("datetime") or element.get("title")) or ""
        )
    return {place: value for place, value in found.items() if value}


def _is_in_comment(element: Any) -> bool:
    around = (element, *element.iterancestors())
    return any((one.get("itemtype") or "").lower().endswith("/comment") for one in around)


def _marked_value(element: Any) -> str | None:
    """Read what a marked element says: its machine-readable form first, of a person the name."""
    for attribute in ("content", "datetime", "title"):
        if element.get(attribute):
            return _text(element.get(attribute))
    named = element.xpath(".//*[@itemprop='name']")
    return _text(_inner(named[0] if named else element))


def _without_site(title: str | None, tree: Any) -> str | None:
    """Take the site's name off a title, if the page shows the rest of it somewhere as it is.

    What is shown has to be the larger part, and parted from the other by what parts titles from names.
    """
    if title is None or not any(sign in title for sign in _TITLE_SIGNS):
        return title
    shown = {_text(short_text(element, 2 * len(title))) for element in tree.iter(*_SHOWING)} - {None}
    if title in shown:
        return title
    parts = [text for text in shown if text and 2 * len(text) > len(title) and _is_part(text, title)]
    return max(parts, key=lambda text: (len(text), text), default=title)


def _is_part(text: str, title: str) -> bool:
    before, after = title.removesuffix(text).rstrip(), title.removeprefix(text).lstrip()
    return (before != title and before.endswith(_TITLE_SIGNS)) or (
        after != title and after.startswith(_TITLE_SIGNS)
    )


def _heading(tree: Any) -> str | None:
    """Take the only `h1`, else the page's own title, which mostly ends in the site's name."""
    headings = [text for text in (_text(_inner(element)) for element in tree.iter("h1")) if text]
    if len(headings) == 1:
        return headings[0]
    return next((_text(_inner(element)) for element in tree.iter("title")), None)


def _inner(element: Any) -> str:
    return "".join(element.itertext())


def _time(tree: Any) -> str | None:
    return next(
        (text for text in (_text(element.get("datetime")) for element in tree.iter("time")) if text), None
    )


def _canonical(tree: Any) -> str | None:
    links = (link for link in tree.iter("link") if (link.get("rel") or "").lower() == "canonical")
    return next((_text(link.get("href")) for link in links), None)


def _own_addresses(article: dict[str, Any]) -> Iterator[str | None]:
    page = article.get("mainEntityOfPage")
    yield _text(article.get("url"))
    yield _text(page.get("@id") if isinstance(page, dict) else page)


def _first_address(*candidates: str | None) -> str | None:
    return next((one for one in candidates if one and _is_address(one)), None)


def _is_address(text: str) -> bool:
    return text.lower().startswith(("http://", "https://"))


def _json_ld_article(tree: Any) -> dict[str, Any]:
    """Find the first JSON-LD object that is an article; an empty one where there is none."""
    for script in tree.iter("script"):
        if (script.get("type") or "").strip().lower() != "application/ld+json":
            continue
        try:
            content = json.loads(script.text or "", strict=False)
        except (ValueError, RecursionError):
            continue
        for node in _nodes(content):
            if not _types(node).isdisjoint(_ARTICLE_TYPES):
                return node
    return {}


def _nodes(content: Any) -> Iterator[dict[str, Any]]:
    """Walk through objects, lists and `@graph`, the outer ones first."""
    waiting = [content]
    for place, value in enumerate(waiting):  # the list grows while it is walked
        if place >= _MAX_JSON_NODES:
            return
        if isinstance(value, list):
            waiting.extend(value)
        elif isinstance(value, dict):
            yield value
            waiting.extend(inner for inner in value.values() if isinstance(inner, dict | list))


def _types(node: dict[str, Any]) -> set[str]:
    types = node.get("@type")
    return {one for one in (types if isinstance(types, list) else [types]) if isinstance(one, str)}


def _names(value: Any) -> str | None:
    """Write one or several names, given as text or as objects with a `name`, parted by commas."""
    several = value if isinstance(value, list) else [value]
    names = [_text(one.get("name") if isinstance(one, dict) else one) for one in several]
    return ", ".join(name for name in names if name) or None


def _text(value: Any) -> str | None:
    return (_BLANKS.sub(" ", value).strip() or None) if isinstance(value, str) else None
