"""From the sources to processed chunks: read, cut, named, and worked on unless that was done before."""

import hashlib
import shutil
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from harness.core.errors import NoEvidenceError
from harness.core.manifest import InputEntry
from harness.core.recipe import Recipe
from harness.core.tasks import Engine, TaskSpec
from harness.curation.chunking import cut_chunks
from harness.curation.processed import PLACES
from harness.curation.raw_parts import RawPart
from harness.store.arrow_files import write_arrow
from harness.store.chunk_cache import ChunkCache
from harness.store.sealed import seal_hash
from harness.workflows.chunk import TASK
from harness.workflows.chunk_naming import ChunkKeys, Naming, chunk_options, raw_name
from harness.workflows.isolating import Completed, run_isolating
from harness.workflows.shards import ProcessedChunk

# Hashes of records that are strings of Python at a time: 110 bytes each.
_HASHES_AT_ONCE = 1 << 16


@dataclass(frozen=True)
class TakenIn:
    """What was read and processed.

    Args:
        chunks: In canonical order.
        places: Schema PLACES, one row a record.
        inputs: What each source brought.
    """

    chunks: tuple[ProcessedChunk, ...]
    places: pa.Table
    inputs: tuple[InputEntry, ...]


class Intake:
    """Reads chunks and hands out the work on those that the cache does not hold.

    Args:
        recipe: How they are worked on.
        naming: How they are named.
        cache: Where their outcome lies, and is put.
        scratch: Folder for raw records on their way to a worker.
    """

    def __init__(self, recipe: Recipe, naming: Naming, cache: ChunkCache, scratch: Path) -> None:
        self._recipe = recipe
        self._naming = naming
        self._cache = cache
        self._scratch = scratch
        self._tally = _InputTally([source.name for source in recipe.sources])
        self._chunks: list[ProcessedChunk] = []
        self._places: list[pa.Table] = [PLACES.empty_table()]
        self._given: set[str] = set()
        self._passing: dict[str, Path] = {}

    def run(self, parts: Iterable[RawPart], chunk_bytes: int, engine: Engine) -> TakenIn:
        """Take in all records; reading goes on while workers are at work, a few chunks ahead of them.

        Args:
            parts: Raw records in canonical order.
            chunk_bytes: Expected size of a chunk.
            engine: Where the work is done.

        Raises:
            HarnessError: See `harness.workflows.isolating.run_isolating`.
            KeyboardInterrupt: Somebody pressed Ctrl-C; what is done is in the cache.
        """
        run_isolating(engine, TASK, self._specs(cut_chunks(parts, chunk_bytes)), self._done)
        chunks = [self._where_it_is(one) for one in self._chunks]
        places = pa.concat_tables(self._places).combine_chunks()
        return TakenIn(tuple(chunks), places, self._tally.entries())

    def _where_it_is(self, chunk: ProcessedChunk) -> ProcessedChunk:
        folder = self._passing.get(chunk.key)
        return chunk if folder is None else replace(chunk, folder=folder, key=seal_hash(folder))

    @property
    def records(self) -> int:
        """How many records were read so far."""
        return self._chunks[-1].stop if self._chunks else 0

    def _specs(self, chunks: Iterable[RawPart]) -> Iterator[TaskSpec]:
        for chunk in chunks:
            self._tally.add(chunk.told)
            keys = self._naming.keys(chunk.told)
            self._note(chunk.told, keys)
            if keys.processed not in self._given and not self._cache.has("processed", keys.processed):
                self._given.add(keys.processed)
                yield self._spec(chunk.records, keys)

    def _note(self, told: pa.Table, keys: ChunkKeys) -> None:
        start = self.records
        folder = self._cache.place("processed", keys.processed)
        self._chunks.append(ProcessedChunk(folder, keys.processed, start, start + told.num_rows))
        self._places.append(told.select(PLACES.names).combine_chunks())

    def _spec(self, raw: pa.Table, keys: ChunkKeys) -> TaskSpec:
        path = self._scratch / raw_name(keys)
        write_arrow(path, raw)
        decoded = self._cache.place("decoded", keys.decoded)
        return TaskSpec(
            (path,),
            self._cache.place("processed", keys.processed),
            {**chunk_options(self._recipe), "decoded": str(decoded)},
        )

    def _done(self, completed: Completed) -> None:
        completed.spec.inputs[0].unlink()
        if not completed.lasting:  # what rests on this machine's speed or memory is not for another build
            output = completed.spec.output
            self._passing[output.name] = Path(shutil.move(output, self._scratch / output.name))


def nothing_read(places: str) -> NoEvidenceError:
    """Say that the sources are there and hold no record."""
    return NoEvidenceError(
        "the sources hold no record",
        where=places,
        remedy="check 'path', 'include' and 'exclude'",
    )


@dataclass
class _InputTally:
    """Counts what each source brought; the hash does not depend on the order of records."""

    names: list[str]
    records: Counter[int] = field(default_factory=Counter)
    sizes: Counter[int] = field(default_factory=Counter)
    hashes: dict[int, list[pa.ChunkedArray]] = field(default_factory=dict)

    def add(self, chunk: pa.Table) -> None:
        source = chunk["recipe_source"].to_numpy()
        sizes = pc.fill_null(chunk["raw_bytes"], 0).to_numpy()
        for number in np.unique(source).tolist():
            of_source = source == number
            self.records[number] += int(of_source.sum())
            self.sizes[number] += int(sizes[of_source].sum())
            hashes = chunk["raw_sha256"].filter(pa.array(of_source)).drop_null()
            self.hashes.setdefault(number, []).extend(hashes.chunks)

    def entries(self) -> tuple[InputEntry, ...]:
        return tuple(
            InputEntry(
                source=name,
                records=self.records[number],
                bytes=self.sizes[number],
                sha256=self._sha256(number),
            )
            for number, name in enumerate(self.names)
        )

    def _sha256(self, number: int) -> str:
        hashes = pa.chunked_array(self.hashes.get(number, []), pa.string()).combine_chunks()
        order = pc.sort_indices(hashes)
        told = hashlib.sha256()
        for start in range(0, len(order), _HASHES_AT_ONCE):
            some = hashes.take(order.slice(start, _HASHES_AT_ONCE)).to_pylist()
            told.update("\n".join([""] * bool(start) + some).encode())
        return told.hexdigest()
