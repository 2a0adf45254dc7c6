"""Boxes inside an article's own block that are not of it: share bars, further reading, ratings, comments."""

from typing import Any

# How class names and ids of such boxes begin. The compound ones are those of widespread plug-ins: AddToAny,
# Jetpack (`sharedaddy`, `jp-relatedposts`), kk Star Ratings, WP-PostRatings, YARPP.
_BOX_NAMES = (
    "a2a_", "addtoany", "also-read", "comment", "jp-relatedposts", "kk-star-ratings", "kksr", "newsletter",
    "post-ratings", "rating", "read-also", "read_also", "readalso", "related", "see-also", "share", "sharing",
    "sharedaddy", "social", "star-rating", "yarpp",
)  # fmt: skip
_BOX_TAGS = ("div", "section", "aside", "ul", "ol", "p", "span", "form")
# A block with more of the page's visible text than this is the article's own, whatever it is called
# (`social-article`); a box with more would have to outweigh the article that it is in. Not yet measured.
_MAX_TEXT_SHARE = 0.25


def cut_boxes(tree: Any) -> None:
    """Cut the boxes out of a parsed page (an lxml element), in place.

    The extractor knows most of them, but leaves the heading of some whose list it cuts.
    """
    named = [element for element in tree.iter(*_BOX_TAGS) if _is_named_as_box(element)]
    if not named:
        return
    most_chars = _MAX_TEXT_SHARE * _text_chars(tree)
    for element in named:
        # One inside another goes with it.
        if element.getparent() is not None and _text_chars(element) <= most_chars:
            element.drop_tree()


def _is_named_as_box(element: Any) -> bool:
    names = f"{element.get('class') or ''} {element.get('id') or ''}".lower().split()
    return any(name.startswith(_BOX_NAMES) for name in names)


def _text_chars(element: Any) -> int:
    return sum(len(text) for text in element.xpath(".//text()[not(parent::script or parent::style)]"))
