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
# Texts without a match hold no number of any shape: seven digits, at most two signs between each. RE2.
LEAST_DIGITS, MOST_BETWEEN = 7, 2
IN_NUMBER = (
    *((ord(sign), ord(sign)) for sign in " .-()\N{NO-BREAK SPACE}"), (ord("A"), ord("Z")), (0x2010, 0x2013),
)  # fmt: skip
_SIGNS_BETWEEN = [chr(code) for low, high in IN_NUMBER for code in range(low, high + 1)]
_BETWEEN = "".join(rf"\x{{{low:04X}}}-\x{{{high:04X}}}" for low, high in IN_NUMBER)
NUMBER_SUSPECT_PATTERN = rf"\p{{Nd}}(?:[{_BETWEEN}]{{0,{MOST_BETWEEN}}}\p{{Nd}}){{{LEAST_DIGITS - 1}}}"
ADDRESS_SUSPECT = "@"
_LONG_NUMBER = re.compile(
    rf"[0-9](?:[{re.escape(''.join(_SIGNS_BETWEEN))}]{{0,{MOST_BETWEEN}}}[0-9]){{{LEAST_DIGITS - 1},}}"
)
_OTHER_DIGIT = re.compile(r"[^\D0-9]")
# Further than this from digits that stand so close no shape begins or ends: the words "telephone" and "number" with
# blanks and signs between them have 23 characters, the longest number some 30.
_REACH = (64, 64)
# The same of the sign that all addresses have: a local part; eight labels, the last one, what must not follow.
_REACH_OF_ADDRESS = (65, 8 * 64 + 26)
_ADDRESS_SIGN = re.compile(ADDRESS_SUSPECT)
_DIGIT = re.compile("[0-9]")
_ANY_NUMBER = (0, 40)  # of digits, where a row does not say it
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
        anywhere: Whether letters may part its digits, so that the whole text has to be looked through.
    """

    kind: str
    name: str
    pattern: re.Pattern[str]
    check: Callable[[str], bool] | None
    after: re.Pattern[str] | None
    digits: tuple[int, int]
    anywhere: bool

    def spans(self, text: str, start: int = 0, end: int = sys.maxsize) -> Iterator[tuple[int, int]]:
        """Find its places in a part of a text whose digits are ASCII."""
        for match in self.pattern.finditer(text, start, end):
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
    windows = list(_windows(text, _ADDRESS_SIGN, _REACH_OF_ADDRESS))
    kinds = [shape for shape in shapes() if shape.kind == ADDRESS_KIND]
    return sum(1 for shape in kinds for window in windows for _ in shape.spans(text, *window))


def count_numbers(text: str) -> dict[str, int]:
    """Count numbers by kind; a stretch of text counts once, for the first shape that takes it.

    Args:
        text: Digits of any script.

    Returns:
        A count for each of `NUMBER_KINDS`.
    """
    plain = _OTHER_DIGIT.sub(_as_ascii, text)
    counts = dict.fromkeys(NUMBER_KINDS, 0)
    windows = [(span, len(_DIGIT.findall(plain, *span))) for span in _windows(plain, _LONG_NUMBER, _REACH)]
    taken: list[tuple[int, int]] = []
    for shape in shapes():
        if shape.kind == ADDRESS_KIND:
            continue
        least, _ = shape.digits
        parts = [(0, len(plain))] if shape.anywhere else [span for span, found in windows if found >= least]
        for start, end in (span for part in parts for span in shape.spans(plain, *part)):
            if all(end <= other or stop <= start for other, stop in taken):
                taken.append((start, end))
                counts[shape.kind] += 1
    return counts


def _windows(text: str, sign: re.Pattern[str], reach: tuple[int, int]) -> Iterator[tuple[int, int]]:
    """Give the parts of a text in which shapes may lie: to look for any in all of it takes long.

    Args:
        text: The text.
        sign: What every shape has in it.
        reach: How far before and behind it a shape begins and ends, with what has to stand there.
    """
    start = end = -1
    for match in sign.finditer(text):
        if match.start() - reach[0] > end:
            if end >= 0:
                yield start, end
            start = max(match.start() - reach[0], 0)
        end = match.end() + reach[1]
    if end >= 0:
        yield start, end


def _shape(row: dict[str, Any], separator: str) -> Shape:
    return Shape(
        kind=row["kind"],
        name=row["name"],
        pattern=re.compile(row["pattern"].replace("SEP", separator)),
        check=CHECKS[row["check"]] if "check" in row else None,
        after=re.compile(row["after"]) if "after" in row else None,
        digits=tuple(row.get("digits", _ANY_NUMBER)),
        anywhere=row.get("anywhere", False),
    )


def _as_ascii(digit: re.Match[str]) -> str:
    return _ascii_digits().get(ord(digit[0]), digit[0])


@functools.cache
def _ascii_digits() -> dict[int, str]:
    """Map the decimal digits of every script to 0 to 9; lengths stay."""
    runs = (run.split("-") for run in language_table("classes")["digits"].split())
    codes = (code for low, high in runs for code in range(int(low, 16), int(high, 16) + 1))
    decimals = ((code, unicodedata.decimal(chr(code), None)) for code in codes)
    return {code: str(value) for code, value in decimals if value is not None and code >= 0x80}
