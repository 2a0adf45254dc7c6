"""Why a document is as it is, or is not there: its life out of the newest version that knows it."""

import pyarrow as pa
import pyarrow.compute as pc

from harness.core.errors import InputError
from harness.core.schema import DOCUMENTS, LEDGER_TABLES
from harness.core.verdict import Verdict
from harness.core.workspace import Workspace
from harness.curation.life import Books, Life, find_ids, life_of
from harness.store.versions import VersionFolder, built_versions, find_version
from harness.workflows.validate import current_verdict

_MOST_NAMED = 5
_TOLD = frozenset({"id", "url", "raw_sha256", "title", "decode_repairs", "cluster"})


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
        remedy="name the version with --in, or look it up in its table 'records'; of a record that was "
        "refused no URL is kept: give its locator",
    )


def _newest_versions(workspace: Workspace) -> list[VersionFolder]:
    builds = sorted((workspace.root / "datasets").glob("*/builds"))
    return [
        VersionFolder.open(folder / built_versions(folder)[-1]) for folder in builds if built_versions(folder)
    ]


def _look(version: VersionFolder, wanted: str) -> Life | None:
    verdict = current_verdict(version)
    tables = {"documents": version.documents(_columns(verdict))}
    tables |= {name: version.table(name) for name in LEDGER_TABLES if name != "metrics"}
    found = find_ids(tables["documents"], tables["records"], wanted)
    if len(found) > 1:
        named = ", ".join(found[:_MOST_NAMED])
        raise InputError(
            f"'{wanted}' stands for {len(found)} records", where=named, remedy="give one of the ids"
        )
    if not found:
        return None
    tables["documents"] = _with_text(version, tables["documents"], found[0])
    manifest = version.manifest
    return life_of(Books(manifest.reference, tables, manifest.recipe.reject, verdict), found[0])


def _columns(verdict: Verdict | None) -> list[str]:
    """Name the columns that a life tells of, those that gates read among them; no text yet."""
    gated = {column for gate in (verdict.gates if verdict else ()) for column in gate.columns}
    return [field.name for field in DOCUMENTS if field.name in _TOLD | gated and field.name != "text"]


def _with_text(version: VersionFolder, documents: pa.Table, document_id: str) -> pa.Table:
    """Leave one document, with its text; none where the record was not kept."""
    chosen = documents.filter(pc.equal(documents["id"], document_id))
    if not chosen.num_rows:
        return chosen
    texts = version.documents(["id", "text"])
    return chosen.append_column("text", texts.filter(pc.equal(texts["id"], document_id))["text"])
