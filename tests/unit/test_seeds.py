"""Several runs of one system: which they are, what is said of them together, and what is refused."""

import dataclasses

import numpy as np
import pytest
from support.made_runs import made_run

from harness.core.errors import ConfigurationError
from harness.evaluation.comparison import compare
from harness.evaluation.drawing import Measured, Resampling
from harness.evaluation.duels import judged_duels
from harness.evaluation.metrics import label_counts, macro_f1
from harness.reports.comparison_html import comparison_html
from harness.reports.comparison_markdown import comparison_markdown
from harness.reports.comparison_text import comparison_text

N = 200


def _run(name, chance, *, seed_of="", uri="langid:mt", seed=0):
    """Make a run that is right with some chance; item difficulty is shared, the rest is the seed's."""
    hard = np.random.default_rng(1).random(N)
    luck = np.random.default_rng([seed, len(name), *name.encode()]).random(N)
    right = (0.7 * hard + 0.3 * luck < chance).astype(float).tolist()
    run = made_run(name, right)
    system = run.result.system.model_copy(update={"seed_of": seed_of, "uri": uri, "fingerprint": name * 8})
    return dataclasses.replace(run, result=run.result.model_copy(update={"system": system}))


def _teams(**changes):
    good = [_run(f"a{n}", 0.8 + 0.02 * n, seed_of="good", **changes) for n in range(3)]
    return good + [_run(f"b{n}", 0.5 + 0.02 * n, seed_of="weak", **changes) for n in range(2)]


def test_runs_whose_system_says_so_are_one_system():
    """Two systems, one pair; the value is the mean over runs, with the spread between them."""
    runs = _teams()
    result = compare(runs, seed=1)
    assert [(run.system.name, len(run.seeds.runs)) for run in result.runs] == [("good", 3), ("weak", 2)]
    values = [run.result.scores[0].value for run in runs[:3]]
    score = result.runs[0].scores[0]
    assert score.value == pytest.approx(np.mean(values))
    assert score.between_runs == pytest.approx(np.std(values, ddof=1))
    assert score.low < score.value < score.high
    (pair,) = result.differences
    assert (pair.verdict, "two-level-t" in pair.signature) == ("better", True)


def test_a_verdict_says_how_many_seeds_how_far_apart_and_what_one_would_have_claimed():
    """All six comparisons of one run with one run are counted."""
    told = compare(_teams(), seed=1).differences[0].seeds
    assert (told.candidate_runs, told.baseline_runs) == (3, 2)
    assert told.candidate_sd > 0
    assert sum(told.claims.values()) == 6


def test_the_command_line_names_runs_of_one_system():
    """By ids or names of systems; the rest stays as it is."""
    runs = [_run(name, chance) for name, chance in (("a1", 0.8), ("a2", 0.82))] + [_run("b", 0.5, uri="x:y")]
    result = compare(runs, seed=1, seeds={"mt": ["a1", runs[1].result.run_id]})
    assert [run.system.name for run in result.runs] == ["mt", "b"]
    assert result.runs[0].seeds.runs == tuple(run.result.run_id for run in sorted(runs[:2], key=_value))


def _value(run):
    return -run.result.scores[0].value


def test_seeds_of_one_system_alone_are_compared_with_each_other():
    """There is nothing else to compare; unless they were named as one system, which is refused."""
    runs = [_run("a1", 0.8, seed_of="mt"), _run("a2", 0.6, seed_of="mt")]
    assert len(compare(runs, seed=1).runs) == 2
    with pytest.raises(ConfigurationError, match="seeds of one system"):
        compare(runs, seed=1, seeds={"mt": ["a1", "a2"]})


@pytest.mark.parametrize(
    ("named", "changes", "match"),
    [
        ({"mt": ["a", "c"]}, {}, "different systems"),
        ({"mt": ["a", "d"]}, {}, "no runs match"),
        ({"mt": ["a"]}, {}, "takes two or more"),
        ({"mt": ["a", "b"], "other": ["b", "c"]}, {"c": {"uri": "langid:mt"}}, "named twice"),
        ({"mt": ["a", "b"]}, {"b": {"fingerprint": "a" * 8}}, "same seed"),
        ({"mt": ["a", "b"]}, {"b": {"version": "2"}}, "different systems"),
        ({"mt": ["a", "b"]}, {"b": {"seed_of": "x"}}, "different systems"),
    ],
)
def test_what_is_no_set_of_seeds_is_refused(named, changes, match):
    """Different systems are never averaged, a run counts once, and the same seed twice is no second seed."""
    runs = []
    for name, uri in (("a", "langid:mt"), ("b", "langid:mt"), ("c", "langid:else")):
        run = _run(name, 0.7, uri=uri)
        system = run.result.system.model_copy(update=changes.get(name, {}))
        runs.append(dataclasses.replace(run, result=run.result.model_copy(update={"system": system})))
    with pytest.raises(ConfigurationError, match=match):
        compare(runs, seed=1, seeds=named)


