"""Tasks in a pool of processes on this machine, with nothing to start beforehand."""

import multiprocessing
import os
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool

from harness.core.errors import InputError
from harness.core.tasks import TaskSpec, task_function

# A worker that died takes the whole pool with it, so its neighbours' tasks are sent again as well:
# three rounds let a task through that was only near the one that crashed.
_ROUNDS = 3


class PoolEngine:
    """Runs tasks in `workers` fresh processes; what a dead worker left undone is sent again."""

    def __init__(self, workers: int) -> None:
        self._workers = workers

    def run(self, task: str, specs: Sequence[TaskSpec], done: Callable[[], None]) -> None:
        """Run a task on every spec; see `harness.core.tasks.Engine`.

        Raises:
            InputError: The workers died on the same task in every round.
        """
        waiting = list(specs)
        for _ in range(_ROUNDS):
            waiting = self._round(task, waiting, done)
            if not waiting:
                return
        raise InputError(
            "a worker process died each time it was given this work",
            where=", ".join(str(path) for spec in waiting for path in spec.inputs),
            remedy="run again with --workers 1 to see the record that it dies on; check the memory limit",
        )

    def _round(self, task: str, specs: Sequence[TaskSpec], done: Callable[[], None]) -> list[TaskSpec]:
        """Run every spec once; give back those that a dead worker left undone."""
        # Spawned, not forked: Arrow's threads do not survive a fork.
        context = multiprocessing.get_context("spawn")
        undone: list[TaskSpec] = []
        with ProcessPoolExecutor(self._workers, context, _end_with_parent) as pool:
            futures: dict[Future[None], TaskSpec] = {pool.submit(_call, task, spec): spec for spec in specs}
            try:
                for future in as_completed(futures):
                    try:
                        future.result()
                    except BrokenProcessPool:
                        undone.append(futures[future])
                    else:
                        done()
            except BaseException:
                pool.shutdown(cancel_futures=True)
                raise
        return undone


def _end_with_parent() -> None:
    """End this worker when the process that it works for is gone; one that was killed cannot tell it."""
    threading.Thread(target=_exit_after_parent, daemon=True).start()


def _exit_after_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _call(task: str, spec: TaskSpec) -> None:
    task_function(task)(spec)
