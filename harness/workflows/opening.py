"""Finding the workspace that a command works in; apart from all else, so that quick commands stay quick."""

from pathlib import Path

from harness.core.errors import InputError
from harness.core.workspace import Workspace


def open_workspace(chosen: Path | None) -> Workspace:
    """Take the folder that was named, else look for one.

    Raises:
        InputError: The named folder is not there.
    """
    if chosen is None:
        return Workspace.find()
    if not chosen.is_dir():
        raise InputError("the workspace is not there", where=str(chosen), remedy="give an existing folder")
    return Workspace(chosen.resolve())
