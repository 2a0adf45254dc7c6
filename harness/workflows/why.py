"""Why a document is as it is, or is not there: its life out of the newest version that knows it."""

from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from harness.core.errors import InputError
from harness.core.files import write_atomically
from harness.core.schema import LEDGER_TABLES, documents_schema
from harness.core.signals import Signal
from harness.core.verdict import Verdict
from harness.core.workspace import Workspace
from harness.curation.life import Books, KeptPage, Life, find_ids, life_of
from harness.store.pages import find_page
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
    return _find(workspace, wanted, reference)[1]


def save_page(workspace: Workspace, wanted: str, reference: str | None, target: Path) -> None:
    """Write the page that a record was taken from, byte for byte, where the version keeps it.

    Raises:
        InputError: As `why`; or no page of this record is kept, or the file may not be written.
    """
    version, life = _find(workspace, wanted, reference)
    page = find_page(version, life.id)
    if page is None:
        raise InputError(
            f"the version keeps no page of '{life.id}'",
            where=life.version,
            remedy="only web pages of sources with 'keep_pages = true' in the recipe are kept",
        )
    try:
        write_atomically(target, page.content)
    except OSError as error:
        raise InputError(f"the page cannot be written: {error.strerror}", where=str(target)) from error


def _find(workspace: Workspace, wanted: str, reference: str | None) -> tuple[VersionFolder, Life]:
    versions = [find_version(workspace, reference)] if reference else _newest_versions(workspace)
    for version in versions:
        life = _look(version, wanted)
        if life is not None:
            return version, life
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
    manifest = version.manifest
    tables = {"documents": version.documents(_columns(verdict, manifest.own_signals))}
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
    books = Books(manifest.reference, tables, manifest.recipe.reject, verdict, manifest.own_signals)
    life = life_of(books, found[0])
    page = find_page(version, found[0])
    if page is None:
        return life
    kept = KeptPage(path=page.path, bytes=len(page.content), is_raw=page.is_raw)
    return life.model_copy(update={"page": kept})


def _columns(verdict: Verdict | None, own: Sequence[Signal]) -> list[str]:
    """Name the columns that a life tells of, those that gates read among them; no text yet."""
    gated = {column for gate in (verdict.gates if verdict else ()) for column in gate.columns}
    told = _TOLD | gated
    return [name for name in documents_schema(own).names if name in told and name != "text"]


def _with_text(version: VersionFolder, documents: pa.Table, document_id: str) -> pa.Table:
    """Leave one document, with its text; none where the record was not kept."""
    chosen = documents.filter(pc.equal(documents["id"], document_id))
    if not chosen.num_rows:
        return chosen
    texts = version.documents(["id", "text"])
    return chosen.append_column("text", texts.filter(pc.equal(texts["id"], document_id))["text"])
