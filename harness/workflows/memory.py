"""What a build may hold in memory, and how many processes it may use at a time."""

import os
from pathlib import Path

# Measured on 100,000 articles, 375 MB (`harness build` under /proc/*/smaps_rollup, the workers' share by
# difference): some 350 MB a worker, models and compiled loops included, at the usual size of chunks and shards;
# the process that decides held 250 MB, and 1 kB more with each record.
_WORKER_BYTES = 512 << 20
_OWN_BYTES = 512 << 20
# Measured as above, in deciding.
_RECORD_BYTES = 1_000
# Without a word from the user half of the machine is left to others.
_DEFAULT_SHARE = 0.5
_GROUP_LIMITS = (
    Path("/sys/fs/cgroup/memory.max"),
    Path("/sys/fs/cgroup/memory/memory.limit_in_bytes"),
)


def workers_within(memory_bytes: int | None, workers: int | None) -> int | None:
    """Give as many workers as fit, at least one.

    Texts are read chunk by chunk, and what is compared over the whole corpus lies in mapped files.

    Args:
        memory_bytes: What all processes together may take; None for half of what there is.
        workers: How many are wanted; None for the machine's cores.

    Returns:
        A number, or None where as many as there are cores fit.
    """
    fitting = max(1, (_allowed(memory_bytes) - _OWN_BYTES) // _WORKER_BYTES)
    wanted = workers or os.cpu_count() or 1
    return workers if fitting >= wanted else fitting


def are_to_be_spilled(records: int, memory_bytes: int | None) -> bool:
    """Tell whether the small columns of so many records are kept in a file while it is decided over them.

    Args:
        records: How many there are.
        memory_bytes: As for `workers_within`.
    """
    return records * _RECORD_BYTES > _allowed(memory_bytes) - _OWN_BYTES


def _allowed(memory_bytes: int | None) -> int:
    return memory_bytes or int(_memory_bytes() * _DEFAULT_SHARE)


def _memory_bytes() -> int:
    """Give the memory of the machine, or of the container where that has less."""
    limits = [path.read_text(encoding="ascii").strip() for path in _GROUP_LIMITS if path.is_file()]
    return min([_physical_bytes(), *(int(limit) for limit in limits if limit.isdecimal())])


def _physical_bytes() -> int:
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, ValueError, OSError):  # Windows
        return 8 << 30
