"""Where tasks run: inline, or in a pool of processes."""

import os
from collections.abc import Callable, Iterable
from itertools import chain, islice

from harness.core.tasks import Engine, Settle, TaskSpec
from harness.engines.attempting import RunsWithoutFailure
from harness.engines.inline import InlineEngine
from harness.engines.pool import PoolEngine
from harness.engines.time_limit import TimeLimit

__all__ = ["open_engine"]


def open_engine(workers: int | None, *, tell: Callable[[str], None] = lambda _: None) -> Engine:
    """Choose an engine; every one writes the same bytes.

    Args:
        workers: 1 runs everything in this process: nothing is started, but a crash is not survived. More is
            a pool of at most that many. None takes the machine's cores, and stays in this process where
            there is but one task.
        tell: Hears, in a sentence, of what people should know while they wait.

    Raises:
        ConfigurationError: The environment's time limit for a task is no number.
    """
    limit = TimeLimit.from_environment()
    if workers == 1:
        return InlineEngine()
    if workers is None:
        return _EngineForAnySize(PoolEngine(_cores(), limit=limit, tell=tell))
    return PoolEngine(workers, limit=limit, tell=tell)


class _EngineForAnySize(RunsWithoutFailure):
    """A pool, but for a single task: starting a process would take longer than most such corpora do."""

    def __init__(self, pool: PoolEngine) -> None:
        self._pool = pool

    def place(self, task: str, specs: Iterable[TaskSpec], settle: Settle) -> None:
        """Look at the first two specs, and choose; see `harness.core.tasks.Engine`."""
        coming = iter(specs)
        first = list(islice(coming, 2))
        engine: Engine = InlineEngine() if len(first) < 2 else self._pool
        engine.place(task, chain(first, coming), settle)


def _cores() -> int:
    """Count the cores that this process may use, which in a container are fewer than the machine has."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
