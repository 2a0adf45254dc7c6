"""A process that runs tasks, one after another: both its ends."""

import contextlib
import multiprocessing
import os
import pickle
import signal
import threading
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess

from harness.core.collecting import rarely_collecting
from harness.core.errors import HarnessError
from harness.core.tasks import Failure, TaskSpec, task_function
from harness.engines.attempting import attempt, failure_of
from harness.engines.interrupts import interrupts_held_back

# Of a worker that has nothing to do and was told so.
_FAREWELL_S = 1.0


@dataclass
class Worker:
    """The caller's end of a worker process.

    Args:
        process: The process.
        connection: Specs go there, answers come back; closed by the process' end, however it ends.
        spec: What it is at work on.
        spent_s: For how long, its own start not counted.
        ready: Whether it has started.
    """

    process: BaseProcess
    connection: Connection
    spec: TaskSpec | None = None
    spent_s: float = 0.0
    ready: bool = False

    @classmethod
    def start(cls, task: str) -> "Worker":
        """Start a process for one task function."""
        # Spawned, not forked: Arrow's threads do not survive a fork.
        context = multiprocessing.get_context("spawn")
        ours, theirs = context.Pipe()
        # A daemon, so that the interpreter ends it where this process ends without coming to `dismiss`.
        process = context.Process(target=_serve, args=(theirs, task), daemon=True)
        with interrupts_held_back():
            process.start()
        theirs.close()
        return cls(process, ours)

    def give(self, spec: TaskSpec) -> None:
        """Let it work on a spec; where it is dead, its answer says so."""
        self.spec, self.spent_s = spec, 0.0
        try:
            self.connection.send(spec)
        except OSError:
            return

    def became_ready(self) -> bool:
        """Take the message that says that it has started, if it has not come yet; say whether this was it."""
        if self.ready:
            return False
        try:
            self.ready = self.connection.recv() is None
        except (EOFError, OSError):
            return False  # dead before; its answer says so
        return True

    def answer(self) -> Failure | None:
        """Take how its task ended; the worker is free then, or dead (`Failure.cause` is "died").

        Raises:
            HarnessError: The task raised it.
            OSError: The same.
        """
        self.spec = None
        try:
            answer: Failure | Exception | None = self.connection.recv()
        except (EOFError, OSError):
            self.process.join()
            return Failure("died", _way_of_ending(self.process.exitcode))
        if isinstance(answer, Exception):
            raise answer
        return answer

    def kill(self) -> None:
        """End it at once; what it was writing is not put in place."""
        self.process.kill()
        self.process.join()
        self.connection.close()

    def dismiss(self) -> None:
        """Let it end if it has nothing to do, or end it."""
        self.connection.close()
        if self.spec is None:
            self.process.join(_FAREWELL_S)
        self.kill()


def _way_of_ending(exitcode: int | None) -> str:
    """Name the signal that ended a process, or its exit code."""
    if exitcode is None or exitcode >= 0:
        return f"exit code {exitcode}"
    try:
        return signal.Signals(-exitcode).name
    except ValueError:
        return f"signal {-exitcode}"


def _serve(connection: Connection, task: str) -> None:
    """Work until there is nothing more to do."""
    _leave_interrupts_to_the_parent()
    threading.Thread(target=_end_with_parent, daemon=True).start()
    with contextlib.suppress(Exception):  # the first task that needs it will tell
        task_function(task)
    connection.send(None)
    with rarely_collecting(), contextlib.suppress(EOFError):
        while True:
            connection.send(_answer(task, connection.recv()))


def _leave_interrupts_to_the_parent() -> None:
    # Ctrl-C goes to every process of the terminal's group; what runs is to be finished. Held back since the
    # start (see `Worker.start`), and for good from here on.
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _end_with_parent() -> None:
    """End this worker when the process that it works for is gone; one that was killed cannot tell it."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _answer(task: str, spec: TaskSpec) -> Failure | Exception | None:
    try:
        return attempt(task, spec)
    except (HarnessError, OSError) as error:
        return _sendable(error)
    except BaseException as error:  # noqa: BLE001 - nobody but the task ends this process; it is told instead
        return failure_of(error)


def _sendable(error: Exception) -> Exception:
    """Give the error itself if it survives the way to another process."""
    try:
        pickle.loads(pickle.dumps(error))  # noqa: S301 - our own bytes, one line above
    except Exception:  # noqa: BLE001 - a class that cannot be made again may raise anything
        return HarnessError(str(error))
    return error
