"""One process and all that it starts, measured from outside."""

import os
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

_SAMPLE_S = 0.2
_TAIL = 600  # characters of a failed contender's last words


@dataclass(frozen=True)
class Ended:
    """A process that has ended: exit code, seconds, MB, and its last words."""

    code: int
    cpu_s: float
    wall_s: float
    peak_mb: float
    last_words: str


def measured(command: Sequence[str | Path], log: Path, env: Mapping[str, str], limit_s: float) -> Ended:
    """Run a command to its end, or end it after `limit_s` seconds; both its streams go to `log`."""
    began = time.monotonic()
    with log.open("wb") as sink:
        process = subprocess.Popen(  # noqa: S603 - the benchmark's own commands
            [str(word) for word in command],
            stdout=sink,
            stderr=sink,
            env={**os.environ, **env},
            start_new_session=True,
        )
    watch = _Watch(process.pid, began + limit_s)
    watch.start()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)  # Popen must not wait again
    watch.ended.set()
    watch.join()
    words = log.read_text(encoding="utf-8", errors="replace").strip()[-_TAIL:]
    return Ended(
        process.returncode,
        usage.ru_utime + usage.ru_stime,
        time.monotonic() - began,
        (watch.peak_kb or usage.ru_maxrss) / 1e3,  # one that ended before the first sample had no children
        f"ended after {limit_s:.0f} s\n{words}" if watch.is_late else words,
    )


class _Watch(threading.Thread):
    """Samples the memory of a process and its descendants; ends its session when time is up."""

    def __init__(self, pid: int, deadline: float) -> None:
        super().__init__(daemon=True)
        self.pid, self.deadline = pid, deadline
        self.peak_kb, self.is_late = 0, False
        self.ended = threading.Event()

    def run(self) -> None:
        """Sample until the process has ended."""
        while not self.ended.wait(_SAMPLE_S):
            self.peak_kb = max(self.peak_kb, sum(map(_proportional_kb, _tree(self.pid))))
            if time.monotonic() > self.deadline and not self.is_late:
                self.is_late = True
                os.killpg(self.pid, 9)


def _tree(pid: int) -> list[int]:
    found = [pid]
    for known in found:
        try:
            for task in Path(f"/proc/{known}/task").iterdir():
                found.extend(map(int, (task / "children").read_text().split()))
        except OSError:  # it has ended meanwhile
            continue
    return found


def _proportional_kb(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:  # it has ended meanwhile
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)
