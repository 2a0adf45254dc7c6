"""Articles from standard input: JSON lines or one text, told by a first look, with locators that say which."""

import subprocess
import sys

import pyarrow.parquet as pq
import pytest

TEXT = "أعلنت بلدية وادي الزهر افتتاح مكتبة عامة جديدة في حي الميناء، وتضم القاعة الكبرى عشرين ألف كتاب."


def build(content, folder, *, out="out"):
    """Pipe bytes into a build."""
    return subprocess.run(
        [sys.executable, "-m", "harness", "build", "-", "--out", str(folder / out)],
        input=content,
        cwd=folder,
        capture_output=True,
        check=False,
    )


@pytest.mark.parametrize(
    ("content", "locators"),
    [
        (f'\n{{"text": "{TEXT}"}}\n{{"text": \n', {"stdin.jsonl#L2": "kept", "stdin.jsonl#L3": "error"}),
        (TEXT, {"stdin.txt": "kept"}),
    ],
)
def test_what_is_piped_in_is_built(tmp_path, content, locators):
    """The recipe that is printed says where the records came from."""
    done = build(content.encode(), tmp_path)
    assert done.returncode == 0, done.stderr.decode()
    rows = pq.read_table(tmp_path / "out" / "records" / "00000.parquet").to_pylist()
    assert {row["locator"]: row["status"] for row in rows} == locators
    assert 'path = "-"' in done.stdout.decode()


def test_nothing_piped_in_is_no_evidence(tmp_path):
    """An upstream command that failed does not make an empty corpus."""
    assert build(b"", tmp_path).returncode == 4
    assert not (tmp_path / "out").exists()


def test_the_same_input_gives_the_same_version(tmp_path):
    """Where it is copied to in between leaves no trace."""
    assert build(TEXT.encode(), tmp_path).returncode == 0
    assert build(TEXT.encode(), tmp_path, out="again").returncode == 0
    for name in ("manifest.json", "records/00000.parquet"):
        assert (tmp_path / "out" / name).read_bytes() == (tmp_path / "again" / name).read_bytes()
