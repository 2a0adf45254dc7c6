"""How many processes a build may use at a time, given the memory that it may take."""

import os
from pathlib import Path

# Measured on 100,000 articles, 375 MB (`harness build` under /proc/*/smaps_rollup, the workers' share by
# difference): some 350 MB a worker, models and compiled loops included, at the usual size of chunks and shards;
# the process that decides held 250 MB, and 1 kB more with each record.
_WORKER_BYTES = 512 << 20
_OWN_BYTES = 512 << 20
# Without a word from the user half of the machine is left to others.
_DEFAULT_SHARE = 0.5
_GROUP_LIMITS = (
    Path("/sys/fs/cgroup/memory.max"),
    Path("/sys/fs/cgroup/memory/memory.limit_in_bytes"),
)


def workers_within(memory_bytes: int | None, workers: int | None) -> int | None:
    """Give as many workers as fit, at least one.

    Nothing else has to give way: texts are read chunk by chunk, and what is compared over the whole corpus lies
    in mapped files.

    Args:
        memory_bytes: What all processes together may take; None for half of what there is.
        workers: How many are wanted; None for the machine's cores.

    Returns:
        A number, or None where as many as there are cores fit.
    """
    allowed = memory_bytes or int(_memory_bytes() * _DEFAULT_SHARE)
    fitting = max(1, (allowed - _OWN_BYTES) // _WORKER_BYTES)
    wanted = workers or os.cpu_count() or 1
    return workers if fitting >= wanted else fitting


def _memory_bytes() -> int:
    """Give the memory of the machine, or of the container where that has less."""
    limits = [path.read_text(encoding="ascii").strip() for path in _GROUP_LIMITS if path.is_file()]
    return min([_physical_bytes(), *(int(limit) for limit in limits if limit.isdecimal())])


def _physical_bytes() -> int:
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, ValueError, OSError):  # Windows
        return 8 << 30
