"""Files that other tools really wrote (see tests/generators/foreign_results.py), held to what the tools said."""

import json
import shutil
import zipfile
from pathlib import Path

import pytest

from harness.core.errors import InputError
from harness.store.imports import format_of, import_run

SAMPLES = Path(__file__).resolve().parents[1] / "fixtures" / "results"
_LM_EVAL = SAMPLES / "lm-eval" / "org__alpha"
_DETAILS = "details_ar_choice:geo|0_2026-11-20T10-11-12.123456.parquet"


def _samples(task):
    (path,) = _LM_EVAL.glob(f"samples_{task}_*.jsonl")
    return path


def _lighteval(folder):
    """Give the details the name and place that the tool gives them, which not every file system takes."""
    path = folder / "details" / "org" / "alpha" / "2026-11-20T10-11-12.123456" / _DETAILS
    path.parent.mkdir(parents=True)
    return Path(shutil.copy(SAMPLES / "lighteval" / "details.parquet", path))


@pytest.mark.parametrize("task", ["ar_choice", "ar_text"])
def test_lm_eval_means_are_those_that_the_tool_reports(task):
    """Every metric with a value has the value of the tool's own results file, by the same name with its filter."""
    (results,) = _LM_EVAL.glob("results_*.json")
    reported = json.loads(results.read_text(encoding="utf-8"))["results"][task]
    run = import_run(_samples(task))
    valued = [score for score in run.result.scores if score.value is not None]
    assert valued
    for score in valued:
        key = score.metric if "," in score.metric else f"{score.metric},none"
        assert score.value == pytest.approx(reported[key])


def test_lm_eval_says_more_in_the_results_beside_the_samples(tmp_path):
    """Model, version, shots and direction come from there; alone, a samples file is read all the same."""
    run = import_run(_samples("ar_text"))
    assert (run.result.system.name, run.subject.version) == ("org/alpha", "1.0, 0-shot")
    directions = {score.metric: score.higher_is_better for score in run.result.scores}
    assert directions["exact_match,whole"]
    assert not directions["ter,whole"]
    alone = import_run(Path(shutil.copy(_samples("ar_text"), tmp_path)))
    assert (alone.result.system.name, alone.subject.version) == (tmp_path.name, "")


def test_a_metric_of_the_whole_set_is_named_without_a_value():
    """TER of lm-eval has texts instead of numbers in its samples: it is told as unknown, not passed over."""
    scores = {score.metric: score for score in import_run(_samples("ar_text")).result.scores}
    assert scores["ter,whole"].value is None
    assert "no number" in scores["ter,whole"].reason


def test_answers_of_lm_eval_are_shown_as_text():
    """The text that was said; of choices, the likeliest one and not its likelihood."""
    assert import_run(_samples("ar_text")).items.column("output")[0].as_py() == "lol"
    assert import_run(_samples("ar_choice")).items.column("output")[0].as_py().strip() in "بغداد دمشق عمّان"


def test_an_archive_of_inspect_is_packed_by_zstandard():
    """Newer versions pack so; marks and numbers are those that the tool's own reader gives, epochs averaged."""
    path = SAMPLES / "inspect" / "chat.eval"
    with zipfile.ZipFile(path) as archive:
        assert {info.compress_type for info in archive.infolist()} == {93}
    run = import_run(path)
    assert (run.result.system.name, run.subject.task, run.subject.version) == (
        "mockllm/model",
        "ar_chat",
        "3",
    )
    assert run.items.column("item_id").to_pylist() == ["q0", "q1", "q2", "q3"]
    assert run.items.column("score:match").to_pylist() == [0.0, 1.0, 1.0, 0.0]
    assert run.items.column("score:f1").to_pylist() == [0.0, 1.0, 1.0, 0.0]
    assert {text[:6] for text in run.items.column("input").to_pylist()} == {"السؤال"}


@pytest.mark.parametrize("place", [0.1, 0.4, 0.7])
def test_an_archive_that_was_damaged_is_an_error(place, tmp_path):
    """One changed byte of a packed sample is found by its checksum or by unpacking it."""
    content = bytearray((SAMPLES / "inspect" / "chat.eval").read_bytes())
    content[int(len(content) * place)] ^= 0xFF
    path = tmp_path / "log.eval"
    path.write_bytes(content)
    with pytest.raises(InputError, match=r"broken|no JSON"):
        import_run(path)


def test_details_of_lighteval_name_model_task_and_answer(tmp_path):
    """By the folders, the file's name and the likeliest choice."""
    path = _lighteval(tmp_path)
    assert format_of(path) == "lighteval"
    run = import_run(path)
    assert (run.result.system.name, run.subject.task) == ("org/alpha", "ar_choice:geo|0")
    assert run.items.column("score:acc").to_pylist() == [1.0, 1.0, 0.0, 0.0, 0.0, 0.0]
    assert set(run.items.column("output").to_pylist()) == {"بغداد", "دمشق"}
