"""Where a module lies, found without running a line of it."""

import sys
from collections.abc import Sequence
from importlib.machinery import PathFinder
from pathlib import Path

from harness.core.errors import ConfigurationError

# What a folder of a corpus holds: code beside data is never imported.
_MARKS_OF_DATA = ("recipe.toml", "manifest.json")


def module_file(module: str, folder: Path) -> Path:
    """Find the file of a module as Python would from a folder, its packages not imported on the way.

    Args:
        module: Its dotted name.
        folder: Where Python looks first.

    Raises:
        ConfigurationError: There is none, it is no Python file, or it lies in a corpus or a version.
    """
    places: Sequence[str] | None = [str(folder), *sys.path]
    found = None
    parts = module.split(".")
    for length in range(1, len(parts) + 1):
        spec = PathFinder.find_spec(".".join(parts[:length]), places) if places else None
        found = spec.origin if spec is not None else None
        places = list(spec.submodule_search_locations or ()) if spec is not None else None
    if found is None or not found.endswith(".py"):
        raise ConfigurationError(
            f"no module is called '{module}' here, or it is not written in Python",
            where=f"py:{module}",
            remedy="write py:MODULE:FUNCTION, for a file MODULE.py in this folder or an installed module",
        )
    path = Path(found)
    _refuse_data(path)
    return path


def _refuse_data(path: Path) -> None:
    for folder in path.resolve().parents:
        if any((folder / mark).is_file() for mark in _MARKS_OF_DATA):
            raise ConfigurationError(
                "the module lies in a corpus, and code that came with data is not run",
                where=str(path),
                remedy="keep the module in a folder of its own, outside of datasets/",
            )
