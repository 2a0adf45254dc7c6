"""The large tables of a version, written shard by shard as tasks; a shard that did not change is not written again."""

import itertools
import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from harness.core.fingerprints import fingerprint
from harness.core.manifest import FileEntry, ledger_path, split_path
from harness.core.schema import documents_schema, ledger_schema
from harness.core.signals import Signal
from harness.core.tasks import Engine, TaskSpec
from harness.curation.cutting import RunSizes, cut_runs, draws_of
from harness.curation.identity import table_hash
from harness.curation.ledger import DECIDED, documents_table, edits_table, records_table, split_is
from harness.curation.processed import EDITED
from harness.engines import open_engine
from harness.store.arrow_files import read_arrow, write_arrow
from harness.store.chunk_cache import ChunkCache
from harness.store.sealed import read_sealed, require_intact, sealed_folder
from harness.store.versions import WRITER_OPTIONS, write_row_groups

TASK = "harness.workflows.shards:write_shard"
_TABLE, _ENTRY = "table.parquet", "entry.json"
# Raised when shards are written differently from the same rows.
_VERSION = 1
_MB = 1 << 20

# Documents by the bytes of their texts: a shard is what the Hub's client takes in one piece, a row group what
# one task holds in memory. Rows of `records` have some 350 bytes in memory, edits seldom more.
_DOCUMENT_SHARDS = RunSizes(least=64 * _MB, usual=128 * _MB, most=256 * _MB)
_DOCUMENT_GROUPS = RunSizes(least=8 * _MB, usual=16 * _MB, most=32 * _MB)
_ROW_SHARDS = RunSizes(least=100_000, usual=200_000, most=400_000)
_ROW_OVERHEAD = 64  # bytes: so that empty texts are cut as well
# Rows of all tables. The 280,000 of 100,000 articles (375 MB) take this process 3.9 CPU seconds, and two others 7.3
# with their start: as long by the clock.
_WORTH_A_POOL = 300_000


@dataclass(frozen=True)
class ProcessedChunk:
    """A chunk that was worked on.

    Args:
        folder: What `harness.workflows.chunk.process_chunk` wrote.
        key: The folder's name, which says what is in it.
        start: Position of its first record in the corpus.
        stop: Position behind its last.
    """

    folder: Path
    key: str
    start: int
    stop: int


@dataclass(frozen=True)
class Sizes:
    """What records bring, by their position; both of shape (records,), dtype int64.

    Args:
        text_bytes: Bytes of the text, 0 for an error.
        edits: Number of edits.
    """

    text_bytes: np.ndarray
    edits: np.ndarray


@dataclass(frozen=True)
class Shard:
    """One file of a version.

    Args:
        path: In the version folder.
        table: documents, records or edits.
        split: Of documents.
        groups: Positions between which each row group's records lie, ascending.
        key: Says what is in the file, to the byte.
        chunks: Those that hold its records.
        records: How many have rows in it, or might.
        own: The user's own signals, which documents and records show.
    """

    path: str
    table: str
    split: str | None
    groups: tuple[int, ...]
    key: str
    chunks: tuple[ProcessedChunk, ...]
    records: int
    own: tuple[Signal, ...] = ()

    def spec(self, decided: Path, output: Path) -> TaskSpec:
        """Describe the task that writes it."""
        options = {
            "table": self.table,
            "split": self.split,
            "groups": list(self.groups),
            "chunks": [[chunk.start, chunk.stop] for chunk in self.chunks],
            "signals": [[signal.name, signal.kind] for signal in self.own],
        }
        return TaskSpec((decided, *(chunk.folder for chunk in self.chunks)), output, options)


def plan_shards(
    decided: pa.Table,
    sizes: Sizes,
    splits: Sequence[str],
    chunks: Sequence[ProcessedChunk],
    *,
    own: Sequence[Signal] = (),
) -> list[Shard]:
    """Cut the large tables into shards and row groups, and name each by its content.

    Cuts hang on the records alone: neither chunks nor workers show in the bytes of a version.

    Args:
        decided: Schema DECIDED, one row a record.
        sizes: Of the same records.
        splits: Splits to write, those without a document as well.
        chunks: All chunks, in order.
        own: The user's own signals that the chunks were measured with.

    Raises:
        DamagedError: What a chunk became is not what was written.
    """
    plan = _Plan(decided, draws_of(_bytes_of(decided["digest"])), chunks, tuple(own))
    shards: list[Shard] = []
    for split in splits:
        rows = np.flatnonzero(split_is(decided, split))
        weights = sizes.text_bytes[rows] + _ROW_OVERHEAD
        for number, groups in enumerate(plan.cut(rows, weights, _DOCUMENT_SHARDS, _DOCUMENT_GROUPS)):
            shards.append(plan.shard(split_path(split, number), "documents", split, groups))
    rows = np.arange(decided.num_rows)
    for table, weights in (("records", np.ones(len(rows), np.int64)), ("edits", sizes.edits)):
        for number, groups in enumerate(plan.cut(rows, weights, _ROW_SHARDS, _ROW_SHARDS)):
            shards.append(plan.shard(ledger_path(table, number), table, None, groups))
    return shards


