"""The gate of a comparison: what is met, worse and inconclusive, and how each ends."""

import json
import re
import xml.etree.ElementTree as ET

import jsonschema
import numpy as np
import pytest
from support.command import harness_inside
from support.made_runs import made_run

from harness.core.errors import ConfigurationError, ExitCode
from harness.evaluation.comparison import compare
from harness.evaluation.gate import ComparisonGate, GateUse, judge_comparisons
from harness.workflows.schemas import schema_of

_GOOD = [1.0] * 180 + [0.0] * 20
_BAD = [1.0] * 120 + [0.0] * 80
_CLOSE = np.random.default_rng(2).permutation(_GOOD).tolist()


def _compared(scores, **options):
    runs = [made_run("old", _GOOD), made_run("new", scores)]
    return compare(runs, baseline="old", seed=1, **options)


def _judged(comparison, *, is_strict=False, **rule):
    gate = ComparisonGate(rules=({"name": "rule", **rule},))
    return judge_comparisons([comparison], GateUse(gate, "gate.toml", {"rule": 2}, is_strict=is_strict))


@pytest.mark.parametrize(
    ("scores", "margin", "strict", "code"),
    [
        (_BAD, 0.0, False, ExitCode.GATE_FAILED),
        (_BAD, 0.1, False, ExitCode.GATE_FAILED),
        (_BAD, 0.3, False, ExitCode.DONE),  # the interval holds the limit: no evidence that it is worse
        (_BAD, 0.3, True, ExitCode.NO_EVIDENCE),
        (_BAD, 0.5, True, ExitCode.DONE),
        (_CLOSE, 0.2, True, ExitCode.DONE),
        (_CLOSE, 0.0, False, ExitCode.DONE),
        (_CLOSE, 0.0, True, ExitCode.NO_EVIDENCE),
    ],
)
def test_a_margin_fails_on_what_is_surely_worse(scores, margin, strict, code):
    """Worse than allowed fails; not sure passes with a warning, or cannot be judged under strict."""
    verdict = _judged(_compared(scores), margin=margin, is_strict=strict)
    assert verdict.exit_code == code


@pytest.mark.parametrize(
    ("floor", "strict", "code"),
    [(0.7, False, 1), (0.62, False, 0), (0.62, True, 4), (0.5, True, 0)],
)
def test_a_floor_is_held_against_the_interval(floor, strict, code):
    """Sixty per cent right [53, 67]: below 70 surely, above 50 surely, 62 unsure; the baseline is not asked."""
    verdict = _judged(_compared(_BAD), floor=floor, is_strict=strict)
    assert int(verdict.exit_code) == code
    assert [gate.title for gate in verdict.gates] == ["new, accuracy on language-id"]


@pytest.mark.parametrize("clusters", [1, 3])
def test_a_floor_is_not_judged_on_too_few_clusters(clusters):
    """So few wrong answers are inconclusive, as so few right ones are; many that agree may fail."""
    runs = [made_run("old", [1.0] * clusters), made_run("new", [0.0] * clusters)]
    few = compare(runs, baseline="old", seed=1)
    assert _judged(few, floor=0.9).exit_code == ExitCode.DONE
    assert _judged(few, floor=0.9, is_strict=True).exit_code == ExitCode.NO_EVIDENCE
    assert _judged(_compared([0.0] * 200), floor=0.9).exit_code == ExitCode.GATE_FAILED


def test_a_rule_may_ask_of_a_slice():
    """Worse in one slice fails there, though the rest makes up for it."""
    traits = {"desk": {f"doc-{row:03}": "a" if row < 60 else "b" for row in range(200)}}
    new = [0.0] * 40 + [1.0] * 160
    comparison = _compared(new, traits=traits)
    assert _judged(comparison, margin=0.05, slice="desk=a").exit_code == ExitCode.GATE_FAILED
    assert _judged(comparison, margin=0.2, slice="desk=b").exit_code == ExitCode.DONE


@pytest.mark.parametrize(
    ("rule", "why"),
    [
        ({"task": "retrieval", "floor": 0.1}, "no runs on the task 'retrieval'"),
        ({"metric": "bleu", "floor": 0.1}, "has no metric 'bleu'"),
        ({"slice": "lang=xx", "margin": 0.1}, "nothing to judge"),
    ],
)
def test_a_rule_that_looks_at_nothing_never_passes(rule, why):
    """A misspelt task, metric or slice ends with exit code 4, not green."""
    verdict = _judged(_compared(_GOOD), **rule)
    assert verdict.exit_code == ExitCode.NO_EVIDENCE
    assert why in verdict.gates[0].detail


def test_a_margin_without_a_baseline_is_wrong_use():
    """Whoever ranks lower is not the one to be held against."""
    runs = [made_run("old", _GOOD), made_run("new", _BAD)]
    with pytest.raises(ConfigurationError, match="no baseline was named"):
        _judged(compare(runs, seed=1), margin=0.1)


