"""The pool of processes: what a lost worker ran is run again, the rest is not touched, and nobody stays behind."""

import contextlib
import os
import pickle
import random
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from support.poisoned_tasks import TASK, results, written_chunks

from harness import engines
from harness.core.errors import ConfigurationError, SeveralErrors
from harness.core.tasks import Finished, TaskSpec
from harness.engines import open_engine
from harness.engines.inline import InlineEngine
from harness.engines.pool import PoolEngine
from harness.engines.time_limit import TimeLimit
from harness.workflows.isolating import run_isolating

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGKILL")

_SOON_S = 20

starts = pytest.mark.parametrize("start", ["anew", "early"])  # of the process that forks workers

_PROGRAM = """
import contextlib
import sys
from pathlib import Path
from harness.engines import open_engine
from harness.engines.pool import PoolEngine
from support.poisoned_tasks import TASK, written_chunks

def say(finished):
    print("over", flush=True)
    return ()

if __name__ == "__main__":
    specs = written_chunks(Path(sys.argv[1]), [[sys.argv[2]] for _ in range(500)])
    print("begin", flush=True)
    tell = lambda told: print(told, flush=True)
    opened = {"anew": lambda: contextlib.nullcontext(PoolEngine(2, tell=tell)), "early": lambda: open_engine(2, tell=tell)}
    try:
        with opened[sys.argv[3]]() as engine:
            engine.place(TASK, specs, say)
    except KeyboardInterrupt:
        print("interrupted", flush=True)
"""


def outcomes(engine, specs) -> list[Finished]:
    """Place specs and give what became of them."""
    over: list[Finished] = []

    def settle(finished):
        over.append(finished)
        return ()

    engine.place(TASK, iter(specs), settle)
    return over


def children_of(process: int) -> list[int]:
    """List the worker processes of a process: forked ones where one forks them, spawned ones elsewhere."""
    started = processes_of(process)
    return [worker for one in started for worker in processes_of(one) or [one]]


def processes_of(process: int) -> list[int]:
    """List what a process started (not Python's own tracker of resources)."""
    listed = subprocess.run(
        ["ps", "-ww", "-o", "pid=", "-o", "args=", "--ppid", str(process)],
        capture_output=True,
        text=True,
        check=False,
    )
    lines = [line.split(maxsplit=1) for line in listed.stdout.splitlines()]
    others = ("resource_tracker", "ps -ww")
    return [int(pid) for pid, arguments in lines if not any(one in arguments for one in others)]


@pytest.mark.parametrize(("tasks", "most"), [(1, 0), (3, 1), (12, 2)])
def test_processes_are_started_only_where_there_is_work_for_them(tmp_path, monkeypatch, tasks, most):
    """One task stays here, a few share one process, many have one for each core."""
    monkeypatch.setattr(engines, "_cores", lambda: 2)
    monkeypatch.setattr(
        engines, "may_be_forked", lambda: False
    )  # the tests before this one may have started threads
    seen: set[int] = set()

    def settle(finished):
        assert finished.failure is None
        seen.update(children_of(os.getpid()))
        return ()

    with engines.open_engine(None) as engine:
        engine.place(TASK, iter(written_chunks(tmp_path, [["wait"]] * tasks)), settle)
    assert len(seen) == most


def test_workers_killed_at_random_moments_change_nothing(tmp_path):
    """No record is charged with four kills, whichever they hit: a verdict takes five."""
    chunks = [[f"text {number}", "wait"] for number in range(40)]
    drawn = random.Random()  # noqa: S311 - moments, not secrets
    killed = []
    over = threading.Event()

    def kill():
        while len(killed) < 4 and not over.wait(drawn.uniform(0.05, 0.5)):
            there = [*children_of(os.getpid()), *processes_of(os.getpid())]
            if there:
                killed.append(drawn.choice(there))
                with contextlib.suppress(ProcessLookupError):
                    os.kill(killed[-1], signal.SIGKILL)

    killer = threading.Thread(target=kill)
    killer.start()
    try:
        run_isolating(PoolEngine(2), TASK, written_chunks(tmp_path, chunks), lambda _: None)
    finally:
        over.set()
        killer.join()
    made = [(text.upper().encode(), None, None) for chunk in chunks for text in chunk]
    assert results(tmp_path) == made
    assert killed


def test_a_dead_worker_takes_only_its_own_task_with_it(tmp_path):
    """Its neighbours' tasks are neither failed nor run twice."""
    specs = written_chunks(tmp_path, [["a"], ["exit"], ["b"], ["c"]])
    failed = {over.spec.output.name: over.failure for over in outcomes(PoolEngine(2), specs)}
    assert failed.pop("000001").kind == "exit code 3"
    assert failed == dict.fromkeys(["000000", "000002", "000003"])


@starts
def test_workers_outlive_neither_the_caller_nor_what_forked_them(tmp_path, start):
    """Killed without a word, it leaves no process that works on for nobody."""
    running = started(tmp_path, "hang", start)
    workers = [*awaited_workers(running), *processes_of(running.pid)]
    running.kill()
    running.wait()
    assert ended(workers)


def test_a_lost_forker_is_survived(tmp_path):
    """Its workers die with it; what they ran is run by others, and their own ends are told as ever."""
    killed: list[int] = []

    def settle(finished):
        assert finished.failure is None
        if not killed:
            killed.extend(processes_of(os.getpid()))
            for process in killed:
                os.kill(process, signal.SIGKILL)
        return ()

    PoolEngine(2).place(TASK, written_chunks(tmp_path, [["wait"]] * 8), settle)
    assert len(killed) == 1
    assert len(list((tmp_path / "outputs").iterdir())) == 8


