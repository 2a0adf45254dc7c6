"""Laws of tokenisers and language models: tokens spell the text, merges are the naive ones, probabilities sum to one."""

from collections import Counter
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.evaluation.counted import spelt
from harness.evaluation.tasks import Example, TaskBrief
from harness.systems.byte_pairs import BytePairs, learn_merges
from harness.systems.language_models import NGrams
from harness.systems.registry import open_system
from harness.systems.system import Request

LEARNT = [
    "قال الكاتب إن المدينة كبيرة وإن الكاتب قال",
    "the city is old and the old city is large\n\nthe end",
    "ab ab abab",
]


def answered(name, kind, text):
    """Have a system that learnt three texts answer one."""
    system = open_system(name, kind=kind)
    system.prepare(TaskBrief(kind, ("x",), examples=tuple(Example(one, one) for one in LEARNT)))
    return system.answer([Request("x", text)])[0].output


@settings(max_examples=60, deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=60))
@pytest.mark.parametrize("name", ["token-characters", "token-bytes", "token-bpe"])
def test_tokens_spell_the_text(name, text):
    """Whatever was learnt, and whatever characters come."""
    if not any(token in text for token in ("<0x", "<unk>")):
        assert spelt(answered(name, "tokenizer", text)) == text


def test_words_of_the_vocabulary_are_tokens_and_others_are_unknown():
    """A word counts with the blank before it."""
    assert answered("token-words", "tokenizer", "the city is new") == ("the", " city", " is", "<unk>")


def naive_merges(counted, merges):
    """Count all pairs anew before each merge."""
    words = {word: list(word) for word in counted}
    learnt = []
    for _ in range(merges):
        times = Counter()
        for word, parts in words.items():
            for pair in pairwise(parts):
                times[pair] += counted[word]
        if not times or max(times.values()) < 2:
            break
        best = min(times, key=lambda pair: (-times[pair], pair))
        learnt.append(best)
        for word, parts in words.items():
            joined, place = [], 0
            while place < len(parts):
                step = 2 if tuple(parts[place : place + 2]) == best else 1
                joined.append("".join(parts[place : place + step]))
                place += step
            words[word] = joined
    return learnt


@settings(max_examples=150, deadline=None)
@given(
    st.dictionaries(st.text("abc", min_size=1, max_size=8), st.integers(1, 4), max_size=8), st.integers(0, 12)
)
def test_merges_are_those_of_counting_all_pairs_each_time(counted, merges):
    """Bringing counts up to date gives what counting anew gives, ties included."""
    assert learn_merges(counted, merges=merges) == naive_merges(counted, merges)


def test_words_are_cut_by_the_earliest_merge_first():
    """`ab` was learnt before `bc`, so `abc` is `ab` and `c`."""
    assert BytePairs([("a", "b"), ("b", "c")], alphabet=frozenset("abc")).cut("abcbc") == ["ab", "c", "bc"]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text("abcd", max_size=20), max_size=4), st.text("abcde", max_size=8), st.integers(1, 5))
def test_probabilities_of_all_symbols_sum_to_one(texts, context, order):
    """In every context, seen or not: no model can claim more than there is."""
    model = NGrams(order, 5)
    for text in texts:
        model.learn(text)
    assert sum(model.probability(context, symbol) for symbol in "abcde") == pytest.approx(1.0)


def test_a_model_that_learnt_nothing_costs_all_bits():
    """Eight bits a byte."""
    assert NGrams(6, 256).bits("سلام".encode()) == 64.0


@pytest.mark.parametrize("name", ["byte-ngrams", "character-ngrams", "deflate"])
def test_what_was_learnt_is_cheaper_than_what_was_not(name):
    """The same sentence, and as many letters of another kind."""
    known, strange = LEARNT[1], "".join(chr(0x4E00 + 37 * place) for place in range(len(LEARNT[1]) // 3))
    assert float(answered(name, "bits-per-byte", known)) < 0.5 * float(
        answered(name, "bits-per-byte", strange)
    )


@pytest.mark.parametrize("name", ["byte-ngrams", "character-ngrams", "deflate", "lzma"])
def test_a_text_costs_something(name):
    """A number of bits above zero, for one letter and for many."""
    assert (
        0 < float(answered(name, "bits-per-byte", "x")) < float(answered(name, "bits-per-byte", "xyz" * 50))
    )