def test_fewer_errors_are_no_failure():
    """Of an error rate, the margin and the floor are held against the upper side."""
    few, many = [1 - s for s in _GOOD], [1 - s for s in _BAD]
    runs = [made_run("old", few, higher_is_better=False), made_run("new", many, higher_is_better=False)]
    worse = compare(runs, baseline="old", seed=1)
    assert _judged(worse, margin=0.05).exit_code == ExitCode.GATE_FAILED
    assert _judged(worse, floor=0.2).exit_code == ExitCode.GATE_FAILED
    better = compare(runs, baseline="new", seed=1)
    assert _judged(better, margin=0.0, is_strict=True).exit_code == ExitCode.DONE


@pytest.mark.parametrize(
    "rule",
    [
        "margin = 0.1\nfloor = 0.2",
        "",
        "margin = -0.1",
        "margin = nan",
        'margin = 0.1\nslice = "ar"',
        "flor = 0.1",
    ],
)
def test_a_mistake_in_the_file_is_wrong_use(rule, tmp_path):
    """Both limits or none, a negative one, a slice without a value, an unknown key: exit code 2, with its place."""
    gate = tmp_path / "gate.toml"
    gate.write_text(f'[[rules]]\nname = "r"\n{rule}\n', encoding="utf-8")
    ended = harness_inside("compare", "a", "b", "--gate", str(gate), cwd=tmp_path)
    assert ended.code == 2
    assert "gate.toml: rules[0]" in ended.stderr


def _scores(path, scores):
    lines = [json.dumps({"id": f"i{row}", "score": score}) for row, score in enumerate(scores)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def test_one_verdict_for_terminal_json_junit_and_pull_request(tmp_path):
    """Exit code, text, JSON, JUnit and Markdown tell the same outcome; the comment bears a sign of its own."""
    _scores(tmp_path / "old.jsonl", _GOOD)
    _scores(tmp_path / "new.jsonl", _BAD)
    (tmp_path / "gate.toml").write_text(
        '[[rules]]\nname = "no-loss"\nmargin = 0.05\n\n[[rules]]\nname = "floor"\nfloor = 0.3\n',
        encoding="utf-8",
    )
    ended = harness_inside(
        "compare", "old.jsonl", "new.jsonl", "--baseline", "old", "--gate", "gate.toml", "--format", "json",
        "--report", "junit=j.xml", "--report", "md=m.md", cwd=tmp_path,
    )  # fmt: skip
    assert ended.code == 1, ended.stderr
    verdict = json.loads(ended.stdout)["gate"]
    assert (verdict["exit_code"], verdict["counts"]) == (1, {"passed": 1, "failed": 1, "error": 0})
    suites = ET.parse(tmp_path / "j.xml").getroot()  # noqa: S314 - we wrote it
    assert (suites.get("tests"), suites.get("failures")) == ("2", "1")
    comment = (tmp_path / "m.md").read_text(encoding="utf-8")
    assert comment.startswith("<!-- harness compare -->")
    assert "did not pass" in comment
    assert "new against old, score on scores" in comment
    told = harness_inside(
        "compare", "old.jsonl", "new.jsonl", "--baseline", "old", "--gate", "gate.toml", cwd=tmp_path
    )
    assert told.code == 1
    assert re.search(r"FAIL\s+no-loss", told.stdout)
    assert told.stdout.count("no-loss") == 1
    assert "NOT PASSED: 1 passed, 1 failed, 0 warnings, 0 could not be judged" in told.stdout
    assert "new** is worse than **old** by" in comment


def test_without_a_gate_a_loss_is_no_failure_and_strict_asks_for_evidence(tmp_path):
    """Comparing ends with 0 whoever wins; with --strict, with 4 where nobody does."""
    _scores(tmp_path / "old.jsonl", _GOOD)
    _scores(tmp_path / "new.jsonl", _BAD)
    _scores(tmp_path / "close.jsonl", _CLOSE)
    assert harness_inside("compare", "old.jsonl", "new.jsonl", "--strict", cwd=tmp_path).code == 0
    assert harness_inside("compare", "old.jsonl", "close.jsonl", cwd=tmp_path).code == 0
    assert harness_inside("compare", "old.jsonl", "close.jsonl", "--strict", cwd=tmp_path).code == 4


def test_a_gate_file_is_completed_by_its_schema():
    """What the page on statistics shows fits the schema that editors read; an unknown key does not."""
    schema = schema_of("gate")
    rules = {
        "rules": [{"name": "no-loss", "task": "language-id", "margin": 0.01}, {"name": "f", "floor": 0.9}]
    }
    jsonschema.Draft202012Validator(schema).validate(rules)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft202012Validator(schema).validate({"rules": [{"name": "f", "flor": 0.9}]})
