"""A folder of everything that goes wrong in the wild: each thing is told by its place, and the rest is built."""

import gzip
import io
import json
import shutil
import zipfile
from functools import cache

import pyarrow.parquet as pq
import pytest
from support.command import harness
from support.packages import needs_pycld2

pytestmark = needs_pycld2

ARTICLE = "أعلنت بلدية وادي الزهر افتتاح مكتبة عامة جديدة في حي {}، وتضم القاعة الكبرى عشرين ألف كتاب."
MB = 1 << 20


def _zip(members):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return buffer.getvalue()


def _lines(count):
    return [
        json.dumps({"text": ARTICLE.format(f"رقم {number}")}, ensure_ascii=False) for number in range(count)
    ]


def _warc_record(text):
    page = f"<html><body><article><p>{text}</p></article></body></html>".encode()
    answer = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + page
    head = f"WARC/1.0\r\nWARC-Type: response\r\nContent-Type: application/http\r\nContent-Length: {len(answer)}\r\n\r\n"
    return gzip.compress(head.encode() + answer + b"\r\n\r\n", mtime=0)


# Of each file: what it holds, and the errors that it has to end as, by the end of their locators.
@cache
def _hostile_files():
    lines = _lines(10)
    broken_lines = [*lines[:6], lines[6][:-9], *lines[7:]]
    warc = [_warc_record(ARTICLE.format(name)) for name in ("السوق", "البحر", "الجبل")]
    warc[1] = warc[1][:40] + b"\xff" * 40 + warc[1][80:]
    return {
        "truncated.jsonl.gz": (gzip.compress("\n".join(_lines(3_000)).encode())[:-50], {"": "broken-archive"}),
        "bomb.zip": (_zip([("bomb.jsonl", (b" " * 1023 + b"\n") * 1024 * 200), ("good.txt", ARTICLE.format("الغابة"))]), {"!bomb.jsonl": "archive-bomb"}),
        "escape.zip": (_zip([("../../x", "x"), ("good.txt", ARTICLE.format("الوادي"))]), {"!../../x": "unsafe-member-name"}),
        "zeros.txt": (bytes(4 * MB), {"": "not-text"}),
        "one-line.txt": ("كلمة ".encode() * (200 * MB // 9), {"": "too-large"}),
        "one-line.jsonl": (b'{"text":"' + b"x" * 200 * MB + b'"}\n' + lines[0].encode(), {"#L1": "too-large"}),
        "broken.jsonl": ("\n".join(broken_lines).encode(), {"#L7": "broken-json"}),
        "columns.csv": (f"id,text\n1,{lines[0][10:40]}\n2,a,b\n3\n".encode(), {"#L3": "column-count", "#L4": "column-count"}),
        "crawl.warc.gz": (b"".join(warc), {f"#{len(warc[0])}": "broken-record"}),
        "deep.html": (b"<div>" * 100_000 + ARTICLE.format("x").encode() + b"</div>" * 100_000, {"": "no-text-extracted"}),
    }  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Write all of it, with a link that leaves the folder and a date that no calendar has."""
    root = tmp_path_factory.mktemp("wild")
    (root / "outside.txt").write_text("secret", encoding="utf-8")
    raw = root / "raw"
    raw.mkdir()
    for name, (content, _) in _hostile_files().items():
        (raw / name).write_bytes(content)
    (raw / "link.txt").symlink_to(root / "outside.txt")
    year_0 = {
        "text": "قالت وزارة الزراعة إن محصول القمح هذا العام وافر بعد أمطار الشتاء.",
        "published": "0000-01-01",
    }
    (raw / "year-0.jsonl").write_text(json.dumps(year_0), encoding="utf-8")
    return root


@pytest.fixture(scope="module")
def built(folder):
    """Build the folder."""
    done = harness("build", folder / "raw", "--out", folder / "out", "--format", "json", cwd=folder)
    assert done.code == 0, done.stderr
    return done.json


def test_each_hostile_file_ends_as_its_error_and_nothing_else_does(folder, built):
    """Code and locator of every error, all of them."""
    expected = {
        f"{name}{end}": code for name, (_, errors) in _hostile_files().items() for end, code in errors.items()
    }
    errors = pq.read_table(folder / "out" / "errors" / "00000.parquet").to_pylist()
    assert {row["locator"]: row["error"] for row in errors} == expected | {"link.txt": "link-leaves-source"}
    assert built["counts"]["errors"] == len(errors)


def test_what_is_good_beside_it_is_read(folder, built):
    """Lines around the broken one, members beside the bomb, pages around the broken record."""
    records = pq.read_table(folder / "out" / "records" / "00000.parquet").to_pylist()
    read = {row["locator"] for row in records if row["status"] != "error"}
    assert {f"broken.jsonl#L{number}" for number in (1, 6, 8, 10)} <= read
    assert {
        "bomb.zip!good.txt",
        "escape.zip!good.txt",
        "one-line.jsonl#L2",
        "columns.csv#L2",
        "crawl.warc.gz#0",
    } <= read
    assert len({locator for locator in read if locator.startswith("crawl.warc.gz#")}) == 2
    assert len({locator for locator in read if locator.startswith("truncated.jsonl.gz#")}) > 1_000
    counts = built["counts"]
    assert counts["read"] == counts["kept"] + counts["rejected"] + counts["errors"] == len(records)


def test_a_date_that_no_calendar_has_stays_as_it_was_written(folder, built):
    """The article is kept; what it says of its day is not made up."""
    splits = [
        pq.read_table(path).to_pylist() for path in sorted((folder / "out" / "data").glob("*/*.parquet"))
    ]
    [row] = [row for rows in splits for row in rows if row["locator"] == "year-0.jsonl#L1" and "text" in row]
    assert (row["published"], row["published_raw"]) == (None, "0000-01-01")


def test_nothing_was_written_or_read_outside(folder, built):
    """Neither by a member's name nor through a link."""
    assert sorted(path.name for path in folder.iterdir()) == ["out", "outside.txt", "raw"]
    assert not any(b"secret" in path.read_bytes() for path in (folder / "out").rglob("*.parquet"))


def test_a_strict_build_refuses_the_folder(folder, tmp_path):
    """Exit code 3, and the places; two of its files say as much as all of them, which take a minute."""
    few = tmp_path / "few"
    few.mkdir()
    for name in ("crawl.warc.gz", "broken.jsonl"):
        shutil.copy(folder / "raw" / name, few / name)
    done = harness("build", few, "--out", tmp_path / "strict", "--strict", cwd=tmp_path)
    assert done.code == 3
    assert "(broken-record)" in done.stderr
    assert "broken.jsonl#L7 (broken-json)" in done.stderr
    assert not (tmp_path / "strict").exists()


@pytest.mark.parametrize(("strict", "code"), [(False, 0), (True, 3)])
def test_a_pattern_that_matches_nothing_is_told_beside_what_is_built(tmp_path, strict, code):
    """A misspelt pattern among others must not make a smaller corpus in silence."""
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw" / "a.txt").write_text(ARTICLE.format("الميناء"), encoding="utf-8")
    recipe = 'name = "x"\n[[sources]]\nname = "a"\ninclude = ["*.txt", "*.htlm"]\n'
    (tmp_path / "recipe.toml").write_text(recipe, encoding="utf-8")
    done = harness("build", "recipe.toml", "--out", "out", *["--strict"] * strict, cwd=tmp_path)
    assert done.code == code, done.stderr
    assert "nothing-matched" in (done.stderr if strict else done.stdout)


def test_a_corpus_whose_only_pattern_matches_nothing_is_no_evidence(tmp_path):
    """Exit code 4, and no version."""
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw" / "a.txt").write_text("x", encoding="utf-8")
    (tmp_path / "recipe.toml").write_text(
        'name = "x"\n[[sources]]\nname = "a"\ninclude = ["*.html"]\n', encoding="utf-8"
    )
    done = harness("build", "recipe.toml", "--out", "out", cwd=tmp_path)
    assert done.code == 4
    assert "nothing-matched" in done.stderr
    assert not (tmp_path / "out").exists()
