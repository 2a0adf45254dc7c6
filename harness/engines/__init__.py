"""Where tasks run: inline, or in a pool of processes."""

import os

from harness.core.tasks import Engine
from harness.engines.inline import InlineEngine
from harness.engines.pool import PoolEngine

__all__ = ["open_engine"]


def open_engine(workers: int | None, tasks: int) -> Engine:
    """Choose an engine: a pool of at most `workers` (default: the machine's), inline where one is enough.

    The choice shows in the time only; every engine writes the same bytes.
    """
    wanted = min(workers or os.cpu_count() or 1, tasks)
    return InlineEngine() if wanted <= 1 else PoolEngine(wanted)
