"""What a run keeps beside its scores: what was said instead of an answer, and what the answers cost."""

import json

import pytest
from support.programs import labelling
from support.stand_in_model import Scripted, completion, stand_in_model

from harness.evaluation.results import Comparison, RunResult, Unusable, Usage
from harness.reports.comparison_html import comparison_html
from harness.reports.comparison_json import comparison_json
from harness.reports.comparison_markdown import comparison_markdown
from harness.reports.runs_text import runs_text
from harness.systems.system import MOST_SAID_CHARS, as_said
from harness.workflows.run import run

HOSTILE = "<script>alert(1)</script> \x1b[2J\u202e [x](javascript:1) `|`"


@pytest.fixture
def run_model(request_to_run, tmp_path):
    """Give a function that runs a served model that fails on the item about the bridge; prices are stated."""

    def start(scripted, *, prices=True):
        def script(prompt, _times):
            return scripted if "bridge" in prompt else completion("ar")

        with stand_in_model(script) as model:
            declared = [
                "[[systems]]",
                'name = "tiny"',
                f'uri = "{model.uri}"',
                "attempts = 1",
                "timeout_s = 5",
            ]
            if prices:
                declared.append("prices = { input_per_million = 2.0, output_per_million = 10.0 }")
            (tmp_path / "systems.toml").write_text("\n".join(declared), encoding="utf-8")
            return run(request_to_run(system="tiny", on_missing="wrong"))

    return start


@pytest.mark.parametrize(
    ("scripted", "said"),
    [
        (completion("I believe that this is English."), "I believe that this is English."),
        (Scripted(body=b'{"choices": [{"mess'), '{"choices": [{"mess'),
        (Scripted(body=b"\xff\xfe<html>"), "\ufffd\ufffd<html>"),
        (Scripted(500, b"out of memory"), "out of memory"),
        (Scripted(429, b"slow down", {"Retry-After": "0"}), "slow down"),
        (completion("no", finish_reason="content_filter"), "no"),
        (Scripted(body=b""), None),
    ],
)
def test_what_was_said_instead_of_an_answer_is_kept_beside_the_failure(run_model, scripted, said):
    """In the run's items, in its outputs, and an excerpt in its result."""
    folder = run_model(scripted)
    rows = {row["item_id"]: row for row in folder.items().to_pylist()}
    assert rows["e1#L1"]["failure"] is not None
    assert rows["e1#L1"].get("said") == said
    assert all(row.get("said") is None for name, row in rows.items() if name != "e1#L1")
    outputs = [json.loads(line) for line in (folder.path / "outputs.jsonl").read_text().splitlines()]
    assert [entry.get("said") for entry in outputs if "error" in entry] == [said]
    assert [one.said for one in folder.result.unusable] == ([said] if said else [])


def test_a_million_characters_are_kept_as_two_thousand(run_model):
    """What was cut is counted."""
    folder = run_model(completion("x" * 1_000_000))
    (said,) = [text for text in folder.items().column("said").to_pylist() if text]
    assert said == "x" * MOST_SAID_CHARS + f"… ({1_000_000 - MOST_SAID_CHARS:,} further characters)"
    assert len(folder.result.unusable[0].said) <= 300


def test_half_of_a_surrogate_pair_is_kept_in_a_form_that_can_be_written():
    """UTF-8 cannot say it."""
    assert as_said("a\ud83d") == "a?"
    assert as_said("") is None


def test_lines_of_a_program_that_are_no_answers_are_kept(request_to_run, tmp_path):
    """What it printed stands with the item that went without an answer."""
    path = labelling(
        tmp_path / "chatty", "if item == 'e1#L1': print('Let me think ...', flush=True); continue"
    )
    folder = run(request_to_run(system=f"cmd:{path}", on_missing="wrong"))
    rows = {row["item_id"]: row["said"] for row in folder.items().to_pylist()}
    assert rows["e1#L1"] == "Let me think ..."


def test_a_programs_own_words_for_a_failure_are_kept(request_to_run, tmp_path):
    """Words that are no kind of failure are a crash, and stand beside it."""
    body = "answer = {'id': item, 'error': 'CUDA out of memory'} if item == 'e1#L1' else answer"
    folder = run(request_to_run(system=f"cmd:{labelling(tmp_path / 'telling', body)}", on_missing="wrong"))
    assert [(one.failure, one.said) for one in folder.result.unusable] == [("crash", "CUDA out of memory")]


def test_the_outputs_of_a_run_are_a_predictions_file_that_says_the_same(run_model, request_to_run):
    """What was said goes with the failures from one to the other."""
    folder = run_model(completion("Certainly! English."))
    again = run(request_to_run(system=f"preds:{folder.path / 'outputs.jsonl'}", on_missing="wrong"))
    assert again.result.unusable == folder.result.unusable
    assert again.items().column("said") == folder.items().column("said")


def test_tokens_are_summed_and_priced(run_model):
    """Nine answers and a failure that was counted, too."""
    folder = run_model(completion("It is English."))
    cost = (110 * 2.0 + 20 * 10.0) / 1e6
    assert folder.result.usage is not None
    assert (folder.result.usage.input_tokens, folder.result.usage.output_tokens) == (110, 20)
    assert folder.result.usage.cost == pytest.approx(cost)
    assert f"{cost:.4f}" in runs_text([(folder.manifest.subject, folder.result)])


def test_without_prices_there_is_no_cost(run_model):
    """It is unknown, which is not 0."""
    folder = run_model(completion("en"), prices=False)
    assert folder.result.usage == Usage(input_tokens=110, output_tokens=20, cost=None)


def comparison_of(folder, said):
    """Compare a run with itself, in which a system said something."""
    unusable = (Unusable(item_id="e1#L1", failure="unparsable", said=said),)
    result = folder.result.model_copy(update={"unusable": unusable, "failures": {"unparsable": 1}})
    runs = (result, RunResult(**{**result.model_dump(), "run_id": "other", "unusable": ()}))
    return Comparison(subject=folder.manifest.subject, runs=runs, differences=(), items=(), method="m")


@pytest.mark.parametrize("write", [comparison_html, comparison_markdown, comparison_json])
def test_reports_show_what_was_said_and_obey_none_of_it(run_model, write):
    """Escaped on the page and in Markdown; no control reaches a terminal. Tokens and cost are told with it."""
    comparison = comparison_of(run_model(completion("en")), HOSTILE)
    written = write([comparison])
    assert "alert(1)" in written
    assert "\x1b" not in written
    if write is not comparison_json:
        assert "<script>alert" not in written
        assert "\u202e" not in written
        assert "110 of prompts, 20 of answers" in written
        assert "0.0004 by the prices" in written


def test_the_terminal_shows_what_was_said_and_obeys_none_of_it(run_model):
    """Controls are spelled out."""
    comparison = comparison_of(run_model(completion("en")), HOSTILE)
    told = runs_text([(comparison.subject, comparison.runs[0])])
    assert "alert(1)" in told
    assert "\x1b" not in told
    assert "\u202e" not in told
