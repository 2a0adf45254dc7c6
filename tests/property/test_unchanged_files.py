"""The laws of files that nobody touched: what is told of them is what reading them anew tells, without opening them."""

import gzip
import json
import os
import zipfile
from pathlib import Path
from typing import Any
from unittest import mock

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.core.errors import InputError
from harness.core.recipe import SourceSettings
from harness.sources import file_runs, places, read_parts
from harness.sources.files import FilesSource

SOURCE = SourceSettings(name="s", path="raw")
FAR_AHEAD_NS = 4_000_000_000_000_000_000  # a clock by which every file was touched long ago
MAKERS = ("a.txt", "b.html", "c.csv", "d.jsonl", "e.jsonl.gz", "f.parquet", "g.zip", "h/i.txt", "h/j.json")


class Shelf:
    """A memory that counts what it keeps."""

    def __init__(self) -> None:
        self.kept: dict[str, pa.Table] = {}

    def find(self, key: str) -> pa.Table | None:
        """See `Memory`."""
        return self.kept.get(key)

    def keep(self, key: str, told: pa.Table) -> None:
        """See `Memory`."""
        self.kept[key] = told


@pytest.fixture(autouse=True)
def later():
    """Let a long time have passed since the files were written."""
    with mock.patch.object(file_runs.time, "time_ns", return_value=FAR_AHEAD_NS) as clock:
        yield clock


def write(root: Path, name: str, number: int) -> None:
    """Write a file of a format that its name tells, with texts that a number tells."""
    path = root / "raw" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    texts = [f"خبر {number} {place}" for place in range(number % 3 + 1)]
    lines = "\n".join(json.dumps({"text": text}) for text in texts).encode()
    if name.endswith(".parquet"):
        pq.write_table(pa.table({"text": texts}), path)
    elif name.endswith(".zip"):
        with zipfile.ZipFile(path, "w") as packed:
            packed.writestr("x.jsonl", lines)
            packed.writestr("y.txt", texts[0])
    else:
        content = {
            ".csv": "\n".join(["text", *texts]).encode(),
            ".jsonl": lines,
            ".gz": gzip.compress(lines, mtime=0),
            ".json": json.dumps([{"text": text} for text in texts]).encode(),
        }
        path.write_bytes(content.get(path.suffix, "\n".join(texts).encode()))


def read(root: Path, memory: Any, source: SourceSettings = SOURCE) -> tuple[list[Any], list[Any]]:
    """Read all parts: what is told of the records, and the records, the last ones first."""
    parts = list(read_parts([source], root, memory=memory))
    told = [row for part in parts for row in part.told.to_pylist()]
    records = [part.records.to_pylist() for part in reversed(parts)]
    return told, [row for part in reversed(records) for row in part]


def unopened(root: Path, memory: Any) -> list[Any]:
    """Give what is told while no file can be opened."""
    with mock.patch.object(places.LocalPlace, "open", side_effect=AssertionError("a file was opened")):
        return [row for part in read_parts([SOURCE], root, memory=memory) for row in part.told.to_pylist()]


STEPS = st.lists(st.tuples(st.sampled_from(MAKERS), st.integers(-1, 5)), min_size=1, max_size=6)


@settings(max_examples=25, deadline=None)
@given(st.lists(STEPS, min_size=1, max_size=3), st.sampled_from([1, 2, 256]))
def test_whatever_became_of_the_files_the_same_is_told_and_read(tmp_path_factory, rounds, run_files):
    """Files that come, go and change are told of as without a memory; those that stayed are not opened."""
    root = tmp_path_factory.mktemp("files")
    (root / "raw").mkdir()
    memory = Shelf()
    clock = mock.patch.object(file_runs.time, "time_ns", return_value=FAR_AHEAD_NS)
    with clock, mock.patch.object(file_runs, "_RUN_FILES", run_files):
        for steps in rounds:
            for name, number in steps:
                if number >= 0:
                    write(root, name, number)
                else:
                    (root / "raw" / name).unlink(missing_ok=True)
            anew = read(root, None)
            assert read(root, memory) == anew
            assert unopened(root, memory) == anew[0]
            assert read(root, memory) == anew


def test_a_file_that_was_touched_a_moment_ago_is_read_again(tmp_path, later):
    """Its times may not show that it is touched again."""
    write(tmp_path, "a.txt", 1)
    later.return_value = (tmp_path / "raw" / "a.txt").stat().st_mtime_ns + 1_000_000_000
    memory = Shelf()
    read(tmp_path, memory)
    with pytest.raises(AssertionError, match="opened"):
        unopened(tmp_path, memory)


def test_a_content_of_the_same_size_and_time_is_told_anew(tmp_path):
    """The time of a content can be set at will; the time of the last change of anything cannot."""
    write(tmp_path, "a.txt", 1)
    path = tmp_path / "raw" / "a.txt"
    memory = Shelf()
    read(tmp_path, memory)
    before = path.stat()
    path.write_bytes(path.read_bytes().replace(b"1", b"4"))
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert read(tmp_path, memory) == read(tmp_path, None)


def test_a_file_that_changes_between_telling_and_reading_is_named(tmp_path):
    """Records that are not those which were told of are worked on under no name."""
    for name in ("a.txt", "d.jsonl"):
        write(tmp_path, name, 1)
        memory = Shelf()
        read(tmp_path, memory)
        (part,) = read_parts([SOURCE], tmp_path, memory=memory)
        told = part.told.num_rows
        write(tmp_path, name, 2)
        with pytest.raises(InputError, match="changed"):
            _ = part.records
        assert told
        (tmp_path / "raw" / name).unlink()


def test_what_cannot_be_read_is_tried_again(tmp_path):
    """What the system refused once is no word about the file."""
    write(tmp_path, "a.txt", 1)
    memory = Shelf()
    with mock.patch.object(places.LocalPlace, "open", side_effect=OSError(5, "Input/output error")):
        told, records = read(tmp_path, memory)
    assert (len(told), records[0]["error"]) == (1, "unreadable-file")
    assert read(tmp_path, memory) == read(tmp_path, None)


def test_a_source_told_of_before_keeps_its_records_under_another_number(tmp_path):
    """Where it stands in the recipe's list is no part of what its records say."""
    write(tmp_path, "a.txt", 1)
    memory = Shelf()
    read(tmp_path, memory)
    other = SOURCE.model_copy(update={"name": "t"})
    for sources in ([other, SOURCE], [SOURCE, other]):
        told = [row for part in read_parts(sources, tmp_path, memory=memory) for row in part.told.to_pylist()]
        assert told == [row for part in read_parts(sources, tmp_path) for row in part.told.to_pylist()]


def test_one_file_more_moves_no_cut_but_its_neighbours(tmp_path):
    """Files are taken together where their own names say."""
    for number in range(3_000):
        path = tmp_path / "raw" / f"{number}.txt"
        path.parent.mkdir(exist_ok=True)
        path.touch()
    before = set(file_runs.cut_runs(FilesSource.find(SOURCE, tmp_path).listed))
    (tmp_path / "raw" / "1500b.txt").touch()
    after = set(file_runs.cut_runs(FilesSource.find(SOURCE, tmp_path).listed))
    assert len(before) > 5
    assert len(after - before) <= 2
