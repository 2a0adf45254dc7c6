"""Tables of columns: a row is a record, whatever its columns' types, and damage does not spread."""

import datetime as dt
import decimal
import io
import zipfile

import pyarrow as pa
import pyarrow.feather
import pyarrow.parquet as pq
import pytest

from harness.core.recipe import FieldMapping, SourceSettings
from harness.sources import read_raw
from harness.sources.raw_file import Limits


def parquet(table):
    """Write a table as Parquet, in small row groups."""
    buffer = io.BytesIO()
    pq.write_table(table, buffer, row_group_size=3)
    return buffer.getvalue()


def feather(table):
    """Write a table as Feather, compressed."""
    buffer = io.BytesIO()
    pyarrow.feather.write_feather(table, buffer, compression="zstd", chunksize=3)
    return buffer.getvalue()


def stream(table):
    """Write a table as a stream of record batches, as `datasets` caches it."""
    buffer = io.BytesIO()
    with pa.ipc.new_stream(buffer, table.schema) as writer:
        writer.write_table(table, max_chunksize=3)
    return buffer.getvalue()


every_kind = pytest.mark.parametrize(
    ("write", "name"), [(parquet, "f.parquet"), (feather, "f.feather"), (stream, "f.arrow")]
)


def read(root, limits=None, **fields):
    """Read a folder into plain rows."""
    source = SourceSettings(name="s", path=".", fields=FieldMapping(**fields))
    return [row for batch in read_raw([source], root, limits) for row in batch.to_pylist()]


@every_kind
def test_a_row_is_a_record_with_its_metadata(tmp_path, write, name):
    """Rows are counted from 1 over all row groups; values of any type become text."""
    rows = 8
    table = pa.table(
        {
            "id": range(rows),
            "text": [f"نص {number}" for number in range(rows)],
            "published": [dt.datetime(2024, 5, 1, 10, tzinfo=dt.UTC)] * rows,
            "author": [["a", "b"]] * rows,
            "meta": [{"section": "اقتصاد"}] * rows,
            "license": pa.array([decimal.Decimal("1.50")] * rows),
            "unmapped": range(rows),
        }
    )
    (tmp_path / name).write_bytes(write(table))
    found = read(tmp_path, section="meta.section")
    assert [(row["locator"], row["id"]) for row in found] == [
        (f"{name}#R{n + 1}", str(n)) for n in range(rows)
    ]
    last = found[-1]
    assert (last["payload"].decode(), last["encoding"], last["media"]) == ("نص 7", "utf-8", "text")
    known = {column: last[column] for column in ("published", "author", "section", "license", "url")}
    assert known == {
        "published": "2024-05-01T10:00:00+00:00", "author": "a, b", "section": "اقتصاد", "license": "1.50", "url": None,
    }  # fmt: skip


@pytest.mark.parametrize(
    "column",
    [
        pa.array(["x"], pa.large_string()),
        pa.array(["x"], pa.string_view()),
        pa.array(["x"]).dictionary_encode(),
        pa.array([b"x"]),
    ],
    ids=lambda column: str(column.type),
)
def test_any_type_of_text_is_text(tmp_path, column):
    """Bytes have no encoding that anybody told, so that theirs is looked for."""
    (tmp_path / "f.arrow").write_bytes(stream(pa.table({"text": column})))
    [row] = read(tmp_path)
    assert (row["payload"], row["encoding"]) == (b"x", None if column.type == pa.binary() else "utf-8")


def test_the_hash_of_a_row_is_that_of_its_mapped_values(tmp_path):
    """The same article from another kind of table, or with other columns beside it, is the same."""
    table = pa.table({"text": ["x", "y"], "title": ["t", None]})
    (tmp_path / "a.parquet").write_bytes(parquet(table))
    (tmp_path / "b.feather").write_bytes(feather(table.append_column("other", pa.array([1, 2]))))
    hashes = [row["raw_sha256"] for row in read(tmp_path)]
    assert hashes[:2] == hashes[2:]
    assert hashes[0] != hashes[1]


