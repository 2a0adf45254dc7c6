"""Comparing runs: what is refused, what is judged, and which items are shown."""

import re

import pytest
from support.made_runs import made_run, realistic_runs, with_macro_f1

from harness.core.errors import ConfigurationError, ExitCode, NoEvidenceError
from harness.evaluation.comparison import compare
from harness.evaluation.deciding import MOST_ALL_WRONG, MOST_ITEMS

_GOOD = [1.0] * 36 + [0.0] * 4
_WEAK = [1.0] * 20 + [0.0] * 20


def test_a_clear_lead_is_told_as_one():
    """The better run comes first, and the pair says by how much, on how many items, with which p."""
    result = compare([made_run("weak", _WEAK), made_run("good", _GOOD)], seed=1)
    assert [run.system.name for run in result.runs] == ["good", "weak"]
    (pair,) = result.differences
    assert (pair.candidate, pair.baseline) == tuple(run.run_id for run in result.runs)
    assert pair.difference == pytest.approx(0.4)
    assert (pair.wins, pair.ties, pair.losses, pair.n, pair.clusters) == (16, 24, 0, 40, 40)
    assert pair.low > 0
    assert pair.p == pair.p_holm < 0.01
    assert pair.verdict == "better"


def test_the_baseline_is_what_all_others_are_compared_with():
    """With a baseline there is one pair for each other run, seen from the other run."""
    runs = [made_run("a", _GOOD), made_run("b", _WEAK), made_run("c", _GOOD[::-1])]
    result = compare(runs, baseline="a", seed=1)
    assert {pair.baseline for pair in result.differences} == {runs[0].result.run_id}
    assert len(result.differences) == 2
    assert {pair.verdict for pair in result.differences} == {"worse", "inconclusive"}


def test_a_lower_is_better_metric_turns_the_verdict_not_the_numbers():
    """With an error rate the run with fewer errors leads, by a negative difference."""
    few, many = [1 - score for score in _GOOD], [1 - score for score in _WEAK]
    runs = [made_run("many", many, higher_is_better=False), made_run("few", few, higher_is_better=False)]
    (pair,) = compare(runs, seed=1).differences
    assert "few" in pair.candidate
    assert pair.difference == pytest.approx(-0.4)
    assert pair.low < pair.difference < pair.high < 0
    assert (pair.verdict, pair.wins, pair.losses) == ("better", 16, 0)


def test_verdicts_go_by_the_adjusted_p():
    """A lead that one test alone would call real is not called so as the best of many pairs."""
    narrow = [*[1.0] * 34, *[0.0] * 6]
    slight = [*[1.0] * 28, *[0.0] * 12]
    alone = compare([made_run("a", narrow), made_run("b", slight)], seed=1).differences[0]
    assert alone.verdict == "better"
    others = [made_run(f"x{n}", [*[0.0] * 6, *[1.0] * 28, *[0.0] * 6]) for n in range(4)]
    crowd = compare([made_run("a", narrow), made_run("b", slight), *others], seed=1)
    same = next(p for p in crowd.differences if "--a--" in p.candidate and "--b--" in p.baseline)
    assert (same.p, same.low) == (alone.p, alone.low)
    assert same.p_holm > 0.05 > same.p
    assert same.verdict == "inconclusive"


def test_copies_do_not_count_as_evidence():
    """Sixteen wins that are copies of two texts are two wins to the test."""
    clusters = ["x"] * 8 + ["y"] * 8 + [f"z{n}" for n in range(24)]
    lead = [1.0] * 40
    behind = [0.0] * 16 + [1.0] * 24
    runs = [made_run("lead", lead, clusters=clusters), made_run("behind", behind, clusters=clusters)]
    (pair,) = compare(runs, seed=1).differences
    assert (pair.wins, pair.clusters, pair.p) == (16, 26, 0.5)
    assert pair.verdict == "inconclusive"


def test_items_without_an_answer_are_left_out_in_pairs_and_said():
    """A run that dropped its failures is compared on what both answered, and the note says so."""
    dropped = [None] * 4 + _WEAK[4:]
    result = compare([made_run("good", _GOOD), made_run("weak", dropped)], seed=1)
    assert result.differences[0].n == 36
    assert any("weak: 4 items" in note for note in result.notes)


