"""Where on a page its article stands: the element with the most text in paragraphs."""

from itertools import islice
from typing import Any

_NEVER_IN = frozenset({"aside", "nav", "footer", "figure", "form"})
# Shorter paragraphs also stand in boxes, as teasers.
_MIN_PARAGRAPH_CHARS = 80
# A paragraph counts for what it is in, half for what that is in, and so on: an article's paragraphs stand
# side by side, those of comments each in a box of its own.
_SHARE_PER_LEVEL = 0.5
_LEVELS = 4
# What is around counts as the article, too, if it has so much more text in paragraphs: parts of an article
# may stand in boxes of their own.
_WIDER_BY = 1.3


def body_of(tree: Any) -> Any:
    """Find the element that holds the article's paragraphs; None where there is no paragraph."""
    elements = list(tree.iter())
    own = _chars_by_paragraph(elements)
    if not own:
        return None
    scores: dict[Any, float] = {}
    for paragraph, chars in own.items():
        for level, ancestor in enumerate(islice(paragraph.iterancestors(), _LEVELS)):
            scores[ancestor] = scores.get(ancestor, 0.0) + chars * _SHARE_PER_LEVEL**level
    totals = _totals(elements, own)
    best = max(scores, key=lambda element: scores[element])
    for ancestor in list(best.iterancestors()):
        if totals[ancestor] >= _WIDER_BY * totals[best]:
            best = ancestor
    return best


def _chars_by_paragraph(elements: list[Any]) -> dict[Any, int]:
    """Count the text of each paragraph that counts; the elements come in document order."""
    beside: set[Any] = set()
    found = {}
    for element in elements:
        if element.tag in _NEVER_IN or element.getparent() in beside:
            beside.add(element)
        elif element.tag == "p":
            chars = _own_chars(element)
            if chars >= _MIN_PARAGRAPH_CHARS:
                found[element] = chars
    return found


def _totals(elements: list[Any], own: dict[Any, int]) -> dict[Any, int]:
    """Sum up the text of paragraphs in and under each element."""
    totals = dict(own)
    for element in reversed(elements):
        parent = element.getparent()
        if parent is not None and element in totals:
            totals[parent] = totals.get(parent, 0) + totals[element]
    return totals


def _own_chars(paragraph: Any) -> int:
    """Count the text of a paragraph, without its links if these are most of it."""
    chars = len("".join(paragraph.itertext()).strip())
    linked = sum(len("".join(link.itertext())) for link in paragraph.iter("a"))
    return chars if 2 * linked < chars else 0
