"""Workers forked by a process that was forked itself: they have loaded what the caller has, and none of its habits."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from harness.engines.nursery import IS_POSSIBLE

pytestmark = pytest.mark.skipif(not IS_POSSIBLE, reason="processes are forked on Linux alone")

_PROGRAM = """
import os, signal, sys, threading
from pathlib import Path
from harness.core.tasks import TaskSpec
from harness.engines import open_engine

def answer(spec):
    match spec.options["asked"]:
        case "loaded":
            told = str(getattr(sys, "loaded_by_caller", False))
        case "handler":
            told = signal.getsignal(signal.SIGTERM).name
        case "end":
            os.kill(os.getpid(), signal.SIGTERM)
    spec.output.mkdir()
    (spec.output / "told").write_text(told)

def settle(finished):
    told = finished.spec.output / "told"
    print(finished.failure.kind if finished.failure else told.read_text())
    return ()

def ask(engine, asked, number=0):
    engine.place("asking:answer", [TaskSpec((), Path(f"{asked}-{number}"), {"asked": asked}, tries=1)], settle)

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parent))
    sys.loaded_by_caller = True
"""


def told_by(tmp_path: Path, *lines: str) -> list[str]:
    """Run the program with some more lines; give what it prints."""
    program = tmp_path / "asking.py"
    program.write_text(_PROGRAM + "".join(f"    {line}\n" for line in lines), encoding="utf-8")
    places = os.pathsep.join([str(tmp_path), *filter(None, [os.environ.get("PYTHONPATH")])])
    run = subprocess.run(
        [sys.executable, str(program)],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": places, "OPENBLAS_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert run.stderr == ""
    return run.stdout.splitlines()


def test_workers_have_loaded_what_the_caller_had(tmp_path):
    """So that nothing is loaded twice, for one task after another."""
    lines = ("with open_engine(2) as engine:", "    ask(engine, 'loaded')", "    ask(engine, 'loaded', 1)")
    assert told_by(tmp_path, *lines) == ["True", "True"]


def test_a_caller_with_threads_is_not_forked(tmp_path):
    """A lock that one of them holds would never be given back."""
    waiting = "threading.Thread(target=threading.Event().wait, daemon=True).start()"
    lines = (waiting, "with open_engine(2) as engine:", "    ask(engine, 'loaded')")
    assert told_by(tmp_path, *lines) == ["False"]


def test_a_daemon_is_not_forked(tmp_path):
    """It may have no processes of its own; a build of one chunk needs none."""
    lines = (
        "import multiprocessing",
        "from harness.engines.nursery import may_be_forked",
        "say = lambda: print(may_be_forked(), flush=True)",
        "for daemon in (False, True):",
        "    process = multiprocessing.get_context('fork').Process(target=say, daemon=daemon)",
        "    process.start()",
        "    process.join()",
    )
    assert told_by(tmp_path, *lines) == ["True", "False"]


def test_what_the_caller_does_when_it_is_told_to_end_is_not_what_workers_do(tmp_path):
    """One that is ended says so by its signal; the caller's way, an exit in order, would look like a task's failure."""
    handled = "signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))"
    lines = (
        handled,
        "with open_engine(2) as engine:",
        "    ask(engine, 'handler')",
        "    ask(engine, 'end')",
    )
    assert told_by(tmp_path, *lines) == ["SIG_DFL", "SIGTERM"]


def test_nothing_is_left_behind_and_nothing_printed_twice(tmp_path):
    """What the caller had not written yet when it was forked is its own to write."""
    lines = ("print('once', end=' ')", "with open_engine(2) as engine:", "    ask(engine, 'loaded')")
    ending = "print(Path(f'/proc/self/task/{os.getpid()}/children').read_text())"
    assert told_by(tmp_path, *lines, ending) == ["once True", ""]
