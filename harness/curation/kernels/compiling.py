"""Compiling a loop once a machine, and coping with a cache of compiled code that cannot be used."""

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar, cast

from numba import njit

try:
    import fcntl
except ImportError:  # Windows: each process compiles for itself, once a machine
    fcntl = None  # type: ignore[assignment]

_Loop = TypeVar("_Loop", bound=Callable[..., Any])


def part_of_a_loop(function: _Loop) -> _Loop:
    """Compile a function that compiled loops of the same module call; it becomes a part of them."""
    return cast("_Loop", njit(nogil=True, forceinline=True)(function))


class CompiledLoop:
    """A loop that is compiled when it is first called, and then found compiled by every later process.

    The compiled code lies where numba puts it: in NUMBA_CACHE_DIR where that is set, else in `__pycache__`
    beside the source, else (a read-only installation) in the user's own cache folder. It is bound to the source
    file, to numba's version and to the processor. What the loop uses from other modules has to come in as an
    argument: numba would not notice that it changed.

    Processes that need it at the same time wait for the first one's.

    A cache that cannot be written, or whose files are damaged, costs time and nothing else: damaged files
    are removed and the loop is compiled again, and where that fails, too, it is compiled for this process alone.
    """

    def __init__(self, function: Callable[..., Any]) -> None:
        self._function = function
        self._ready: Callable[..., Any] | None = None

    def __call__(self, *arguments: Any) -> Any:
        """Run the loop, which must be pure up to its output arrays: it may be run twice the first time."""
        if self._ready is None:
            self._ready = self._prepared(arguments)
        return self._ready(*arguments)

    def _prepared(self, arguments: tuple[Any, ...]) -> Callable[..., Any]:
        for is_repeated in (False, True):
            with contextlib.suppress(Exception):  # whatever unpickling of damaged bytes may raise
                loop = njit(nogil=True, cache=True)(self._function)
                folder = Path(str(loop.stats.cache_path))
                if is_repeated:
                    _remove_cached(folder, self._function)
                with _one_process_at_a_time(folder):
                    loop.compile(tuple(loop.typeof_pyval(argument) for argument in arguments))
                return cast("Callable[..., Any]", loop)
        return cast("Callable[..., Any]", njit(nogil=True)(self._function))


def _remove_cached(folder: Path, function: Callable[..., Any]) -> None:
    for path in folder.glob(f"*.{function.__qualname__}-*.nb[ic]"):
        path.unlink(missing_ok=True)


@contextlib.contextmanager
def _one_process_at_a_time(folder: Path) -> Iterator[None]:
    """Let the others wait for the first one that compiles, and load what it wrote; a dead one's lock is free."""
    if fcntl is None:
        yield
        return
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "compiling.lock").open("wb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
