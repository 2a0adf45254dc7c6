"""Compressed files and tars: every method reads alike, damage is told after what stood before it."""

import bz2
import gzip
import io
import lzma
import random
import tarfile
import zipfile

import pyarrow as pa
import pytest

from harness.core.recipe import SourceSettings
from harness.sources import read_raw
from harness.sources.raw_file import Limits


def zstandard(content):
    """Pack bytes as one frame."""
    return bytes(pa.Codec("zstd").compress(content))


METHODS = {"gz": gzip.compress, "bz2": bz2.compress, "xz": lzma.compress, "zst": zstandard}
_KINDS = (tarfile.DIRTYPE, tarfile.LNKTYPE, tarfile.SYMTYPE, tarfile.FIFOTYPE)
every_method = pytest.mark.parametrize("method", METHODS)


def read(root, limits=None):
    """Read a folder into plain rows."""
    source = SourceSettings(name="s", path=".")
    return [row for batch in read_raw([source], root, limits) for row in batch.to_pylist()]


def codes(rows):
    """Give each locator its error, or None."""
    return {row["locator"]: row["error"] for row in rows}


def tar_of(members):
    """Pack members, given as (name, content or kind of a member without content), into the bytes of a tar."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for name, content in members:
            info = tarfile.TarInfo(name)
            if isinstance(content, bytes) and content not in _KINDS:
                info.size = len(content)
                archive.addfile(info, io.BytesIO(content))
            else:
                info.type = content
                info.linkname = "/etc/passwd"
                archive.addfile(info)
    return buffer.getvalue()


@every_method
def test_what_is_inside_has_its_own_format_and_hash(tmp_path, method):
    """The name without the method's extension tells the format."""
    (tmp_path / "a.txt").write_bytes(b"hello")
    (tmp_path / f"a.txt.{method}").write_bytes(METHODS[method](b"hello"))
    (tmp_path / f"f.jsonl.{method}").write_bytes(METHODS[method](b'{"text":"x"}\n\n{"text":"y"}\n'))
    plain, packed, *lines = read(tmp_path)
    assert packed["raw_sha256"] == plain["raw_sha256"]
    assert [row["locator"] for row in (packed, *lines)] == [
        f"a.txt.{method}",
        f"f.jsonl.{method}#L1",
        f"f.jsonl.{method}#L3",
    ]


@every_method
def test_streams_that_follow_each_other_are_one(tmp_path, method):
    """Appending packed lines to a packed file is common, and no line may be left out."""
    pack = METHODS[method]
    (tmp_path / f"f.jsonl.{method}").write_bytes(pack(b'{"text":"x"}\n') + pack(b'{"text":"y"}\n'))
    assert [row["payload"] for row in read(tmp_path)] == [b"x", b"y"]


@every_method
def test_what_stands_before_a_break_is_kept(tmp_path, method):
    """A stream that ends early is an error record behind the lines that came before."""
    drawn = random.Random(7)  # noqa: S311 - it shall not pack well
    texts = [drawn.randbytes(1_500).hex() for _ in range(1_000)]
    lines = "".join(f'{{"text":"{text}"}}\n' for text in texts)
    (tmp_path / f"f.jsonl.{method}").write_bytes(METHODS[method](lines.encode())[:-2_000])
    *kept, last = read(tmp_path)
    assert (last["locator"], last["error"]) == (f"f.jsonl.{method}", "broken-archive")
    assert len(kept) > 100
    assert [row["payload"].decode() for row in kept] == texts[: len(kept)]


@every_method
@pytest.mark.parametrize("content", [b"no such stream" * 9, b""])
def test_what_was_never_packed_is_an_error(tmp_path, method, content):
    """A wrong extension is told; a file of no bytes has lost what it held."""
    (tmp_path / f"a.txt.{method}").write_bytes(content)
    [row] = read(tmp_path)
    # gzip takes nothing for nothing: an empty record, which decoding refuses.
    assert row["error"] == "broken-archive" or row["payload"] == b""


@every_method
def test_a_bomb_is_stopped_by_its_ratio(tmp_path, method):
    """A stream that unpacks to two hundred times its size and much besides is no article."""
    (tmp_path / f"a.txt.{method}").write_bytes(METHODS[method](b"\0" * 30_000_000))
    assert codes(read(tmp_path, Limits(expansion_free_bytes=100_000))) == {f"a.txt.{method}": "archive-bomb"}


