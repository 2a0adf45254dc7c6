"""Slices by every metric of a task: means and whole sets, one adjustment over all of them."""

import dataclasses

import numpy as np
import pyarrow as pa
import pytest
from support.made_runs import made_run

from harness.core.errors import ExitCode
from harness.evaluation.comparison import compare
from harness.evaluation.duels import swapped_difference
from harness.evaluation.gate import ComparisonGate, GateUse, judge_comparisons
from harness.evaluation.metrics import label_metrics, macro_f1
from harness.evaluation.pairing import benjamini_hochberg
from harness.evaluation.results import Score
from harness.reports.comparison_html import comparison_html
from harness.reports.comparison_markdown import comparison_markdown

N = 240
_MACRO = label_metrics("macrolanguage")[1]


def _run(name, chance, seed):
    """Make a run of accuracy and macro F1."""
    random = np.random.default_rng(seed)
    run = made_run(name, (random.random(N) < chance).astype(float).tolist())
    score = run.result.scores[0]
    macro = Score(
        metric="macro_f1",
        value=0.5,
        n=N,
        clusters=N,
        low=None,
        high=None,
        confidence=0.95,
        signature=_MACRO.signature,
    )
    result = run.result.model_copy(update={"scores": (score, macro)})
    return dataclasses.replace(run, result=result)


@pytest.fixture
def compared():
    """Compare two systems with traits of two desks."""
    runs = [_run("a", 0.8, 1), _run("b", 0.7, 2)]
    traits = {"desk": {f"doc-{row:03}": "home" if row % 3 else "sport" for row in range(N)}}
    return runs, compare(runs, seed=1, traits=traits)


def test_every_metric_is_judged_on_every_slice(compared):
    """As many slices by macro F1 as by accuracy, the primary metric first."""
    _, result = compared
    by = [(part.metric, part.name) for part in result.slices]
    half = len(by) // 2
    assert {metric for metric, _ in by[:half]} == {"accuracy"}
    assert [name for _, name in by[:half]] == [name for _, name in by[half:]]


def test_a_slice_by_a_metric_of_sets_says_what_its_items_say_alone(compared):
    """The difference is that of the items alone, and so is each system's value."""
    runs, result = compared
    rows = [row for row in range(N) if row % 3 == 0]
    references, *said = (
        [column[row] for row in rows]
        for column in (
            runs[0].items.column("reference").to_pylist(),
            *(run.items.column("output").to_pylist() for run in runs),
        )
    )
    counts = [_MACRO.statistics(references, one) for one in said]
    alone = swapped_difference(counts[0], counts[1], range(len(rows)), macro_f1, seed=1)
    part = next(one for one in result.slices_by("macro_f1") if one.name == "desk=sport")
    assert part.differences[0].difference == pytest.approx(alone.difference)
    assert part.scores[0].value == pytest.approx(float(macro_f1(counts[0].sum(axis=0, keepdims=True))[0]))
    assert part.differences[0].p == pytest.approx(alone.p, abs=0.05)
    assert (part.differences[0].low, part.differences[0].high) == pytest.approx(
        (alone.low, alone.high), abs=0.06
    )


def test_one_adjustment_covers_all_slices_metrics_and_pairs(compared):
    """The adjusted p-values are those of Benjamini and Hochberg over all of them together."""
    _, result = compared
    pairs = [pair for part in result.slices for pair in part.differences]
    assert tuple(pair.p_fdr for pair in pairs) == benjamini_hochberg([pair.p for pair in pairs])
    assert "slices, metrics and pairs" in result.method


def test_a_metric_that_is_undefined_in_a_slice_has_none_with_a_reason():
    """Where there is nothing to count, neither value nor difference is made up."""
    runs = []
    for name in "ab":
        run = made_run(name, [1.0] * 60)
        tags = ['["B-PER"]' if row < 40 else '["O"]' for row in range(60)]
        said = tags if name == "a" else ['["O"]'] * 60
        items = run.items
        for column, values in (("reference", tags), ("output", said)):
            items = items.set_column(items.column_names.index(column), column, pa.array(values))
        span = Score(
            metric="span_f1",
            value=1.0,
            n=60,
            clusters=60,
            low=None,
            high=None,
            confidence=0.95,
            signature="span_f1|v:1|scheme:IOB2|mode:strict|average:micro",
        )
        result = run.result.model_copy(update={"scores": (run.result.scores[0], span)})
        runs.append(dataclasses.replace(run, result=result, items=items))
    traits = {"desk": {f"doc-{row:03}": "names" if row < 40 else "none" for row in range(60)}}
    result = compare(runs, seed=1, traits=traits)
    names, none = (
        next(one for one in result.slices_by("span_f1") if one.name == f"desk={desk}")
        for desk in ("names", "none")
    )
    assert [score.value for score in names.scores] == [1.0, 0.0]
    assert [score.value for score in none.scores] == [None, None]
    assert none.differences[0].difference is none.differences[0].p is None
    assert "undefined" in none.differences[0].reason
    assert "undefined" in none.scores[0].reason


def test_pages_show_the_slices_of_each_metric_in_its_own_unit(compared):
    """One folded table a metric."""
    _, result = compared
    for told in (comparison_markdown([result]), comparison_html([result])):
        slices = told[told.index("Where it lies") :]
        assert "macro F1" in slices[: slices.index("How this was measured")]


@pytest.mark.parametrize(("floor", "code"), [(0.01, ExitCode.DONE), (0.99, ExitCode.GATE_FAILED)])
def test_a_gate_may_ask_of_a_slice_by_any_metric(compared, floor, code):
    """A floor of macro F1 on one desk is held against the interval there."""
    gate = ComparisonGate(rules=({"name": "x", "metric": "macro_f1", "slice": "desk=sport", "floor": floor},))
    verdict = judge_comparisons([compared[1]], GateUse(gate, "gate.toml", {"x": 2}, is_strict=False))
    assert verdict.exit_code == code
    assert all("macro F1" in one.title and "desk=sport" in one.title for one in verdict.gates)
