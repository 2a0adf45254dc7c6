"""Reading the text of small elements, at a cost that does not grow with what a hostile page nests."""

from itertools import islice
from typing import Any

# A title or a link with a picture, an icon and a label has a handful.
_MAX_INNER_ELEMENTS = 24


def short_text(element: Any, most_chars: int) -> str | None:
    """Give an element's text as it stands; None where it has more characters, or very many elements in it."""
    chars = 0
    for place, inner in enumerate(islice(element.iter(), _MAX_INNER_ELEMENTS + 1)):
        if place == _MAX_INNER_ELEMENTS:
            return None
        chars += len(inner.text or "") + (len(inner.tail or "") if place else 0)
        if chars > most_chars:
            return None
    return "".join(element.itertext())
