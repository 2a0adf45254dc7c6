"""The date of publication where a page only shows it: beside the title, or labelled as such."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from harness.curation.dates import date_in
from harness.sources.page_text import short_text
from harness.text.date_words import fold_for_dates
from harness.text.language_data import language_table

_ELEMENTS = frozenset(
    {
        "a", "address", "b", "button", "dd", "div", "em", "font", "h4", "h5", "h6", "i", "li", "p", "small", "span", "strong", "td", "time",
    }
)  # fmt: skip
_NEVER_IN = ("a", "aside", "blockquote", "button", "figure", "footer", "form", "nav", "select")
# Both calendars with a time, a label, an author and a place; a teaser with its title has more.
_MAX_CHARS = 200
# A page has some dozens; looking costs 0.1 ms each.
_MAX_LOOKED_AT = 1_000
# What a byline says beside its date where nothing else tells that it is one.
_MAX_OTHER_LETTERS = 48
# Shorter paragraphs also stand in boxes, as teasers; the article begins with the first longer one.
_MIN_PARAGRAPH_CHARS = 80
# Between a date and the title behind it stand at most the section and an author.
_MAX_LINKS_BEFORE = 2
# Parts of the names of such elements: WordPress (`entry-date`, `posted-on`, `post-meta`), Joomla (`published`),
# Drupal (`submitted`, `date-display-single`), and what is usual.
_NAMES = frozenset(
    {
        "byline",
        "date",
        "datetime",
        "meta",
        "posted",
        "pubdate",
        "publish",
        "published",
        "submitted",
        "time",
        "timestamp",
    }
)
_NAME_PARTS = re.compile(r"[\s_-]+|(?<=[a-z])(?=[A-Z])")
_YEAR = re.compile(r"\d{4}")
_LETTER = re.compile(r"[^\W\d_]")


@dataclass(frozen=True)
class _Shown:
    """A date that a page shows: how sure it is the article's (0 is surest), and where it stands."""

    tier: int
    place: int
    date: str


def date_in_sight(tree: Any, title: str | None) -> str | None:
    """Find the date of publication in what a page shows, as it stands there; None where none is sure enough.

    Looked at are short elements outside of links, menus, footers and boxes. Between the title and the article's
    second paragraph, or right before the title, a date counts that is labelled as the publication's, that is
    named so in the markup, or that has little beside it; elsewhere only a labelled one, if there is no other.
    What is labelled as an update is not the publication.

    Args:
        tree: The page's root as an lxml element, boxes cut out.
        title: The title that the page shows, if it is known.
    """
    elements = list(tree.iter())
    begin, end = _head_of_article(elements, title)
    shown = list(_shown(elements))
    near = [
        one for one in shown if begin <= one.place <= end or _is_right_before(elements[one.place : begin])
    ]
    if near:
        return min(near, key=lambda one: (one.tier, abs(one.place - begin))).date
    labelled = {one.date for one in shown if one.tier == 0}
    return labelled.pop() if len(labelled) == 1 else None


def _shown(elements: Sequence[Any]) -> Iterator[_Shown]:
    """Give the dates in short elements, each once, in the innermost one that holds it; the last of a page first."""
    around: set[Any] = set()
    looked_at = 0
    for place in range(len(elements) - 1, -1, -1):
        element = elements[place]
        if element.tag not in _ELEMENTS or element in around or looked_at == _MAX_LOOKED_AT:
            continue
        text = short_text(element, _MAX_CHARS)
        if text is None or not _YEAR.search(text):
            continue
        looked_at += 1
        found = _date_of(element, text)
        if found is not None:
            around.update(element.iterancestors())
            if element.tag not in _NEVER_IN and next(element.iterancestors(*_NEVER_IN), None) is None:
                yield _Shown(found[0], place, found[1])


def _date_of(element: Any, text: str) -> tuple[int, str] | None:
    """Give an element's first date that is not of an update, and how sure it is the publication's."""
    other = text
    while (date := date_in(other)) is not None:
        before, _, other = other.partition(date)
        words = fold_for_dates(before).text
        if _label("updated").search(words):
            continue
        if _label("published").search(words):
            return 0, date
        if element.tag == "time" or _is_named_as_date(element) or _is_named_as_date(element.getparent()):
            return 1, date
        rest = before + other
        is_sentence = "." in rest or len(_LETTER.findall(rest)) > _MAX_OTHER_LETTERS
        return None if is_sentence else (2, date)
    return None


def _head_of_article(elements: Sequence[Any], title: str | None) -> tuple[int, int]:
    """Give the places of the title and of the second paragraph behind it; of the page's ends where they are not."""
    begin = _place_of_title(elements, title)
    paragraphs = 0
    for place in range(begin, len(elements)):
        paragraphs += _begins_paragraph(elements[place])
        if paragraphs == 2:
            return begin, place
    return begin, len(elements)


def _place_of_title(elements: Sequence[Any], title: str | None) -> int:
    """Find the element that shows the title, a heading before others; else the first heading."""
    showing = [place for place, element in enumerate(elements) if title and _shows(element, title)]
    headings = [place for place, element in enumerate(elements) if element.tag == "h1"]
    best = [place for place in showing if elements[place].tag in ("h1", "h2")] or showing or headings
    return best[0] if best else 0


def _shows(element: Any, title: str) -> bool:
    if element.tag in ("head", "title", "script") or not element.tag:
        return False
    shown = short_text(element, 2 * len(title) + _MAX_CHARS)
    return shown is not None and " ".join(shown.split()) == title


def _begins_paragraph(element: Any) -> bool:
    """Tell whether a long paragraph stands in an element, at its begin or behind it."""
    if element.tag in ("script", "style"):
        return False
    own = "".join(element.itertext()) if element.tag == "p" else element.text or ""
    return max(len(own.strip()), len((element.tail or "").strip())) >= _MIN_PARAGRAPH_CHARS


def _is_right_before(between: Sequence[Any]) -> bool:
    """Tell whether a date stands in one head with the title behind it; between it and a menu's are links."""
    return bool(between) and sum(element.tag in ("a", "li") for element in between) <= _MAX_LINKS_BEFORE


def _is_named_as_date(element: Any) -> bool:
    if element is None:
        return False
    names = f"{element.get('class') or ''} {element.get('id') or ''}"
    return not _NAMES.isdisjoint(part.lower() for part in _NAME_PARTS.split(names))


def _label(kind: str) -> re.Pattern[str]:
    return re.compile(language_table("page_notes")[kind].replace("\n", ""))
