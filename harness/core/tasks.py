"""What engines place: a pure function from named files to one output folder, described by plain values."""

import importlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol


@dataclass(frozen=True)
class TaskSpec:
    """One call of a task function.

    Args:
        inputs: Files that the task reads.
        output: Folder that the task writes, whole or not at all.
        options: JSON values; nothing in them depends on who runs the task, or where.
    """

    inputs: tuple[Path, ...]
    output: Path
    options: Mapping[str, Any] = field(default_factory=dict)


class Engine(Protocol):
    """Places tasks, retries them, survives the loss of a worker; it knows nothing else."""

    def run(self, task: str, specs: Sequence[TaskSpec], done: Callable[[], None]) -> None:
        """Run a task on every spec, in any order.

        Args:
            task: Where the function lies: `package.module:function`.
            specs: One for each call.
            done: Called after each finished spec.

        Raises:
            HarnessError: A task raised it.
        """


def task_function(task: str) -> Callable[[TaskSpec], None]:
    """Import the function that `package.module:function` names; workers find it by its name alone."""
    module, _, name = task.partition(":")
    function: Callable[[TaskSpec], None] = getattr(importlib.import_module(module), name)
    return function
