"""Tracked releases: what `build --release` leaves in version control, and the drift of a version from the last one."""

import json
import re
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from pathlib import Path

import pyarrow as pa
from pydantic import ValidationError

from harness.core.errors import ConfigurationError, InputError
from harness.core.files import write_atomically
from harness.core.release import Release
from harness.core.workspace import Workspace
from harness.curation.releases import drift_table, release_of
from harness.store.versions import VersionFolder
from harness.workflows.validate import TablesBeside

_SEMVER = re.compile(r"(\d+)\.(\d+)\.(\d+)")


def require_recipe(*, improvised: bool) -> None:
    """Check that what is to be released has a recipe that people wrote.

    Raises:
        ConfigurationError: It has none.
    """
    if improvised:
        raise ConfigurationError(
            "only a corpus with a recipe can be released",
            where="--release",
            remedy="save the recipe that a build without one prints, or begin with: harness init",
        )


def write_release(workspace: Workspace, version: VersionFolder) -> Path:
    """Write `versions/<semver>.json` beside the recipe of a version's corpus.

    The same version gives the same bytes. Under a number that was released with other content nothing is
    written: a released number stands for one content for good.

    Raises:
        ConfigurationError: The number was released with other content.
        InputError: The version, or what stands there, cannot be read.
    """
    manifest = version.manifest
    path = releases_folder(workspace, manifest.name) / f"{manifest.version}.json"
    release = release_of(manifest, version.table("records"))
    if path.exists() and read_release(path).content_hash != release.content_hash:
        raise ConfigurationError(
            f"{manifest.reference} was released with other content",
            where=str(path),
            remedy="raise 'version' in the recipe; or, if nobody has it yet, remove the file and release again",
        )
    content = json.dumps(release.model_dump(mode="json"), indent=1, sort_keys=True, ensure_ascii=False)
    write_atomically(path, content + "\n")
    return path


def drift_since_release(workspace: Workspace, version: VersionFolder) -> pa.Table | None:
    """Compare a version with the newest tracked one of a lower number; None where there is none.

    Raises:
        InputError: A tracked release cannot be read.
    """
    manifest = version.manifest
    earlier = [
        path
        for path in releases_folder(workspace, manifest.name).glob("*.json")
        if _number(path.stem) and _number(path.stem) < _number(manifest.version)
    ]
    if not earlier:
        return None
    newest = max(earlier, key=lambda path: _number(path.stem))
    return drift_table(read_release(newest), release_of(manifest, version.table("records")))


def tables_beside(workspace: Workspace, version: VersionFolder) -> TablesBeside:
    """Give what makes the table `drift` where a suite names it."""

    def beside(named: AbstractSet[str]) -> Mapping[str, pa.Table]:
        drift = drift_since_release(workspace, version) if "drift" in named else None
        return {} if drift is None else {"drift": drift}

    return beside


def read_release(path: Path) -> Release:
    """Read a tracked release.

    Raises:
        InputError: It cannot be read.
    """
    try:
        return Release.model_validate_json(path.read_bytes())
    except (OSError, ValidationError) as error:
        raise InputError(
            "this is no tracked release",
            where=str(path),
            remedy="take the file from version control again",
        ) from error


def releases_folder(workspace: Workspace, name: str) -> Path:
    """Where the released versions of a corpus are tracked."""
    return workspace.root / "datasets" / name / "versions"


def _number(version: str) -> tuple[int, ...]:
    match = _SEMVER.fullmatch(version)
    return tuple(map(int, match.groups())) if match else ()
