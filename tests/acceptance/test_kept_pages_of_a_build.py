"""A build that keeps its pages: the bytes outlive the source, and how the work was cut does not show in them."""

import gzip
import shutil

import pyarrow.parquet as pq
import pytest
from support.command import harness_inside, tree_bytes
from support.packages import needs_pycld2

from harness.core.recipe import Recipe, SourceSettings
from harness.curation import kept_pages
from harness.store.versions import VersionFolder
from harness.workflows.build import BuildRequest, build

pytestmark = needs_pycld2

TEXT = (
    "أعلنت بلدية وادي الزهر افتتاح مكتبة عامة جديدة في حي {}، وتضم القاعة الكبرى عشرين ألف كتاب ومقهى صغيرا."
)
PLACES = ("الميناء", "السوق", "الجبل", "الغابة")


def _page(place, codec="windows-1256"):
    return f"<html><body><nav>menu</nav><article><p>{TEXT.format(place) * 2}".encode(codec)


def _recipe(*, keep_pages=True):
    sources = (
        SourceSettings(name="web", path="web", keep_pages=keep_pages, license="CC0-1.0"),
        SourceSettings(name="desk", path="desk", keep_pages=keep_pages, license="CC0-1.0"),
    )
    return Recipe(name="paged", sources=sources, license="CC0-1.0", gates=("encoding",))


def _raw(root):
    (root / "web").mkdir(parents=True)
    (root / "desk").mkdir()
    for number, place in enumerate(PLACES):
        (root / "web" / f"{number}.html").write_bytes(_page(place))
    (root / "web" / "copy.html").write_bytes(_page(PLACES[0], "utf-8"))
    (root / "web" / "empty.html").write_bytes(b"<html><body></body></html>")
    answer = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + _page("البحر")
    head = f"WARC/1.0\r\nWARC-Type: response\r\nContent-Type: application/http\r\nContent-Length: {len(answer)}\r\n\r\n"
    (root / "web" / "crawl.warc.gz").write_bytes(gzip.compress(head.encode() + answer + b"\r\n\r\n", mtime=0))
    (root / "desk" / "plain.txt").write_text(TEXT.format("الوادي"), encoding="utf-8")


def _built(root, out, recipe=None, **options):
    request = BuildRequest(recipe=recipe or _recipe(), root=root, out=out, workers=1, **options)
    return build(request, lambda _: None).version


@pytest.fixture(scope="module")
def version(tmp_path_factory):
    """Build, then lose the source."""
    root = tmp_path_factory.mktemp("paged")
    _raw(root)
    version = _built(root, root / "v")
    shutil.rmtree(root / "web")
    return VersionFolder.open(version.path)


def test_the_page_of_every_record_outlives_its_source(version, tmp_path):
    """Kept, refused as a copy, or without an article: the bytes are those that were read."""
    records = {row["locator"]: row for row in version.table("records").to_pylist()}
    assert {records[name]["status"] for name in ("copy.html", "0.html")} == {"kept", "rejected"}
    assert records["empty.html"]["status"] == "error"
    expected = {
        "0.html": _page(PLACES[0]),
        "copy.html": _page(PLACES[0], "utf-8"),
        "empty.html": b"<html><body></body></html>",
        "crawl.warc.gz#0": _page("البحر"),
    }
    for locator, content in expected.items():
        done = harness_inside(
            "why", locator, "--in", version.path, "--save-page", tmp_path / "p", cwd=tmp_path
        )
        assert done.code == 0, done.stderr
        assert (tmp_path / "p").read_bytes() == content
        assert "the raw bytes" in done.stdout


def test_a_page_that_is_not_kept_is_refused_with_the_remedy(version, tmp_path):
    """Exit code 3, the key to set, and no file."""
    done = harness_inside(
        "why", "plain.txt", "--in", version.path, "--save-page", tmp_path / "p", cwd=tmp_path
    )
    assert done.code == 3
    assert "keep_pages = true" in done.stderr
    assert not (tmp_path / "p").exists()


def test_what_is_no_page_is_not_kept(version):
    """Plain text is written back from the ledger; its source's file has no row, and is no table of the card."""
    assert pq.read_metadata(version.path / "pages" / "desk.parquet").num_rows == 0
    assert pq.read_metadata(version.path / "pages" / "web.parquet").num_rows == len(PLACES) + 3
    assert "pages/" not in (version.path / "README.md").read_text(encoding="utf-8")


def test_neither_chunks_nor_workers_show_in_the_bytes(tmp_path, monkeypatch):
    """Row groups end where the pages say, also when each page is a group."""
    _raw(tmp_path)
    monkeypatch.setattr(kept_pages, "GROUP_BYTES", 1_500)
    folders = [tmp_path / name for name in ("a", "b")]
    for folder, chunk_bytes in zip(folders, (200, 1 << 20), strict=True):
        _built(tmp_path, folder, chunk_bytes=chunk_bytes)
    assert tree_bytes(folders[0]) == tree_bytes(folders[1])
    assert pq.ParquetFile(folders[0] / "pages" / "web.parquet").num_row_groups > 1


def test_pages_that_are_not_asked_for_are_not_kept(tmp_path):
    """By default nothing of what others own is copied."""
    _raw(tmp_path)
    version = _built(tmp_path, tmp_path / "v", _recipe(keep_pages=False))
    assert not (version.path / "pages").exists()
