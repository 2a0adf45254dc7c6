"""Archives: members are records, hostile ones are errors, and unpacking is bounded."""

import gzip
import io
import struct
import zipfile

import pytest

from harness.core.recipe import SourceSettings
from harness.sources import read_raw
from harness.sources.raw_file import Limits


def read(root, limits=None):
    """Read a folder into plain rows."""
    source = SourceSettings(name="s", path=".")
    return [row for batch in read_raw([source], root, limits) for row in batch.to_pylist()]


def codes(rows):
    """Give each locator its error, or None."""
    return {row["locator"]: row["error"] for row in rows}


def zip_of(members):
    """Pack members, given as (name, content), into the bytes of a zip."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return buffer.getvalue()


def test_members_are_read_by_their_formats_in_natural_order(tmp_path):
    """A member is a file like any other, one level of nesting included."""
    inner = zip_of([("in.txt", "inner")])
    members = [("a10.txt", "ten"), ("a2.html", "<p>two"), ("f.jsonl", '{"text":"line"}\n'), ("n.zip", inner)]
    (tmp_path / "x.zip").write_bytes(
        zip_of([("folder/", ""), *members, (".hidden", "h"), ("__MACOSX/a", "h")])
    )
    rows = read(tmp_path)
    assert [(row["locator"], row["payload"], row["media"]) for row in rows] == [
        ("x.zip!a2.html", b"<p>two", "html"),
        ("x.zip!a10.txt", b"ten", "text"),
        ("x.zip!f.jsonl#L1", b"line", "text"),
        ("x.zip!n.zip!in.txt", b"inner", "text"),
    ]


def test_a_third_level_is_not_opened(tmp_path):
    """Archives in archives in archives are no way to keep articles."""
    third = zip_of([("b.zip", zip_of([("c.zip", zip_of([("d.txt", "x")]))]))])
    (tmp_path / "a.zip").write_bytes(third)
    assert codes(read(tmp_path)) == {"a.zip!b.zip!c.zip": "nested-too-deep"}


def test_a_name_that_leads_out_is_refused_and_the_rest_is_read(tmp_path):
    """No member is ever written by its name, and one that tries is told."""
    names = ["../../x", "/etc/x", "C:/x", "..\\x", "a/../../x", "good.txt"]
    (tmp_path / "x.zip").write_bytes(zip_of([(name, "x") for name in names]))
    found = codes(read(tmp_path))
    assert found == {f"x.zip!{name}": None if name == "good.txt" else "unsafe-member-name" for name in names}


def test_a_member_without_a_name_is_told_and_the_rest_is_read(tmp_path):
    """A name that begins with U+0000 is an empty one to a reader of zips."""
    packed = zip_of([("Za", "x"), ("good.txt", "y")]).replace(b"Za", b"\0a")
    (tmp_path / "x.zip").write_bytes(packed)
    assert codes(read(tmp_path)) == {"x.zip!": "unsafe-member-name", "x.zip!good.txt": None}


def test_an_encrypted_member_and_a_link_are_errors(tmp_path):
    """Neither has text to read."""
    link = zipfile.ZipInfo("link.txt")
    link.external_attr = 0o120777 << 16
    content = bytearray(zip_of([("secret.txt", "x"), ("open.txt", "y"), (link, "/etc/passwd")]))
    central = content.index(b"PK\x01\x02")
    flags = struct.unpack_from("<H", content, central + 8)[0]
    struct.pack_into("<H", content, central + 8, flags | 1)
    (tmp_path / "x.zip").write_bytes(content)
    assert codes(read(tmp_path)) == {
        "x.zip!link.txt": "link-in-archive",
        "x.zip!open.txt": None,
        "x.zip!secret.txt": "encrypted-member",
    }


def test_a_truncated_zip_is_one_error_and_other_files_are_read(tmp_path):
    """Its list of members stands at its end, so that nothing in it can be named."""
    (tmp_path / "a.zip").write_bytes(zip_of([("a.txt", "x" * 1000)])[:-30])
    (tmp_path / "b.txt").write_text("x")
    assert codes(read(tmp_path)) == {"a.zip": "broken-archive", "b.txt": None}


def test_a_damaged_member_is_an_error_of_its_own(tmp_path):
    """Its neighbours have checksums of their own."""
    content = bytearray(zip_of([("a.txt", bytes(range(256)) * 4), ("b.txt", "y")]))
    content[content.index(b"a.txt") + 5 + 20] ^= 0xFF
    (tmp_path / "x.zip").write_bytes(content)
    assert codes(read(tmp_path)) == {"x.zip!a.txt": "broken-archive", "x.zip!b.txt": None}


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_name_that_occurs_twice_gives_two_records(tmp_path):
    """Each can be pointed at."""
    (tmp_path / "x.zip").write_bytes(zip_of([("a.txt", "one"), ("a.txt", "two")]))
    assert [(row["locator"], row["payload"]) for row in read(tmp_path)] == [
        ("x.zip!a.txt", b"one"),
        ("x.zip!a.txt~2", b"two"),
    ]


def test_a_bomb_is_stopped_by_its_ratio(tmp_path):
    """A member that unpacks to two hundred times its size and much besides is no article."""
    limits = Limits(expansion_free_bytes=100_000)
    (tmp_path / "x.zip").write_bytes(zip_of([("bomb.txt", b"\0" * 3_000_000), ("ok.txt", b"\0" * 90_000)]))
    (tmp_path / "y.txt.gz").write_bytes(gzip.compress(b"\0" * 3_000_000))
    assert codes(read(tmp_path, limits)) == {
        "x.zip!bomb.txt": "archive-bomb",
        "x.zip!ok.txt": None,
        "y.txt.gz": "archive-bomb",
    }


def test_a_bomb_is_stopped_by_its_whole_size(tmp_path):
    """Many members, or many nested archives, count together."""
    inner = zip_of([("c.txt", b"x" * 600)])
    (tmp_path / "x.zip").write_bytes(zip_of([("a.txt", b"x" * 600), ("b.zip", inner), ("d.txt", b"x" * 600)]))
    found = codes(read(tmp_path, Limits(archive_bytes=1_000, archive_ratio=1)))
    assert found == {
        "x.zip!a.txt": None,
        "x.zip!b.zip!c.txt": "archive-bomb",
        "x.zip!d.txt": "archive-bomb",
    }


def test_a_compressed_file_is_read_under_its_own_name(tmp_path):
    """What is inside has the format that the name without .gz tells, and the hash of its own bytes."""
    (tmp_path / "a.txt").write_bytes(b"hello")
    (tmp_path / "a.txt.gz").write_bytes(gzip.compress(b"hello"))
    (tmp_path / "f.jsonl.gz").write_bytes(gzip.compress(b'{"text":"x"}\n\n{"text":"y"}\n'))
    plain, packed, *lines = read(tmp_path)
    assert packed["raw_sha256"] == plain["raw_sha256"]
    assert [row["locator"] for row in (packed, *lines)] == ["a.txt.gz", "f.jsonl.gz#L1", "f.jsonl.gz#L3"]


def test_what_stands_before_the_break_of_a_compressed_file_is_kept(tmp_path):
    """A stream that ends early is an error record behind the lines that came before."""
    lines = "".join(f'{{"text":"{number * 7919}"}}\n' for number in range(60_000))
    (tmp_path / "f.jsonl.gz").write_bytes(gzip.compress(lines.encode())[:-2_000])
    *kept, last = read(tmp_path)
    assert last["error"] == "broken-archive"
    assert len(kept) > 10_000
    assert [row["payload"].decode() for row in kept] == [str(number * 7919) for number in range(len(kept))]
