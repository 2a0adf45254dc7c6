"""Laws of word diffs: nothing is lost in them, and their time is linear in the texts."""

import itertools
import time

from hypothesis import given, settings
from hypothesis import strategies as st

from harness.text.cleaning import clean, replay
from harness.text.diff import word_diff, words_around
from harness.text.edits import surroundings

_PIECES = st.sampled_from(
    ["قال", "الوزير", "في", " ", "  ", "\n\n", "،", ",", " ,", ".", "\u00a0", "\u200c", "\u0651\u064e", "ﻫﺬﺍ", "word",
     "e\u0301", "7", "\r\n", "\x1a", "\u202e", "Star InactiveStar Inactive", "क्षि", "😀"]
)  # fmt: skip
_TEXTS = st.lists(_PIECES | st.characters(exclude_categories=["Cs"]), max_size=25).map("".join)


@settings(deadline=None, max_examples=300)
@given(_TEXTS, _TEXTS)
def test_pieces_joined_give_before_and_after_back(before, after):
    """Same and cut are the old text, same and put the new one; no piece is empty and no kind comes twice in a row."""
    pieces = word_diff(before, after)
    assert "".join(piece.text for piece in pieces if piece.kind != "put") == before
    assert "".join(piece.text for piece in pieces if piece.kind != "cut") == after
    assert all(piece.text for piece in pieces)
    assert all(one.kind != other.kind for one, other in itertools.pairwise(pieces))


@given(_TEXTS)
def test_a_text_does_not_differ_from_itself(text):
    """Equal texts give at most one piece, which stayed."""
    assert all(piece.kind == "same" for piece in word_diff(text, text))


@settings(deadline=None, max_examples=150)
@given(_TEXTS, st.integers(1, 12))
def test_surroundings_are_what_stood_there_just_before_the_edit(text, reach):
    """Each edit's left and right are the text's own, as the edits before it had left it."""
    _, edits = clean(text, "news-ar")
    found = list(surroundings(text, edits, reach))
    assert len(found) == len(edits)
    for number, (edit, (left, right)) in enumerate(zip(edits, found, strict=True)):
        before = replay(text, edits[:number])
        end = edit.start + len(edit.before)
        assert (left, right) == (before[: edit.start][-reach:], before[end : end + reach])


@given(_TEXTS, _TEXTS, st.integers(1, 5))
def test_context_touches_the_place(left, right, words):
    """What is kept of the surroundings is their nearest end, whole where there are few words."""
    near_left, near_right = words_around(left, right, words)
    assert left.endswith(near_left)
    assert right.startswith(near_right)


def test_a_change_inside_a_word_shows_the_whole_word():
    """A letter that was exchanged is told with the word that it stands in."""
    assert [(one.kind, one.text) for one in word_diff("قال الوزير أمس", "قال الوريز أمس")] == [
        ("same", "قال "), ("cut", "الوزير"), ("put", "الوريز"), ("same", " أمس"),
    ]  # fmt: skip


def test_long_texts_without_a_word_in_common_take_linear_time():
    """A hundred thousand words on both sides: under two seconds, where matching them would take hours."""
    before = " ".join(f"a{number}" for number in range(100_000))
    after = " ".join(f"b{number}" for number in range(100_000))
    started = time.process_time()
    pieces = word_diff(before, after)
    assert time.process_time() - started < 2
    assert [piece.kind for piece in pieces] == ["cut", "put"]
