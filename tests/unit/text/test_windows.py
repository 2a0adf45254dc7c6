"""Pieces of a few words: what counts as a word, and what a piece holds."""

import pytest

from harness.text.windows import word_windows


@pytest.mark.parametrize(
    ("line", "pieces"),
    [
        ("", []),
        ("واحد اثنان", []),
        ("واحد اثنان ثلاثة", [(1, "واحد اثنان ثلاثة")]),
        ("a b c d e f g", [(1, "a b c"), (4, "d e f")]),
        ("  قال: «نعم»، ثم  خرج.", [(1, "قال: «نعم»، ثم")]),
    ],
)
def test_words_stand_between_blanks(line, pieces):
    """Punctuation stays with its word, blanks inside a piece stay as they are, a rest is dropped."""
    assert word_windows(line, 3) == pieces


def test_numbers_and_signs_are_no_words_but_stay_between_words():
    """A date does not make a piece longer in words; it is not cut out of one either."""
    assert word_windows("في 12 / 5 أيار - اجتمع 3", 3) == [(1, "في 12 / 5 أيار - اجتمع")]


def test_two_characters_are_a_word_where_nobody_writes_blanks():
    """A piece of Chinese is as short as one of English, not a clause; scripts may stand side by side."""
    assert word_windows("市长星期一宣布新公园开放。", 3) == [(1, "市长星期一宣"), (4, "布新公园开放")]
    assert word_windows("苹果iPhone销量", 2) == [(1, "苹果iPhone")]