@pytest.mark.parametrize(
    "extension", ["tar", "tar.gz", "tgz", "tar.bz2", "tbz2", "tar.xz", "txz", "tar.zst", "tzst"]
)
def test_a_tar_is_one_archive_however_it_is_packed(tmp_path, extension):
    """Members come in natural order, by their formats, and may be compressed or an archive once more."""
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr("in.txt", "inner")
    members = [
        ("./a10.txt", b"ten"), ("./a2.html", b"<p>two"), ("./f.jsonl.gz", gzip.compress(b'{"text":"line"}')),
        ("./n.zip", inner.getvalue()), ("./.hidden", b"h"), ("./folder", tarfile.DIRTYPE),
    ]  # fmt: skip
    method = extension.replace("tar.", "").removeprefix("t")
    (tmp_path / f"x.{extension}").write_bytes(METHODS.get(method, lambda content: content)(tar_of(members)))
    assert [(row["locator"], row["payload"], row["media"]) for row in read(tmp_path)] == [
        (f"x.{extension}!a2.html", b"<p>two", "html"),
        (f"x.{extension}!a10.txt", b"ten", "text"),
        (f"x.{extension}!f.jsonl.gz#L1", b"line", "text"),
        (f"x.{extension}!n.zip!in.txt", b"inner", "text"),
    ]


def test_a_third_level_is_not_opened(tmp_path):
    """A compressed file counts as an archive, unless it is a tar."""
    inner = gzip.compress(tar_of([("c.txt.gz", gzip.compress(b"x")), ("d.txt", b"y")]))
    (tmp_path / "a.tar").write_bytes(tar_of([("b.tgz", inner)]))
    assert codes(read(tmp_path)) == {"a.tar!b.tgz!c.txt.gz": "nested-too-deep", "a.tar!b.tgz!d.txt": None}


def test_hostile_members_of_a_tar_are_errors_and_the_rest_is_read(tmp_path):
    """Names that lead out, links and devices have no text; nothing is written by its name."""
    members = [
        ("../../x", b"x"), ("/etc/x", b"x"), ("hard.txt", tarfile.LNKTYPE), ("soft.txt", tarfile.SYMTYPE),
        ("pipe", tarfile.FIFOTYPE), ("good.txt", b"x"), ("good.txt", b"y"),
    ]  # fmt: skip
    (tmp_path / "x.tar").write_bytes(tar_of(members))
    assert codes(read(tmp_path)) == {
        "x.tar!../../x": "unsafe-member-name",
        "x.tar!/etc/x": "unsafe-member-name",
        "x.tar!hard.txt": "link-in-archive",
        "x.tar!soft.txt": "link-in-archive",
        "x.tar!pipe": "not-a-file",
        "x.tar!good.txt": None,
        "x.tar!good.txt~2": None,
    }


@pytest.mark.parametrize(
    ("damage", "kept"),
    [
        (lambda tar: tar[: 2 * 512 + 100], ["a.txt"]),  # inside the second header
        (lambda tar: tar[: 2 * 512], ["a.txt"]),  # between two members
        (lambda tar: tar[: 2 * 512] + b"\xff" * 512 + tar[3 * 512 :], ["a.txt"]),  # the second header
        (lambda tar: tar + tar, ["a.txt", "b.txt"]),  # two tars, one behind the other
    ],
)
def test_a_tar_that_does_not_end_as_it_should_is_told(tmp_path, damage, kept):
    """The library stops at the first thing that is no header, in silence; members behind it would be lost."""
    (tmp_path / "x.tar").write_bytes(damage(tar_of([("a.txt", b"x"), ("b.txt", b"y")])))
    found = codes(read(tmp_path))
    assert found == {f"x.tar!{name}": None for name in kept} | {"x.tar": "broken-archive"}


def test_a_tar_that_unpacks_to_too_much_is_stopped(tmp_path):
    """What comes out of a compressed tar has a bound before any of its members is read."""
    (tmp_path / "x.tar.xz").write_bytes(lzma.compress(tar_of([("a.txt", b"\0" * 100_000)])))
    assert codes(read(tmp_path, Limits(archive_bytes=50_000))) == {"x.tar.xz": "archive-bomb"}
