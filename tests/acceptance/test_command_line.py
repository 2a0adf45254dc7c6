"""The command line is light, honest about wrong use, and leaves no trace when interrupted."""

import os
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from support.command import harness

CORPUS = Path(__file__).resolve().parents[2] / "datasets" / "demo-news"
HEAVY = (
    "great_expectations",
    "datasets",
    "pandas",
    "pyarrow",
    "numpy",
    "sklearn",
    "trafilatura",
    "huggingface_hub",
)


def _cpu_seconds_of_help() -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-m", "harness", "--help"], check=True, capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def test_help_costs_less_than_a_third_of_a_cpu_second():
    """The best of five, since a busy machine can only add."""
    assert min(_cpu_seconds_of_help() for _ in range(5)) < 0.3


def test_help_imports_nothing_heavy():
    """Great Expectations alone would cost four and a half seconds of CPU."""
    code = f"import sys; from harness.cli.app import main; main(['--help']); print([m for m in {HEAVY!r} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert done.stdout.splitlines()[-1] == "[]"


@pytest.mark.parametrize(
    "verb", ["build", "preview", "validate", "publish", "run", "compare", "report", "demo", "why"]
)
def test_every_verb_explains_itself(verb, tmp_path):
    """`--help` of each command works without any file."""
    done = harness(verb, "--help", cwd=tmp_path)
    assert done.code == 0
    assert f"harness {verb}" in done.stdout


def test_an_unknown_option_is_wrong_use(tmp_path):
    """A misspelt option ends with 2."""
    assert harness("build", "--profil", "safe", ".", cwd=tmp_path).code == 2


@pytest.mark.parametrize(("sent", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_an_interrupted_build_leaves_nothing_half_done_behind(tmp_path, sent, code):
    """No half version and no scratch folder stays; chunks that are done do, until the same command is through."""
    process = subprocess.Popen(
        [sys.executable, "-m", "harness", "build", CORPUS, "--out", tmp_path / "version"],
        cwd=tmp_path,
        stderr=subprocess.PIPE,
        env={**os.environ, "HF_HUB_OFFLINE": "1"},
        text=True,
    )
    assert process.stderr is not None
    process.stderr.readline()  # the build has begun
    time.sleep(0.3)
    process.send_signal(sent)
    process.communicate(timeout=60)
    assert process.returncode == code
    assert {path.name for path in tmp_path.iterdir()} <= {".version.unfinished"}
    assert harness("build", CORPUS, "--out", tmp_path / "version", cwd=tmp_path).code == 0
    assert [path.name for path in tmp_path.iterdir()] == ["version"]
