"""Metrics that count inside answers: what an ideal, an empty and a missing answer score, and answers as kept."""

import json
import re

import pytest

from harness.evaluation.counted import bit_metrics, list_metrics, spelt, token_metrics
from harness.evaluation.recounting import metric_again

LISTS = {metric.name: metric for metric in list_metrics()}
TOKENS = {metric.name: metric for metric in token_metrics()}
BITS = {metric.name: metric for metric in bit_metrics()}


def value(metric, references, answers):
    """Score some answers."""
    return metric.formula(metric.statistics(references, answers).sum(axis=0, keepdims=True))[0]


@pytest.mark.parametrize(
    ("answer", "f1", "precision", "recall"),
    [
        (("1", "2"), 1.0, 1.0, 1.0),
        (("2", "1"), 1.0, 1.0, 1.0),
        (("1", "9"), 0.5, 0.5, 0.5),
        (("1",), 2 / 3, 1.0, 0.5),
        ((), 0.0, 0.0, 0.0),
        (None, 0.0, 0.0, 0.0),
    ],
)
def test_lists_are_scored_by_what_they_share(answer, f1, precision, recall):
    """Order says nothing; no answer is as bad as an empty one where something is right."""
    scores = [value(LISTS[name], [("1", "2")], [answer]) for name in ("f1", "precision", "recall")]
    assert scores == pytest.approx([f1, precision, recall])


def test_nothing_said_where_nothing_is_right_is_right_and_silence_is_not():
    """A text without residue is answered by an empty list."""
    assert value(LISTS["f1"], [(), ()], [(), None]) == 0.5


def test_tokens_are_counted_against_the_text_that_they_spell():
    """Two words in three tokens of eleven bytes, none unknown, one of a single character, nothing lost."""
    told = {
        name: value(metric, ["salt & oils"], [("salt ", "&", " oils")]) for name, metric in TOKENS.items()
    }
    assert told == pytest.approx(
        {
            "bytes_per_token": 11 / 3,
            "tokens_per_word": 3 / 2,
            "unknown_share": 0.0,
            "single_character_share": 1 / 3,
            "round_trip_loss": 0.0,
        }
    )


def test_unknown_tokens_lose_what_they_stand_for():
    """`<unk>` spells nothing."""
    answers = [("sa", "<unk>")]
    assert value(TOKENS["bytes_per_token"], ["salt"], answers) == 1.0
    assert value(TOKENS["unknown_share"], ["salt"], answers) == 0.5
    assert value(TOKENS["round_trip_loss"], ["salt"], answers) == 0.5


def test_bytes_spell_letters_across_tokens():
    """A letter may be cut between its bytes; broken ones are seen."""
    assert spelt(["<0xD8>", "<0xA7>", "لسلام"]) == "السلام"
    assert spelt(["<0xD8>", "x"]) == "\N{REPLACEMENT CHARACTER}x"


def test_a_tokeniser_that_gives_no_answer_gets_the_worst():
    """Else silence would be the shortest of all."""
    told = {name: value(metric, ["salt"], [None]) for name, metric in TOKENS.items()}
    assert (told["bytes_per_token"], told["unknown_share"], told["round_trip_loss"]) == (0.0, 1.0, 1.0)


def test_bits_are_summed_over_the_corpus_and_divided_by_its_bytes():
    """A long text weighs as much as it is long; no answer costs eight bits a byte."""
    assert value(BITS["bits_per_byte"], ["abcd", "ab"], ["8", "4.0"]) == 2.0
    assert value(BITS["bits_per_byte"], ["abcd"], [None]) == 8.0
    assert value(BITS["bits_per_character"], ["اب"], ["8"]) == 4.0


@pytest.mark.parametrize("name", [*LISTS, *TOKENS])
def test_answers_as_runs_keep_them_score_as_answers_that_were_read(name):
    """A comparison counts stored answers anew: lists are then JSON."""
    if name in LISTS:
        metric, references, answers = LISTS[name], [("1", "2"), ()], [("2",), ()]
        kept = [json.dumps(reference) for reference in references]
    else:
        metric, references, answers = TOKENS[name], ["ab cd", "x"], [("ab", " cd"), ("<unk>",)]
        kept = references
    stored = [json.dumps(answer) for answer in answers]
    assert metric.statistics(kept, stored).tolist() == metric.statistics(references, answers).tolist()
    found = metric_again(metric.signature)
    assert (found is None) == metric.is_mean
    assert metric_again(re.sub(r"\|v:\d+", "|v:0", metric.signature)) is None
