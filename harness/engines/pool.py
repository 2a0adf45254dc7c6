"""Tasks in a pool of processes on this machine, with nothing to start beforehand."""

import contextlib
import time
from collections.abc import Callable, Iterable
from multiprocessing.connection import wait
from types import TracebackType
from typing import Self

from harness.core.tasks import Failure, Finished, Settle, TaskSpec
from harness.engines.attempting import RunsWithoutFailure
from harness.engines.backlog import Backlog
from harness.engines.interrupts import interrupts_noted
from harness.engines.nursery import IS_POSSIBLE, Nursery, NurseryLostError
from harness.engines.time_limit import TimeLimit
from harness.engines.worker import Worker

# How often this process looks whether a task passed its time limit.
_LOOK_S = 0.25


class PoolEngine(RunsWithoutFailure):
    """Runs tasks in at most `workers` fresh processes, each on one task at a time.

    A worker that dies, or that is ended for taking too long, is replaced; only what it ran is concerned.

    Args:
        workers: How many.
        limit: How long a task may take.
        tell: Hears, in a sentence, of what people should know while they wait.
        nursery: Forks the workers, and stays when they are gone. Where there is none, several workers have one started.
    """

    def __init__(
        self,
        workers: int,
        *,
        limit: TimeLimit | None = None,
        tell: Callable[[str], None] = lambda _: None,
        nursery: Nursery | None = None,
    ) -> None:
        self._workers = workers
        self._nursery = nursery
        self._limit = limit or TimeLimit()
        self._tell = tell

    def place(self, task: str, specs: Iterable[TaskSpec], settle: Settle) -> None:
        """Run a task on every spec; see `harness.core.tasks.Engine`."""
        backlog = Backlog(specs, settle)
        with interrupts_noted() as noted, self._crew(task) as crew:
            while not noted.asked:
                read_one = self._hand_out(crew, backlog)
                if not crew.at_work:
                    break
                for finished in crew.wait(0 if read_one else _LOOK_S):
                    backlog.over(finished)
            self._see_to_its_end(crew, settle)
        if noted.asked:
            raise KeyboardInterrupt

    def _crew(self, task: str) -> "_Crew":
        return _Crew(task, self._limit, self._nursery, self._workers > 1)

    def _hand_out(self, crew: "_Crew", backlog: Backlog) -> bool:
        """Give work to whoever has none; where all have, read one spec ahead and say so."""
        while crew.at_work < self._workers:
            spec = backlog.next(running=crew.at_work)
            if spec is None:
                return False
            crew.give(spec)
        return backlog.read_ahead(self._workers)

    def _see_to_its_end(self, crew: "_Crew", settle: Settle) -> None:
        """Finish what runs and begin nothing more."""
        if crew.at_work:
            self._tell(f"interrupted: finishing {crew.at_work} tasks; Ctrl-C again stops at once")
        while crew.at_work:
            for finished in crew.wait(_LOOK_S):
                if finished.failure is None:
                    settle(finished)


class _Crew:
    """The worker processes of one run; none is left when its block ends.

    Args:
        task: What they do.
        limit: How long a task may take.
        nursery: Forks them, once it has loaded what they need.
        several: Whether there may be more than one: without a nursery they get one of their own, a single one none.
    """

    def __init__(self, task: str, limit: TimeLimit, nursery: Nursery | None, several: bool) -> None:  # noqa: FBT001 - of this module alone
        self._task = task
        self._limit = limit
        self._nursery = nursery
        self._forks = nursery is not None or (several and IS_POSSIBLE)
        self._own = contextlib.ExitStack()
        self._workers: list[Worker] = []
        self._looked = time.monotonic()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _traceback: TracebackType | None,
    ) -> None:
        for worker in self._workers:
            worker.dismiss()
        self._own.close()

    @property
    def at_work(self) -> int:
        """How many workers have a task."""
        return sum(worker.spec is not None for worker in self._workers)

    def give(self, spec: TaskSpec) -> None:
        """Let a free worker, or a new one, begin a task."""
        for worker in [one for one in self._workers if one.spec is None and one.is_gone()]:
            self._discard(worker)
        free = next((worker for worker in self._workers if worker.spec is None), None)
        if free is None:
            free = self._new(spec)
            self._workers.append(free)
        free.give(spec)

    def _new(self, first: TaskSpec) -> Worker:
        """Have a worker forked; start one where that is not possible, or no longer."""
        if self._forks:
            self._nursery = self._nursery or self._own.enter_context(contextlib.closing(Nursery.start()))
            try:
                return Worker(*self._nursery.fork(self._task, first))
            except NurseryLostError:
                self._forks = False
        return Worker.start(self._task)

    def wait(self, at_most_s: float) -> list[Finished]:
        """Wait until a task is over, or for some time; give those that are, which may be none."""
        answering = wait([worker.connection for worker in self._workers], at_most_s)
        over = [
            finished
            for worker in tuple(self._workers)
            if worker.connection in answering and (finished := self._heard(worker)) is not None
        ]
        self._add_time()
        return over + [self._ended(worker) for worker in tuple(self._workers) if self._hangs(worker)]

    def _heard(self, worker: Worker) -> Finished | None:
        """Take a worker's answer; None where it only says that it started, or died without a task."""
        if worker.became_ready():
            return None
        spec = worker.spec
        failure = worker.answer()
        if failure is not None and failure.cause == "died":
            self._discard(worker)
        return Finished(spec, failure) if spec is not None else None

    def _add_time(self) -> None:
        """Add the time since the last look, but not time in which this process could not look.

        A laptop that slept, or a build that stood still after Ctrl-Z, makes no task hang.
        """
        now = time.monotonic()
        passed, self._looked = min(now - self._looked, 2 * _LOOK_S), now
        for worker in self._workers:
            worker.spent_s += passed if worker.ready else 0.0

    def _hangs(self, worker: Worker) -> bool:
        return worker.spec is not None and worker.spent_s > self._limit.of(worker.spec)

    def _ended(self, worker: Worker) -> Finished:
        """End a worker that takes too long; tell how its task failed."""
        spec = worker.spec
        assert spec is not None  # noqa: S101 - `_hangs` asks for it; for mypy
        self._discard(worker)
        return Finished(spec, Failure("timed-out", "no end within the time limit"))

    def _discard(self, worker: Worker) -> None:
        self._workers.remove(worker)
        worker.kill()
