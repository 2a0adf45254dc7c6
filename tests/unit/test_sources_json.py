"""JSON: one record a line or element, mistakes alone in their line, text without loss."""

import codecs
import hashlib
import json

import pytest

from harness.core.recipe import FieldMapping, SourceSettings
from harness.sources import read_raw
from harness.sources.raw_file import Limits


def read(tmp_path, content, name="f.jsonl", limits=None, **fields):
    """Write one file and read its folder into plain rows."""
    (tmp_path / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    source = SourceSettings(name="s", path=".", fields=FieldMapping(**fields))
    return [row for batch in read_raw([source], tmp_path, limits) for row in batch.to_pylist()]


def test_a_line_is_a_record_with_its_fields_and_the_hash_of_its_bytes(tmp_path):
    """The hash is of the line without its end, so that CRLF changes no identity."""
    line = '{"text":"نص","id":"7","title":"عنوان","lang":"ar","extra":[1]}'
    [unix] = read(tmp_path, line + "\n")
    [dos] = read(tmp_path, line + "\r\n")
    assert (unix["payload"].decode(), unix["encoding"], unix["id"]) == ("نص", "utf-8", "7")
    assert (unix["title"], unix["lang_declared"], unix["locator"]) == ("عنوان", "ar", "f.jsonl#L1")
    assert unix["raw_sha256"] == dos["raw_sha256"] == hashlib.sha256(line.encode()).hexdigest()


def test_a_broken_line_is_alone_with_its_number(tmp_path):
    """Blank lines are no records and still count as lines."""
    rows = read(tmp_path, '{"text":"a"}\n\n  \n{"text":\n{"text":"b"}')
    assert [(row["locator"], row["error"]) for row in rows] == [
        ("f.jsonl#L1", None),
        ("f.jsonl#L4", "broken-json"),
        ("f.jsonl#L5", None),
    ]
    assert "character 9" in rows[1]["detail"]


@pytest.mark.parametrize(
    "line", ['{"id":"1"}', '{"text":null}', '{"text":3}', '{"text":["a"]}', "[]", "3", '"text"']
)
def test_a_line_without_a_string_for_the_text_says_so(tmp_path, line):
    """A number is no article."""
    [row] = read(tmp_path, line)
    assert (row["error"], row["payload"]) == ("no-text-field", None)


def test_two_objects_on_one_line_and_one_on_two_are_both_wrong(tmp_path):
    """Together they have as many rows as lines, which must not hide them."""
    rows = read(tmp_path, '{"text":"a"}{"text":"b"}\n{"text":\n"c"}\n')
    assert [row["error"] for row in rows] == ["broken-json"] * 3


def test_numbers_and_lists_become_text_as_they_were_written(tmp_path):
    """An id of twenty digits is not rounded."""
    [row] = read(
        tmp_path, '{"text":"a","id":12345678901234567890123,"author":["x","y"],"section":true,"url":1.50}'
    )
    assert (row["id"], row["author"], row["section"], row["url"]) == (
        "12345678901234567890123", "x, y", "true", "1.50",
    )  # fmt: skip


def test_a_dotted_path_reaches_inside_objects(tmp_path):
    """The same on the fast way and line by line."""
    fast = '{"body":{"text":"a"},"meta":{"id":"1"}}\n{"body":{"text":"b"},"meta":null}\n'
    for content in (fast, fast + "{broken\n"):
        rows = read(tmp_path, content, text="body.text", id="meta.id")
        assert [(row["payload"], row["id"]) for row in rows[:2]] == [(b"a", "1"), (b"b", None)]


def test_a_repeated_key_means_its_last_value(tmp_path):
    """As JSON parsers have it; the fast way must not see another one."""
    assert read(tmp_path, '{"text":"a","text":"b"}\n')[0]["payload"] == b"b"


def test_a_lone_surrogate_comes_through_as_three_bytes(tmp_path):
    """Decoding tells it from other damage by them; in metadata it is U+FFFD."""
    [row] = read(tmp_path, r'{"text":"a\ud800b\udc80","title":"x\udfffy\ud83d\ude00"}')
    assert (row["payload"], row["encoding"]) == (b"a\xed\xa0\x80b\xed\xb2\x80", "utf-8")
    assert row["title"] == "x\N{REPLACEMENT CHARACTER}y\N{GRINNING FACE}"


def test_damaged_utf8_keeps_its_bytes_for_the_decoder(tmp_path):
    """One bad byte is repaired and counted there, and costs no line and no other line's encoding."""
    good = '{"text":"' + "كلام عربي سليم " * 20 + '"}\n'
    rows = read(tmp_path, good.encode() + b'{"text":"\xd8\xa7\xff\xd8\xa8"}\n')
    assert [row["encoding"] for row in rows] == ["utf-8", "utf-8"]
    assert rows[1]["payload"] == b"\xd8\xa7\xff\xd8\xa8"
    assert rows[1]["raw_sha256"] == hashlib.sha256(b'{"text":"\xd8\xa7\xff\xd8\xa8"}').hexdigest()


ARABIC = "أعلنت الوزارة عن خطة جديدة لتطوير شبكة المياه في المدينة، وقالت إن العمل يبدأ قريباً"


@pytest.mark.parametrize("codec", ["cp1256", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_a_file_in_another_encoding_is_read_as_a_whole(tmp_path, codec):
    """The file has more evidence than any of its lines; its bytes stay where the encoding has one-byte line feeds."""
    lines = [json.dumps({"text": text, "title": ARABIC}, ensure_ascii=False) for text in (ARABIC, "قصير", "")]
    rows = read(tmp_path, "\r\n".join([lines[0], "", *lines[1:]]).encode(codec))
    assert [row["locator"] for row in rows] == ["f.jsonl#L1", "f.jsonl#L3", "f.jsonl#L4"]
    assert [row["payload"].decode(row["encoding"]) for row in rows] == [ARABIC, "قصير", ""]
    assert {row["title"] for row in rows} == {ARABIC}
    assert {row["encoding"] for row in rows} == {"windows-1256" if codec == "cp1256" else "utf-8"}


def test_an_escaped_character_that_the_encoding_lacks_makes_the_payload_utf8(tmp_path):
    """Nothing is replaced to fit."""
    lines = [json.dumps({"text": ARABIC}, ensure_ascii=False), r'{"text":"\u6771"}']
    rows = read(tmp_path, "\n".join(lines).encode("cp1256"))
    assert (rows[1]["payload"], rows[1]["encoding"]) == ("東".encode(), "utf-8")


def test_a_sparse_letter_across_a_block_does_not_turn_the_file_into_a_legacy_one(tmp_path):
    """A character cut by a block's end is no damage."""
    filler = ('{"text":"' + "x" * 989 + '"}\n').encode()
    start = b'{"text":"'
    blanks = b" " * ((1 << 20) - 1 - len(start) - 1_000 * len(filler) - 1) + b"\n"
    content = filler * 1_000 + blanks + start + "é".encode() + b'"}\n'
    assert content[: 1 << 20].endswith("é".encode()[:1])
    rows = read(tmp_path, content)
    assert {row["encoding"] for row in rows} == {"utf-8"}
    assert rows[-1]["payload"].decode() == "é"


@pytest.mark.parametrize(("mark", "second"), [(codecs.BOM_UTF8, b"b"), (codecs.BOM_UTF16_LE, None)])
def test_a_byte_order_mark_inside_a_file_costs_nothing_but_a_foreign_one_its_line(tmp_path, mark, second):
    """Files put together have such marks, one before the first line of each; its hash is of the line with it."""
    rows = read(tmp_path, b'{"text":"a"}\n' + mark + b'{"text":"b"}\n{"text":"c"}\n')
    assert [(row["locator"], row["payload"]) for row in rows] == [
        ("f.jsonl#L1", b"a"), ("f.jsonl#L2", second), ("f.jsonl#L3", b"c"),
    ]  # fmt: skip
    if second is not None:
        assert rows[1]["raw_sha256"] == hashlib.sha256(mark + b'{"text":"b"}').hexdigest()


def test_a_file_of_zeros_is_no_text(tmp_path):
    """It has no lines that could be told apart."""
    [row] = read(tmp_path, bytes(5_000))
    assert (row["error"], row["locator"]) == ("not-text", "f.jsonl")


@pytest.mark.parametrize("damage", [b"\0", bytes(4_096), b'{"text":"a\0\x01\x02"}', b"\0" + b"x\0" * 99])
def test_control_characters_cost_their_line_and_no_other(tmp_path, damage):
    """A file that a crash filled up with zeros is neither binary nor UTF-16 of Chinese."""
    for text in ("news of the day", ARABIC):
        lines = [json.dumps({"text": text}, ensure_ascii=False).encode()] * 3
        rows = read(tmp_path, b"\n".join([*lines, damage, *lines]))
        assert [row["payload"] for row in rows] == [text.encode()] * 3 + [None] + [text.encode()] * 3
        assert (rows[3]["locator"], rows[3]["error"]) == ("f.jsonl#L4", "broken-json")


def test_a_line_above_the_limit_is_too_large_and_the_next_is_read(tmp_path):
    """However many blocks it fills, it is not held."""
    long = '{"text":"' + "x" * 500 + '"}'
    rows = read(
        tmp_path, f'{{"text":"a"}}\n{long}\n{{"text":"b"}}\n', limits=Limits(record_bytes=100, block_bytes=64)
    )
    assert [(row["locator"], row["error"]) for row in rows] == [
        ("f.jsonl#L1", None),
        ("f.jsonl#L2", "too-large"),
        ("f.jsonl#L3", None),
    ]


def test_deep_nesting_in_a_field_of_no_interest_costs_nothing(tmp_path):
    """Alone or beside a broken line, the record is the same."""
    deep = '{"text":"a","z":' + "[" * 50_000 + "]" * 50_000 + "}"
    alone = read(tmp_path, deep)
    beside = read(tmp_path, deep + "\n{broken")
    assert alone[0] == beside[0]
    assert alone[0]["payload"] == b"a"


def test_a_list_gives_a_record_for_each_element(tmp_path):
    """Their locators are JSON pointers; what stands before a mistake is kept."""
    content = ' [ {"text":"a"} , {"x":1},\n{"text":"b"}, {"text":} ]'
    rows = read(tmp_path, content, name="f.json")
    assert [(row["locator"], row["error"], row["payload"]) for row in rows] == [
        ("f.json#/0", None, b"a"),
        ("f.json#/1", "no-text-field", None),
        ("f.json#/2", None, b"b"),
        ("f.json#/3", "broken-json", None),
    ]
    assert rows[2]["raw_sha256"] == hashlib.sha256(b'{"text":"b"}').hexdigest()


def test_one_object_is_one_record(tmp_path):
    """Its locator is the file's, and its hash the file's hash."""
    content = '{"text": "a", "url": "u"}\n'
    [row] = read(tmp_path, content, name="f.json")
    assert (row["locator"], row["payload"], row["url"]) == ("f.json", b"a", "u")
    assert row["raw_sha256"] == hashlib.sha256(content.encode()).hexdigest()


@pytest.mark.parametrize(
    "content", ["", "{", '{"text":"a"} x', "[" * 100_000, '[{"text":"a"}] x', '[{"text":"a"}']
)
def test_a_broken_document_ends_in_one_error(tmp_path, content):
    """Whatever is wrong, it is told once."""
    rows = read(tmp_path, content, name="f.json")
    assert [row["error"] for row in rows if row["error"]] == ["broken-json"]
