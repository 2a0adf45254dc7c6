"""The words that dates are written with, and text folded so that each of them has one spelling."""

import functools
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from harness.text.folding import BREAK, CODE_POINTS, DROPPED, fold_table
from harness.text.language_data import language_table


@dataclass(frozen=True)
class FoldedText:
    """Folded text, for each of its characters the place of the one that it stands for, and at last the length."""

    text: str
    places: tuple[int, ...]

    def place_of(self, start: int, end: int) -> tuple[int, int]:
        """Give where a part of it begins and ends in the text as it was written, with the marks on its letters."""
        return self.places[start], self.places[end]


def fold_for_dates(text: str) -> FoldedText:
    """Fold letters and digits as for search, and make runs of blanks one; marks that are not seen are dropped."""
    code = fold_table().code
    kept: list[str] = []
    places: list[int] = []
    for place, char in enumerate(text):
        folded = int(code[ord(char)])
        if folded == DROPPED:
            continue
        if char.isspace():
            if kept and kept[-1] == " ":
                continue
            char = " "  # noqa: PLW2901 - one blank is like another
        elif folded != BREAK and folded < CODE_POINTS:
            char = chr(folded)  # noqa: PLW2901 - that is what folding is
        kept.append(char)
        places.append(place)
    return FoldedText("".join(kept), (*places, len(text)))


@functools.cache
def months() -> dict[str, int]:
    """Give each folded name of a Gregorian month with its number, January is 1."""
    return _numbered("months")


@functools.cache
def weekdays() -> dict[str, int]:
    """Give each folded name of a day of the week with its number, Sunday is 1."""
    return _numbered("weekdays")


@functools.cache
def zones() -> dict[str, int]:
    """Give each folded name of a zone with its hours from UTC."""
    return {_fold(name): hours for name, hours in _table()["zones"].items()}


@functools.cache
def second_half() -> frozenset[str]:
    """Give the folded words for the hours from noon on."""
    return frozenset(map(_fold, _table()["halves"]["second"]))


@functools.cache
def pattern_of(kind: str) -> str:
    """Write an alternation of the folded `months`, `weekdays`, `islamic_months`, `halves` or `zones`."""
    table = _table()
    words: dict[str, Iterable[str]] = {
        "months": months(),
        "weekdays": weekdays(),
        "islamic_months": table["islamic_months"],
        "halves": [*table["halves"]["first"], *table["halves"]["second"]],
        "zones": table["zones"],
    }
    folded = {_fold(word) for word in words[kind]}
    # Of two that begin alike the longer one is tried first.
    return "|".join(re.escape(word) for word in sorted(folded, key=lambda word: (-len(word), word)))


def _numbered(kind: str) -> dict[str, int]:
    table = _table()
    named = {_fold(name): number for row in table[kind] for number, name in enumerate(row, start=1)}
    return named | {_fold(name): number for name, number in table["also"][kind].items()}


def _fold(word: str) -> str:
    return fold_for_dates(word).text


def _table() -> dict[str, Any]:
    return language_table("dates")
