"""WARC: a page that a server gave is one record, a broken record is one error, and the next is found."""

import gzip
import hashlib
import zlib

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.core.recipe import FieldMapping, SourceSettings
from harness.sources import read_raw
from harness.sources.raw_file import Limits

PAGE = "<!doctype html><p>أعلنت البلدية افتتاح المكتبة".encode()


def answer(body=PAGE, status="200 OK", **headers):
    """Write what a server answered."""
    named = {
        "Content-Type": "text/html; charset=UTF-8",
        **{key.replace("_", "-"): one for key, one in headers.items()},
    }
    lines = [f"HTTP/1.1 {status}", *(f"{key}: {one}" for key, one in named.items() if one)]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def record(
    content=None,
    kind="response",
    content_type="application/http; msgtype=response",
    url="https://a.example/1",
):
    """Write one WARC record."""
    content = answer() if content is None else content
    head = (
        f"WARC/1.1\r\nWARC-Type: {kind}\r\nWARC-Target-URI: {url}\r\nWARC-Date: 2024-05-01T10:00:00Z\r\n"
        f"WARC-Record-ID: <urn:uuid:1>\r\nContent-Type: {content_type}\r\nContent-Length: {len(content)}\r\n\r\n"
    )
    return head.encode() + content + b"\r\n\r\n"


def read(root, limits=None, **fields):
    """Read a folder into plain rows."""
    source = SourceSettings(name="s", path=".", fields=FieldMapping(**fields))
    return [row for batch in read_raw([source], root, limits) for row in batch.to_pylist()]


def write(root, records, *, packed):
    """Write a WARC file; give the locator of each record."""
    pieces = [gzip.compress(one, mtime=0) for one in records] if packed else records
    name = "f.warc.gz" if packed else "f.warc"
    (root / name).write_bytes(b"".join(pieces))
    return [f"{name}#{sum(map(len, pieces[:place]))}" for place in range(len(pieces))]


both_kinds = pytest.mark.parametrize("packed", [False, True])


@both_kinds
def test_a_page_is_a_record_with_its_address_and_place(tmp_path, packed):
    """The locator is the byte at which the record begins, so that one seek finds it."""
    places = write(
        tmp_path, [record(b"format: WARC", "warcinfo", "application/warc-fields"), record()], packed=packed
    )
    [row] = read(tmp_path)
    assert row["locator"] == places[1]
    assert (row["payload"], row["media"], row["charset_declared"]) == (PAGE, "html", "utf-8")
    assert (row["url"], row["raw_sha256"]) == ("https://a.example/1", hashlib.sha256(PAGE).hexdigest())
    # The day of the crawl is not the day of publication.
    assert row["published"] is None


def test_the_recipe_maps_headers_of_both_layers(tmp_path):
    """Who wants the crawl's date or the server's takes it by name."""
    write(tmp_path, [record(answer(Last_Modified="Wed, 01 May 2024 09:00:00 GMT"))], packed=True)
    [by_crawler] = read(tmp_path, published="warc-date", id="warc-record-id")
    [by_server] = read(tmp_path, published="http.last-modified")
    assert (by_crawler["published"], by_crawler["id"]) == ("2024-05-01T10:00:00Z", "<urn:uuid:1>")
    assert by_server["published"] == "Wed, 01 May 2024 09:00:00 GMT"


@both_kinds
def test_what_is_no_article_is_no_record(tmp_path, packed):
    """Requests, images, redirects, robots.txt and answers of name servers are part of a crawl, not of a corpus."""
    records = [
        record(b"GET / HTTP/1.1\r\n\r\n", "request", "application/http; msgtype=request"),
        record(answer(b"\x89PNG", Content_Type="image/png")),
        record(answer(status="404 Not Found")),
        record(answer(b"User-agent: *", Content_Type="text/plain")),
        record(b"x", "response", "text/dns"),
        record(b"", "revisit"),
        record(),
        record(PAGE, "resource", "text/html; charset=utf-8"),
        record("نص الصفحة".encode(), "conversion", "text/plain"),
    ]
    places = write(tmp_path, records, packed=packed)
    assert [(row["locator"], row["media"], row["error"]) for row in read(tmp_path)] == [
        (places[6], "html", None), (places[7], "html", None), (places[8], "text", None),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        (b"5;x=y\r\n" + PAGE[:5] + b"\r\n" + b"%x\r\n" % (len(PAGE) - 5) + PAGE[5:] + b"\r\n0\r\n\r\n", {"Transfer_Encoding": "chunked"}),
        (PAGE, {"Transfer_Encoding": "chunked", "Content_Encoding": "br"}),
        (gzip.compress(PAGE, mtime=0), {"Content_Encoding": "gzip"}),
        (PAGE, {"Content_Encoding": "gzip"}),
        (zlib.compress(PAGE), {"Content_Encoding": "deflate"}),
        (zlib.compress(PAGE, wbits=-15), {"Content_Encoding": "deflate"}),
        (bytes(pa.Codec("brotli").compress(PAGE)), {"Content_Encoding": "br"}),
        (bytes(pa.Codec("zstd").compress(PAGE)), {"Content_Encoding": "zstd"}),
        (PAGE, {"Content_Type": ""}),
    ],
    ids=["chunked", "joined", "gzip", "unpacked", "zlib", "deflate", "brotli", "zstandard", "unlabelled"],
)  # fmt: skip
def test_a_page_is_read_as_it_was_before_transfer(tmp_path, body, headers):
    """Some crawlers undo chunks and compression and leave the headers; others keep what came."""
    write(tmp_path, [record(answer(body, **headers))], packed=True)
    assert [row["payload"] for row in read(tmp_path)] == [PAGE]


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        (b"5\r\nabcdef\r\nzz\r\n", {"Transfer_Encoding": "chunked"}),
        (gzip.compress(PAGE, mtime=0)[:-9], {"Content_Encoding": "gzip"}),
        (b"\x00\x01", {"Content_Encoding": "br"}),
        (b"x", {"Content_Encoding": "sdch"}),
    ],
    ids=["chunked", "gzip", "brotli", "unknown"],
)
def test_a_damaged_body_is_an_error_and_the_next_page_is_read(tmp_path, body, headers):
    """Half a page is no article."""
    places = write(tmp_path, [record(answer(body, **headers)), record()], packed=True)
    assert [(row["locator"], row["error"]) for row in read(tmp_path)] == [
        (places[0], "broken-record"),
        (places[1], None),
    ]