def test_a_task_whose_output_stands_is_not_run_again(tmp_path):
    """The folder that it wrote whole is the record of its success."""
    for engine in (InlineEngine(), PoolEngine(1)):
        specs = written_chunks(tmp_path, [["raise"]])
        specs[0].output.mkdir(parents=True, exist_ok=True)
        assert [over.failure for over in outcomes(engine, specs)] == [None]


def test_what_follows_from_a_task_is_run_before_what_was_waiting(tmp_path):
    """So that a search goes into depth, and is over before more of the corpus is read."""
    first, *others = written_chunks(tmp_path, [["a"], ["b"], ["c"], ["d"]])
    follower = written_chunks(tmp_path / "more", [["e"]])[0]
    for engine in (InlineEngine(), PoolEngine(1)):
        seen: list[TaskSpec] = []

        def settle(finished, seen=seen):
            seen.append(finished.spec)
            return [follower] if finished.spec is first else []

        engine.place(TASK, [first, *others], settle)
        assert seen == [first, follower, *others]


def test_all_that_is_wrong_is_told_by_a_worker_too():
    """Several errors at once come back from another process as they were."""
    told = SeveralErrors([ConfigurationError("a", where="x", remedy="y"), ConfigurationError("b")])
    assert str(pickle.loads(pickle.dumps(told))) == str(told)  # noqa: S301 - our own bytes


def started(tmp_path: Path, payload: str, start: str = "anew") -> subprocess.Popen[bytes]:
    """Run a program of many tasks, which prints into `said.txt`."""
    program = tmp_path / "program.py"
    program.write_text(_PROGRAM, encoding="utf-8")
    places = [str(Path(__file__).parents[1]), *filter(None, [os.environ.get("PYTHONPATH")])]
    with (tmp_path / "said.txt").open("w") as output:
        return subprocess.Popen(
            [sys.executable, str(program), str(tmp_path), payload, start],
            env={**os.environ, "PYTHONPATH": os.pathsep.join(places)},
            stdout=output,
            start_new_session=True,
        )


def awaited_workers(running: subprocess.Popen[bytes]) -> list[int]:
    """Wait until a program has both its workers; list them."""
    deadline = time.monotonic() + _SOON_S
    while len(workers := children_of(running.pid)) < 2:
        assert time.monotonic() < deadline
        time.sleep(0.05)
    return workers


def ended(processes: list[int]) -> bool:
    """Tell whether processes are gone, or soon are; one that nobody waits for counts as gone."""
    deadline = time.monotonic() + _SOON_S
    while any(is_at_work(one) for one in processes):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


def is_at_work(process: int) -> bool:
    """Tell whether a process is there and no mere entry of the system's table."""
    told = Path(f"/proc/{process}/stat")
    with contextlib.suppress(OSError):
        return told.read_text().rpartition(")")[2].split()[0] != "Z"
    return False


def interrupted(tmp_path: Path, payload: str, start: str, *, times: int) -> tuple[list[str], list[int]]:
    """Run a program of many tasks, press Ctrl-C; give what it printed and which workers it left."""
    said = tmp_path / "said.txt"
    running = started(tmp_path, payload, start)
    workers = awaited_workers(running)
    awaited = "over" if payload == "wait" else "begin"
    deadline = time.monotonic() + _SOON_S
    while awaited not in said.read_text():
        assert time.monotonic() < deadline
        time.sleep(0.05)
    for _ in range(times):
        os.killpg(running.pid, signal.SIGINT)  # as a terminal does: to all of them
        time.sleep(0.5)
    running.wait(timeout=_SOON_S)
    return said.read_text().splitlines(), [one for one in workers if Path(f"/proc/{one}").exists()]


@starts
def test_ctrl_c_finishes_what_runs_and_begins_nothing_more(tmp_path, start):
    """What is finished is reported; no worker stays."""
    lines, left = interrupted(tmp_path, "wait", start, times=1)
    assert lines[-1] == "interrupted"
    assert lines.count("over") == len(list((tmp_path / "outputs").iterdir())) < 500
    assert left == []


@starts
def test_a_second_ctrl_c_does_not_wait(tmp_path, start):
    """A task that would take ten minutes is ended; no worker stays."""
    lines, left = interrupted(tmp_path, "hang", start, times=2)
    assert lines[0] == "begin"
    assert lines[-1] == "interrupted"
    assert any(line.startswith("interrupted: finishing 2 tasks") for line in lines)
    assert left == []


def test_the_time_limit_grows_with_the_input(tmp_path):
    """Seconds for the task, and as many for each million bytes."""
    (tmp_path / "two").write_bytes(bytes(2_000_000))
    spec = TaskSpec((tmp_path / "two",), tmp_path / "out")
    assert TimeLimit(10).of(spec) == 30
    assert TimeLimit(10).of(TaskSpec((), tmp_path / "out", patience=4)) == 40


def test_a_time_limit_that_is_no_number_is_refused(monkeypatch):
    """Before anything runs; `inf` is one."""
    for wrong in ("soon", "0", "-1", "nan"):
        monkeypatch.setenv("HARNESS_TASK_SECONDS", wrong)
        with pytest.raises(ConfigurationError, match="number of seconds"), open_engine(2):
            pass
    monkeypatch.setenv("HARNESS_TASK_SECONDS", "inf")
    with open_engine(2):
        pass
