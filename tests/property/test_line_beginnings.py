"""Lines of residue begin with the words that the table says, and the compiled look finds those that begin so."""

import re

import pyarrow as pa
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from harness.curation import line_signs
from harness.text.language_data import language_table
from harness.text.residue_lines import BEFORE_BEGINNING, BEGINNINGS, residue_lines

_TABLE = language_table("residue")
_ROWS = [*_TABLE["end"], _TABLE["read_also"]]
_WORDS = [word for words in BEGINNINGS.values() for word in words]
_PIECES = st.sampled_from(
    [*_WORDS, *map(str.upper, _WORDS), *BEFORE_BEGINNING, "\n", "\n", "\r", "ف", "اق", "é", "€", "·•"]
)
_TEXTS = st.lists(_PIECES | st.text(max_size=3), max_size=12).map("".join) | st.none()


def _small(line: str) -> str:
    """Write A to Z small, and nothing else."""
    return re.sub("[A-Z]", lambda letter: letter[0].lower(), line.lstrip(BEFORE_BEGINNING))


def _begins(text: str | None, kind: str) -> bool:
    return any(_small(line).startswith(BEGINNINGS[kind]) for line in (text or "").split("\n"))


def _told(texts: list[str | None]) -> list[tuple[bool, ...]]:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(line_signs, "is_compiling", lambda: True)
        told = line_signs.line_signs(pa.array(texts, pa.string()))
    assert told is not None
    return list(zip(*(column.tolist() for column in told.begun.values()), strict=True))


@pytest.mark.parametrize("row", _ROWS, ids=lambda row: row.get("name", "read-also"))
def test_every_line_that_a_row_cuts_begins_as_the_row_says(row: dict[str, str]) -> None:
    """Else a line of residue would not be looked for."""

    @settings(max_examples=150, deadline=None)
    @given(st.from_regex(row["pattern"], fullmatch=True))
    def law(line: str) -> None:
        assert _small(line).startswith(tuple(row["begins"]))

    law()


@settings(deadline=None)  # the first call on a machine compiles
@given(st.lists(_TEXTS, max_size=5))
@example(["©", "•", "\xc2", "• · X", "a\n" * 40 + "شاهد", "a" * 70 + "\nشاه", None])
def test_what_is_told_is_how_the_lines_begin(texts: list[str | None]) -> None:
    """Of each text by itself, whatever stands in the one before."""
    assert _told(texts) == [tuple(_begins(text, kind) for kind in BEGINNINGS) for text in texts]


@settings(deadline=None)
@given(_TEXTS)
@example("Facebook\nTwitter\nX")
def test_a_text_with_a_line_of_residue_is_told(text: str | None) -> None:
    """What the signal counts lies among what is looked at."""
    if text is not None and residue_lines(text):
        assert any(_told([text])[0])
