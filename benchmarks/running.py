"""Measure what `harness run` costs beside the system: per item of a slow one, and items a second of a predictions file.

    python benchmarks/running.py [--items N] [--predictions N] [--write]

The slow systems sleep 5 ms an item and add up how long they took from being asked to having answered; what a run takes
beyond that is ours: scoring, intervals, writing and, of a program, its start and end. With `--write` into
docs/systems.md too.
"""

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pyarrow as pa
from page import DOCS, publish, table, versions

from harness.core.schema import DOCUMENTS
from harness.evaluation.results import SystemIdentity
from harness.evaluation.tasks import CorpusIdentity, Task, TaskBrief
from harness.store.runs import RunFolder
from harness.systems.system import Request, Response, SystemFamily
from harness.workflows import run as run_module
from harness.workflows.run import RunRequest, derive_task, run

_SLEEP_S = 0.005
_ROUNDS = 3
_MOST_BESIDE = 0.02  # of the system's time
_FEWEST_ITEMS_A_SECOND = 20_000
# As many lines as a short news article has: the intervals draw clusters, and their number decides what they cost.
_ITEMS_A_CLUSTER = 10
_PROGRAM = f"""#!{sys.executable}
import json, sys, time
took = 0.0
for line in sys.stdin:
    start = time.perf_counter()
    request = json.loads(line)
    time.sleep({_SLEEP_S})
    print(json.dumps({{"id": request["id"], "output": "ar"}}), flush=True)
    took += time.perf_counter() - start
open(sys.argv[1], "w").write(str(took))
"""


@dataclass(frozen=True, order=True)
class Cost:
    """What a run took beside the system, in CPU and on the clock, and what the system took on the clock; seconds."""

    cpu_s: float
    wall_s: float
    system_s: float


class _Sleeper:
    """Sleeps over each item, in this process."""

    identity = SystemIdentity(uri="sleeper", name="sleeper", version="", fingerprint="")
    took_s = 0.0
    cpu_s = 0.0

    def prepare(self, brief: TaskBrief) -> None:
        """Do nothing."""

    def answer(self, batch: Sequence[Request]) -> Sequence[Response]:
        """Sleep, and answer."""
        start, cpu = time.perf_counter(), time.process_time()
        responses = []
        for request in batch:
            time.sleep(_SLEEP_S)
            responses.append(Response(request.id, "ar"))
        self.took_s += time.perf_counter() - start
        self.cpu_s += time.process_time() - cpu
        return responses


def main() -> None:
    """Measure and print; with `--write` into the page too."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--items", type=int, default=2000)
    options.add_argument("--predictions", type=int, default=40_000)
    options.add_argument("--write", action="store_true")
    chosen = options.parse_args()
    publish("cost", _lines(chosen.items, chosen.predictions), to=DOCS / "systems.md")


def _lines(items: int, predictions: int) -> Iterator[str]:
    header = (
        "what",
        "items",
        "the system, s",
        "ours, CPU s",
        "wall s beside it",
        "measured",
        "goal",
        "reached",
    )
    with tempfile.TemporaryDirectory() as folder:
        rows = [*_slow(Path(folder), items), _predictions(Path(folder), predictions)]
    yield f"{versions('pyarrow', 'numpy')}; two cores, which others used.\n"
    yield from table(header, rows)


def _slow(place: Path, items: int) -> Iterator[Sequence[object]]:
    task = derive_task(_request(place, items, "sleeper"))
    in_process = [_in_this_process(place / f"a{number}", items, task) for number in range(_ROUNDS)]
    yield _share("5 ms an item, in this process", items, min(in_process))
    yield _share(
        "5 ms an item, a program", items, min(_program(place / f"b{n}", items, task) for n in range(_ROUNDS))
    )


def _in_this_process(place: Path, items: int, task: Task) -> Cost:
    sleeper = _Sleeper()
    family = SystemFamily("sleeper", "sleeper", None, lambda _settings: sleeper, "", one_by_one=True)
    known = run_module.open_system, run_module.family_of
    run_module.open_system, run_module.family_of = lambda *_, **__: sleeper, lambda *_: family
    wall_s, cpu_s = _timed(lambda: run(_request(place, items, "sleeper"), task=task))
    run_module.open_system, run_module.family_of = known
    return Cost(cpu_s - sleeper.cpu_s, wall_s - sleeper.took_s, sleeper.took_s)


def _program(place: Path, items: int, task: Task) -> Cost:
    place.mkdir()
    program, told = place / "sleeper", place / "took"
    program.write_text(_PROGRAM, encoding="utf-8")
    program.chmod(0o755)
    wall_s, cpu_s = _timed(lambda: run(_request(place, items, f"cmd:{program} {told}"), task=task))
    took_s = float(told.read_text())
    return Cost(cpu_s, wall_s - took_s, took_s)


def _predictions(place: Path, items: int) -> Sequence[object]:
    request = _request(place, items, f"preds:{place / 'answers.jsonl'}")
    task = derive_task(request)
    lines = (json.dumps({"id": name, "output": "ar"}) for name in _ids(task))
    (place / "answers.jsonl").write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    rounds = []
    for number in range(_ROUNDS):
        fresh = replace(request, runs=place / f"c{number}")
        wall_s, cpu_s = _timed(lambda fresh=fresh: run(fresh, task=task))
        rounds.append((cpu_s, wall_s))
    cpu_s, wall_s = min(rounds)
    rate = items / cpu_s
    reached = "yes" if rate >= _FEWEST_ITEMS_A_SECOND else "**no**"
    goal = f">= {_FEWEST_ITEMS_A_SECOND:,}/s"
    return (
        "predictions file",
        f"{items:,}",
        "",
        f"{cpu_s:.2f}",
        f"{wall_s:.2f}",
        f"{rate:,.0f}/s",
        goal,
        reached,
    )


def _request(place: Path, items: int, system: str) -> RunRequest:
    rows = [
        {
            "id": f"d{number:06}",
            "cluster": f"c{number // _ITEMS_A_CLUSTER:06}",
            "lang_declared": "ar",
            "lang": "ar",
            "text": f"افتتحت البلدية مكتبة عامة جديدة في وسط المدينة {number}",
            "source": "wire",
            "split": "test",
        }
        for number in range(items)
    ]
    return RunRequest(
        corpus=CorpusIdentity("bench", "1.0.0", "0" * 64),
        documents=pa.Table.from_pylist(rows, schema=pa.schema([*DOCUMENTS, pa.field("split", pa.string())])),
        tasks_file=place / "tasks.toml",
        runs=place / "runs",
        task="language-id",
        system=system,
    )


def _ids(task: Task) -> list[str]:
    ids: list[str] = task.items.column("item_id").to_pylist()
    return ids


def _timed(work: Callable[[], RunFolder]) -> tuple[float, float]:
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - wall, time.process_time() - cpu


def _share(name: str, items: int, cost: Cost) -> Sequence[object]:
    share = cost.cpu_s / cost.system_s
    reached = "yes" if share <= _MOST_BESIDE else "**no**"
    seconds = f"{cost.system_s:.2f}", f"{cost.cpu_s:.3f}", f"{cost.wall_s:.3f}"
    return name, f"{items:,}", *seconds, f"{share:.2%}", f"<= {_MOST_BESIDE:.0%}", reached


if __name__ == "__main__":
    main()
