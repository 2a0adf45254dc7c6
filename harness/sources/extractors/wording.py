"""What extractors share: blanks as HTML has them, and paragraphs without stray ones."""

import re

HTML_BLANKS = re.compile(r"[ \t\n\f\r]+")


def tidy(text: str) -> str:
    """Take away doubled blanks, those around lines, and lines of nothing else."""
    lines = (re.sub(" +", " ", line).strip(" ") for line in text.split("\n"))
    return "\n".join(line for line in lines if line)


def if_any(paragraph: str) -> list[str]:
    """Give a paragraph in a list, or none where it is empty."""
    return [paragraph] if paragraph else []
