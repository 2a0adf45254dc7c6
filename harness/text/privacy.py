"""Counting data about persons in texts: addresses, telephone, identity and payment numbers, by their shapes.

What was found is never given out, only how often: the shapes, with their sources, are `data/privacy.toml`.
"""

import functools
import re
import sys
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from harness.text.check_digits import CHECKS
from harness.text.language_data import language_table

ADDRESS_KIND = "emails"
# In order of precedence: what is a card is no telephone.
NUMBER_KINDS = ("payment_numbers", "national_ids", "phones")
# Texts without a match hold no number of any shape: seven digits, at most two signs between each.
NUMBER_SUSPECT_PATTERN = r"\p{Nd}(?:[A-Z \x{00A0}.\-\x{2010}-\x{2013}()]{0,2}\p{Nd}){6,}"
LEAST_DIGITS = 7
ADDRESS_SUSPECT = "@"
_ANY_NUMBER = (0, 40)  # of digits, where the pattern says it
_BEFORE = 40  # code points in which a shape's `after` is looked for


@dataclass(frozen=True)
class Shape:
    """One shape.

    Args:
        kind: The signal that counts it.
        name: What it is.
        pattern: Finds it in a text whose digits are ASCII.
        check: Whether the letters and digits of a match can be such a number.
        after: What has to stand before it; None for nothing.
        digits: How many digits it has at least and at most.
    """

    kind: str
    name: str
    pattern: re.Pattern[str]
    check: Callable[[str], bool] | None
    after: re.Pattern[str] | None
    digits: tuple[int, int]

    def spans(self, text: str) -> Iterator[tuple[int, int]]:
        """Find its places in a text whose digits are ASCII."""
        for match in self.pattern.finditer(text):
            if self._holds(match):
                yield match.span()

    def _holds(self, match: re.Match[str]) -> bool:
        characters = "".join(one for one in match[0] if one.isascii() and one.isalnum())
        count = sum(one.isdigit() for one in characters)
        before = match.string[max(match.start() - _BEFORE, 0) : match.start()]
        return (
            self.digits[0] <= count <= self.digits[1]
            and (self.after is None or self.after.search(before) is not None)
            and (self.check is None or self.check(characters))
        )


@functools.cache
def shapes() -> tuple[Shape, ...]:
    """Read the shapes, in their order of precedence."""
    table = language_table("privacy")
    rows = [_shape(row, table["separator"]) for row in table["shape"]]
    order = (ADDRESS_KIND, *NUMBER_KINDS)
    return tuple(sorted(rows, key=lambda shape: order.index(shape.kind)))


def count_addresses(text: str) -> int:
    """Count e-mail addresses."""
    return sum(1 for shape in shapes() if shape.kind == ADDRESS_KIND for _ in shape.spans(text))


def count_numbers(text: str) -> dict[str, int]:
    """Count numbers by kind; a stretch of text counts once, for the first shape that takes it.

    Args:
        text: Digits of any script.

    Returns:
        A count for each of `NUMBER_KINDS`.
    """
    plain = text.translate(_ascii_digits())
    counts = dict.fromkeys(NUMBER_KINDS, 0)
    taken: list[tuple[int, int]] = []
    for shape in shapes():
        if shape.kind == ADDRESS_KIND:
            continue
        for start, end in shape.spans(plain):
            if all(end <= other or stop <= start for other, stop in taken):
                taken.append((start, end))
                counts[shape.kind] += 1
    return counts


def _shape(row: dict[str, Any], separator: str) -> Shape:
    return Shape(
        kind=row["kind"],
        name=row["name"],
        pattern=re.compile(row["pattern"].replace("SEP", separator)),
        check=CHECKS[row["check"]] if "check" in row else None,
        after=re.compile(row["after"]) if "after" in row else None,
        digits=tuple(row.get("digits", _ANY_NUMBER)),
    )


@functools.cache
def _ascii_digits() -> dict[int, str]:
    """Map the decimal digits of every script to 0 to 9; lengths stay."""
    decimals = ((code, unicodedata.decimal(chr(code), None)) for code in range(0x80, sys.maxunicode + 1))
    return {code: str(value) for code, value in decimals if value is not None}