def test_a_row_without_text_is_an_error_and_the_others_are_read(tmp_path):
    """Null is not the empty text."""
    (tmp_path / "f.parquet").write_bytes(parquet(pa.table({"text": ["x", None, ""]})))
    assert [(row["locator"], row["error"]) for row in read(tmp_path)] == [
        ("f.parquet#R1", None), ("f.parquet#R2", "no-text-field"), ("f.parquet#R3", None),
    ]  # fmt: skip


@every_kind
@pytest.mark.parametrize("columns", [{"body": ["x"]}, {"text": pa.array([1])}])
def test_a_table_without_text_names_its_columns(tmp_path, write, name, columns):
    """A column of numbers is no text, row by row; a missing column is one error."""
    (tmp_path / name).write_bytes(write(pa.table(columns)))
    [row] = read(tmp_path)
    assert row["error"] == "no-text-field"
    assert row["detail"].endswith("there are: body" if "body" in columns else "is no string")


@every_kind
def test_bytes_that_are_no_utf8_stay_in_their_row(tmp_path, write, name):
    """Arrow does not check what others write into its columns of text."""
    offsets = pa.py_buffer(bytes([0, 0, 0, 0, 3, 0, 0, 0, 4, 0, 0, 0]))
    damaged = pa.Array.from_buffers(pa.string(), 2, [None, offsets, pa.py_buffer(b"a\xffbc")])
    (tmp_path / name).write_bytes(write(pa.table({"text": damaged, "title": damaged})))
    rows = read(tmp_path)
    assert [(row["payload"], row["title"]) for row in rows] == [
        (b"a\xffb", "a\N{REPLACEMENT CHARACTER}b"),
        (b"c", "c"),
    ]


@every_kind
@pytest.mark.parametrize(
    "damage", [lambda content: content[:-40], lambda content: content[:30], lambda _: b"x" * 99]
)
def test_a_broken_table_is_an_error_and_other_files_are_read(tmp_path, write, name, damage):
    """Rows in front of the break are kept where the kind allows it."""
    (tmp_path / name).write_bytes(damage(write(pa.table({"text": [f"{n}" for n in range(7)]}))))
    (tmp_path / "z.txt").write_text("x")
    *_, broken, other = read(tmp_path)
    assert (broken["locator"], broken["error"], other["error"]) == (name, "unreadable-file", None)
    assert str(tmp_path) not in broken["detail"]


def test_offsets_that_lead_astray_are_refused_before_they_are_followed(tmp_path):
    """They would crash the process, or show what lies in its memory."""
    content = stream(pa.table({"text": ["x" * 77]}))
    place = content.rindex(bytes([0, 0, 0, 0, 77, 0, 0, 0]))
    astray = bytes([0, 0, 0, 0, 0, 0, 0, 127])
    (tmp_path / "f.arrow").write_bytes(content[:place] + astray + content[place + len(astray) :])
    [row] = read(tmp_path)
    assert row["error"] == "unreadable-file"


def test_a_table_that_unpacks_beyond_measure_is_stopped(tmp_path):
    """A dictionary of one text makes a table of any size in some bytes."""
    table = pa.table({"text": ["x" * 10_000] * 2_000})
    (tmp_path / "f.parquet").write_bytes(parquet(table))
    *_, last = read(tmp_path, Limits(expansion_free_bytes=1_000_000, expansion_ratio=20))
    assert (last["locator"], last["error"]) == ("f.parquet", "archive-bomb")


def test_a_table_inside_an_archive_is_read(tmp_path):
    """Its index stands at its end, so that it is copied out first."""
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as archive:
        archive.writestr("f.parquet", parquet(pa.table({"text": ["x"]})))
    assert [row["locator"] for row in read(tmp_path)] == ["x.zip!f.parquet#R1"]


def test_a_row_above_the_limit_is_too_large(tmp_path):
    """As any record is."""
    (tmp_path / "f.parquet").write_bytes(parquet(pa.table({"text": ["x" * 11, "x" * 10]})))
    assert [row["error"] for row in read(tmp_path, Limits(record_bytes=10))] == ["too-large", None]
