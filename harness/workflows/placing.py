"""Where the results of a version's gates are shown in the repository that holds its recipe."""

import re
from collections.abc import Iterable
from pathlib import Path

from harness.core.recipe import SourceSettings
from harness.core.workspace import Workspace
from harness.reports.verdicts.placing import Place, Placing
from harness.sources import is_address
from harness.store.versions import VersionFolder

_LINE = re.compile(r"#L([0-9]+)")


def placing_in(workspace: Workspace, version: VersionFolder) -> Placing:
    """Find the repository around a workspace, and which articles of a version lie in it as files.

    Without a repository places are relative to the workspace, and only rules have one.
    """
    repository = _repository_of(workspace.root)
    if repository is None:
        return Placing()
    below = workspace.root.resolve().relative_to(repository).as_posix()
    prefix = "" if below == "." else f"{below}/"
    recipe = version.manifest.recipe
    folders = list(_folders(recipe.sources, workspace.root / "datasets" / recipe.name))

    def article(locator: str) -> Place | None:
        file, line = _file_and_line(locator)
        for folder in folders:
            path = (folder / file).resolve()
            if path.is_relative_to(repository) and path.is_file():
                return Place(path.relative_to(repository).as_posix(), line)
        return None

    return Placing(prefix, article)


def _repository_of(folder: Path) -> Path | None:
    resolved = folder.resolve()
    return next((one for one in (resolved, *resolved.parents) if (one / ".git").exists()), None)


def _folders(sources: Iterable[SourceSettings], root: Path) -> Iterable[Path]:
    for source in sources:
        if not is_address(str(source.path)):
            place = root / source.path
            yield place if place.is_dir() else place.parent


def _file_and_line(locator: str) -> tuple[str, int]:
    """Cut a locator at what lies inside of a file: `feed/a.jsonl#L12` is line 12 of `feed/a.jsonl`."""
    file = re.split(r"[#!]", locator, maxsplit=1)[0]
    found = _LINE.match(locator, len(file))
    return file, int(found[1]) if found else 1
