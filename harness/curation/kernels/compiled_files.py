"""Where compiled loops lie between processes: files of machine code, whole or not used."""

import contextlib
import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

try:
    import fcntl
except ImportError:  # Windows: each process compiles for itself, once a machine
    fcntl = None  # type: ignore[assignment]

SUFFIX = ".loop"
_CHECK_BYTES = 32


def folders(source: Path) -> tuple[Path, ...]:
    """Give where the compiled loops of a source file may lie, the best place first.

    NUMBA_CACHE_DIR where that is set; else `__pycache__` beside the source, or the user's cache folder where
    that cannot be written (a read-only installation).
    """
    # Of equal names, since an installation may lie beside another one.
    apart = f"{source.stem}-{hashlib.blake2b(os.fsencode(source.parent), digest_size=8).hexdigest()}"
    if chosen := os.environ.get("NUMBA_CACHE_DIR"):
        return (Path(chosen) / apart,)
    caches = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return source.parent / "__pycache__", caches / "corpus-harness" / apart


def find(source: Path, name: str) -> bytes | None:
    """Read what was kept under a name; None where nothing was, and where it is damaged."""
    for folder in folders(source):
        with contextlib.suppress(OSError):
            kept = (folder / name).read_bytes()
            if _check(kept[_CHECK_BYTES:]) == kept[:_CHECK_BYTES]:
                return kept[_CHECK_BYTES:]
    return None


def has_any(module: str, beginning: str) -> bool:
    """Tell whether a process on this machine has compiled a loop of a module of this package, be it an older one.

    Args:
        module: Name of the module.
        beginning: Of the loop's name.
    """
    source = Path(__file__).with_name(f"{module}.py")
    return any(
        path.name.startswith(beginning) and path.suffix == SUFFIX
        for folder in folders(source)
        if folder.is_dir()
        for path in folder.iterdir()
    )


def keep(source: Path, name: str, content: bytes) -> None:
    """Keep content where a file can be written, whole or not at all; it is no error if it cannot be."""
    for folder in folders(source):
        with contextlib.suppress(OSError):
            folder.mkdir(parents=True, exist_ok=True)
            written = folder / f"{name}.{os.getpid()}"  # others wait, see below
            written.write_bytes(_check(content) + content)
            written.replace(folder / name)
            return


@contextlib.contextmanager
def one_process_at_a_time(source: Path) -> Iterator[None]:
    """Let the others wait for the first one that compiles, and load what it wrote; a dead one's lock is free."""
    with contextlib.ExitStack() as held:
        for folder in folders(source) if fcntl else ():
            with contextlib.suppress(OSError):
                folder.mkdir(parents=True, exist_ok=True)
                lock = held.enter_context((folder / "compiling.lock").open("wb"))
                fcntl.flock(lock, fcntl.LOCK_EX)
                break
        yield


def _check(content: bytes) -> bytes:
    return hashlib.blake2b(content, digest_size=_CHECK_BYTES).digest()
