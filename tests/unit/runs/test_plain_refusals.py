"""What people read when a task, a metric or an answer is not as it has to be: what, where, and what was said."""

import pytest
from support.programs import labelling

from harness.core.errors import ConfigurationError, InputError, NoEvidenceError
from harness.evaluation.tasks import read_tasks
from harness.reports.listing_text import run_facts
from harness.reports.wording import counted
from harness.workflows.run import run

MISTAKES = {
    "a noise twice": ('kind = "topic"\nnoise = ["typing", "typing"]', "'typing' is named twice"),
    "a split twice": ('kind = "retrieval"\nsplits = ["test", "test"]', "'test' is named twice"),
    "a split to ask twice": ('kind = "topic"\nsplits = ["test", "test"]', "'test' is named twice"),
    "an alteration twice": (
        'kind = "near-duplicates"\nalterations = ["words", "words"]',
        "'words' is named twice",
    ),
    "a day in words": ('kind = "topic"\nsplit = "time"\nsince = "yesterday"', "a date, such as 2026-01-31"),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_in_the_tasks_is_told_before_anything_is_asked(tmp_path, mistake):
    """Items under the same ids would be refused only when a system answers them, and laid at its door."""
    text, said = MISTAKES[mistake]
    path = tmp_path / "tasks.toml"
    path.write_text(f"[[tasks]]\n{text}\n", encoding="utf-8")
    with pytest.raises(ConfigurationError, match=said) as refused:
        read_tasks(path)
    assert "tasks[0]" in refused.value.where


def test_a_file_of_tasks_that_names_none_is_refused_by_every_reader(tmp_path):
    """`task list` had nothing to print, and ended well."""
    path = tmp_path / "tasks.toml"
    path.write_text("", encoding="utf-8")
    with pytest.raises(ConfigurationError, match="names no task") as refused:
        read_tasks(path)
    assert refused.value.where == str(path)


def test_a_metric_that_cannot_be_made_is_laid_to_its_task(request_to_run, tmp_path):
    """A level that does not exist is told with the file and the task that name it."""
    choice = '{ metric = "chrf", normaliser = "ar-lite" }'
    text = f'[[tasks]]\nkind = "punctuation"\nmetrics = [{choice}]\n'
    (tmp_path / "tasks.toml").write_text(text, encoding="utf-8")
    with pytest.raises(ConfigurationError, match="no normaliser level is called 'ar-lite'") as refused:
        run(request_to_run(task="punctuation", system="as-is"))
    assert refused.value.where.startswith("tasks.toml: punctuation: metrics")


def test_a_refusal_shows_what_was_said_instead_of_an_answer(request_to_run, tmp_path):
    """Without it nobody could tell a chatty model from a broken one."""
    program = labelling(tmp_path / "chatty", "answer['output'] = 'It is Arabic!'")
    with pytest.raises(NoEvidenceError, match='"It is Arabic!"') as refused:
        run(request_to_run(system=f"cmd:{program}"))
    assert "unparsable: 10" in refused.value.what


def test_a_function_that_raises_is_told_with_its_exception(request_to_run, tmp_path, monkeypatch):
    """The end of its stderr is told, though its process lives on."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "raising_answers.py").write_text(
        "def answers(batch):\n    raise ValueError('no such model: tiny')\n", encoding="utf-8"
    )
    with pytest.raises(NoEvidenceError, match="ValueError: no such model: tiny"):
        run(request_to_run(system="py:raising_answers:answers"))


def test_a_function_that_is_not_there_is_told_in_a_sentence(request_to_run, tmp_path, monkeypatch):
    """Not by the end of a traceback through our own frames."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "lonely_answers.py").write_text("def answers(batch):\n    return []\n", encoding="utf-8")
    with pytest.raises(
        NoEvidenceError, match="the module 'lonely_answers' has no function 'asnwers'"
    ) as refused:
        run(request_to_run(system="py:lonely_answers:asnwers"))
    assert "Traceback" not in refused.value.what


def test_one_failure_is_told_in_the_singular(request_to_run, tmp_path):
    """1 of 10 items has no usable answer."""
    program = labelling(
        tmp_path / "silent", "if item == 'a3#L1': answer = {'id': item, 'error': 'no-answer'}"
    )
    with pytest.raises(InputError, match="1 of 10 items has no usable answer"):
        run(request_to_run(system=f"cmd:{program}"))


def test_torn_json_is_told_by_its_line_in_the_file_alone(request_to_run, tmp_path):
    """Of its own text each line is the first: to say so beside line 2 would send people to the wrong place."""
    path = tmp_path / "torn.jsonl"
    path.write_text('{"id": "a1#L1", "output": "ar"}\n{"id": "a1#L2", "outp\n', encoding="utf-8")
    with pytest.raises(InputError, match=r"this line is not JSON: .* at character 17") as refused:
        run(request_to_run(system=f"preds:{path}"))
    assert refused.value.where.endswith("torn.jsonl: line 2")
    assert "line 1" not in refused.value.what


def test_one_thing_is_counted_in_the_singular():
    """In lists that are searched and cut, with a common blank."""
    assert [counted(1, "cluster"), counted(1500, "item")] == ["1 cluster", "1,500 items"]


def test_a_run_is_listed_with_its_metrics_name_as_everywhere_else():
    """`harness run` says MRR@10, and so does the list of runs."""
    facts = {
        "on": "news@1",
        "metric": "mrr@10",
        "value": 0.5,
        "low": None,
        "high": None,
        "n": 3,
        "failures": {},
    }
    assert run_facts(facts) == {"on": "news@1", "MRR@10": "0.5000", "n": 3}