def test_a_metric_of_whole_sets_is_compared_by_swapping_answers():
    """Macro F1 gets difference, interval, p and verdict too, in a family of its own; nobody wins an item in it."""
    result = compare([with_macro_f1(made_run("weak", _WEAK)), with_macro_f1(made_run("good", _GOOD))], seed=1)
    by_items, of_sets = result.differences
    assert (by_items.metric, of_sets.metric) == ("accuracy", "macro_f1")
    values = [run.scores[1].value for run in result.runs]
    assert of_sets.difference == pytest.approx(values[0] - values[1])
    assert 0 < of_sets.low < of_sets.difference < of_sets.high
    assert of_sets.p == of_sets.p_holm < 0.05
    assert (of_sets.verdict, of_sets.wins, of_sets.n, of_sets.clusters) == ("better", None, 40, 40)
    assert "|paired|test:mcnemar-mid-p|" in by_items.signature
    assert of_sets.signature.startswith(
        "macro_f1|v:1|labels:bcp47-primary|over:reference-labels|paired|test:swap|"
    )
    assert "For macro F1 they swap the two systems' answers" in result.method


def test_items_without_an_answer_are_left_out_of_every_metric():
    """What a run dropped counts neither for its mean nor for its macro F1."""
    dropped = [None] * 4 + _WEAK[4:]
    runs = [with_macro_f1(made_run("good", _GOOD)), with_macro_f1(made_run("weak", dropped))]
    assert [pair.n for pair in compare(runs, seed=1).differences] == [36, 36]
    rest = [with_macro_f1(made_run(name, scores)) for name, scores in (("good", _GOOD), ("weak", _WEAK))]
    shorter = [type(run)(run.result, run.subject, run.items.slice(4)) for run in rest]
    here, there = (compare(given, seed=1).differences[1] for given in (runs, shorter))
    assert (here.difference, here.low, here.p) == (there.difference, there.low, there.p)


def test_a_metric_of_another_version_is_told_but_not_compared():
    """Answers are not counted by one rule and scored by another; the note names the metric."""
    runs = []
    for run in (made_run("good", _GOOD), made_run("weak", _WEAK)):
        old = run.result.scores[0].model_copy(update={"metric": "macro_f1", "signature": "macro_f1|v:0"})
        result = run.result.model_copy(update={"scores": (*run.result.scores, old)})
        runs.append(type(run)(result, run.subject, run.items))
    result = compare(runs, seed=1)
    assert {pair.metric for pair in result.differences} == {"accuracy"}
    assert any(note.startswith("macro F1: told for each system, but not compared") for note in result.notes)


def test_the_order_in_which_runs_are_given_does_not_matter():
    """Same runs, same comparison."""
    runs = realistic_runs()
    assert compare(runs, seed=3).as_json() == compare(runs[::-1], seed=3).as_json()


@pytest.mark.parametrize(
    ("changes", "what"),
    [
        (
            {"content_hash": "00" * 32},
            "content of the corpus' version differs (4f2c4f2c4f2c and 000000000000)",
        ),
        ({"task": "retrieval"}, "the task differs (language-id and retrieval)"),
        ({"task_fingerprint": "11" * 32}, "fingerprint of the task"),
        ({"signature": "accuracy|v:2"}, "the signature of accuracy differs (accuracy|v:1 and accuracy|v:2)"),
    ],
)
def test_runs_that_measure_different_things_are_refused(changes, what):
    """Another version, task or metric is no comparison, and the refusal says in what they differ."""
    with pytest.raises(NoEvidenceError, match=re.escape(what)) as caught:
        compare([made_run("a", _GOOD), made_run("b", _WEAK, **changes)], seed=1)
    assert caught.value.exit_code == ExitCode.NO_EVIDENCE
    assert "a" in caught.value.where
    assert caught.value.remedy


def test_runs_on_different_items_are_refused_with_the_items_names():
    """A run that lacks items is not quietly compared on the rest."""
    with pytest.raises(NoEvidenceError, match='2 items are in one run only: "doc-038#L1", "doc-039#L1"'):
        compare([made_run("a", _GOOD), made_run("b", _WEAK[:38])], seed=1)


def test_the_same_items_with_other_references_are_refused():
    """Ids alone do not make two gold standards one."""
    other = made_run("b", _WEAK)
    relabelled = other.items.set_column(6, "reference", [["xx"] * 40])
    with pytest.raises(NoEvidenceError, match="references of the items differ"):
        compare([made_run("a", _GOOD), type(other)(other.result, other.subject, relabelled)], seed=1)


