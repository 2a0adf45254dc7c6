"""Metadata beside records: the record's own first, then the sidecar's, then the source's; nothing for nobody."""

import json
import zipfile

import pytest

from harness.core.errors import HarnessError, InputError, SeveralErrors
from harness.core.recipe import Defaults, SourceSettings
from harness.sources import read_raw


def read(root, **settings):
    """Read a folder with `meta.jsonl` beside its files into rows by locator."""
    source = SourceSettings(name="s", path=".", metadata="meta.jsonl", **settings)
    return {row["locator"]: row for batch in read_raw([source], root) for row in batch.to_pylist()}


def write_metadata(root, *entries):
    """Write the sidecar, one JSON line for each entry; text stands as it is."""
    lines = [entry if isinstance(entry, str) else json.dumps(entry) for entry in entries]
    (root / "meta.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8-sig")


def test_the_nearer_source_of_a_fact_wins_and_blank_is_no_fact(tmp_path):
    """Record, sidecar, default, in that order; the licence of the source comes last."""
    (tmp_path / "f.jsonl").write_text('{"text":"a","title":"own","author":" "}\n{"text":"b"}\n')
    write_metadata(
        tmp_path,
        {"file": "f.jsonl#L1", "title": "beside", "author": "beside", "license": "CC0-1.0", "unknown": 1},
        {"file": "f.jsonl#L2", "id": 7, "section": ""},
    )
    rows = read(tmp_path, license="MIT", defaults=Defaults(author="default", section="default"))
    facts = ("id", "title", "author", "section", "license")
    assert {name: [row[fact] for fact in facts] for name, row in rows.items()} == {
        "f.jsonl#L1": [None, "own", "beside", "default", "CC0-1.0"],
        "f.jsonl#L2": ["7", None, "default", "default", "MIT"],
    }


def test_the_sidecar_is_no_record(tmp_path):
    """It is JSONL, and would else be read as such."""
    (tmp_path / "a.txt").write_text("x")
    write_metadata(tmp_path, {"file": "a.txt", "lang_declared": "ar"})
    rows = read(tmp_path)
    assert [(name, row["lang_declared"]) for name, row in rows.items()] == [("a.txt", "ar")]


def test_all_mistakes_of_the_sidecar_are_told_at_once(tmp_path):
    """Broken JSON, no name, the same file twice: each with its line."""
    (tmp_path / "a.txt").write_text("x")
    write_metadata(tmp_path, "{broken", {"file": "a.txt"}, "", {"title": "x"}, {"file": "a.txt"})
    with pytest.raises(SeveralErrors) as raised:
        read(tmp_path)
    assert [error.where.rpartition(": ")[2] for error in raised.value.errors] == [
        "line 1",
        "line 4",
        "line 5",
    ]
    assert raised.value.exit_code == 3


def test_metadata_for_a_file_that_is_not_there_is_refused_before_anything_is_read(tmp_path):
    """A renamed file must not lose its metadata in silence."""
    (tmp_path / "a.txt").write_text("x")
    write_metadata(tmp_path, {"file": "a.txt"}, {"file": "gone.txt"}, {"file": "gone.zip!b.txt"})
    with pytest.raises(HarnessError, match=r"(?s)gone.txt.*line 2.*gone.zip!b.txt.*line 3"):
        read_raw([SourceSettings(name="s", path=".", metadata="meta.jsonl")], tmp_path)


def test_metadata_for_a_member_that_is_not_there_is_refused_once_it_is_known(tmp_path):
    """What an archive holds is known when it has been read."""
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as archive:
        archive.writestr("a.txt", "x")
    write_metadata(tmp_path, {"file": "x.zip!a.txt", "title": "t"}, {"file": "x.zip!b.txt"})
    with pytest.raises(InputError, match=r"x\.zip!b\.txt"):
        read(tmp_path)


def test_metadata_for_what_a_broken_archive_held_is_no_mistake(tmp_path):
    """The archive is an error record already."""
    (tmp_path / "x.zip").write_bytes(b"PK\x03\x04")
    write_metadata(tmp_path, {"file": "x.zip!a.txt", "title": "t"})
    assert [row["error"] for row in read(tmp_path).values()] == ["broken-archive"]


def test_metadata_for_a_file_that_the_patterns_leave_out_is_no_mistake(tmp_path):
    """One sidecar serves several sources of a folder."""
    (tmp_path / "a.txt").write_text("x")
    (tmp_path / "b.md").write_text("x")
    write_metadata(tmp_path, {"file": "a.txt"}, {"file": "b.md"})
    assert list(read(tmp_path, include=("*.txt",))) == ["a.txt"]


def test_a_missing_or_unreadable_sidecar_is_refused(tmp_path):
    """A recipe that names one means it."""
    with pytest.raises(InputError, match="not there"):
        read(tmp_path)
    (tmp_path / "meta.jsonl").write_bytes(b'{"file":"\xff"}')
    with pytest.raises(InputError, match="not UTF-8 at byte 10"):
        read(tmp_path)
