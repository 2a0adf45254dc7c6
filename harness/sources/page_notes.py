"""What stands between the paragraphs of an article and is none of it: links to elsewhere, and advertisements."""

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from harness.sources.page_text import short_text
from harness.text.language_data import language_table

_ELEMENTS = ("p", "div", "h2", "h3", "h4", "h5", "h6", "blockquote", "b", "strong", "span", "em", "font")
_LISTS = ("ul", "ol")
# Alefs bare; without tatweel, vowel signs and what directs text.
_FOLDS = str.maketrans(
    "أإآٱ",
    "اااا",
    "ـ\u064b\u064c\u064d\u064e\u064f\u0650\u0651\u0652\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c",
)
_NOT_WORDS = re.compile(r"[\W_]+")
# A phrase and a title or some; the longest title of the 123 news documents of NTREX in Arabic has 140 characters.
_MAX_CHARS = 400
_MAX_LIST_CHARS = 2_000


def cut_notes(tree: Any) -> None:
    """Cut them out of a parsed page (an lxml element), in place.

    Cut is an element that opens with a known phrase and holds nothing else but links, with a list of nothing
    but links that follows it; a paragraph that is links whole; and an element that says "advertisement" and
    no more. Price: a source that an article names by a link in a paragraph of its own.
    """
    for element in list(tree.iter(*_ELEMENTS)):
        text = short_text(element, _MAX_CHARS)
        if not text or text.isspace() or element.getparent() is None:
            continue
        following = element.getnext()
        leads_on = following is not None and following.tag in _LISTS and _is_of_links(following)
        if _is_note(element, _fold(text), leads_on=leads_on):
            element.drop_tree()
            if leads_on:
                following.drop_tree()


def _is_of_links(element: Any) -> bool:
    return short_text(element, _MAX_LIST_CHARS) is not None and not _words_outside_links(element)


def _is_note(element: Any, words: str, *, leads_on: bool) -> bool:
    if _pattern("alone").fullmatch(words):
        return True
    outside = _words_outside_links(element)
    if outside == words:
        return leads_on and _pattern("before_links").fullmatch(words) is not None
    if not outside:
        return element.tag == "p" or _pattern("before_links").match(words) is not None
    return _pattern("before_links").fullmatch(outside) is not None


def _words_outside_links(element: Any) -> str:
    return _fold("".join(_pieces_outside_links(element)))


def _pieces_outside_links(element: Any) -> Iterator[str]:
    yield element.text or ""
    for child in element:
        if child.tag != "a":
            yield from _pieces_outside_links(child)
        yield child.tail or ""


def _fold(text: str) -> str:
    """Give the words alone, parted by single blanks."""
    return _NOT_WORDS.sub(" ", text.translate(_FOLDS)).strip().lower()


@cache
def _pattern(kind: str) -> re.Pattern[str]:
    return re.compile(language_table("page_notes")[kind].replace("\n", ""))
