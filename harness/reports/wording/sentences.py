"""Sentences in which names from outside are set apart, to be escaped by whoever writes them out."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Name:
    """A system's name inside a sentence: text from outside, to be escaped and set apart."""

    text: str


Sentence = tuple[str | Name, ...]


def written(sentence: Sentence) -> str:
    """Join a sentence to plain text; the names are as they came, and hostile until escaped."""
    return "".join(part.text if isinstance(part, Name) else part for part in sentence)


def capitalised(sentence: Sentence) -> Sentence:
    """Write a sentence's first letter large, unless it opens with a name, which is spelled as it is."""
    first, *rest = sentence
    return sentence if isinstance(first, Name) else (first[:1].upper() + first[1:], *rest)


def listed(names: Sequence[Name]) -> list[str | Name]:
    """Put names in a row: `a`, `a and b`, `a, b and c`."""
    parts: list[str | Name] = []
    for place, name in enumerate(names):
        joint = "" if place == 0 else " and " if place == len(names) - 1 else ", "
        parts += [joint, name] if joint else [name]
    return parts