@dataclass(frozen=True)
class _Plan:
    decided: pa.Table
    draws: np.ndarray
    chunks: Sequence[ProcessedChunk]
    own: tuple[Signal, ...]

    def cut(
        self, rows: np.ndarray, weights: np.ndarray, shards: RunSizes, groups: RunSizes
    ) -> Iterator[tuple[int, ...]]:
        """Give for each shard the positions between which its row groups lie; one without rows where there are none."""
        if not len(rows):
            yield (0, 0)
        start = 0
        for end in cut_runs(weights, self.draws[rows], shards):
            inner = cut_runs(weights[start:end], self.draws[rows[start:end]], groups)
            bounds = [start, *(start + one for one in inner)]
            yield (int(rows[start]), *(int(rows[bound - 1]) + 1 for bound in bounds[1:]))
            start = end

    def shard(self, path: str, table: str, split: str | None, groups: tuple[int, ...]) -> Shard:
        chunks = tuple(chunk for chunk in self.chunks if chunk.start < groups[-1] and chunk.stop > groups[0])
        rows = self.decided.slice(groups[0], groups[-1] - groups[0])
        inside = split_is(rows, split) if split else np.ones(rows.num_rows, dtype=bool)
        key = self._key(table, inside, groups, chunks)
        return Shard(path, table, split, groups, key, chunks, int(inside.sum()), self.own)

    def _key(
        self, table: str, inside: np.ndarray, groups: tuple[int, ...], chunks: Sequence[ProcessedChunk]
    ) -> str:
        rows = self.decided.slice(groups[0], groups[-1] - groups[0])
        counts = [int(inside[a - groups[0] : b - groups[0]].sum()) for a, b in itertools.pairwise(groups)]
        made_from: list[Any] = [table_hash(rows.filter(pa.array(inside)).select(_told(table)))]
        if table == "edits":  # of which digests of documents say nothing
            made_from.append(table_hash(_edits_between(groups[0], groups[-1], chunks)))
        schema = _schema(table, self.own)
        return fingerprint([_VERSION, pa.__version__, WRITER_OPTIONS, str(schema), table, counts, made_from])


def _schema(table: str, own: Sequence[Signal]) -> pa.Schema:
    return documents_schema(own) if table == "documents" else ledger_schema(table, own)


def _edits_between(start: int, stop: int, chunks: Sequence[ProcessedChunk]) -> pa.Table:
    """Collect edits of some records, with positions counted from the first of them."""
    parts = [EDITED.empty_table()]
    for chunk in chunks:
        edited = read_sealed(chunk.folder, "edited")
        position = np.asarray(edited["position"]) + chunk.start
        moved = edited.set_column(0, EDITED.field("position"), pa.array(position - start))
        parts.append(moved.filter(pa.array((position >= start) & (position < stop))))
    return pa.concat_tables(parts)


def _told(table: str) -> list[str]:
    """Name what of the decisions a table shows, or what stands for its other columns."""
    unseen = {
        "documents": {"status", "rule", "split"},
        "records": {"cluster"},
        "edits": set(DECIDED.names) - {"id"},
    }
    return [name for name in DECIDED.names if name not in unseen[table]]


def _bytes_of(digests: pa.ChunkedArray) -> np.ndarray:
    """Look at digests as numbers, shape (rows, 32), dtype uint8."""
    width = digests.type.byte_width
    parts = [
        np.frombuffer(piece.buffers()[1], np.uint8)[
            piece.offset * width : (piece.offset + len(piece)) * width
        ]
        for piece in digests.chunks
        if len(piece)
    ]
    return np.concatenate([np.zeros(0, np.uint8), *parts]).reshape(-1, width)


