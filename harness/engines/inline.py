"""Tasks one after another in this process: for small corpora, tests and debugging."""

from collections.abc import Callable, Sequence

from harness.core.tasks import TaskSpec, task_function


class InlineEngine:
    """Runs each task here and now."""

    def run(self, task: str, specs: Sequence[TaskSpec], done: Callable[[], None]) -> None:
        """Run a task on every spec in order; see `harness.core.tasks.Engine`."""
        function = task_function(task)
        for spec in specs:
            function(spec)
            done()
