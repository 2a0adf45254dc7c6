"""What the pass over the whole corpus sees of processed chunks: small columns, and what texts have in common."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from harness.core.fingerprints import fingerprint
from harness.core.recipe import DuplicateSettings, Recipe
from harness.curation.assembly import Corpus, columns_needed
from harness.curation.comparison import Comparison, Known, compare
from harness.curation.processed import PLACES
from harness.curation.signatures import SIGNATURES
from harness.store.arrow_files import write_arrow
from harness.store.chunk_cache import ChunkCache
from harness.store.mapped import MappedTable, spilled
from harness.store.sealed import DamagedError, read_sealed, require_intact, sealed_folder
from harness.systems.own_signals import open_signals
from harness.workflows.chunk_naming import Naming
from harness.workflows.intake import TakenIn
from harness.workflows.shards import ProcessedChunk, Sizes

# Tables of a kept comparison; see `Comparison.tables`.
_COMPARED = ("rows", "equals", "links", "strangers", "crowds")
# Beside them: of which chunks, how many texts each had, and under which settings.
_CHUNKS, _SETTLED = "chunks", b"settled"
# Raised when the same texts are compared otherwise.
_COMPARING = 1


def corpus_of(recipe: Recipe, taken: TakenIn, spill: Path | None = None) -> Corpus:
    """Load what the global pass sees: small columns into memory or a file, signatures mapped from their files.

    Args:
        recipe: Which columns its rules look at.
        taken: What was processed.
        spill: A new file for the small columns of documents; None holds them in memory. What is decided is the same.

    Raises:
        DamagedError: What a chunk became is not what was written.
    """
    names = columns_needed(recipe)
    signatures = _mapped(taken.chunks)
    parts = (_small(read_sealed(chunk.folder, "documents"), names, chunk.start) for chunk in taken.chunks)
    documents = (_placed(part, taken.places) for part in parts)
    held = None if spill is None else spilled(documents, spill)
    failed = [_moved(read_sealed(chunk.folder, "failed"), chunk.start) for chunk in taken.chunks]
    return Corpus(
        documents=pa.concat_tables(documents).combine_chunks() if held is None else held.table,
        # A chunk lists its failures stage by stage; over the corpus that would tell where chunks were cut.
        failed=_placed(pa.concat_tables(failed), taken.places).sort_by("position"),
        signatures=signatures.table,
        release=_releasing(signatures, held),
        own=open_signals(recipe.signals),
    )


def _releasing(*tables: MappedTable | None) -> Callable[[], None]:
    """Make one call that gives back what was read of several tables."""

    def release() -> None:
        for table in tables:
            if table is not None:
                table.release()

    return release


@dataclass(frozen=True)
class EditTally:
    """How many edits there are: by rule, and by the record's position, shape (records,), dtype int64."""

    by_rule: Mapping[str, int]
    by_position: np.ndarray


def tally_edits(chunks: Iterable[ProcessedChunk]) -> EditTally:
    """Count the edits of all chunks.

    Raises:
        DamagedError: What a chunk became is not what was written.
    """
    by_rule: Counter[str] = Counter()
    by_position = [np.zeros(0, np.int64)]
    for chunk in chunks:
        edited = read_sealed(chunk.folder, "edited")
        for entry in pc.value_counts(edited["rule"]).to_pylist():
            by_rule[entry["values"]] += entry["counts"]
        by_position.append(np.bincount(edited["position"], minlength=chunk.stop - chunk.start))
    return EditTally(dict(sorted(by_rule.items())), np.concatenate(by_position))


def sizes_of(corpus: Corpus, edits: EditTally) -> Sizes:
    """Say what each record brings."""
    text_bytes = np.zeros(len(edits.by_position), np.int64)
    text_bytes[corpus.documents["position"]] = corpus.documents["text_bytes"]
    return Sizes(text_bytes, edits.by_position)


def _small(documents: pa.Table, names: list[str], start: int) -> pa.Table:
    documents = documents.select(names)
    # Of a title it only counts whether there is one; titles of a million articles take 100 MB.
    begun = pc.utf8_slice_codeunits(pc.utf8_trim_whitespace(documents["title"]), 0, 1)
    return _moved(_with(documents, "title", begun), start)


def _moved(rows: pa.Table, start: int) -> pa.Table:
    return _with(rows, "position", pc.add(rows["position"], start))


def _with(rows: pa.Table, name: str, column: pa.ChunkedArray) -> pa.Table:
    return rows.set_column(rows.column_names.index(name), name, column)


