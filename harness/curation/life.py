"""One document's life, told from a version's tables: from raw bytes to row, or to what refused it."""

from collections.abc import Mapping
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from harness.core.frozen import Frozen
from harness.core.signals import SIGNAL_NAMES


class EditStep(Frozen):
    """One recorded change: what stood at a code point, and what stands there since."""

    seq: int
    rule: str
    start: int
    before: str
    after: str


class Kin(Frozen):
    """Another member of the document's cluster."""

    id: str
    kind: str
    similarity: float | None


class Life(Frozen):
    """What happened to one record."""

    version: str
    id: str
    locator: str
    raw_sha256: str | None
    status: str
    rule: str | None
    title: str | None
    encoding: str | None
    decode_repairs: tuple[str, ...]
    split: str | None
    refusal: dict[str, Any] | None  # a row of `rejected`, or of `errors`
    edits: tuple[EditStep, ...]
    signals: dict[str, Any]
    cluster: str | None
    survivor: str | None
    kin: tuple[Kin, ...]
    gates: tuple[str, ...]


def find_ids(documents: pa.Table, records: pa.Table, wanted: str) -> list[str]:
    """Find the ids that a word stands for: an id, the URL of a kept document, or a locator."""
    by_id = pc.equal(records["id"], wanted)
    by_locator = pc.equal(records["locator"], wanted)
    found: list[str] = records.filter(pc.or_kleene(by_id, by_locator))["id"].to_pylist()
    found += documents.filter(pc.fill_null(pc.equal(documents["url"], wanted), False))["id"].to_pylist()
    return sorted(set(found))


def life_of(
    version: str, tables: Mapping[str, pa.Table], document_id: str, gates: Mapping[str, Any] | None
) -> Life:
    """Gather one record's life.

    Args:
        version: Reference of the version, `name@version`.
        tables: `documents` and the ledger tables.
        document_id: An id that `records` lists.
        gates: The verdict's JSON, or None where the gates never ran.
    """
    record = _rows(tables["records"], "id", document_id)[0]
    document = next(iter(_rows(tables["documents"], "id", document_id)), {})
    cluster, kin = _kin(tables["clusters"], document_id)
    return Life(
        version=version,
        id=document_id,
        locator=record["locator"],
        raw_sha256=document.get("raw_sha256"),
        status=record["status"],
        rule=record["rule"],
        title=document.get("title"),
        encoding=record["encoding"],
        decode_repairs=tuple(document.get("decode_repairs") or ()),
        split=record["split"],
        refusal=_refusal(tables, record),
        edits=tuple(
            EditStep(**{name: row[name] for name in EditStep.model_fields})
            for row in sorted(_rows(tables["edits"], "id", document_id), key=lambda row: int(row["seq"]))
        ),
        signals={name: record[name] for name in SIGNAL_NAMES},
        cluster=cluster.get("cluster") or document.get("cluster"),
        survivor=cluster.get("survivor"),
        kin=kin,
        gates=_gates_naming(gates, document_id),
    )


def _refusal(tables: Mapping[str, pa.Table], record: Mapping[str, Any]) -> dict[str, Any] | None:
    if record["status"] == "rejected":
        return _rows(tables["rejected"], "id", record["id"])[0]
    if record["status"] == "error":
        return _rows(tables["errors"], "locator", record["locator"])[0]
    return None


def _kin(clusters: pa.Table, document_id: str) -> tuple[dict[str, Any], tuple[Kin, ...]]:
    own = _rows(clusters, "id", document_id)
    if not own:
        return {}, ()
    members = _rows(clusters, "cluster", own[0]["cluster"])
    others = [row for row in members if row["id"] != document_id]
    return own[0], tuple(Kin(id=row["id"], kind=row["kind"], similarity=row["similarity"]) for row in others)


def _gates_naming(gates: Mapping[str, Any] | None, document_id: str) -> tuple[str, ...]:
    return tuple(
        f"{gate['rule']} ({gate['severity']}): {finding['observed']}"
        for gate in (gates or {}).get("gates", ())
        for finding in gate["findings"]
        if finding["id"] == document_id
    )


def _rows(table: pa.Table, column: str, value: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = table.filter(pc.equal(table[column], value)).to_pylist()
    return rows
