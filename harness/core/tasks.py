"""What engines place: a pure function from named files to one output folder, described by plain values."""

import importlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, Protocol


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


def task_function(task: str) -> Callable[[TaskSpec], None]:
    """Import the function that `package.module:function` names; workers find it by its name alone."""
    module, _, name = task.partition(":")
    function: Callable[[TaskSpec], None] = getattr(importlib.import_module(module), name)
    return function