def _placed(rows: pa.Table, places: pa.Table) -> pa.Table:
    """Copy columns out of the mapped files, and join where each record lies."""
    rows = rows.combine_chunks()
    found = places.take(pa.array(np.asarray(rows["position"]), pa.int64()))
    for name in PLACES.names:
        rows = rows.append_column(name, found[name])
    return rows


def _mapped(chunks: Sequence[ProcessedChunk]) -> MappedTable:
    paths = [chunk.folder / "signatures.arrow" for chunk in chunks]
    for path in paths:
        require_intact(path)
    try:
        return MappedTable(paths, SIGNATURES)
    except (OSError, pa.ArrowException) as error:
        raise DamagedError("signatures in the cache cannot be read", where=str(paths[0].parent)) from error


@dataclass(frozen=True)
class Compared:
    """What the texts of a corpus have in common, kept from build to build: no rule and no rank enters it.

    Args:
        cache: Where.
        naming: How chunks are named: the software and the stages.
        settings: Thresholds.
    """

    cache: ChunkCache
    naming: Naming
    settings: DuplicateSettings

    def beside(self, corpus: Corpus, chunks: Sequence[ProcessedChunk]) -> Corpus:
        """Put beside a corpus what its texts have in common, compared before or now.

        Raises:
            DamagedError: What was kept is not what was written.
        """
        chunk_keys = [chunk.key for chunk in chunks]
        key = fingerprint([_COMPARING, self._settled, chunk_keys])
        if self.cache.has("compared", key):
            return replace(corpus, compared=_read(self.cache.place("compared", key)))
        rows = _rows_by_chunk(corpus, chunks)
        compared = compare(
            corpus.signatures, self.settings, corpus.release, self._known_before(chunk_keys, rows)
        )
        with sealed_folder(self.cache.place("compared", key)) as folder:
            made_of = pa.table({"key": pa.array(chunk_keys, pa.string()), "rows": rows})
            named = made_of.replace_schema_metadata({_SETTLED: self._settled})
            for name, table in {**compared.tables(), _CHUNKS: named}.items():
                write_arrow(folder / f"{name}.arrow", table)
        return replace(corpus, compared=compared)

    @property
    def _settled(self) -> str:
        """Name all that what texts have in common hangs on, beside the texts."""
        return fingerprint(
            [self.naming.processing, self.settings.model_dump(mode="json", exclude={"action"})]
        )

    def _known_before(self, chunk_keys: Sequence[str], rows: np.ndarray) -> Known | None:
        """Take what is known of pairs of these chunks from the last comparison with the same settings.

        Args:
            chunk_keys: Names of the chunks, in order.
            rows: How many texts each has, shape (chunks,), dtype int64.
        """
        for folder in self.cache.latest("compared"):
            try:
                chunks = read_sealed(folder, _CHUNKS)
                if (chunks.schema.metadata or {}).get(_SETTLED) == self._settled.encode():
                    return _read(folder).moved(_moved_rows(chunks, chunk_keys, rows))
            except DamagedError:  # or pruned meanwhile: it only would have saved work
                continue
        return None


def _read(folder: Path) -> Comparison:
    """Read a kept comparison; all of the folder is looked at, so that damage is found wherever it is."""
    return Comparison.of_tables({name: read_sealed(folder, name) for name in (*_COMPARED, _CHUNKS)})


def _rows_by_chunk(corpus: Corpus, chunks: Sequence[ProcessedChunk]) -> np.ndarray:
    """Count the documents of each chunk, shape (chunks,), dtype int64."""
    starts = np.array([chunk.start for chunk in chunks])
    of_chunk = np.searchsorted(starts, corpus.documents["position"].to_numpy(), side="right") - 1
    return np.bincount(of_chunk, minlength=len(chunks))


def _moved_rows(earlier: pa.Table, chunk_keys: Sequence[str], rows: np.ndarray) -> np.ndarray:
    """Find where the rows of an earlier corpus lie by now, -1 for those of chunks that are gone.

    Args:
        earlier: Names of its chunks, and their numbers of rows.
        chunk_keys: Names of the chunks by now.
        rows: Their numbers of rows.

    Returns:
        Shape (rows of the earlier corpus,), dtype int64; of chunks that are there twice, the first is meant.
    """
    starts = dict(reversed(list(zip(chunk_keys, (np.cumsum(rows) - rows).tolist(), strict=True))))
    moved = [
        np.arange(count) + starts[key] if key in starts else np.full(count, -1)
        for key, count in zip(earlier["key"].to_pylist(), earlier["rows"].to_pylist(), strict=True)
    ]
    return np.concatenate([np.zeros(0, np.int64), *moved])
