"""Why a document is as it is, or is not there: its life out of the newest version that knows it."""

from harness.core.errors import InputError
from harness.core.schema import LEDGER_TABLES
from harness.core.workspace import Workspace
from harness.curation.life import Life, find_ids, life_of
from harness.store.versions import VersionFolder, built_versions, find_version
from harness.workflows.validate import read_verdict

_MOST_NAMED = 5


def why(workspace: Workspace, wanted: str, reference: str | None) -> Life:
    """Tell one document's life.

    Args:
        workspace: Where to look for versions.
        wanted: An id, a URL or a locator.
        reference: The version to look in; None takes the newest version of every corpus.

    Raises:
        InputError: No version knows the document, the word stands for several, or a file of the version
            cannot be read.
    """
    versions = [find_version(workspace, reference)] if reference else _newest_versions(workspace)
    for version in versions:
        life = _look(version, wanted)
        if life is not None:
            return life
    looked = ", ".join(version.manifest.reference for version in versions) or "no version is built yet"
    raise InputError(
        f"no record has the id, URL or locator '{wanted}'",
        where=looked,
        remedy="name the version with --in, or look it up in its table 'records'",
    )


def _newest_versions(workspace: Workspace) -> list[VersionFolder]:
    builds = sorted((workspace.root / "datasets").glob("*/builds"))
    return [
        VersionFolder.open(folder / built_versions(folder)[-1]) for folder in builds if built_versions(folder)
    ]


def _look(version: VersionFolder, wanted: str) -> Life | None:
    columns = ["id", "url", "raw_sha256", "title", "decode_repairs", "cluster"]
    tables = {"documents": version.documents(columns)}
    tables |= {name: version.table(name) for name in LEDGER_TABLES if name != "metrics"}
    found = find_ids(tables["documents"], tables["records"], wanted)
    if len(found) > 1:
        named = ", ".join(found[:_MOST_NAMED])
        raise InputError(
            f"'{wanted}' stands for {len(found)} records", where=named, remedy="give one of the ids"
        )
    if not found:
        return None
    verdict = read_verdict(version)
    return life_of(version.manifest.reference, tables, found[0], verdict.as_json() if verdict else None)
