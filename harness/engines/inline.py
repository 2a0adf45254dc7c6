"""Tasks one after another in this process: for small corpora, tests and debugging."""

from collections.abc import Iterable

from harness.core.tasks import Finished, Settle, TaskSpec
from harness.engines.attempting import RunsWithoutFailure, attempt
from harness.engines.backlog import Backlog
from harness.engines.interrupts import interrupts_noted


class InlineEngine(RunsWithoutFailure):
    """Runs each task here and now.

    What a task raises is told as by every engine; a task that crashes takes this process with it, and one
    that never ends is waited for. Where that is to be survived, a pool of one worker does it.
    """

    def place(self, task: str, specs: Iterable[TaskSpec], settle: Settle) -> None:
        """Run a task on every spec in order; see `harness.core.tasks.Engine`."""
        backlog = Backlog(specs, settle)
        with interrupts_noted() as noted:
            while not noted.asked and (spec := backlog.next(running=0)) is not None:
                backlog.over(Finished(spec, attempt(task, spec)))
        if noted.asked:
            raise KeyboardInterrupt
