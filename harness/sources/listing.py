"""Which files a folder offers, in natural order; what cannot be a record is listed with the reason."""

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass

from harness.sources.naming import is_hidden, natural_key
from harness.sources.raw_file import shown_name


@dataclass(frozen=True)
class Problem:
    """Why something listed is not read: a code and a sentence, and whether it may hold several files."""

    code: str
    detail: str
    of_folder: bool = False


@dataclass(frozen=True)
class Listed:
    """One file: its path from the folder, where it lies, and why it cannot be read, if so."""

    locator: str
    path: str
    problem: Problem | None = None


def list_files(folder: str) -> list[Listed]:
    """List all files below a folder, hidden ones left out, in natural order.

    Links are followed to files inside the folder alone; a link to a folder is not followed, since it could
    lead in circles. Neither is left out in silence.
    """
    return sorted(_walk(folder), key=lambda listed: natural_key(listed.locator))


def _walk(folder: str) -> Iterator[Listed]:
    root = os.path.realpath(folder)
    waiting = [""]
    while waiting:
        inside = waiting.pop()
        try:
            with os.scandir(os.path.join(folder, inside)) as entries:  # noqa: PTH118 - names need not be UTF-8
                found = list(entries)
        except OSError as error:
            problem = Problem("unreadable-folder", error.strerror or "it cannot be listed", of_folder=True)
            yield Listed(shown_name(inside.rstrip("/")) or ".", os.path.join(folder, inside), problem)  # noqa: PTH118 - see above
            continue
        for entry in found:
            if is_hidden(entry.name):
                continue
            if entry.is_dir(follow_symlinks=False):
                waiting.append(f"{inside}{entry.name}/")
            else:
                path = shown_name(inside + entry.name)
                yield Listed(path, entry.path, _problem_of(entry.path, root))


def _problem_of(path: str, root: str) -> Problem | None:
    try:
        # Of a link: what it leads to. Nothing is opened, so that a pipe cannot hold us up.
        mode = os.stat(path).st_mode  # noqa: PTH116 - names need not be UTF-8
        target = os.path.realpath(path)
    except OSError as error:
        return Problem("unreadable-file", error.strerror or "it cannot be looked at")
    is_folder = stat.S_ISDIR(mode)
    if os.path.commonpath([root, target]) != root:
        return Problem("link-leaves-source", "the link leads out of the source's folder", of_folder=is_folder)
    if is_folder:
        return Problem("link-to-folder", "links to folders are not followed", of_folder=True)
    if not stat.S_ISREG(mode):
        return Problem("not-a-file", "it is a pipe, a socket or a device")
    return None
