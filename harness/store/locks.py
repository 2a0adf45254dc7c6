"""Locks on files that the system takes from whoever dies: no lock outlives its owner."""

import contextlib
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

try:
    import fcntl
except ImportError:  # Windows: nobody can be told to be at work there
    fcntl = None  # type: ignore[assignment]

_LOOK_S = 0.05


def take(lock: IO[Any], *, shared: bool = False) -> bool:
    """Take a lock on an open file if nobody's stands against it; never waits. False where there are no locks."""
    if fcntl is None:
        return False
    try:
        fcntl.flock(lock, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


@contextlib.contextmanager
def locked(path: Path, *, shared: bool, patience_s: float = 0.0) -> Iterator[bool]:
    """Hold a lock within the block; gives whether it was got. Where there are no locks, only shared ones are.

    Args:
        path: The file to lock; made if missing.
        shared: With others that share it, or alone.
        patience_s: How long to wait for it.
    """
    with path.open("ab") as stream:
        if fcntl is None:
            yield shared
            return
        end = time.monotonic() + patience_s
        while not (held := take(stream, shared=shared)) and time.monotonic() < end:
            time.sleep(_LOOK_S)
        yield held
