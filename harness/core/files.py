"""Writing files whole or not at all."""

import contextlib
import errno
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

# Of replacing a folder that others replace at the same time.
_ATTEMPTS = 5


def write_atomically(path: Path, content: bytes | str) -> None:
    """Write a file so that a reader sees the old one or the new one, never a part.

    Args:
        path: Where; missing folders are made.
        content: Bytes, or text that is written as UTF-8 with line feeds as they are.

    Raises:
        OSError: The disk is full, or the folder may not be written.
    """
    payload = content.encode("utf-8") if isinstance(content, str) else content
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".part", dir=path.parent)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(payload)
            stream.flush()
            os.fsync(stream.fileno())
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


@contextlib.contextmanager
def folder_written_whole(target: Path, *, staged_in: Path | None = None) -> Iterator[Path]:
    """Give a folder to fill that takes the target's place only when the block ends well.

    A folder that stood there before stays untouched until then, and for good if the block raises. Where a
    link stands, what it leads to is replaced, and the link stays.

    Args:
        target: The folder to write.
        staged_in: Where to fill it, on the same disk; by default beside the target.

    Raises:
        OSError: The disk is full, or the folder may not be written or replaced.
    """
    target = target.resolve()
    target.parent.mkdir(parents=True, exist_ok=True)
    # Beside the target: a rename is atomic only within one file system.
    prefix, parent = f".{target.name}.", staged_in or target.parent
    staging = Path(tempfile.mkdtemp(prefix=prefix, suffix=".part", dir=parent))
    staging.chmod(0o755)
    try:
        yield staging
        _put_in_place(staging, target)
    finally:
        shutil.rmtree(staging, ignore_errors=True)


@contextlib.contextmanager
def naming(path: Path) -> Iterator[None]:
    """Let errors of the system say which file they are about; those that Arrow raises do not."""
    try:
        yield
    except OSError as error:
        if error.errno is None or error.filename is not None:
            raise
        raise OSError(error.errno, os.strerror(error.errno), str(path)) from error


def _put_in_place(staging: Path, target: Path) -> None:
    retired = staging.with_suffix(".old")
    for attempt in range(_ATTEMPTS):
        with contextlib.suppress(FileNotFoundError):
            target.rename(retired)
        try:
            staging.rename(target)
        except OSError as error:
            # Another process may have put its own there in between: that one is replaced like the first.
            if error.errno not in (errno.ENOTEMPTY, errno.EEXIST) or attempt + 1 == _ATTEMPTS:
                with contextlib.suppress(OSError):
                    retired.rename(target)
                raise
        else:
            break
        finally:
            shutil.rmtree(retired, ignore_errors=True)
