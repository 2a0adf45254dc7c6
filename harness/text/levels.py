"""Normaliser levels: which differences of spelling are overlooked when texts are scored against each other.

The levels are data (`data/levels.toml`), applied to many texts at once as one table over all code points.
They serve comparison alone: no published text is ever changed by them.
"""

import functools
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from harness.core.errors import ConfigurationError
from harness.core.settings import suggestion
from harness.text.characters import presentation_letters
from harness.text.folding import CODE_POINTS
from harness.text.language_data import language_table

_Form = Literal["", "NFC", "NFKC"]
# Arrays of a block stay in the processor's cache: 2^16 took half the time of 2^20.
_CHARS_AT_ONCE = 1 << 16
CodePoints = npt.NDArray[np.uint32]


@dataclass(frozen=True)
class Level:
    """One level.

    Args:
        name: As it stands in signatures: `raw`, `nfkc`, `ar-light`, `ar-heavy`.
        form: The Unicode normalisation form that is applied first; none for "".
        folds: What is overlooked, by the names of `claims()`.
        says: The same in a sentence.
    """

    name: str
    form: _Form
    folds: tuple[str, ...]
    says: str


@dataclass(frozen=True)
class _Table:
    """What becomes of each code point: the place of its replacement among `written`, and how long that is."""

    start: npt.NDArray[np.uint32]
    width: npt.NDArray[np.uint8]
    written: CodePoints


@functools.cache
def levels() -> Mapping[str, Level]:
    """Give the levels there are, by name."""
    return {
        name: Level(name, entry["form"], tuple(entry["folds"]), entry["says"])
        for name, entry in language_table("levels")["levels"].items()
    }


@functools.cache
def claims() -> Mapping[str, tuple[str, str]]:
    """Give for each fold two spellings of a word that differ in it alone."""
    return {fold: (one, other) for fold, (one, other) in language_table("levels")["claims"].items()}


def level_called(name: str) -> Level:
    """Find a level.

    Raises:
        ConfigurationError: There is no such level.
    """
    if name not in levels():
        raise ConfigurationError(
            f"no normaliser level is called '{name}'",
            where="normaliser",
            remedy=suggestion(name, list(levels())),
        )
    return levels()[name]


def normalised(texts: Sequence[str], level: str) -> list[str]:
    """Fold texts as a level says; two that differ in nothing else become equal.

    Args:
        texts: Any texts, lone surrogates included.
        level: A name of `levels()`.

    Raises:
        ConfigurationError: There is no such level.
    """
    chosen = level_called(level)
    formed = [_formed(text, chosen.form) for text in texts]
    if chosen.form == "NFC":
        return [folded for block in blocks_of(formed) for folded in _folded(block, _table(level))]
    return formed


def _formed(text: str, form: _Form) -> str:
    return unicodedata.normalize(form, text) if form else text


def blocks_of(texts: Sequence[str]) -> Iterator[list[str]]:
    """Cut texts into runs of some 65,000 characters, so that what is made of them stays small."""
    block: list[str] = []
    chars = 0
    for text in texts:
        block.append(text)
        chars += len(text)
        if chars >= _CHARS_AT_ONCE:
            yield block
            block, chars = [], 0
    if block:
        yield block


def _folded(texts: list[str], table: _Table) -> list[str]:
    codes = code_points("".join(texts))
    widths = table.width[codes]
    if widths.max(initial=0) > 1:
        written = _expanded(codes, widths, table)
    else:
        written = table.written[table.start[codes[widths.astype(bool)]]]
    joined = text_of(written)
    new_ends = np.concatenate(([0], np.cumsum(widths, dtype=np.int64)))
    ends = new_ends[np.cumsum([len(text) for text in texts])].tolist()
    return [joined[start:end] for start, end in zip([0, *ends[:-1]], ends, strict=True)]


def _expanded(codes: CodePoints, widths: npt.NDArray[np.uint8], table: _Table) -> CodePoints:
    """Copy each character's replacement from its place, as wide as it is."""
    starts = np.cumsum(widths, dtype=np.int64) - widths
    inside = np.arange(widths.sum(dtype=np.int64)) - np.repeat(starts, widths)
    written: CodePoints = table.written[np.repeat(table.start[codes], widths) + inside]
    return written


def code_points(text: str) -> CodePoints:
    """Give a text's code points, shape (len(text),)."""
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4")


def text_of(codes: CodePoints) -> str:
    """Give the text of code points."""
    return codes.astype("<u4", copy=False).tobytes().decode("utf-32-le", "surrogatepass")


@functools.cache
def _table(level: str) -> _Table:
    replaced = _replacements(levels()[level].folds)
    start = np.arange(CODE_POINTS, dtype=np.uint32)
    width = np.ones(CODE_POINTS, np.uint8)
    expansions: list[int] = []
    for code, replacement in replaced.items():
        start[code] = CODE_POINTS + len(expansions)
        width[code] = len(replacement)
        expansions += replacement
    written = np.concatenate([np.arange(CODE_POINTS), expansions]).astype(np.uint32)
    return _Table(start, width, written)


def _replacements(folds: tuple[str, ...]) -> dict[int, tuple[int, ...]]:
    """Give what each code point becomes that does not stay: presentation forms go through the other folds too."""
    listed: Mapping[str, Mapping[str, Sequence[str]]] = language_table("levels")["folds"]
    replaced: dict[int, tuple[int, ...]] = {
        code: (int(target, 16),) if target else ()
        for fold in folds
        for target, ranges in listed.get(fold, {}).items()
        for code in _codes(ranges)
    }
    for form in presentation_letters() if "presentation" in folds else ():
        letters = map(ord, unicodedata.normalize("NFKC", form))
        replaced[ord(form)] = tuple(part for letter in letters for part in replaced.get(letter, (letter,)))
    return replaced


def _codes(ranges: Sequence[str]) -> Iterator[int]:
    for written in ranges:
        low, _, high = written.partition("-")
        yield from range(int(low, 16), int(high or low, 16) + 1)
