"""Scripts: which one a letter belongs to, and which ones a language is written in."""

import functools
from importlib import resources

import numpy as np
import numpy.typing as npt

from harness.text.tags import primary

NOT_A_LETTER = 0  # the script number of everything that is no letter
SHARED_SCRIPT = "Zyyy"  # letters that several scripts use, such as º and µ

_CODE_POINTS = 0x110000


@functools.cache
def script_names() -> tuple[str, ...]:
    """Name the scripts by their ISO 15924 codes; the place is the script's number, and place 0 is empty."""
    return ("", *sorted({script for _, _, script in _letter_ranges()}))


@functools.cache
def script_by_code_point() -> npt.NDArray[np.uint8]:
    """Give the script number of each code point, `NOT_A_LETTER` for all but letters; shape (0x110000,)."""
    numbers = {name: number for number, name in enumerate(script_names())}
    table = np.full(_CODE_POINTS, NOT_A_LETTER, np.uint8)
    for first, last, script in _letter_ranges():
        table[first : last + 1] = numbers[script]
    table.flags.writeable = False
    return table


@functools.lru_cache(maxsize=4096)
def written_in(tag: str) -> frozenset[str]:
    """Name the scripts that a language is written in; empty where the table does not know the language."""
    return _scripts_by_language().get(primary(tag), frozenset())


def may_be_written_in(tag: str, script: str) -> bool:
    """Say whether nothing speaks against a text of this script in this language."""
    known = written_in(tag)
    return not known or script in known or script in {"", SHARED_SCRIPT}


@functools.cache
def _letter_ranges() -> tuple[tuple[int, int, str], ...]:
    return tuple((int(first, 16), int(last, 16), script) for first, last, script in _rows_of("letters"))


@functools.cache
def _scripts_by_language() -> dict[str, frozenset[str]]:
    return {language: frozenset(scripts.split()) for language, scripts in _rows_of("written_in")}


def _rows_of(table: str) -> list[list[str]]:
    source = (resources.files("harness.text") / "data" / f"{table}.tsv").read_text(encoding="utf-8")
    rows = [line.split("\t") for line in source.splitlines() if not line.startswith("#")]
    return rows[1:]
