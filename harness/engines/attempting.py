"""One try at one task, in whichever process: what ends a build is raised, what a record may have caused is told."""

import traceback
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable

from harness.core.errors import HarnessError
from harness.core.tasks import Failure, Finished, Settle, TaskSpec, task_function

_ORDERS_TO_END = (KeyboardInterrupt, SystemExit, GeneratorExit)


def attempt(task: str, spec: TaskSpec) -> Failure | None:
    """Run a task unless its output stands already.

    Returns:
        How it failed; None if it did not.

    Raises:
        HarnessError: The task raised it, as it does for a wrong configuration.
        OSError: The system refused something: a full disk is nothing that one record less would mend.
    """
    if spec.output.is_dir():
        return None
    try:
        task_function(task)(spec)
    except (HarnessError, *_ORDERS_TO_END):
        raise
    except BaseException as error:  # extensions in Rust panic with what is no Exception
        if isinstance(error, OSError) and error.errno is not None:
            raise
        return failure_of(error)
    return None


def failure_of(error: BaseException) -> Failure:
    """Describe what was raised without its message, which may carry text from outside."""
    frames = traceback.extract_tb(error.__traceback__)
    return Failure(
        "raised",
        type(error).__name__,
        tuple(f"{frame.filename}:{frame.lineno} in {frame.name}" for frame in frames),
    )


class RunsWithoutFailure(ABC):
    """What every engine can do once it can place tasks."""

    @abstractmethod
    def place(self, task: str, specs: Iterable[TaskSpec], settle: Settle) -> None:
        """See `harness.core.tasks.Engine`."""

    def run(self, task: str, specs: Iterable[TaskSpec], done: Callable[[], None]) -> None:
        """See `harness.core.tasks.Engine`."""

        def settle(finished: Finished) -> tuple[TaskSpec, ...]:
            if finished.failure is not None:
                raise finished.failure.as_error("the work failed", where=finished.spec.output.name)
            done()
            return ()

        self.place(task, specs, settle)
