"""Folders for what a build writes on its way: gone when it ends, and cleared away later when it was killed."""

import contextlib
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from harness.store.locks import take

_PREFIX = ".build-"
_LOCK = "in-use"


@contextlib.contextmanager
def scratch_folder(parent: Path) -> Iterator[Path]:
    """Give an empty folder below `parent` that is removed when the block ends, however it ends.

    A process that is killed cannot do that: its folder is removed by the next one that works here. A lock,
    which the system takes from the dead, tells it from the folder of a build that is still at work.

    Args:
        parent: Where; made if missing.

    Raises:
        OSError: The disk is full, or the folder may not be written.
    """
    parent.mkdir(parents=True, exist_ok=True)
    for left in parent.glob(f"{_PREFIX}*"):
        _remove_if_abandoned(left)
    folder = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=parent))
    try:
        with (folder / f"{_LOCK}.new").open("wb") as lock:
            take(lock)
            # Under this name only once it is locked: a file that nobody holds means a dead owner.
            Path(lock.name).rename(folder / _LOCK)
            yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _remove_if_abandoned(folder: Path) -> None:
    with contextlib.suppress(OSError), (folder / _LOCK).open("rb") as lock:
        if take(lock):
            shutil.rmtree(folder, ignore_errors=True)
