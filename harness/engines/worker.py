"""A process that runs tasks, one after another, as its caller sees it."""

import multiprocessing
import signal
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Protocol

from harness.core.tasks import Failure, TaskSpec
from harness.engines.interrupts import interrupts_held_back_from_spawned
from harness.engines.serving import serve

# Of a worker that has nothing to do and was told so.
_FAREWELL_S = 1.0


class WorkerProcess(Protocol):
    """What a worker needs of its process, whoever started it."""

    @property
    def exitcode(self) -> int | None:
        """How it ended: its exit code, or less than 0 for a signal; None if it has not, or nobody knows."""

    def kill(self) -> None:
        """End it at once if it has not ended."""

    def join(self, timeout: float | None = None) -> None:
        """Wait for its end, at most some seconds."""


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

    process: WorkerProcess
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
        process = context.Process(target=serve, args=(theirs, task), daemon=True)
        with interrupts_held_back_from_spawned():
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

    def is_gone(self) -> bool:
        """Tell whether it ended though it had nothing to do; from one that is there no word is due."""
        return self.process.exitcode is not None or (self.ready and self.connection.poll())

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
