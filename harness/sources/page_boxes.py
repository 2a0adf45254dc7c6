"""What a page is prepared by before its article is sought: boxes cut out, tables for layout dissolved."""

from typing import Any

# How class names and ids of such boxes begin. The compound ones are those of widespread plug-ins and systems:
# AddToAny, Blogger (`tr-caption`), Drupal (`image-field-caption`), Jetpack (`sharedaddy`, `jp-relatedposts`), kk
# Star Ratings, WordPress (`wp-caption`), WP-PostRatings, YARPP. A pull quote repeats a sentence of the text.
_BOX_NAMES = (
    "a2a_", "addtoany", "also-read", "breadcrumb", "caption", "comment", "gallery-nav", "image-field-caption",
    "jp-relatedposts", "kk-star-ratings", "kksr", "newsletter", "pagenav", "pager", "pagination", "post-ratings",
    "pull-quote", "pullquote", "rating", "read-also", "read_also", "readalso", "related", "see-also", "share",
    "sharing", "sharedaddy", "social", "star-rating", "tr-caption", "wp-caption", "yarpp",
)  # fmt: skip
_BOX_TAGS = ("div", "section", "aside", "ul", "ol", "p", "span", "form", "table", "blockquote")
# What is around a field to fill in: newsletters, polls, comments to write.
_FORM_BOXES = ("form", "fieldset", "div", "section", "aside")
# A block with more of the page's visible text than this is the article's own, whatever it is called
# (`social-article`); a box with more would have to outweigh the article that it is in. Not yet measured.
_MAX_TEXT_SHARE = 0.25


def cut_boxes(tree: Any) -> None:
    """Cut the boxes out of a parsed page (an lxml element), in place.

    A box is known by its name, or by a field to fill in. The extractor knows most of them, but leaves the
    heading of some whose list it cuts.
    """
    boxes = [element for element in tree.iter(*_BOX_TAGS) if _is_named_as_box(element)]
    boxes += _around_fields(tree)
    if not boxes:
        return
    chars = _text_chars(tree)
    most_chars = _MAX_TEXT_SHARE * chars[tree]
    cut: set[Any] = set()
    for element in boxes:
        # One inside another goes with it.
        if element not in cut and chars[element] <= most_chars and element.getparent() is not None:
            cut.update(element.iter())
            element.drop_tree()


def _is_named_as_box(element: Any) -> bool:
    names = f"{element.get('class') or ''} {element.get('id') or ''}".lower().split()
    return any(name.startswith(_BOX_NAMES) for name in names)


def _around_fields(tree: Any) -> list[Any]:
    fields = (one for one in tree.iter("input", "textarea") if one.get("type") != "hidden")
    around = (next(field.iterancestors(*_FORM_BOXES), None) for field in fields)
    return [box for box in around if box is not None]


def _text_chars(tree: Any) -> dict[Any, int]:
    """Count the visible text in each element, in one pass: named boxes may be nested without end."""
    chars: dict[Any, int] = {}
    for element in reversed(list(tree.iter())):
        own = 0 if element.tag in ("script", "style") else len(element.text or "")
        chars[element] = chars.get(element, 0) + own
        parent = element.getparent()
        if parent is not None:
            chars[parent] = chars.get(parent, 0) + chars[element] + len(element.tail or "")
    return chars


_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_TABLE_PARTS = ("table", "thead", "tbody", "tfoot", "tr", "td", "th", "caption")


def dissolve_layout_tables(tree: Any) -> None:
    """Turn tables that lay out a page into plain blocks, in place; tables of facts stay.

    A table is taken for layout when it holds a heading, another table, or two paragraphs in one cell. Inside a
    table the extractor would run an article's paragraphs together, with the page's banner and foot around it.
    """
    for table in [table for table in tree.iter("table") if _is_layout(table)]:
        for part in [table, *_parts_of(table)]:
            part.tag = "div"


def _is_layout(table: Any) -> bool:
    if next(table.iterdescendants("table", *_HEADINGS), None) is not None:
        return True
    return any(len(cell.findall(".//p")) > 1 for cell in table.iter("td", "th"))


def _parts_of(table: Any) -> list[Any]:
    """Give the parts of a table, without those of tables in it."""
    parts = []
    waiting = list(table)
    while waiting:
        element = waiting.pop()
        if element.tag in _TABLE_PARTS and element.tag != "table":
            parts.append(element)
            waiting.extend(element)
    return parts
