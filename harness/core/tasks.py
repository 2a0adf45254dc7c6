"""What engines place: a pure function from named files to one output folder, described by plain values."""

import importlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, Protocol

from harness.core.errors import HarnessError, InputError


@dataclass(frozen=True)
class TaskSpec:
    """One call of a task function.

    Args:
        inputs: Files that the task reads.
        output: Folder that the task writes, whole or not at all. Its being there is the record of success: a
            task whose output stands is not run again, so its name has to change with inputs and options.
        options: JSON values; nothing in them depends on who runs the task, or where.
        tries: How many workers may be lost to it before it counts as failed. From the second on, the last
            try runs while nothing else does: out of memory may be a neighbour's doing.
        patience: How many times the usual time limit it may take.
    """

    inputs: tuple[Path, ...]
    output: Path
    options: Mapping[str, Any] = field(default_factory=dict)
    tries: int = 2
    patience: int = 1


@dataclass(frozen=True)
class Failure:
    """Why a task did not end well, where nobody told it to stop.

    Args:
        cause: It raised something that is not a `HarnessError`; its process died; or it did not end.
        kind: The exception's type, or the signal or exit code that the process ended with; never a text that
            came with the data.
        frames: Where it was raised, outermost first, without the exception's message.
    """

    cause: Literal["raised", "died", "timed-out"]
    kind: str
    frames: tuple[str, ...] = ()

    def as_error(self, what: str, *, where: str = "") -> HarnessError:
        """Make an error of it for people: our bug where something was raised, this machine's limits elsewhere.

        Args:
            what: What failed, as the beginning of a sentence.
            where: The record or file that was worked on.
        """
        if self.cause == "raised":
            return HarnessError(
                f"{what}: {self.kind}; this is a bug in harness",
                where="\n    ".join([*filter(None, [where]), *self.frames]),
                remedy="please report it with these lines; no version was written",
            )
        happened = "its process died" if self.cause == "died" else "it was ended"
        return InputError(f"{what}: {happened} ({self.kind})", where=where, remedy=_REMEDIES[self.cause])


_REMEDIES = {
    "died": "free some memory, or use fewer --workers; no version was written",
    "timed-out": "set HARNESS_TASK_SECONDS to more than 60 if this machine is slow; no version was written",
}


@dataclass(frozen=True)
class Finished:
    """A task that is over: its output stands, or it failed."""

    spec: TaskSpec
    failure: Failure | None = None


# Hears of every finished task, in order of completion, in the caller's process; gives back what is to be
# run next because of it, before anything else.
Settle = Callable[[Finished], Iterable[TaskSpec]]


class Engine(Protocol):
    """Places tasks, sends those of lost workers again; it knows nothing else."""

    def place(self, task: str, specs: Iterable[TaskSpec], settle: Settle) -> None:
        """Run a task on every spec, in any order.

        Args:
            task: Where the function lies: `package.module:function`.
            specs: One for each call; taken as workers come free, a few ahead.
            settle: Called after each finished spec.

        Raises:
            HarnessError: A task raised it; so does an `OSError` that has an error number: a full disk is no
                record's fault. What else a task raises is a `Failure`.
            KeyboardInterrupt: Ctrl-C was pressed; what was running then has been finished and settled. A
                second Ctrl-C does not wait for it.
        """

    def run(self, task: str, specs: Iterable[TaskSpec], done: Callable[[], None]) -> None:
        """Run a task on every spec where none may fail; `done` is called after each.

        Raises:
            HarnessError: As by `place`; and for the first failure.
        """


def task_function(task: str) -> Callable[[TaskSpec], None]:
    """Import the function that `package.module:function` names; workers find it by its name alone."""
    module, _, name = task.partition(":")
    function: Callable[[TaskSpec], None] = getattr(importlib.import_module(module), name)
    return function


def load_for(task: str, first: TaskSpec) -> None:
    """Load what a task function needs in any process, before workers are forked from this one.

    That is its module, and what the module's function `load_ahead`, where there is one, loads for such a spec. It
    starts no thread: none would be there after a fork.
    """
    task_function(task)
    ahead = getattr(importlib.import_module(task.partition(":")[0]), "load_ahead", None)
    if ahead is not None:
        ahead(first)