@pytest.mark.parametrize(
    "break_",
    [
        lambda one: one.replace(b"Content-Length", b"Content-Size"),
        lambda one: one.replace(b"Content-Length: ", b"Content-Length: 9"),
        lambda one: one.replace(b"Content-Length: 1", b"Content-Length: "),
        lambda one: one.replace(b"WARC/1.1", b"WRAC/1.1"),
        lambda one: one.replace(b"HTTP/1.1", b"nothing!"),
        lambda _: b"\xff" * 500,
        lambda one: one[:150],
    ],
)
@both_kinds
def test_behind_a_broken_record_the_next_one_is_found(tmp_path, packed, break_):
    """A crawler that crashed, a disk that failed: the rest of the file is worth reading."""
    places = write(tmp_path, [record(), break_(record()), record()], packed=packed)
    found = {row["locator"]: row["error"] for row in read(tmp_path)}
    assert found == {places[0]: None, places[1]: "broken-record", places[2]: None}


def test_a_damaged_member_is_an_error_although_it_seems_whole(tmp_path):
    """Its checksum is compared before the page counts."""
    members = [bytearray(gzip.compress(record(), mtime=0)) for _ in range(3)]
    members[1][-6] ^= 0xFF
    (tmp_path / "f.warc.gz").write_bytes(b"".join(members))
    assert [row["error"] for row in read(tmp_path)] == [None, "broken-record", None]


def test_records_that_share_a_member_are_told_apart(tmp_path):
    """Compressing a whole file at once is against the advice, and common."""
    (tmp_path / "f.warc.gz").write_bytes(gzip.compress(record() + record()))
    assert [row["locator"] for row in read(tmp_path)] == ["f.warc.gz#0", f"f.warc.gz#0+{len(record())}"]


@both_kinds
def test_a_page_above_the_limit_is_told_and_a_large_image_is_not(tmp_path, packed):
    """A film in a crawl costs no memory and is no error."""
    records = [record(answer(b"x" * 3_000)), record(b"x" * 3_000, "resource", "video/mp4"), record()]
    places = write(tmp_path, records, packed=packed)
    rows = read(tmp_path, Limits(record_bytes=2_000))
    assert [(row["locator"], row["error"]) for row in rows] == [(places[0], "too-large"), (places[2], None)]


def test_a_page_that_unpacks_beyond_measure_is_an_error_of_its_own(tmp_path):
    """A bomb inside a record does not end the file."""
    bomb = record(answer(gzip.compress(b"<" * 3_000_000), Content_Encoding="gzip"))
    write(tmp_path, [bomb, record()], packed=False)
    assert [row["error"] for row in read(tmp_path, Limits(expansion_free_bytes=100_000))] == [
        "archive-bomb",
        None,
    ]


def test_a_crawl_packed_by_another_method_is_read_to_its_break(tmp_path):
    """What cannot be searched ends with its first broken record, and that is told."""
    content = record() + b"\xff" * 100 + record()
    (tmp_path / "f.warc.zst").write_bytes(bytes(pa.Codec("zstd").compress(content)))
    rows = read(tmp_path)
    assert [(row["locator"], row["error"]) for row in rows] == [
        ("f.warc.zst#0", None),
        ("f.warc.zst", "unreadable-file"),
    ]


@both_kinds
@given(cut=st.integers(0, 2_000), flip=st.integers(0, 1_500))
def test_no_damage_stops_the_reading(tmp_path_factory, packed, cut, flip):
    """Wherever a file is cut or a byte turned over, each record is read or told, and none is made up."""
    root = tmp_path_factory.mktemp("damaged")
    write(root, [record(), record(), record()], packed=packed)
    [path] = root.iterdir()
    content = bytearray(path.read_bytes()[: cut or None])
    if flip < len(content):
        content[flip] ^= 0x10
    path.write_bytes(content)
    rows = read(root)
    assert len({row["locator"] for row in rows}) == len(rows)
    assert sum(row["payload"] == PAGE for row in rows) <= 3
    assert all(row["error"] in (None, "broken-record") for row in rows)
