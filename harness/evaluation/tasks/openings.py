"""How an article opens: its headline, where the text repeats it, its lead, and what comes behind."""

from collections.abc import Mapping
from typing import Any

Document = Mapping[str, Any]


def without_headline(document: Document) -> str:
    """Give a document's text without the first line, where that is the title and more follows."""
    text: str = document["text"]
    first, _, rest = text.partition("\n")
    repeats = first.strip() == (document["title"] or "").strip()
    return rest.lstrip("\n") if repeats and rest.strip() else text


def lead_and_rest(document: Document) -> tuple[str, str]:
    """Part the first paragraph from the others, the headline aside; the rest is "" where there is no other."""
    lead, _, rest = without_headline(document).strip().partition("\n")
    return lead.strip(), rest.strip()
