"""Sufficient statistics kept in a run: comparisons rest on them, and runs without them are compared as before."""

import dataclasses
import json

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from support.packages import needs_pycld2

from harness.core.errors import InputError
from harness.core.fingerprints import sha256_of_file
from harness.evaluation.alignment import RunItems
from harness.evaluation.comparison import compare
from harness.evaluation.recounting import metric_again
from harness.store.runs import RunFolder
from harness.workflows.compare import compare_runs
from harness.workflows.run import run

pytestmark = needs_pycld2


@pytest.fixture
def two_runs(request_to_run):
    """Give runs of two systems whose macro F1 is counted over sets."""
    return [run(request_to_run(system=system)) for system in ("pycld2", "py3langid")]


@pytest.mark.parametrize(
    ("task", "system"), [("language-id", "pycld2"), ("tokenizer", "token-bytes"), ("near-duplicates", None)]
)
def test_what_is_kept_is_what_counting_again_gives(request_to_run, task, system):
    """To the last bit, for each metric that is no mean over items."""
    from harness.systems.registry import built_in_for  # noqa: PLC0415 - only where the kind names the system

    folder = run(request_to_run(task=task, system=system or built_in_for(task)[0]))
    items, counts = folder.items(), folder.counts()
    of_sets = [score for score in folder.result.scores if f"score:{score.metric}" not in items.column_names]
    assert sorted(counts) == sorted(score.metric for score in of_sets)
    for score in of_sets:
        metric = metric_again(score.signature)
        again = metric.statistics(items.column("reference").to_pylist(), items.column("output").to_pylist())
        assert np.array_equal(counts[score.metric], again)
        assert float(metric.formula(counts[score.metric].sum(axis=0, keepdims=True))[0]) == pytest.approx(
            score.value
        )


def test_a_run_declares_its_counts(two_runs):
    """The manifest names the metric with its columns, and the file with its hash."""
    folder = two_runs[0]
    assert folder.manifest.counts == {"macro_f1": 9}
    names = pq.read_schema(folder.path / "counts.parquet").names
    assert names == [f"count:macro_f1:{place}" for place in range(9)]
    assert folder.manifest.files["counts.parquet"] == sha256_of_file(folder.path / "counts.parquet")


def test_comparing_needs_no_answer_where_counts_are_kept(two_runs):
    """With every answer taken away, differences, intervals and p are the same."""
    whole = compare_runs(two_runs)
    bare = [
        RunItems(folder.result, folder.manifest.subject, _without_answers(folder.items()), folder.counts())
        for folder in two_runs
    ]
    assert "macro_f1" in {pair.metric for pair in whole.differences}
    assert compare(bare).differences == whole.differences


def _without_answers(items):
    place = items.column_names.index("output")
    return items.set_column(place, "output", pa.nulls(items.num_rows, pa.string()))


def test_an_older_run_without_counts_compares_the_same(two_runs):
    """One of the two lacks them: all answers are counted again, and no figure changes."""
    whole = compare_runs(two_runs)
    manifest = json.loads((two_runs[0].path / "manifest.json").read_text())
    del manifest["counts"], manifest["files"]["counts.parquet"]
    (two_runs[0].path / "manifest.json").write_text(json.dumps(manifest))
    (two_runs[0].path / "counts.parquet").unlink()
    older = RunFolder.open(two_runs[0].path)
    assert older.counts() == {}
    assert compare_runs([older, two_runs[1]]) == whole


def test_an_item_that_was_left_out_of_the_scores_is_counted_as_wrong(request_to_run, tmp_path):
    """Runs that drop other items have the same columns: a pair decides anew whom it leaves out."""
    items = run(request_to_run()).items().to_pylist()
    lines = [{"id": row["item_id"], "output": row["reference"]} for row in items if row["lang"] != "fa"]
    path = tmp_path / "answers.jsonl"
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    folder = run(request_to_run(system=f"preds:{path}", on_missing="drop"))
    assert folder.counts()["macro_f1"].shape == (len(items), 9)
    assert folder.result.scores[1].value == 1.0


def test_counts_that_were_changed_are_told_and_not_used(two_runs):
    """Another file in their place is refused by its hash."""
    path = two_runs[0].path / "counts.parquet"
    pq.write_table(pq.read_table(path).slice(1), path)
    with pytest.raises(InputError, match="changed after the run"):
        compare_runs([RunFolder.open(two_runs[0].path), two_runs[1]])


@pytest.mark.parametrize(
    "change",
    [
        lambda table: table.slice(1),
        lambda table: table.rename_columns(["x", *table.column_names[1:]]),
        lambda table: table.append_column("more", table.column(0)),
        lambda table: table.set_column(0, table.column_names[0], pa.nulls(table.num_rows, pa.float64())),
        lambda table: table.set_column(0, table.column_names[0], pa.array([np.inf] * table.num_rows)),
        lambda table: table.set_column(0, table.column_names[0], pa.array(["x"] * table.num_rows)),
    ],
)
def test_counts_that_do_not_fit_their_manifest_are_refused(two_runs, change):
    """Also where the manifest was made to name the file: other rows, columns, nulls, infinities or texts."""
    path = two_runs[0].path / "counts.parquet"
    pq.write_table(change(pq.read_table(path)), path)
    files = {**two_runs[0].manifest.files, "counts.parquet": sha256_of_file(path)}
    manifest = two_runs[0].manifest.model_copy(update={"files": files})
    with pytest.raises(InputError, match="not what the run's manifest says"):
        dataclasses.replace(two_runs[0], manifest=manifest).counts()


def test_a_run_that_lost_its_counts_is_no_complete_run(two_runs):
    """It is named as what is missing."""
    (two_runs[0].path / "counts.parquet").unlink()
    with pytest.raises(InputError, match=r"lacks counts\.parquet"):
        RunFolder.open(two_runs[0].path)
