"""Where tasks run: inline, or in a pool of processes."""

import contextlib
import functools
import os
from collections.abc import Callable, Iterable, Iterator
from itertools import chain, islice

from harness.core.tasks import Engine, Settle, TaskSpec
from harness.engines.attempting import RunsWithoutFailure
from harness.engines.inline import InlineEngine
from harness.engines.nursery import Nursery, may_be_forked
from harness.engines.pool import PoolEngine
from harness.engines.time_limit import TimeLimit

__all__ = ["open_engine"]

# Tasks that one process is done with before a second one would have loaded what they need: some 2 CPU seconds,
# and half a second for a chunk of 4 MB.
_FEW = 4


@contextlib.contextmanager
def open_engine(workers: int | None, *, tell: Callable[[str], None] = lambda _: None) -> Iterator[Engine]:
    """Choose an engine; every one writes the same bytes.

    Its workers are forked from a process that is forked here, and so have loaded what this process has: open it
    when that is loaded, and before anything is read. Arrow starts threads with that, and a process that has threads
    is not forked: then workers load all by themselves.

    Args:
        workers: 1 runs everything in this process: nothing is started, but a crash is not survived. More is
            a pool of at most that many. None takes the machine's cores, one process where there are but a few
            tasks, and stays in this one where there is but one.
        tell: Hears, in a sentence, of what people should know while they wait.

    Raises:
        ConfigurationError: The environment's time limit for a task is no number.
    """
    limit = TimeLimit.from_environment()
    if workers == 1:
        yield InlineEngine()
        return
    with contextlib.ExitStack() as own:
        early = own.enter_context(contextlib.closing(Nursery.fork_from_caller())) if may_be_forked() else None
        pool = functools.partial(PoolEngine, limit=limit, tell=tell, nursery=early)
        yield _EngineForAnySize(pool(1), pool(_cores())) if workers is None else pool(workers)


class _EngineForAnySize(RunsWithoutFailure):
    """A pool; of one process for a few tasks, and none for a single one: starting it would take longer than they do."""

    def __init__(self, single: PoolEngine, pool: PoolEngine) -> None:
        self._single = single
        self._pool = pool

    def place(self, task: str, specs: Iterable[TaskSpec], settle: Settle) -> None:
        """Look at the first specs, and choose; see `harness.core.tasks.Engine`."""
        coming = iter(specs)
        first = list(islice(coming, _FEW + 1))
        engine: Engine = self._pool
        if len(first) <= _FEW:
            engine = self._single if len(first) > 1 else InlineEngine()
        engine.place(task, chain(first, coming), settle)


def _cores() -> int:
    """Count the cores that this process may use, which in a container are fewer than the machine has."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
