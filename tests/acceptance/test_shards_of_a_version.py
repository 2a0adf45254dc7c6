"""Large tables in several files: loaded as one, counted, and written again only where something changed."""

import json
import subprocess
import sys

import pyarrow.parquet as pq
import pytest
from support.cached_builds import Bench, articles, recipe, write_lines
from support.packages import needs_pycld2

from harness.curation.cutting import RunSizes
from harness.store.versions import VersionFolder
from harness.workflows import shards

pytestmark = needs_pycld2

COUNT = 90
_LOAD = """
import json, sys
import datasets
datasets.disable_progress_bars()
found = {}
for config in ("default", "records", "edits"):
    loaded = datasets.load_dataset(sys.argv[1], config, cache_dir=sys.argv[2])
    found[config] = {split: len(rows) for split, rows in loaded.items()}
    found[config + "-first"] = {split: rows[0]["id"] for split, rows in loaded.items()}
print(json.dumps(found))
"""


@pytest.fixture
def bench(tmp_path, monkeypatch):
    """A corpus that small limits cut into many shards of several row groups."""
    small = RunSizes(least=2_000, usual=4_000, most=8_000)
    monkeypatch.setattr(shards, "_DOCUMENT_SHARDS", small)
    monkeypatch.setattr(shards, "_DOCUMENT_GROUPS", RunSizes(least=500, usual=1_000, most=2_000))
    monkeypatch.setattr(shards, "_ROW_SHARDS", RunSizes(least=10, usual=20, most=40))
    write_lines(tmp_path / "raw" / "a.jsonl", articles(COUNT))
    return Bench(tmp_path)


def test_several_files_are_one_table(bench, tmp_path):
    """Readers of ours and `load_dataset` give the rows of all files, in canonical order, as many as were counted."""
    version = bench.build().version
    manifest = version.manifest
    assert len(manifest.split_files("train")) > 2
    assert len(manifest.ledger_files("records")) > 2
    assert len(manifest.ledger_files("edits")) > 1
    locators = version.table("records")["locator"].to_pylist()
    assert locators == [f"a.jsonl#L{line}" for line in range(1, COUNT + 1)]
    assert version.documents(["id"]).num_rows == manifest.counts.kept
    groups = [pq.read_metadata(version.path / name).num_row_groups for name in manifest.split_files("train")]
    assert max(groups) > 1
    assert not version.altered_files()
    done = subprocess.run(
        [sys.executable, "-c", _LOAD, version.path, tmp_path / "hub"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    loaded = json.loads(done.stdout)
    assert loaded["default"] == {split: rows for split, rows in manifest.splits.items() if rows}
    assert loaded["records"] == {"train": COUNT}
    assert loaded["edits"] == {"train": manifest.tables["edits"]}
    assert loaded["records-first"] == {"train": "n0"}


def test_the_rows_of_many_files_are_those_of_one(bench, monkeypatch):
    """Limits shape files, never rows, nor what the version is."""
    many = bench.build(cached=False).version
    tables = [many.documents(), many.table("records"), many.table("edits")]
    large = RunSizes(least=1 << 30, usual=1 << 31, most=1 << 32)
    for name in ("_DOCUMENT_SHARDS", "_DOCUMENT_GROUPS", "_ROW_SHARDS"):
        monkeypatch.setattr(shards, name, large)
    one = bench.build(cached=False).version
    assert one.manifest.split_files("train") == ("data/train/00000.parquet",)
    assert [one.documents(), one.table("records"), one.table("edits")] == tables
    assert one.manifest.content_hash == many.manifest.content_hash


def test_articles_that_come_last_leave_the_files_before_them_as_they_were(bench):
    """All files but the last of each table keep their very bytes, and are the same file on the disk."""
    first = bench.build().version
    inodes = {name: (first.path / name).stat().st_ino for name in first.manifest.files}
    hashes = {name: entry.sha256 for name, entry in first.manifest.files.items()}
    new = {
        "id": "last",
        "text": "رست في مرفأ تل مروة سفينة ترفع علما لم يره أحد من قبل، وأقام البحارة ليلة.",
        "source": "s1",
    }
    write_lines(bench.root / "raw" / "a.jsonl", [*articles(COUNT), new])
    second = bench.build().version
    large = [*second.manifest.ledger_files("records"), *second.manifest.ledger_files("edits")]
    large += [name for split in second.manifest.splits for name in second.manifest.split_files(split)]
    kept = [name for name in large if hashes.get(name) == second.manifest.files[name].sha256]
    assert len(large) - len(kept) <= 4
    assert all((second.path / name).stat().st_ino == inodes[name] for name in kept)


def test_another_threshold_changes_only_files_with_other_rows(bench):
    """The records' text is not looked at, and a file whose rows are the same is not written."""
    bench.build()
    chunks = bench.entries()
    shards_before = set(bench.entries("shards"))
    built = bench.build(recipe(reject=[{"rule": "too-short", "when": "words < 4"}]))
    assert bench.entries() == chunks
    assert set(bench.entries("shards")) == shards_before
    assert VersionFolder.open(built.version.path).manifest.recipe.reject[0].when == "words < 4"