@pytest.mark.parametrize(
    ("names", "options", "what"),
    [
        ([], {}, "two runs or more, not 0"),
        (["a"], {}, "two runs or more, not 1"),
        (["a", "a"], {}, "given twice"),
        (["a", "b"], {"baseline": "c"}, "no runs match the baseline"),
        (["a", "b"], {"margin": -0.1}, "the margin is -0.1"),
        (["a", "b"], {"margin": float("nan")}, "the margin is nan"),
        (["a", "b"], {"margin": float("inf")}, "the margin is inf"),
        (["a", "b"], {"seed": -1}, "the seed is -1"),
    ],
)
def test_wrong_use_is_told_as_such(names, options, what):
    """Too few runs, one twice, an unknown baseline, a margin that is none and a negative seed end with exit code 2."""
    with pytest.raises(ConfigurationError, match=re.escape(what)):
        compare([made_run(name, _GOOD) for name in names], **{"seed": 1, **options})


def test_deciding_items_are_few_and_of_different_texts():
    """At most twelve, on each of which scores differ, no two of one cluster, every kind of winner among them."""
    items = compare(realistic_runs(), seed=1).items
    assert len(items) == MOST_ITEMS
    assert len({item.cluster for item in items}) == MOST_ITEMS
    winners = [tuple(a.score == max(b.score for b in item.answers) for a in item.answers) for item in items]
    assert all(len({answer.score for answer in item.answers}) > 1 for item in items)
    assert len(set(winners)) >= 5


def test_items_that_all_got_wrong_are_counted_and_shown():
    """All ties and all wrong: no item decides, and these are where a wrong reference would show."""
    clusters = [f"c{row // 2}" for row in range(20)]
    scores = [0.0] * 6 + [1.0] * 14
    result = compare([made_run(name, scores, clusters=clusters) for name in "ab"], seed=1)
    assert result.items == ()
    assert (result.all_wrong.items, result.all_wrong.clusters) == (6, 3)
    assert {item.cluster for item in result.all_wrong.shown} == {"c0", "c1", "c2"}
    assert {answer.score for item in result.all_wrong.shown for answer in item.answers} == {0.0}


def test_agreement_on_another_answer_comes_first_among_what_all_got_wrong():
    """Systems that err alone are weak; systems that err alike may be right."""
    runs = [made_run(name, [0.0] * 30) for name in "abc"]
    alone = [f"x{row}" if row not in {4, 17} else "said" for row in range(30)]
    runs[1] = type(runs[1])(runs[1].result, runs[1].subject, runs[1].items.set_column(7, "output", [alone]))
    for place in (0, 2):
        said = ["said" if row in {4, 17} else "y" for row in range(30)]
        runs[place] = type(runs[0])(
            runs[place].result, runs[place].subject, runs[place].items.set_column(7, "output", [said])
        )
    shown = compare(runs, seed=1).all_wrong.shown
    assert len(shown) == MOST_ALL_WRONG
    assert {item.document_id for item in shown[:2]} == {"doc-004", "doc-017"}


def test_an_item_that_nobody_answered_is_a_failure_and_no_hint_at_its_reference():
    """What was left out, or failed everywhere, says nothing about what is right."""
    dropped = [made_run(name, [None] * 3 + [0.0] * 2 + [1.0] * 5) for name in "ab"]
    assert compare(dropped, seed=1).all_wrong.items == 2
    failed = []
    for run in (made_run(name, [0.0] * 3 + [1.0] * 7) for name in "ab"):
        said = [None, None, *run.items.column("output").to_pylist()[2:]]
        failed.append(type(run)(run.result, run.subject, run.items.set_column(7, "output", [said])))
    assert compare(failed, seed=1).all_wrong.items == 1


def test_no_error_is_not_all_wrong():
    """Where less is better, 0 is the best that a system can reach."""
    runs = [made_run(name, [0.0] * 10, higher_is_better=False) for name in "ab"]
    assert compare(runs, seed=1).all_wrong.items == 0


def test_long_texts_are_cut_for_reading():
    """No excerpt of an input or an answer is longer than 400 characters."""
    run, other = made_run("a", [1.0] * 6), made_run("b", [0.0] * 6)
    endless = ["كلمة " * 500] * 6
    changed = [
        type(r)(
            r.result, r.subject, r.items.set_column(4, "input", [endless]).set_column(7, "output", [endless])
        )
        for r in (run, other)
    ]
    for item in compare(changed, seed=1).items:
        assert len(item.input) <= 400
        assert all(len(answer.output) <= 400 for answer in item.answers)


def test_without_a_margin_the_method_speaks_of_none():
    """A sentence on "within ±0" would describe a verdict that cannot be reached."""
    runs = [made_run("a", [1.0] * 12), made_run("b", [0.0] * 12)]
    assert "±" not in compare(runs).method
    assert "Equivalent: the whole interval lies within ±0.02" in compare(runs, margin=0.02).method