def write_shards(
    shards: Sequence[Shard], decided: pa.Table, cache: ChunkCache, *, engine: Engine, scratch: Path
) -> dict[str, Path]:
    """Write the shards that the cache does not hold; give the finished file of each.

    Raises:
        DamagedError: What a chunk became, or a finished shard, is not what was written any more.
        OSError: The disk is full.
    """
    path = scratch / "decided.arrow"
    write_arrow(path, decided)
    places = {shard.path: cache.place("shards", shard.key) for shard in shards}
    missing = [shard for shard in shards if not cache.has("shards", shard.key)]
    specs = {shard.key: shard.spec(path, places[shard.path]) for shard in missing}
    few = sum(shard.records for shard in missing) < _WORTH_A_POOL
    with open_engine(1) as here:
        (here if few else engine).run(TASK, list(specs.values()), lambda: None)
    return {shard.path: places[shard.path] / _TABLE for shard in shards}


def put_in_place(finished: Path, target: Path) -> FileEntry:
    """Give a finished shard its place in a version folder, without copying it where the disk is the same.

    Raises:
        DamagedError: It is not what was written.
    """
    require_intact(finished)
    require_intact(finished.with_name(_ENTRY))
    entry = FileEntry.model_validate_json(finished.with_name(_ENTRY).read_bytes())
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.link(finished, target)
    except OSError:
        shutil.copyfile(finished, target)
    return entry


def write_shard(spec: TaskSpec) -> None:
    """Write one shard from processed chunks and what was decided over their records.

    Raises:
        DamagedError: A chunk is not what was written.
    """
    decided = read_arrow(spec.inputs[0])
    chunks = [
        ProcessedChunk(folder, folder.name, start, stop)
        for folder, (start, stop) in zip(spec.inputs[1:], spec.options["chunks"], strict=True)
    ]
    table, groups = spec.options["table"], spec.options["groups"]
    own = [Signal(name, kind, "") for name, kind in spec.options["signals"]]
    schema = _schema(table, own)
    make = _MAKERS[table](spec.options["split"], schema)
    with sealed_folder(spec.output) as folder:
        written = (
            _row_group(schema, make, decided, (start, stop, chunks))
            for start, stop in itertools.pairwise(groups)
        )
        entry = write_row_groups(folder / _TABLE, schema, written)
        (folder / _ENTRY).write_text(entry.model_dump_json(), encoding="utf-8")


# Makes the rows of one chunk from its folder, the decisions over its records, and the mask of those wanted.
_Make = Callable[[Path, pa.Table, np.ndarray], pa.Table]


def _row_group(
    schema: pa.Schema, make: _Make, decided: pa.Table, span: tuple[int, int, Sequence[ProcessedChunk]]
) -> pa.Table:
    start, stop, chunks = span
    parts = [schema.empty_table()]
    for chunk in chunks:
        if chunk.start < stop and chunk.stop > start:
            own = decided.slice(chunk.start, chunk.stop - chunk.start)
            position = np.arange(chunk.start, chunk.stop)
            parts.append(make(chunk.folder, own, (position >= start) & (position < stop)))
    return pa.concat_tables(parts)


def _make_documents(split: str | None, schema: pa.Schema) -> _Make:
    def make(folder: Path, decided: pa.Table, wanted: np.ndarray) -> pa.Table:
        wanted = wanted & split_is(decided, split or "")
        if not wanted.any():
            return schema.empty_table()
        measured = read_sealed(folder, "documents")
        rows = pa.array(np.flatnonzero(wanted[np.asarray(measured["position"])]))
        texts = read_sealed(folder, "texts").take(rows)
        return documents_table(measured.take(rows), texts, decided, schema)

    return make


def _make_records(_split: str | None, schema: pa.Schema) -> _Make:
    def make(folder: Path, decided: pa.Table, wanted: np.ndarray) -> pa.Table:
        documents = _within(read_sealed(folder, "documents"), wanted)
        return records_table(documents, _within(read_sealed(folder, "failed"), wanted), decided, schema)

    return make


def _make_edits(_split: str | None, _edits: pa.Schema) -> _Make:
    def make(folder: Path, decided: pa.Table, wanted: np.ndarray) -> pa.Table:
        return edits_table(_within(read_sealed(folder, "edited"), wanted), decided)

    return make


def _within(rows: pa.Table, wanted: np.ndarray) -> pa.Table:
    return rows.filter(pa.array(wanted[np.asarray(rows["position"])]))


_MAKERS: dict[str, Callable[[str | None, pa.Schema], _Make]] = {
    "documents": _make_documents,
    "records": _make_records,
    "edits": _make_edits,
}
