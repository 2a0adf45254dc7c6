"""Measure what `harness run` costs beside the system: per item of a slow one, and items a second of a predictions file.

    python benchmarks/running.py [--items N] [--predictions N]

The slow systems sleep 5 ms an item and add up how long they slept; what a run takes beyond that is ours.
"""

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import pyarrow as pa

from harness.core.schema import DOCUMENTS
from harness.evaluation.results import SystemIdentity
from harness.evaluation.tasks import CorpusIdentity, Task, TaskBrief
from harness.store.runs import RunFolder
from harness.systems.system import Request, Response, SystemFamily
from harness.workflows import run as run_module
from harness.workflows.run import RunRequest, derive_task, run

_SLEEP_S = 0.005
# As many lines as a short news article has: the intervals draw clusters, and their number decides what they cost.
_ITEMS_A_CLUSTER = 10
_PROGRAM = f"""#!{sys.executable}
import json, sys, time
slept = 0.0
for line in sys.stdin:
    request = json.loads(line)
    start = time.perf_counter()
    time.sleep({_SLEEP_S})
    slept += time.perf_counter() - start
    print(json.dumps({{"id": request["id"], "output": "ar"}}), flush=True)
open(sys.argv[1], "w").write(str(slept))
"""


class _Sleeper:
    """Sleeps over each item, in this process."""

    identity = SystemIdentity(uri="sleeper", name="sleeper", version="", fingerprint="")
    slept_s = 0.0

    def prepare(self, brief: TaskBrief) -> None:
        """Do nothing."""

    def answer(self, batch: Sequence[Request]) -> Sequence[Response]:
        """Sleep, and answer."""
        responses = []
        for request in batch:
            start = time.perf_counter()
            time.sleep(_SLEEP_S)
            self.slept_s += time.perf_counter() - start
            responses.append(Response(request.id, "ar"))
        return responses


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--items", type=int, default=2000)
    options.add_argument("--predictions", type=int, default=40_000)
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        _slow(place, chosen.items)
        _predictions(place, chosen.predictions)


def _slow(place: Path, items: int) -> None:
    request = _request(place, items, "sleeper")
    task = derive_task(request)
    sleeper = _Sleeper()
    family = SystemFamily("sleeper", "sleeper", None, lambda _settings: sleeper, "", one_by_one=True)
    known = run_module.open_system, run_module.family_of
    run_module.open_system, run_module.family_of = lambda *_, **__: sleeper, lambda *_: family
    wall_s, cpu_s = _timed(lambda: run(request, task=task))
    run_module.open_system, run_module.family_of = known
    _tell_share("in this process", wall_s, cpu_s, sleeper.slept_s)

    program, told = place / "sleeper", place / "slept"
    program.write_text(_PROGRAM, encoding="utf-8")
    program.chmod(0o755)
    request = _request(place, items, f"cmd:{program} {told}")
    wall_s, cpu_s = _timed(lambda: run(request, task=task))
    _tell_share("a program", wall_s, cpu_s, float(told.read_text()))


def _predictions(place: Path, items: int) -> None:
    request = _request(place, items, f"preds:{place / 'answers.jsonl'}")
    task = derive_task(request)
    lines = (json.dumps({"id": name, "output": "ar"}) for name in _ids(task))
    (place / "answers.jsonl").write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    wall_s, cpu_s = _timed(lambda: run(request, task=task))
    print(
        f"predictions: {items:,} items, {items / wall_s:,.0f} items/s ({items / cpu_s:,.0f} items a second of CPU)"
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


def _tell_share(name: str, wall_s: float, cpu_s: float, slept_s: float) -> None:
    print(
        f"{name}: {slept_s:.2f} s in the system, {wall_s - slept_s:.3f} s beside it: "
        f"{(wall_s - slept_s) / slept_s:.2%} (our CPU {cpu_s:.3f} s: {cpu_s / slept_s:.2%})"
    )


if __name__ == "__main__":
    main()
