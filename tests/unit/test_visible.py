"""Text from outside can be shown without obeying it."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.text.direction import direction_of
from harness.text.visible import ELLIPSIS, excerpt, visible, visible_parts


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[31mred", r"\x1b[31mred"),
        ("a\nb\tc\r", r"a\nb\tc\r"),
        ("\x9b2J\x7f", r"\x9b2J\x7f"),
        ("a\N{RIGHT-TO-LEFT OVERRIDE}b", "a[U+202E RIGHT-TO-LEFT OVERRIDE]b"),
        ("\N{ARABIC LETTER MARK}", "[U+061C ARABIC LETTER MARK]"),
        ("\ud800", "[U+D800]"),
        ("\N{ZERO WIDTH SPACE}", "[U+200B ZERO WIDTH SPACE]"),
    ],
)
def test_what_a_terminal_would_obey_is_written_out(text, shown):
    """Controls, escapes, direction controls and lone surrogates appear as names."""
    assert visible(text) == shown


@pytest.mark.parametrize(
    "text", ["قالت الوزارة، اليوم", "می\N{ZERO WIDTH NON-JOINER}رود", r"C:\new", "é 👩‍🚀"]
)
def test_ordinary_text_stays_as_it_is(text):
    """Arabic, Persian with its non-joiner, backslashes and emoji are shown unchanged."""
    assert visible(text) == text


def test_a_kept_character_stays():
    """A caller that prints lines keeps the line feed, and nothing else."""
    assert visible("a\nb\x1b", keep="\n") == "a\nb\\x1b"


@given(st.text())
def test_nothing_that_directs_or_hides_survives(text):
    """For any text, no control, surrogate or bidi control is left, and the parts join to the text."""
    shown = visible(text)
    assert not [c for c in shown if unicodedata.category(c) in {"Cc", "Cs", "Zl", "Zp"}]
    assert not set(shown) & set("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
    assert shown.encode("utf-8").decode("utf-8") == shown
    assert "".join(piece for piece, _ in visible_parts(text)) == text


@pytest.mark.parametrize(
    ("text", "direction"),
    [
        ("BBC: قالت الوزارة إن العدد بلغ 95%", "rtl"),
        ("He said «سلام» twice today", "ltr"),
        ("2024", "ltr"),
        ("שלום", "rtl"),
        ("", "ltr"),
    ],
)
def test_direction_follows_the_majority_of_letters(text, direction):
    """An Arabic line that opens in Latin letters still runs from right to left."""
    assert direction_of(text) == direction


@given(st.text(max_size=80), st.integers(2, 40))
def test_an_excerpt_is_short_and_a_beginning(text, limit):
    """An excerpt is never longer than its limit, and it is the text or a marked beginning of it."""
    cut = excerpt(text, limit=limit)
    assert len(cut) <= limit
    assert cut == text or (cut.endswith(ELLIPSIS) and text.startswith(cut[:-1]))
