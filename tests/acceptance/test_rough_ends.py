"""Programs are killed, terminals are closed, data moves: nothing stays behind, and nothing of it shows in a version."""

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from support.command import harness_inside, tree_bytes
from support.packages import needs_pycld2

pytestmark = needs_pycld2

ARTICLE = "أعلنت بلدية وادي الزهر افتتاح مكتبة عامة جديدة في حي الميناء، وتضم القاعة الكبرى عشرين ألف كتاب.\n"
_SOON_S = 20

_SLEEPER = """
import sys, time
from pathlib import Path
from harness.core.tasks import TaskSpec
from harness.engines.pool import PoolEngine

def sleep(spec):
    print("at work", flush=True)
    time.sleep(600)

if __name__ == "__main__":
    PoolEngine(2).run("sleeper:sleep", [TaskSpec((), Path("none"))] * 2, lambda: None)
"""


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGKILL")
def test_workers_end_when_their_parent_is_killed(tmp_path):
    """The output stays open as long as one of them lives."""
    (tmp_path / "sleeper.py").write_text(_SLEEPER, encoding="utf-8")
    places = [str(tmp_path), *filter(None, [os.environ.get("PYTHONPATH")])]
    parent = subprocess.Popen(
        [sys.executable, str(tmp_path / "sleeper.py")],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(places)},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert parent.stdout.readline() == "at work\n"
    parent.send_signal(signal.SIGKILL)
    parent.communicate(timeout=_SOON_S)


@pytest.mark.skipif(os.name == "nt", reason="there is no such shell on Windows")
def test_a_closed_stdout_is_no_bug(tmp_path):
    """A job whose output nobody wants ends with its own code; it ended with 1, which says that a gate failed."""
    command = '"$0" -m harness build nowhere >&-'
    done = subprocess.run(
        ["sh", "-c", command, sys.executable], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert "neither a corpus nor a folder" in done.stderr
    assert "Traceback" not in done.stderr


def test_where_the_data_lies_does_not_enter_a_version(tmp_path):
    """A recipe whose data the user brings gives the same bytes from any place; `--source` is none of its content."""
    recipe = tmp_path / "recipe.toml"
    recipe.write_text('name = "x"\n[[sources]]\nname = "x"\n', encoding="utf-8")
    first = tmp_path / "here"
    first.mkdir()
    (first / "a.txt").write_text(ARTICLE * 3, encoding="utf-8")
    second = Path(shutil.copytree(first, tmp_path / "deep" / "there"))
    for place, out in ((first, "one"), (second, "two")):
        done = harness_inside("build", recipe, "--source", place, "--out", tmp_path / out, cwd=tmp_path)
        assert done.code == 0, done.stderr
    assert tree_bytes(tmp_path / "one") == tree_bytes(tmp_path / "two")
    assert str(tmp_path) not in (tmp_path / "one" / "manifest.json").read_text(encoding="utf-8")


def test_a_page_of_blanks_is_no_document(tmp_path):
    """Without a recipe, too, what holds no word is refused by a rule that is printed with the recipe."""
    raw = tmp_path / "raw"
    raw.mkdir()
    (raw / "a.txt").write_text(ARTICLE, encoding="utf-8")
    (raw / "blank.txt").write_text(" \n\n ", encoding="utf-8")
    done = harness_inside("build", raw, "--out", tmp_path / "out", cwd=tmp_path)
    assert done.code == 0, done.stderr
    assert 'rule = "no-words"' in done.stdout
    (row,) = pq.read_table(tmp_path / "out" / "rejected" / "00000.parquet").to_pylist()
    assert (row["locator"], row["rule"], row["observed"]) == ("blank.txt", "no-words", "words = 0")


def test_two_sources_may_have_an_error_at_the_same_place(tmp_path):
    """`why` tells each record its own: errors are told apart by id, since a locator is relative to its source."""
    for name, content in (("one", b""), ("two", bytes(range(256)) * 40)):
        (tmp_path / name).mkdir()
        (tmp_path / name / "a.txt").write_bytes(content)
    (tmp_path / "one" / "b.txt").write_text(ARTICLE, encoding="utf-8")
    sources = "".join(f'[[sources]]\nname = "{name}"\npath = "{name}"\n' for name in ("one", "two"))
    (tmp_path / "recipe.toml").write_text('name = "x"\n' + sources, encoding="utf-8")
    out = tmp_path / "out"
    done = harness_inside("build", tmp_path / "recipe.toml", "--out", out, cwd=tmp_path)
    assert done.code == 0, done.stderr
    errors = pq.read_table(out / "errors" / "00000.parquet").to_pylist()
    for row in errors:
        told = harness_inside("why", row["id"], "--in", out, "--format", "json", cwd=tmp_path).json
        assert told["refusal"]["error"] == row["error"]
    assert {row["error"] for row in errors} == {"empty", "not-text"}
