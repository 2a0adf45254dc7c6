"""A build that is cut short at any moment goes on where it was, and ends with the bytes of one that was not."""

import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from support.cached_builds import articles, write_lines
from support.command import harness, tree_bytes
from support.packages import needs_pycld2

pytestmark = needs_pycld2

COUNT = 60
_PATIENCE_S = 60


@pytest.fixture(scope="module")
def raw(tmp_path_factory):
    """A folder of articles."""
    folder = tmp_path_factory.mktemp("resuming") / "raw"
    write_lines(folder / "a.jsonl", articles(COUNT))
    return folder


def asked(raw: Path, out: Path, *more: str) -> list[str]:
    """Ask for a build in chunks of a few articles."""
    return ["build", str(raw), "--out", str(out), "--chunk-kib", "2", *more]


@pytest.fixture(scope="module")
def undisturbed(raw):
    """What a build that nobody disturbs writes."""
    out = raw.parent / "undisturbed"
    done = harness(*asked(raw, out, "--workers", "1"), cwd=raw.parent)
    assert done.code == 0, done.stderr
    return tree_bytes(out)


def begun(
    arguments: Sequence[str], cwd: Path, limit: Callable[[], None] | None = None
) -> subprocess.Popen[str]:
    """Start a build and do not wait for it."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("HARNESS_", "HF_"))}
    return subprocess.Popen(
        [sys.executable, "-m", "harness", *arguments],
        cwd=cwd,
        env={**clean, "HF_HUB_OFFLINE": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=limit,  # noqa: PLW1509 - nothing of this process holds a lock
    )


def finished_work(unfinished: Path) -> dict[Path, int]:
    """Give the chunks and shards that are done, each with what tells it from another of the same name."""
    found = (*unfinished.glob("processed/??/*/seal.json"), *unfinished.glob("shards/??/*/seal.json"))
    return {path: path.stat().st_ino for path in found if not path.parent.suffix}


def when_done(process: subprocess.Popen[str], unfinished: Path, count: int) -> None:
    """Wait until so much is done."""
    end = time.monotonic() + _PATIENCE_S
    while len(finished_work(unfinished)) < count and process.poll() is None and time.monotonic() < end:
        time.sleep(0.001)


@pytest.mark.parametrize(("workers", "count"), [("1", 1), ("2", 5), ("2", 16)])
def test_a_killed_build_goes_on_where_it_was(raw, undisturbed, tmp_path, workers, count):
    """Killed (-9) while chunks are worked on or shards are written: what was done is not done again, and nothing shows."""
    command = asked(raw, tmp_path / "version", "--workers", workers)
    kept = tmp_path / ".version.unfinished"
    process = begun(command, tmp_path)
    when_done(process, kept, count)
    process.kill()
    process.communicate()
    done_before = finished_work(kept)
    assert len(done_before) >= count
    assert not (tmp_path / "version").exists()
    second = begun([*command, "--cache", str(kept)], tmp_path)
    _, told = second.communicate(timeout=_PATIENCE_S)
    assert second.returncode == 0, told
    assert done_before.items() <= finished_work(kept).items()
    assert tree_bytes(tmp_path / "version") == undisturbed


def test_the_same_command_ends_it_and_leaves_nothing(raw, undisturbed, tmp_path):
    """What was kept for going on is gone once the version stands."""
    command = asked(raw, tmp_path / "version", "--workers", "1")
    process = begun(command, tmp_path)
    when_done(process, tmp_path / ".version.unfinished", 3)
    process.kill()
    process.communicate()
    assert (tmp_path / ".version.unfinished").is_dir()
    assert harness(*command, cwd=tmp_path).code == 0
    assert [path.name for path in tmp_path.iterdir()] == ["version"]
    assert tree_bytes(tmp_path / "version") == undisturbed


def test_ctrl_c_finishes_the_chunk_and_says_how_to_go_on(raw, undisturbed, tmp_path):
    """Exit code 130, a sentence, and the same command."""
    command = asked(raw, tmp_path / "version", "--workers", "2")
    process = begun(command, tmp_path)
    when_done(process, tmp_path / ".version.unfinished", 2)
    process.send_signal(signal.SIGINT)
    _, told = process.communicate(timeout=_PATIENCE_S)
    assert process.returncode == 130, told
    assert "the same command goes on from there" in told
    assert not (tmp_path / "version").exists()
    assert not list(tmp_path.glob(".build-*"))
    assert harness(*command, cwd=tmp_path).code == 0
    assert tree_bytes(tmp_path / "version") == undisturbed


def test_a_build_from_scratch_takes_nothing_that_was_left(raw, undisturbed, tmp_path):
    """`--no-cache` does all of the work, whatever an interrupted build left."""
    command = asked(raw, tmp_path / "version", "--workers", "1")
    process = begun(command, tmp_path)
    when_done(process, tmp_path / ".version.unfinished", 3)
    process.kill()
    process.communicate()
    for path in (tmp_path / ".version.unfinished").glob("processed/??/*/*"):
        path.write_bytes(b"")
    done = harness(*command, "--no-cache", cwd=tmp_path)
    assert done.code == 0, done.stderr
    assert "damaged" not in done.stderr
    assert tree_bytes(tmp_path / "version") == undisturbed


@pytest.mark.parametrize("workers", ["1", "2"])
def test_a_full_disk_is_named_and_nothing_is_half_written(raw, undisturbed, tmp_path, workers):
    """A limit on the size of files stands for the disk: an error that names the file, and later the same bytes."""
    command = asked(raw, tmp_path / "version", "--workers", workers)

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (9_000, 9_000))

    process = begun(command, tmp_path, limit)
    _, told = process.communicate(timeout=_PATIENCE_S)
    assert process.returncode == 3, told
    assert "File too large" in told
    assert str(tmp_path) in told
    assert not (tmp_path / "version").exists()
    assert not list(tmp_path.glob(".build-*"))
    assert not list(tmp_path.glob(".version.unfinished/*/??/*.part"))
    done = harness(*command, cwd=tmp_path)
    assert done.code == 0, done.stderr
    assert "damaged" not in done.stderr
    assert tree_bytes(tmp_path / "version") == undisturbed


def test_two_builds_at_once_do_not_break_each_other(raw, undisturbed, tmp_path):
    """Both end well, with the same bytes, on one cache."""
    commands = [asked(raw, tmp_path / name, "--cache", str(tmp_path / "cache")) for name in ("one", "two")]
    processes = [begun(command, tmp_path) for command in commands]
    for process in processes:
        _, told = process.communicate(timeout=_PATIENCE_S)
        assert process.returncode == 0, told
        assert "damaged" not in told
    assert tree_bytes(tmp_path / "one") == tree_bytes(tmp_path / "two") == undisturbed
