"""Paragraphs that a page does not mark as such: text between doubled line breaks, and bare `div` elements."""

from typing import Any

_BLOCKS = frozenset(
    {
        "address", "article", "aside", "blockquote", "center", "dd", "details", "div", "dl", "dt", "fieldset",
        "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li",
        "main", "nav", "ol", "p", "pre", "section", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul",
    }
)  # fmt: skip
_BROKEN = ("article", "body", "center", "div", "font", "section", "span", "td")
# Labels, dates and bylines are shorter; a paragraph of the demo corpus is longer but for one in a hundred.
_MIN_PARAGRAPH_CHARS = 60


def mark_paragraphs(tree: Any) -> None:
    """Turn them into `p` elements, in place."""
    for element in list(tree.iter(*_BROKEN)):
        if _has_doubled_breaks(element):
            _split_at_breaks(element)
    for element in list(tree.iter("font", "span")):
        if element.find("p") is not None:  # these are no boxes: what they hold stands in what is around them
            element.drop_tag()
    for element in list(tree.iter("div")):
        if _is_bare_paragraph(element):
            element.tag = "p"


def _has_doubled_breaks(element: Any) -> bool:
    return any(
        child.tag == "br" and _is_blank(child.tail) and getattr(child.getnext(), "tag", None) == "br"
        for child in element
    )


def _split_at_breaks(element: Any) -> None:
    """Put what stands between runs of two and more breaks into paragraphs; blocks stay where they are."""
    children = list(element)
    writer = _Paragraphs(element)
    for child in children:
        tail, child.tail = child.tail, None
        writer.add(child)
        writer.say(tail)
    writer.close()


class _Paragraphs:
    """Writes an element's content anew, paragraph by paragraph."""

    def __init__(self, element: Any) -> None:
        self._element = element
        self._breaks: list[Any] = []
        text, element.text = element.text, None
        del element[:]
        self._open()
        self.say(text)

    def add(self, child: Any) -> None:
        if child.tag == "br":
            self._breaks.append(child)
        elif child.tag in _BLOCKS:
            self.close()
            self._element.append(child)
            self._open()
        else:
            self._end_breaks()
            self._paragraph.append(child)

    def say(self, text: str | None) -> None:
        if _is_blank(text):
            if text and not self._breaks:
                _append_text(self._paragraph, text)
            return
        self._end_breaks()
        _append_text(self._paragraph, text)

    def close(self) -> None:
        """End the open paragraph; nothing is left of an empty one."""
        self._breaks = []
        if not len(self._paragraph) and _is_blank(self._paragraph.text):
            self._element.remove(self._paragraph)

    def _open(self) -> None:
        self._paragraph = self._element.makeelement("p")
        self._element.append(self._paragraph)

    def _end_breaks(self) -> None:
        breaks = self._breaks
        if len(breaks) > 1:
            self.close()
            self._open()
        else:
            self._paragraph.extend(breaks)
        self._breaks = []


def _is_bare_paragraph(element: Any) -> bool:
    if any(child.tag in _BLOCKS for child in element.iterdescendants()):
        return False
    text = "".join(element.itertext())
    if len(text.strip()) < _MIN_PARAGRAPH_CHARS:
        return False
    linked = sum(len("".join(link.itertext())) for link in element.iter("a"))
    return 2 * linked < len(text)


def _append_text(element: Any, text: str | None) -> None:
    if len(element):
        element[-1].tail = (element[-1].tail or "") + (text or "")
    else:
        element.text = (element.text or "") + (text or "")


def _is_blank(text: str | None) -> bool:
    return not (text or "").strip()
