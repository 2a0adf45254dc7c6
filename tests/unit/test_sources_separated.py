"""Tables as text: a row is a record, a row that is none is an error, and rows behind it are rows again."""

import hashlib

import pytest

from harness.core.recipe import FieldMapping, SourceSettings
from harness.sources import read_raw
from harness.sources.raw_file import Limits


def read(root, limits=None, **fields):
    """Read a folder into plain rows."""
    source = SourceSettings(name="s", path=".", fields=FieldMapping(**fields))
    return [row for batch in read_raw([source], root, limits) for row in batch.to_pylist()]


def found(rows):
    """Give each locator its text, or its error."""
    return {row["locator"]: row["error"] or row["payload"].decode(row["encoding"]) for row in rows}


def test_a_row_is_a_record_with_its_metadata_and_the_hash_of_its_bytes(tmp_path):
    """Columns feed fields by name; a blank cell is not said."""
    row = 'a1,خبر,"نص، مع ""اقتباس""",2024-05-01,'
    (tmp_path / "f.csv").write_text(f"id,title,text,published,url\n{row}\n", encoding="utf-8")
    [record] = read(tmp_path)
    assert record["payload"].decode() == 'نص، مع "اقتباس"'
    known = {name: record[name] for name in ("locator", "id", "title", "published", "url")}
    assert known == {
        "locator": "f.csv#L2",
        "id": "a1",
        "title": "خبر",
        "published": "2024-05-01",
        "url": None,
    }
    assert record["raw_sha256"] == hashlib.sha256(row.encode()).hexdigest()


def test_the_recipe_maps_columns(tmp_path):
    """Any header will do, one with a dot or a blank in it, too."""
    (tmp_path / "f.csv").write_text("news.body,Head Line\nx,y\n")
    [record] = read(tmp_path, text="news.body", title="Head Line")
    assert (record["payload"], record["title"]) == (b"x", "y")


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_the_header_tells_what_parts_columns(tmp_path, separator):
    """Spreadsheets of half of the world write semicolons into .csv; quotes keep what is inside."""
    (tmp_path / "f.csv").write_text(
        separator.join(["id", "text"]) + "\n" + separator.join(["1", '"a,;|b"']) + "\n"
    )
    assert found(read(tmp_path)) == {"f.csv#L2": "a,;|b"}


def test_a_cell_over_several_lines_is_one_text_and_lines_are_counted(tmp_path):
    """A row is named by its first line, and line ends inside it stay what they are."""
    (tmp_path / "f.csv").write_bytes(b'text,id\r\n"one\r\n\r\ntwo",1\r\n\r\nthree,2\r\n')
    assert found(read(tmp_path)) == {"f.csv#L2": "one\r\n\r\ntwo", "f.csv#L6": "three"}


def test_a_row_with_another_number_of_columns_is_an_error(tmp_path):
    """Which cell is missing nobody can tell; the other rows are read."""
    (tmp_path / "f.csv").write_text("id,text\n1,a\n2\n3,b,c\n4,d\n")
    rows = read(tmp_path)
    assert found(rows) == {
        "f.csv#L2": "a", "f.csv#L3": "column-count", "f.csv#L4": "column-count", "f.csv#L5": "d",
    }  # fmt: skip
    assert rows[2]["detail"] == "the row has 3 columns, the header 2"


def test_a_quote_that_is_never_closed_costs_its_own_line_alone(tmp_path):
    """Without taking back, it would swallow all the rest of the file."""
    (tmp_path / "f.csv").write_text('id,text\n1,a\n2,"b\n3,c\n4,d\n')
    assert found(read(tmp_path)) == {
        "f.csv#L2": "a", "f.csv#L3": "broken-row", "f.csv#L4": "c", "f.csv#L5": "d",
    }  # fmt: skip


def test_a_quote_inside_a_quoted_cell_is_an_error_and_not_guessed(tmp_path):
    """The lenient way would drop the mark without a word."""
    (tmp_path / "f.csv").write_text('id,text\n1,"a"b\n2,c\n')
    assert found(read(tmp_path)) == {"f.csv#L2": "broken-row", "f.csv#L3": "c"}


def test_a_row_above_the_limit_is_too_large(tmp_path):
    """On one line, or over several."""
    lines = ["id,text", "1," + "x" * 200, "2,a", '3,"' + "y" * 60, "z" * 60 + '"', "4,b"]
    (tmp_path / "f.csv").write_text("\n".join(lines) + "\n")
    assert found(read(tmp_path, Limits(record_bytes=100, block_bytes=64))) == {
        "f.csv#L2": "too-large", "f.csv#L3": "a", "f.csv#L4": "too-large", "f.csv#L5": "column-count",
        "f.csv#L6": "b",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("content", "detail"),
    [
        ("id,body\n1,a\n", "there is no column 'text' for the text; there are: id, body"),
        ("text,text\na,b\n", "2 columns are called 'text'"),
        ("\n\n", "there is no header"),
    ],
)
def test_a_table_without_a_column_of_text_is_one_error_that_names_its_columns(tmp_path, content, detail):
    """The remedy is a line in the recipe."""
    (tmp_path / "f.csv").write_text(content)
    [row] = read(tmp_path)
    assert (row["locator"], row["error"], row["detail"]) == ("f.csv", "no-text-field", detail)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "cp1256"])
def test_a_table_in_any_encoding_is_read(tmp_path, encoding):
    """A spreadsheet saves what its system speaks."""
    text = "أعلنت البلدية افتتاح المكتبة العامة الجديدة في حي الميناء صباح اليوم"
    (tmp_path / "f.csv").write_bytes(f'id,text\r\n1,"{text}"\r\n2,{text}\r\n'.encode(encoding))
    assert found(read(tmp_path)) == {"f.csv#L2": text, "f.csv#L3": text}


def test_bytes_that_are_not_of_the_encoding_stay_in_the_record(tmp_path):
    """Damage is repaired, counted and shown by the decoding of records, and costs no row."""
    text = "أعلنت البلدية افتتاح المكتبة العامة".encode()
    (tmp_path / "f.csv").write_bytes(b"id,text\n1," + text + b"\n2," + text + b"\xff\n")
    assert [row["payload"] for row in read(tmp_path)] == [text, text + b"\xff"]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (['1\t"قال" أحمد'], {"f.tsv#L2": '"قال" أحمد'}),
        (['1\t"لم يغلق', "2\tنص"], {"f.tsv#L2": '"لم يغلق', "f.tsv#L3": "نص"}),
        (['1\t"لم يغلق', '2\t"ولا هذا"'], {"f.tsv#L2": '"لم يغلق', "f.tsv#L3": "ولا هذا"}),
        (['1\t"من جدول ""فيه"" علامات"'], {"f.tsv#L2": 'من جدول "فيه" علامات'}),
        (['1\t"سطر', 'ثان"', "2\tنص"], {"f.tsv#L2": "سطر\nثان", "f.tsv#L4": "نص"}),
        (['1\t"a\tb"'], {"f.tsv#L2": "a\tb"}),
        (["1\ta\tb", "", "2\tc"], {"f.tsv#L2": "column-count", "f.tsv#L4": "c"}),
    ],
)
def test_tabs_part_what_nothing_quotes_and_what_a_spreadsheet_quotes(tmp_path, lines, expected):
    """An article that begins with a quotation mark swallows no row, and a spreadsheet's cell is whole."""
    (tmp_path / "f.tsv").write_text("\n".join(["id\ttext", *lines]) + "\n", encoding="utf-8")
    assert found(read(tmp_path)) == expected
