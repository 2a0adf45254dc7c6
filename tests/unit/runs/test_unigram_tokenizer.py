"""The unigram tokenizer: pieces that are learnt from words, and the likeliest way to cut."""

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.evaluation.counted import spelt
from harness.evaluation.tasks import Example, TaskBrief
from harness.systems.registry import open_system
from harness.systems.system import Request
from harness.systems.unigrams import Unigrams, learn_pieces

WORDS = {
    "playing": 30,
    "played": 30,
    "saying": 20,
    "stayed": 20,
    "rowing": 10,
    "rowed": 10,
    "say": 9,
    "row": 9,
}
TEXTS = ["The ferry leaves at nine.", "قال الوزير إن العمل بدأ في المدينة.", "قال المدير إن المدينة كبيرة."]


def all_cuts(word):
    """Give every way to cut a word."""
    for marks in product([False, True], repeat=max(len(word) - 1, 0)):
        cut, piece = [], word[:1]
        for is_cut, letter in zip(marks, word[1:], strict=True):
            if is_cut:
                cut.append(piece)
                piece = ""
            piece += letter
        yield [*cut, piece]


def test_pieces_are_what_words_have_in_common():
    """Stems and endings come to be pieces where there is no room for whole words, and cut a word never seen."""
    stems = [
        "play",
        "turn",
        "walk",
        "climb",
        "jump",
        "start",
        "visit",
        "open",
        "paint",
        "clean",
        "help",
        "count",
    ]
    words = {stem + ending: 3 for stem in stems for ending in ("ed", "ing", "er", "ers")}
    del words["visiting"]
    unigrams = Unigrams(learn_pieces(words, pieces=16))
    assert unigrams.cut("visiting") == ["visit", "ing"]
    assert unigrams.cut("counters") == ["count", "ers"]


def test_no_more_pieces_are_kept_than_asked_for_and_every_character_is():
    """Characters come on top, so that every known word can be cut."""
    costs = learn_pieces(WORDS, pieces=3)
    assert sum(len(piece) > 1 for piece in costs) <= 3
    assert {piece for piece in costs if len(piece) == 1} == set("".join(WORDS))


def test_the_order_of_words_does_not_matter():
    """The same words in another order give the same pieces at the same cost."""
    backwards = dict(reversed(WORDS.items()))
    assert learn_pieces(WORDS, pieces=6) == learn_pieces(backwards, pieces=6)


@settings(max_examples=60, deadline=None)
@given(st.text("playinged", min_size=1, max_size=9))
def test_no_way_to_cut_is_likelier(word):
    """Held against every way that there is."""
    costs = learn_pieces(WORDS, pieces=8)
    cut = Unigrams(costs).cut(word)
    assert "".join(cut) == word
    cheapest = min(
        sum(costs[piece] for piece in one) for one in all_cuts(word) if all(piece in costs for piece in one)
    )
    assert sum(costs[piece] for piece in cut) == cheapest


@pytest.mark.parametrize("text", [*TEXTS, "another text, 12 \N{SNOWMAN}\n\tend", " "])
def test_every_text_is_spelt_by_its_tokens(text):
    """What was never seen comes as bytes."""
    system = open_system("token-unigram", kind="tokenizer")
    system.prepare(TaskBrief("tokenizer", (), examples=tuple(Example(one, one) for one in TEXTS)))
    (response,) = system.answer([Request("a", text)])
    assert spelt(response.output) == text