def test_answers_from_files_are_seeds_where_people_say_so():
    """Their addresses differ by necessity."""
    runs = [_run(name, 0.8, uri=f"preds:out/{name}.jsonl") for name in ("a", "b")] + [_run("c", 0.5)]
    result = compare(runs, seed=1, seeds={"mt": ["out/a.jsonl", "preds:out/b.jsonl"]})
    assert result.runs[0].seeds is not None


def test_a_system_of_one_run_is_taken_to_vary_as_much():
    """Its interval against several runs is wider than by the items alone, and a note says why."""
    runs = [_run(f"a{n}", 0.6 + 0.1 * n, seed_of="good") for n in range(3)] + [_run("b", 0.5, uri="x:y")]
    result = compare(runs, seed=1)
    (pair,) = result.differences
    alone = compare([runs[1], runs[3]], seed=1).differences[0]
    assert pair.high - pair.low > 1.5 * (alone.high - alone.low)
    assert any("one run is taken to vary" in note for note in result.notes)
    assert (pair.seeds.baseline_runs, pair.seeds.baseline_sd) == (1, None)


def test_too_far_apart_for_any_number_of_items():
    """Runs that scatter more than the difference: more items are no remedy, and the reason says so."""
    a = [_run(f"a{n}", chance, seed_of="a") for n, chance in enumerate((0.3, 0.9))]
    b = [_run(f"b{n}", chance, seed_of="b") for n, chance in enumerate((0.25, 0.85))]
    (pair,) = compare(a + b, seed=1).differences
    assert pair.verdict == "inconclusive"
    assert pair.power.needed_items is None
    assert "so few runs" in pair.power.reason


def test_exchanging_the_systems_turns_the_difference_and_nothing_else():
    """The law of swapping covers systems of several runs, means and whole sets alike."""
    random = np.random.default_rng(3)
    references = random.choice(["ar", "fa"], size=60).tolist()
    said = [
        np.where(random.random(60) < 0.7, references, random.choice(["ar", "fa"], size=60)) for _ in range(5)
    ]
    means = Measured(
        np.column_stack([(one == references).astype(float) for one in said])[:, :, None],
        systems=((0, 1, 2), (3, 4)),
    )
    sets = Measured(
        np.stack([label_counts(references, one.tolist()) for one in said], axis=1),
        macro_f1,
        systems=((0, 1, 2), (3, 4)),
    )
    for measured in (means, sets):
        ((there, back),) = judged_duels(
            [measured], [(0, 1), (1, 0)], np.arange(60) // 2, Resampling(seed=2, resamples=300)
        )
        assert (back.difference, back.p) == (-there.difference, there.p)
        assert (back.low, back.high) == (-there.high, -there.low)
        assert (back.power, back.spread.deviations) == (there.power, there.spread.deviations[::-1])
        assert back.wins == there.losses


@pytest.mark.parametrize(
    ("scores", "clusters", "reason"),
    [
        ([[1.0], [0.0], [1.0], [0.0]], [0], "one cluster"),
        ([[1.0, 0.0]] * 4, [0, 1], "too few"),
        ([[1.0, 0.0] * 5] * 4, range(10), "chance cannot be measured"),
        ([[0.5] * 10] * 4, range(10), "chance cannot be measured"),
        ([[]] * 4, [], "no item"),
    ],
)
def test_where_nothing_can_be_said_there_is_none_with_a_reason(scores, clusters, reason):
    """One item, one cluster, all ties, a constant metric, no item at all."""
    measured = Measured(np.array(scores).T.reshape(-1, 4)[:, :, None], systems=((0, 1), (2, 3)))
    ((gain,),) = judged_duels([measured], [(0, 1)], np.array(list(clusters), np.int64), Resampling(seed=1))
    assert gain.low is gain.high is gain.p is None
    assert (gain.verdict, reason in gain.reason) == ("inconclusive", True)


def test_every_report_tells_of_the_seeds():
    """Terminal, Markdown and page tell how many seeds there were, and what single ones would have claimed."""
    result = compare(_teams(), seed=1)
    for write in (
        comparison_text,
        lambda one: comparison_markdown([one]),
        lambda one: comparison_html([one]),
    ):
        told = write(result).replace("\N{NO-BREAK SPACE}", " ")
        assert "3 seeds" in told
        assert "comparisons of single seeds" in told
        assert "differ in their seed alone" in told
