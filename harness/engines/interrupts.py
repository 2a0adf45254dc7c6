"""Ctrl-C while tasks run: the first one is noted, the second one stops."""

import contextlib
import signal
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from multiprocessing import resource_tracker
from types import FrameType


@dataclass
class Interrupts:
    """Whether the person at the terminal wants an end."""

    asked: bool = False


@contextlib.contextmanager
def interrupts_noted() -> Iterator[Interrupts]:
    """Note the first Ctrl-C within the block instead of raising it; the second one raises as ever.

    Outside of the main thread, and where interrupts are ignored or not Python's, nothing is noted.
    """
    noted = Interrupts()
    before = signal.getsignal(signal.SIGINT)
    if threading.current_thread() is not threading.main_thread() or not callable(before):
        yield noted
        return

    def note(_signal: int, _frame: FrameType | None) -> None:
        noted.asked = True
        signal.signal(signal.SIGINT, before)

    signal.signal(signal.SIGINT, note)
    try:
        yield noted
    finally:
        signal.signal(signal.SIGINT, before)


@contextlib.contextmanager
def interrupts_held_back() -> Iterator[None]:
    """Keep Ctrl-C waiting within the block; a process that is forked in it does not hear of it at all."""
    if not hasattr(signal, "pthread_sigmask"):  # Windows
        yield
        return
    held = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, held)


@contextlib.contextmanager
def interrupts_held_back_from_spawned() -> Iterator[None]:
    """Do the same for a process that is spawned in the block."""
    if hasattr(signal, "pthread_sigmask"):
        # The first start of a process would do it, and let interrupts through again.
        resource_tracker.ensure_running()
    with interrupts_held_back():
        yield
