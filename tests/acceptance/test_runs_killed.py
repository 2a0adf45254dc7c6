"""Runs that are killed: the same command goes on where it was, and ends with the bytes of a run that was not."""

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time

import pytest
from support.command import tree_bytes
from support.line_corpus import line_corpus
from support.programs import labelling

_ARTICLES = 120
_KILLS = 4


@pytest.fixture(scope="module")
def workspace(tmp_path_factory):
    """A built corpus of lines that declare their language, and a program that takes 3 ms an item."""
    root = tmp_path_factory.mktemp("workspace")
    corpus = line_corpus(root, _ARTICLES)
    labelling(root / "slow", f"time.sleep(0.003); open({str(root / 'asked')!r}, 'a').write(item + chr(10))")
    (corpus / "systems.toml").write_text('[[systems]]\nname = "slow"\nuri = "cmd:./slow"\nbatch_items = 8\n')
    return root


def _start(root):
    command = [sys.executable, "-m", "harness", "run", "tiny", "--task", "language-id", "--system", "slow"]
    return subprocess.Popen(
        [*command, "--format", "json"],
        cwd=root,
        env={**os.environ, "HARNESS_WORKSPACE": str(root)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def _run_bytes(root):
    runs = root / "datasets" / "tiny" / "runs"
    return {name: content for name, content in tree_bytes(runs).items() if not name.startswith(".")}


def test_a_run_killed_at_random_moments_ends_with_the_same_bytes(workspace):
    """Kill -9 while it asks; what was answered is not asked again, but for the batch that was on its way."""
    asked = workspace / "asked"
    whole = _start(workspace)
    said, told = whole.communicate(timeout=120)
    assert whole.returncode == 0, told
    items = json.loads(said)[0]["scores"][0]["n"]
    expected = _run_bytes(workspace)
    assert len(asked.read_text().split()) == items > _ARTICLES
    shutil.rmtree(workspace / "datasets" / "tiny" / "runs")
    asked.unlink()

    chance = random.Random(6)  # noqa: S311 - moments, not secrets
    killed = 0
    for _ in range(_KILLS):
        started = len(asked.read_text().split()) if asked.exists() else 0
        process = _start(workspace)
        goal = started + chance.randrange(1, items // (_KILLS + 2))
        while process.poll() is None and (not asked.exists() or len(asked.read_text().split()) < goal):
            time.sleep(0.002)
        process.send_signal(signal.SIGKILL)
        process.communicate()
        killed += process.returncode == -signal.SIGKILL
        assert _run_bytes(workspace) == {}
    assert killed == _KILLS

    last = _start(workspace)
    _, told = last.communicate(timeout=120)
    assert last.returncode == 0, told
    assert _run_bytes(workspace) == expected
    again = len(asked.read_text().split()) - items
    assert 0 <= again <= _KILLS * 2 * 8  # a batch on its way, and what was in the pipe
