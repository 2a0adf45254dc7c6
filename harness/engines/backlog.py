"""What is still to be run: what follows from finished tasks first, then what the caller's iterator gives."""

from collections import Counter, deque
from collections.abc import Iterable

from harness.core.tasks import Finished, Settle, TaskSpec


class Backlog:
    """Specs in the order in which they are to be begun.

    Args:
        specs: Where they come from; read only as they are needed.
        settle: Hears of finished ones; what it gives back is begun next.
    """

    def __init__(self, specs: Iterable[TaskSpec], settle: Settle) -> None:
        self._coming = iter(specs)
        self._settle = settle
        self._ready: deque[TaskSpec] = deque()
        self._suspects: deque[TaskSpec] = deque()
        self._running_alone: TaskSpec | None = None
        self._lost: Counter[int] = Counter()  # by the spec's own `id`: two may be equal

    def next(self, running: int) -> TaskSpec | None:
        """Give what may be begun now, with `running` others at work; None if there is nothing."""
        if self._running_alone is not None or (self._suspects and running):
            return None
        if self._suspects:
            self._running_alone = self._suspects.popleft()
            return self._running_alone
        if not self._ready:
            self.read_ahead(1)
        return self._ready.popleft() if self._ready else None

    def read_ahead(self, most: int) -> bool:
        """Take one more spec from the caller if fewer than `most` wait; say whether there was one."""
        if len(self._ready) >= most:
            return False
        spec = next(self._coming, None)
        if spec is not None:
            self._ready.append(spec)
        return spec is not None

    def over(self, finished: Finished) -> None:
        """Settle a finished task, or put it back if it lost its worker and may be tried again."""
        spec, failure = finished.spec, finished.failure
        if self._running_alone is spec:
            self._running_alone = None
        if failure is not None and failure.cause == "died":
            self._lost[id(spec)] += 1
            if self._lost[id(spec)] < spec.tries:
                self._try_again(spec)
                return
        self._lost.pop(id(spec), None)
        self._ready.extendleft(reversed(list(self._settle(finished))))

    def _try_again(self, spec: TaskSpec) -> None:
        if self._lost[id(spec)] == spec.tries - 1:
            self._suspects.append(spec)
        else:
            self._ready.appendleft(spec)
