"""Which spellings count as the same word when texts are compared for likeness, as one table over all code points.

The table is data (`data/folds.toml`) applied to the character database: case is folded, composed letters
lose their combining diacritics, digits of all scripts become ASCII, presentation forms become letters, and
Arabic letters that writers exchange become one. Scripts that put no blanks between words (Han, kana, Thai)
come out as long words; likeness of short texts in them is told less well.
"""

import functools
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from harness.text.characters import presentation_letters
from harness.text.language_data import language_table

BREAK = 0
DROPPED = 0xFFFF_FFFF
CODE_POINTS = 0x11_0000
# Ranges as long as these are ideographs and syllables without case or marks (Hangul stays composed).
_LONG_RANGE = 5000


@dataclass(frozen=True)
class FoldTable:
    """What becomes of each code point.

    Args:
        code: Shape (1114112,), dtype uint32. `BREAK` parts words, `DROPPED` is left out, a number up to
            1114111 is the folded code point, and 1114112 + i stands for row i of `expansions`.
        expansions: Shape (expansions, longest), dtype uint32: code points, filled up with `DROPPED`.
    """

    code: np.ndarray
    expansions: np.ndarray


@functools.cache
def fold_table() -> FoldTable:
    """Build the table, once a process (some 50 ms)."""
    code = np.full(CODE_POINTS, BREAK, dtype=np.uint32)
    folds: dict[int, tuple[int, ...]] = {}
    for low, high in _ranges(_data()["words"]["characters"]):
        code[low : high + 1] = np.arange(low, high + 1)
        if high - low < _LONG_RANGE:
            folds.update((number, _folded(number)) for number in range(low, high + 1))
    for low, high in dropped_ranges():
        folds.update((number, ()) for number in range(low, high + 1))
    expansions = sorted({fold for fold in folds.values() if len(fold) > 1})
    place = {fold: CODE_POINTS + row for row, fold in enumerate(expansions)}
    for number, fold in folds.items():
        code[number] = place[fold] if len(fold) > 1 else fold[0] if fold else DROPPED
    code.setflags(write=False)
    return FoldTable(code, _rectangle(expansions))


@functools.cache
def dropped_ranges() -> tuple[tuple[int, int], ...]:
    """Give what folding leaves out, the first and last code point of each run."""
    return tuple(pair for written in _data()["dropped"].values() for pair in _ranges(written))


def _folded(number: int) -> tuple[int, ...]:
    """Fold one code point of a word; nothing is left of one that is dropped."""
    char = chr(number)
    if unicodedata.category(char) == "Nd":
        return (ord("0") + unicodedata.digit(char),)
    char = _presentation_forms().get(char, char)
    plain = unicodedata.normalize("NFD", char.casefold())
    exchanged = (_exchanged().get(ord(part), ord(part)) for part in plain)
    return tuple(part for part in exchanged if part not in _dropped())


@functools.cache
def _data() -> dict[str, dict[str, str]]:
    return language_table("folds")


@functools.cache
def _presentation_forms() -> dict[str, str]:
    return {char: unicodedata.normalize("NFKC", char) for char in presentation_letters()}


@functools.cache
def _exchanged() -> dict[int, int]:
    letters = _data()["letters"].items()
    return {int(source, 16): int(target, 16) for target, sources in letters for source in sources}


@functools.cache
def _dropped() -> frozenset[int]:
    return frozenset(number for low, high in dropped_ranges() for number in range(low, high + 1))


def _ranges(written: str) -> Iterator[tuple[int, int]]:
    for part in written.split():
        low, _, high = part.partition("-")
        yield int(low, 16), int(high or low, 16)


def _rectangle(expansions: list[tuple[int, ...]]) -> np.ndarray:
    longest = max(map(len, expansions), default=1)
    rows = np.full((len(expansions), longest), DROPPED, dtype=np.uint32)
    for row, fold in enumerate(expansions):
        rows[row, : len(fold)] = fold
    rows.setflags(write=False)
    return rows
