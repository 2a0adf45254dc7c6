"""Cloze: what is taken out, what there is to choose from, and what the baselines choose."""

import json

import pyarrow as pa
import pytest

from harness.core.errors import NoEvidenceError
from harness.core.schema import DOCUMENTS
from harness.evaluation.tasks import CorpusIdentity, Example, TaskBrief, derive, read_tasks
from harness.evaluation.tasks.cloze import GAP, read_question
from harness.systems.registry import open_system
from harness.systems.system import Request

CORPUS = CorpusIdentity("tiny", "1.0.0", "c" * 64)
_SCHEMA = pa.schema([*DOCUMENTS, pa.field("split", pa.string())])
_TEXT = (
    "The little ferry crossed the wide bay every morning.\n"
    "Bridges replaced many older boats along this rocky coast.\nShort line."
)


def task_of(tmp_path, text=_TEXT, entry=""):
    """Derive the task from two documents of one text, one to learn from and one to ask about."""
    path = tmp_path / "tasks.toml"
    path.write_text(f'[[tasks]]\nkind = "cloze"\n{entry}', encoding="utf-8")
    rows = [
        {"id": split, "cluster": split, "lang": "en", "text": text, "split": split}
        for split in ("train", "test")
    ]
    return derive(read_tasks(path)["cloze"], pa.Table.from_pylist(rows, schema=_SCHEMA), CORPUS)


def test_the_right_word_fills_the_gap_and_the_others_stand_elsewhere_in_the_document(tmp_path):
    """Four different words; filled with the right one the line is the author's."""
    items = task_of(tmp_path).items.to_pylist()
    assert [item["item_id"] for item in items] == ["test#L1", "test#L2"]
    for item, line in zip(items, _TEXT.split("\n"), strict=False):
        text, options = read_question(item["input"])
        assert text.replace(GAP, item["reference"]) == line
        assert len(set(options)) == 4
        assert [option for option in options if option in line] == [item["reference"]]
        assert all(option in _TEXT for option in options)


def test_the_place_of_the_right_word_tells_nothing(tmp_path):
    """Over seeds it stands in every place."""
    places = set()
    for seed in range(30):
        item = task_of(tmp_path, entry=f"seed = {seed}\n").items.to_pylist()[0]
        places.add(read_question(item["input"])[1].index(item["reference"]))
    assert places == {0, 1, 2, 3}


def test_texts_without_other_words_hold_no_gold(tmp_path):
    """One line alone has nothing to choose from."""
    with pytest.raises(NoEvidenceError, match="no document has a line"):
        task_of(tmp_path, text=_TEXT.split("\n", maxsplit=1)[0])


@pytest.mark.parametrize(("name", "answer"), [("commonest-option", "boats"), ("likeliest-option", "ferry")])
def test_one_baseline_goes_by_the_word_alone_and_one_by_the_line(name, answer):
    """`boats` is commoner, `ferry` is what stood there before."""
    lines = ["the ____ crossed the bay", "boats and ____ and boats"]
    examples = [
        Example(json.dumps({"text": lines[0], "options": []}), "ferry"),
        Example(json.dumps({"text": lines[1], "options": []}), "boats"),
    ]
    system = open_system(name, kind="cloze")
    system.prepare(TaskBrief("cloze", ("x",), examples=tuple(examples)))
    question = json.dumps({"text": "the ____ crossed it", "options": ["boats", "ferry", "zebra", "quilt"]})
    assert system.answer([Request("x", question)])[0].output == answer
