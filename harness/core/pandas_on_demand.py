"""Arrow without pandas, until somebody loads pandas."""

import functools
import sys
import threading
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from types import ModuleType

import pyarrow as pa


@functools.cache
def leave_pandas_unloaded() -> None:
    """Let Arrow not load pandas when it is first given values of Python's; whoever uses pandas still can.

    It would load it to tell a series from a list, which costs each process 0.17 CPU seconds and nothing here needs.
    Once pandas is loaded by anybody, Arrow knows its series and frames as ever.
    """
    # Arrow has no setting for it; a release that keeps what it knows of pandas elsewhere loads it as it used to.
    known = getattr(pa.lib, "_pandas_api", None)
    if known is None or "pandas" in sys.modules:
        return
    finder = _PandasFinder(known)
    sys.meta_path.insert(0, finder)
    pa.array([])  # Arrow looks for pandas once
    finder.refused_to = None


class _PandasFinder(MetaPathFinder):
    """Is asked for pandas before those that find it.

    Args:
        known: What Arrow knows of pandas; made anew, it looks again.
    """

    def __init__(self, known: object) -> None:
        self._known = known
        self.refused_to: int | None = threading.get_ident()

    def find_spec(
        self, fullname: str, _path: Sequence[str] | None, _target: ModuleType | None = None, /
    ) -> None:
        """Refuse pandas to Arrow; let all others find it, and Arrow with them."""
        if fullname != "pandas":
            return
        if self.refused_to == threading.get_ident():
            raise ModuleNotFoundError(name=fullname)
        sys.meta_path.remove(self)
        type(self._known).__init__(self._known)
