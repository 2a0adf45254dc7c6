"""Laws of reading: listing order is nothing, the fast way is the slow way, each thing is met exactly once."""

import gzip
import io
import json
import os
import tempfile
import zipfile
from pathlib import Path
from unittest import mock

import pyarrow as pa
from hypothesis import example, given, settings
from hypothesis import strategies as st

from harness.core.recipe import FieldMapping, SourceSettings
from harness.sources import json_columns, read_raw
from harness.sources.charset import UTF_8
from harness.sources.formats import json_lines, read_file
from harness.sources.lines import ended_lines
from harness.sources.raw_file import Limits, Reading

SOURCE = SourceSettings(name="s", path=".", fields=FieldMapping(section="meta.section"))

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)
objects = st.fixed_dictionaries(
    {},
    optional={
        "text": st.text(max_size=30) | json_values,
        "id": st.text(max_size=5) | json_values,
        "title": st.none() | st.text(max_size=5),
        "meta": st.dictionaries(st.sampled_from(["section", "other"]), st.text(max_size=3) | json_values)
        | json_values,
        "other": json_values,
    },
)
good_objects = st.fixed_dictionaries(
    {"text": st.text(max_size=30)},
    optional={
        "id": st.text(max_size=5),
        "meta": st.fixed_dictionaries({"section": st.text(max_size=3)}),
        "x": json_values,
    },
)


def dumped(values):
    """Write objects as JSON, escaped or not."""
    return st.builds(
        lambda value, ascii_only: json.dumps(value, ensure_ascii=ascii_only).encode("utf-8", "replace"),
        values,
        st.booleans(),
    )


noise = st.sampled_from(
    [
        b"", b" \t", b"{", b"}", b"[]", b'{"text":"a"}{"text":"b"}', b'{"text":', b'"a"}', b'{"text":"a","text":"b"}',
        b'{"text":"\\ud800"}', b'{"text":"\\udc80x"}', b'{"text":"a\xff"}', b'{"text":"a"}\0', b'{"text":"a"}\0{}',
        b'{"text":"a\tb"}', b'{"text":"a","x":NaN}', b'{"text":"a",}', b'{"text":"a","x":{}', b'{"text":"a","\xff":1}',
        b'{"text":"a","id":007}', b'{"text":"a"}\r{"text":"b"}', b'{"text":"a"}\x0b', b'{"text":"a","x":1e999}',
        b'{"text":"a","meta":{"section":"x"},"meta":{"section":"y"}}', b'\xef\xbb\xbf{"text":"a"}',
    ]
)  # fmt: skip
few_good_lines = st.lists(dumped(good_objects), max_size=6)
any_lines = st.lists(dumped(good_objects) | dumped(objects) | noise, max_size=8)


def read(root, limits=None):
    """Read a folder into one table."""
    batches = list(read_raw([SOURCE], root, limits))
    return pa.Table.from_batches(batches).to_pylist() if batches else []


def read_lines(lines, *, fast, block_bytes=1 << 20):
    """Read lines as a file, with or without the fast way."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "f.jsonl").write_bytes(b"\n".join(lines))
        if fast:
            return read(Path(folder), Limits(block_bytes=block_bytes))
        with mock.patch.object(json_lines, "batch_of_lines", return_value=None):
            return read(Path(folder), Limits(block_bytes=block_bytes))


@settings(max_examples=150, deadline=None)
@given(few_good_lines | any_lines)
def test_the_fast_way_reads_what_the_slow_way_reads(lines):
    """Arrow's parser and Python's agree, or Arrow's is not asked."""
    assert read_lines(lines, fast=True) == read_lines(lines, fast=False)


@settings(max_examples=60, deadline=None)
@given(st.lists(dumped(good_objects), min_size=1, max_size=5))
def test_good_lines_go_the_fast_way(lines):
    """Else the law above would compare the slow way with itself."""
    stream, reading = io.BytesIO(b"\n".join(lines)), Reading(SOURCE.fields, Limits(), read_file)
    if all(b"\\ud" not in line.lower() for line in lines):
        for ended in ended_lines(stream, UTF_8, reading.limits):
            assert json_columns.batch_of_lines(ended, "f.jsonl", reading) is not None


@settings(max_examples=60, deadline=None)
@given(any_lines, st.integers(4, 60))
def test_the_size_of_blocks_changes_nothing(lines, block_bytes):
    """A record is the same wherever a block ends in it."""
    assert read_lines(lines, fast=True, block_bytes=block_bytes) == read_lines(lines, fast=True)


@settings(max_examples=100, deadline=None)
@given(any_lines)
@example([b'{"text":"a"}\0'])
@example([b"", b'\xef\xbb\xbf{"text":"a"}'])
def test_each_line_is_met_once_as_payload_or_as_error(lines):
    """Blank lines alone are none; nothing is both or neither."""
    numbered = enumerate(b"\n".join(lines).removeprefix(b"\xef\xbb\xbf").split(b"\n"), start=1)
    expected = [f"f.jsonl#L{number}" for number, line in numbered if line.strip(b" \t\r")]
    rows = read_lines(lines, fast=True)
    assert [row["locator"] for row in rows] == expected
    assert all((row["payload"] is None) == (row["error"] is not None) for row in rows)


names = st.lists(
    st.from_regex(r"(?:[ab]/)?[a-c]?[0-9]{0,3}\.(?:txt|html|md)", fullmatch=True),
    unique_by=str.lower, max_size=12,
)  # fmt: skip


@settings(max_examples=40, deadline=None)
@given(names, st.randoms(use_true_random=False))
def test_the_order_of_listing_changes_nothing(file_names, random):
    """A file system may list a folder in any order."""
    visible = [name for name in file_names if not name.rpartition("/")[2].startswith(".")]
    with tempfile.TemporaryDirectory() as folder:
        for name in visible:
            (Path(folder) / name).parent.mkdir(exist_ok=True)
            (Path(folder) / name).write_text(name)
        listed = read(Path(folder))
        with mock.patch("harness.sources.listing.os.scandir", shuffling_scandir(random)):
            assert read(Path(folder)) == listed
    assert sorted(row["locator"] for row in listed) == sorted(visible or ["**/*"])


def shuffling_scandir(random):
    """Make a scandir that lists in another order each time."""
    real = os.scandir

    class Shuffled:
        def __init__(self, path):
            with real(path) as entries:
                self.entries = list(entries)
            random.shuffle(self.entries)

        def __enter__(self):
            return iter(self.entries)

        def __exit__(self, *_):
            return None

    return Shuffled


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(st.from_regex(r"[a-c]{1,2}\.(txt|html|bin)", fullmatch=True), st.binary(max_size=40)),
        max_size=5,
    ),
    st.data(),
)
def test_a_damaged_archive_ends_in_records_or_errors_and_never_raises(members, data):
    """However a zip or gzip file is cut or changed, something tells of it and the neighbour is read."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in dict(members).items():
            archive.writestr(name, content)
    packed = bytearray(data.draw(st.sampled_from([buffer.getvalue(), gzip.compress(buffer.getvalue())])))
    for _ in range(data.draw(st.integers(0, 3))):
        packed[data.draw(st.integers(0, len(packed) - 1))] = data.draw(st.integers(0, 255))
    packed = packed[: data.draw(st.integers(1, len(packed)))]
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / ("x.zip.gz" if packed[:1] == b"\x1f" else "x.zip")).write_bytes(packed)
        (Path(folder) / "y.txt").write_text("neighbour")
        rows = read(Path(folder))
    assert rows[-1]["payload"] == b"neighbour"
    assert all((row["payload"] is None) == (row["error"] is not None) for row in rows)
