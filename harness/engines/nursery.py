"""A process that loads what tasks need, and forks workers that have it: what loading costs is paid once.

Loading costs 0.5 CPU seconds where texts are worked on, forking some milliseconds (getrusage in `harness build`). A
worker is never forked from the caller, whose Arrow has threads by then; this process has none of its own. It is itself
forked from the caller where that has no threads yet, and has then loaded what the caller has.
"""

import contextlib
import ctypes
import gc
import multiprocessing
import os
import signal
import sys
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from multiprocessing.reduction import recv_handle, send_handle
from pathlib import Path

from harness.core.tasks import TaskSpec, load_for
from harness.engines.interrupts import interrupts_held_back, interrupts_held_back_from_spawned
from harness.engines.serving import leave_interrupts_to_the_parent, serve

# Elsewhere workers are spawned: what macOS loads is not made for forks, and Windows has none.
IS_POSSIBLE = sys.platform == "linux"

# In which an order is carried out, once it can be.
_PATIENCE_S = 5.0
_DIE_WITH_PARENT = 1  # PR_SET_PDEATHSIG of linux/prctl.h
_ENDING_SIGNALS = (signal.SIGTERM, getattr(signal, "SIGHUP", signal.SIGTERM))  # Windows has no SIGHUP
# The threads of allocators, which see to forks themselves.
_HARMLESS_THREADS = frozenset({"jemalloc_bg_thd"})


class NurseryLostError(OSError):
    """The process that forks workers is gone, and its workers with it."""


@dataclass
class Nursery:
    """The caller's end; orders go there, in the order in which workers were asked for they have numbers.

    Args:
        process: The process that forks.
        connection: Orders go there; closed by its end, however it ends.
        forked: How many workers were asked for.
    """

    process: BaseProcess
    connection: Connection
    forked: int = 0

    @classmethod
    def start(cls) -> "Nursery":
        """Start the process anew: it has loaded nothing, and holds nothing of the caller's."""
        context = multiprocessing.get_context("spawn")
        ours, theirs = context.Pipe()
        process = context.Process(target=_fork_workers, args=(theirs,), daemon=True)
        with interrupts_held_back_from_spawned():
            process.start()
        theirs.close()
        return cls(process, ours)

    @classmethod
    def fork_from_caller(cls) -> "Nursery":
        """Fork the process from this one, which must have no threads (`may_be_forked`)."""
        context = multiprocessing.get_context("fork")
        ours, theirs = context.Pipe()
        process = context.Process(target=_fork_workers_apart, args=(theirs, ours, os.getpid()), daemon=True)
        with interrupts_held_back(), _thread_count_unsaid():
            process.start()
        theirs.close()
        return cls(process, ours)

    def fork(self, task: str, first: TaskSpec) -> tuple["Forked", Connection]:
        """Have a worker forked, without waiting for it; give its process and the connection to it.

        Args:
            task: What it will do.
            first: One of its specs: what such ones need is loaded before, unless it was for another worker.

        Raises:
            NurseryLostError: There is nobody to do it.
        """
        ours, theirs = multiprocessing.Pipe()
        try:
            self.connection.send((task, first))
            send_handle(self.connection, theirs.fileno(), self.process.pid)
        except OSError as error:
            ours.close()
            raise NurseryLostError from error
        finally:
            theirs.close()
        self.forked += 1
        return Forked(self, self.forked), ours

    def end(self, number: int) -> int:
        """End a worker if it has not ended by itself; give its exit code, or less than 0 for a signal."""
        with contextlib.suppress(OSError, EOFError):
            self.connection.send(number)
            if self.connection.poll(_PATIENCE_S):
                code: int = self.connection.recv()
                return code
        self.process.kill()  # and all that it forked
        self.process.join()
        return -signal.SIGKILL

    def close(self) -> None:
        """End the process and what it forked."""
        self.connection.close()
        self.process.join(_PATIENCE_S)
        self.process.kill()
        self.process.join()


def may_be_forked() -> bool:
    """Tell whether this process may be forked: no thread of it could hold what nobody would give back."""
    if not IS_POSSIBLE or multiprocessing.current_process().daemon:  # which may have no processes of its own
        return False
    try:
        threads = [path.read_text().strip() for path in Path("/proc/self/task").glob("*/comm")]
    except OSError:  # one has just ended; others may begin
        return False
    return sum(name not in _HARMLESS_THREADS for name in threads) == 1


@dataclass
class Forked:
    """A forked worker's process, which its nursery alone may wait for.

    Args:
        nursery: It forked it.
        number: By which it knows it.
        code: How it ended, once it was asked to.
    """

    nursery: Nursery
    number: int
    code: int | None = None

    @property
    def exitcode(self) -> int | None:
        """As of any process; no worker outlives its nursery."""
        if self.code is None and self.nursery.process.exitcode is not None:
            self.code = -signal.SIGKILL
        return self.code

    def kill(self) -> None:
        """End it at once; where it has come to its end already, how is not changed by it."""
        if self.exitcode is None:
            self.code = self.nursery.end(self.number)

    def join(self, timeout: float | None = None) -> None:  # noqa: ARG002 - as of every process
        """End it: it is asked for of one that is at its end, or has nothing to do."""
        self.kill()


def _fork_workers_apart(orders: Connection, callers_end: Connection, caller: int) -> None:
    """Begin as a process of its own: the caller's signal handlers, and its end of the connection, are not its own."""
    callers_end.close()
    _die_with(caller)
    for ending in _ENDING_SIGNALS:
        signal.signal(ending, signal.SIG_DFL)
    _fork_workers(orders)


def _fork_workers(orders: Connection) -> None:
    """Fork and end workers as told; end with the caller, and they with this."""
    leave_interrupts_to_the_parent()
    alive: dict[int, int] = {}
    forked = 0
    loaded: set[str] = set()
    with contextlib.suppress(EOFError, OSError):
        while True:
            order = orders.recv()
            if isinstance(order, int):
                orders.send(_ended(alive.pop(order)))
                continue
            task, first = order
            if task not in loaded:
                loaded.add(task)
                _load(task, first)
            forked += 1
            alive[forked] = _forked(orders, task)
    for process in alive.values():
        _ended(process)


def _load(task: str, first: TaskSpec) -> None:
    with contextlib.suppress(Exception):  # the first task that needs it will tell
        load_for(task, first)
    gc.freeze()  # what is loaded stays: no worker has to look through it, and copy its pages by that


def _forked(orders: Connection, task: str) -> int:
    """Fork a worker; give its process' number."""
    connection = Connection(recv_handle(orders))
    parent = os.getpid()
    with _thread_count_unsaid():
        process = os.fork()
    if process:
        connection.close()
        return process
    try:
        orders.close()
        _die_with(parent)
        serve(connection, task)
    finally:
        os._exit(0)  # what this process would do at its end is its parent's to do


@contextlib.contextmanager
def _thread_count_unsaid() -> Iterator[None]:
    """Fork without Python's warning: it counts the threads of numpy's BLAS and of jemalloc, which both see to forks."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        yield


def _die_with(parent: int) -> None:
    """Let the system end this process with its parent; where it has ended already, at once."""
    ctypes.CDLL(None).prctl(_DIE_WITH_PARENT, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)


def _ended(process: int) -> int:
    os.kill(process, signal.SIGKILL)  # it is there until it is waited for, be it ended
    _, status = os.waitpid(process, 0)
    return os.waitstatus_to_exitcode(status)
