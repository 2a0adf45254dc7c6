"""`harness task`: a version's tasks listed, shown on real items, and looked for in other texts."""

from dataclasses import dataclass

import pyarrow as pa
import pytest
from support.versions import small_version

from harness.core.errors import ConfigurationError, NoEvidenceError
from harness.core.workspace import Workspace
from harness.reports.tasks_text import contamination_text, shown_text, tasks_text
from harness.store.versions import VersionFolder
from harness.workflows.campaign import run_campaign
from harness.workflows.tasks import contamination, shown_tasks


@dataclass(frozen=True)
class _Version(VersionFolder):
    table: pa.Table = None

    def documents(self, columns=None):
        return self.table.select([*columns, "split"]) if columns else self.table


@pytest.fixture
def version(documents, tmp_path):
    """Give a version that holds the documents of these tests."""
    made = small_version(tmp_path / "version")
    return _Version(made.path, made.manifest, documents)


def test_every_task_is_listed_and_one_without_gold_says_what_it_lacks(version, tmp_path):
    """No document of these has a section."""
    text = tasks_text([one.as_json(items=False) for one in shown_tasks(Workspace(tmp_path), version)])
    assert "retrieval  6 items of 5 clusters\n  answered by  bm25, char-tfidf, preds:FILE.jsonl" in text
    assert "topic  no task: the task 'topic' has no item: no document has a section" in text


def test_a_task_is_shown_by_three_items_of_different_clusters(version, tmp_path):
    """Real ones, with what is right; the same each time."""
    one, again = (shown_tasks(Workspace(tmp_path), version, "retrieval")[0] for _ in range(2))
    assert len({item["cluster"] for item in one.items()}) == len(one.items()) == 3
    assert one.items() == again.items()
    text = shown_text([one.as_json(items=True)])
    assert all(f"    {item['input']}\n  right\n    {item['reference']}" in text for item in one.items())
    assert "the article that each headline stands over" in text
    assert one.pitfalls in text


def test_what_a_text_hides_is_written_out(version, tmp_path):
    """An item's text is hostile until shown."""
    rows = version.table.to_pylist()
    for row in rows:
        row["title"] = f"\x1b[31m{row['id']}\N{RIGHT-TO-LEFT OVERRIDE}"
    hostile = _Version(
        version.path, version.manifest, pa.Table.from_pylist(rows, schema=version.table.schema)
    )
    text = shown_text([shown_tasks(Workspace(tmp_path), hostile, "retrieval")[0].as_json(items=True)])
    assert "\x1b" not in text
    assert "[U+202E RIGHT-TO-LEFT OVERRIDE]" in text


def test_a_task_that_was_named_and_has_no_gold_is_no_evidence(version, tmp_path):
    """In a list it is a line; asked for by name it is an error."""
    with pytest.raises(NoEvidenceError, match="no document has a section"):
        shown_tasks(Workspace(tmp_path), version, "topic")
    with pytest.raises(ConfigurationError, match="no task is called"):
        shown_tasks(Workspace(tmp_path), version, "topics")


def test_items_in_train_are_told_with_the_scores_of_the_tasks_runs(version, tmp_path):
    """A line of test that stands in train is found; each run is scored with and without it."""
    rows = version.table.to_pylist()
    rows[-1]["text"] += "\n" + rows[0]["text"].split("\n")[0]
    copied = _Version(version.path, version.manifest, pa.Table.from_pylist(rows, schema=version.table.schema))
    place = Workspace(tmp_path)
    run_campaign(place, copied, tasks=["language-id"], systems=["py3langid"], progress=lambda _line: None)
    (told,) = contamination(place, copied, task="language-id", against=(), progress=lambda _line: None)
    assert told.overlaps[0].item_ids == ("e3#L2",)
    assert {score.metric: score.overlapping.n for score in told.scores} == {"accuracy": 1, "macro_f1": 1}
    assert told.scores[0].clean.n == told.scores[0].everything.n - 1
    text = contamination_text([told])
    assert "1 of 11 items: 1 share a run of 13 words or stand there whole" in text
    assert "py3langid, accuracy\n    all " in text
