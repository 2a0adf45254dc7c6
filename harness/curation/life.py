"""One document's life, told from a version's tables: from raw bytes to row, or to what refused it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from harness.core.frozen import Frozen
from harness.core.recipe import RejectRule
from harness.core.signals import SIGNAL_NAMES, Signal
from harness.core.verdict import Verdict
from harness.curation.limits import GateCheck, RuleCheck, gate_checks, rule_checks
from harness.text.diff import Piece, word_diff, words_around
from harness.text.edits import Edit, surroundings, undo
from harness.text.repair_words import repair_in_words

# Words of context on each side of a change, and how far they are looked for.
_CONTEXT_WORDS = 4
_REACH_CHARS = 200


@dataclass(frozen=True)
class Books:
    """What a version knows of its records.

    Args:
        version: Its reference, `name@version`.
        tables: `documents` (with `text` where word diffs are to have context) and the ledger tables.
        rules: The recipe's.
        verdict: What the gates said of this very content; None where they said nothing.
        own: The user's own signals that the tables hold.
    """

    version: str
    tables: Mapping[str, pa.Table]
    rules: Sequence[RejectRule] = ()
    verdict: Verdict | None = None
    own: Sequence[Signal] = ()


class EditStep(Frozen):
    """One recorded change: what stood at a code point, and what stands there since.

    `diff` shows it with the words around it as they were at that moment; joined, what stayed and what was
    cut is an excerpt of the text before, what stayed and what was put one of the text after.
    """

    seq: int
    rule: str
    start: int
    before: str
    after: str
    diff: tuple[Piece, ...]


class Repair(Frozen):
    """What decoding repaired, as the code that leads back to the bytes, and in words."""

    code: str
    words: str


class Kin(Frozen):
    """Another member of the document's cluster."""

    id: str
    kind: str
    similarity: float | None


class KeptPage(Frozen):
    """The web page that a record was taken from, as the version keeps it.

    `is_raw` says whether it has the hash of the record's raw bytes; the item of a feed is kept in a frame.
    """

    path: str
    bytes: int
    is_raw: bool


class Life(Frozen):
    """What happened to one record. What no table of the version knows of it is None or empty.

    `has_context` says whether the text was at hand to show edits in; the texts of rejected records are not
    published.
    """

    version: str
    id: str
    locator: str
    url: str | None
    raw_sha256: str | None
    status: str
    rule: str | None
    title: str | None
    encoding: str | None
    repairs: tuple[Repair, ...]
    split: str | None
    refusal: dict[str, Any] | None  # a row of `rejected`, or of `errors`
    edits: tuple[EditStep, ...]
    has_context: bool
    signals: dict[str, Any]
    rules: tuple[RuleCheck, ...]
    cluster: str | None
    kind: str | None  # of its membership in the cluster
    similarity: float | None  # to the survivor
    survivor: str | None
    kin: tuple[Kin, ...]
    gates: tuple[GateCheck, ...]
    judged: bool  # whether the gates were run on this content
    page: KeptPage | None = None  # where the version keeps it


def find_ids(documents: pa.Table, records: pa.Table, wanted: str) -> list[str]:
    """Find the ids that a word stands for: an id, the URL of a kept document, or a locator."""
    by_id = pc.equal(records["id"], wanted)
    by_locator = pc.equal(records["locator"], wanted)
    found: list[str] = records.filter(pc.or_kleene(by_id, by_locator))["id"].to_pylist()
    found += documents.filter(pc.fill_null(pc.equal(documents["url"], wanted), False))["id"].to_pylist()
    return sorted(set(found))


def life_of(books: Books, document_id: str) -> Life:
    """Gather one record's life.

    Args:
        books: Of the version that has it.
        document_id: An id that its `records` list.

    Raises:
        ReplayError: The ledger is not of the document's text.
    """
    tables = books.tables
    entry = tables["records"].filter(pc.equal(tables["records"]["id"], document_id))
    record = entry.to_pylist()[0]
    document = next(iter(_rows(tables["documents"], "id", document_id)), {})
    own, kin = _kin(tables["clusters"], document_id)
    text = document.get("text")
    measured = record["status"] != "error"
    return Life(
        version=books.version,
        id=document_id,
        locator=record["locator"],
        url=document.get("url"),
        raw_sha256=document.get("raw_sha256"),
        status=record["status"],
        rule=record["rule"],
        title=document.get("title"),
        encoding=record["encoding"],
        repairs=tuple(
            Repair(code=code, words=repair_in_words(code)) for code in document.get("decode_repairs") or ()
        ),
        split=record["split"],
        refusal=_refusal(tables, record),
        edits=tuple(_steps(_edits(tables["edits"], document_id), text)),
        has_context=text is not None,
        signals={name: record[name] for name in (*SIGNAL_NAMES, *(one.name for one in books.own))},
        rules=rule_checks(books.rules, entry, books.own) if measured else (),
        cluster=own.get("cluster") or document.get("cluster"),
        kind=own.get("kind"),
        similarity=own.get("similarity"),
        survivor=own.get("survivor"),
        kin=kin,
        gates=gate_checks(books.verdict, {**document, **record}, books.own, kept=record["status"] == "kept"),
        judged=books.verdict is not None,
    )


def _edits(table: pa.Table, document_id: str) -> list[Edit]:
    rows = sorted(_rows(table, "id", document_id), key=lambda row: int(row["seq"]))
    return [Edit(row["rule"], row["start"], row["before"], row["after"]) for row in rows]


def _steps(edits: Sequence[Edit], text: str | None) -> Iterator[EditStep]:
    """Show each edit in what stood around it; without the text, by itself."""
    around: Sequence[tuple[str, str]] = [("", "")] * len(edits)
    if text is not None:
        around = list(surroundings(undo(text, edits), edits, _REACH_CHARS))
    for seq, (edit, (left, right)) in enumerate(zip(edits, around, strict=True)):
        left, right = words_around(left, right, _CONTEXT_WORDS)  # noqa: PLW2901 - the nearest of them
        diff = word_diff(left + edit.before + right, left + edit.after + right)
        yield EditStep(
            seq=seq, rule=edit.rule, start=edit.start, before=edit.before, after=edit.after, diff=diff
        )


def _refusal(tables: Mapping[str, pa.Table], record: Mapping[str, Any]) -> dict[str, Any] | None:
    if record["status"] == "rejected":
        return _rows(tables["rejected"], "id", record["id"])[0]
    if record["status"] == "error":
        return _rows(tables["errors"], "id", record["id"])[0]
    return None


def _kin(clusters: pa.Table, document_id: str) -> tuple[dict[str, Any], tuple[Kin, ...]]:
    own = _rows(clusters, "id", document_id)
    if not own:
        return {}, ()
    members = _rows(clusters, "cluster", own[0]["cluster"])
    others = [row for row in members if row["id"] != document_id]
    return own[0], tuple(Kin(id=row["id"], kind=row["kind"], similarity=row["similarity"]) for row in others)


def _rows(table: pa.Table, column: str, value: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = table.filter(pc.equal(table[column], value)).to_pylist()
    return rows
