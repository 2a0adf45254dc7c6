"""The far end of a worker: a process that does tasks, one after another, until there is nothing more to do."""

import contextlib
import multiprocessing
import os
import pickle
import signal
import threading
from multiprocessing.connection import Connection

from harness.core.collecting import rarely_collecting
from harness.core.errors import HarnessError
from harness.core.tasks import Failure, TaskSpec, task_function
from harness.engines.attempting import attempt, failure_of


def serve(connection: Connection, task: str) -> None:
    """Do what is sent, say how it ended, until the other end is closed."""
    leave_interrupts_to_the_parent()
    threading.Thread(target=_end_with_parent, daemon=True).start()
    with contextlib.suppress(Exception):  # the first task that needs it will tell
        task_function(task)
    connection.send(None)
    with rarely_collecting(), contextlib.suppress(EOFError):
        while True:
            connection.send(_answer(task, connection.recv()))


def leave_interrupts_to_the_parent() -> None:
    """Hear of no Ctrl-C: it goes to every process of the terminal's group, and what runs is to be finished.

    They are held back since the start of this process (`interrupts_held_back`), and for good from here on.
    """
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
