"""From a recipe to a version: read, cut into chunks, work on each, decide over all, write whole."""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from harness import __version__
from harness.core.errors import InputError, NoEvidenceError
from harness.core.files import folder_written_whole, write_atomically
from harness.core.manifest import Counts, InputEntry, Manifest
from harness.core.recipe import Recipe, SourceSettings
from harness.core.tasks import TaskSpec
from harness.curation import rules
from harness.curation.assembly import Assembled, Processed, assemble
from harness.curation.chunking import TARGET_BYTES, cut_chunks
from harness.curation.identity import content_hash
from harness.engines import open_engine
from harness.hub.card import render_card
from harness.sources import read_raw, shown_place
from harness.sources.extractors import open_extractor
from harness.store.arrow_files import write_arrow
from harness.store.scratch import scratch_folder
from harness.store.versions import (
    CARD,
    VersionContent,
    VersionFolder,
    write_manifest,
    write_tables,
)
from harness.systems.identifiers import identity_of, open_judges
from harness.workflows.chunk import TASK, chunk_options, read_outputs, stages_of

Progress = Callable[[str], None]


@dataclass(frozen=True)
class BuildRequest:
    """What to build.

    Args:
        recipe: How.
        root: Folder that the recipe's sources are relative to.
        out: The version folder to write; what stands there is replaced when the build ends well.
        source: Where the data of the recipe's only source lies this time, if not at its `path`. What enters a
            version is the recipe's own word, not the place on this machine.
        card_body: What people wrote for the dataset card, in Markdown.
        workers: At most this many processes; None takes the machine's cores.
        strict: Refuse to write a version with any error record.
        chunk_bytes: Expected size of a chunk; shapes the work, never the result.
    """

    recipe: Recipe
    root: Path
    out: Path
    source: Path | str | None = None
    card_body: str = ""
    workers: int | None = None
    strict: bool = False
    chunk_bytes: int = TARGET_BYTES

    @property
    def sources(self) -> tuple[SourceSettings, ...]:
        """The recipe's sources with the places where they are read."""
        if self.source is None:
            return self.recipe.sources
        (only,) = self.recipe.sources
        return (only.model_copy(update={"path": str(self.source)}),)

    @property
    def places(self) -> str:
        """Where the sources lie, for people."""
        return ", ".join(shown_place(source, self.root) for source in self.sources)


@dataclass(frozen=True)
class Built:
    """A finished version, and what its builder should know."""

    version: VersionFolder
    remarks: tuple[str, ...]


def build(request: BuildRequest, progress: Progress) -> Built:
    """Build a version.

    Raises:
        ConfigurationError: A rule names an unknown signal; the language identifier or an extractor is not
            installed.
        InputError: A source is missing or unreadable as a whole; any error record under `strict`.
        NoEvidenceError: Nothing was read, or nothing was kept.
    """
    recipe = request.recipe
    rules.check(recipe.reject)
    judges = open_judges(recipe.language)
    for name in recipe.extractors:
        open_extractor(name)
    # Beside the version: the same disk, and no word of it elsewhere when the build is interrupted.
    with scratch_folder(request.out.resolve().parent) as scratch:
        inputs, processed = _process(request, scratch, progress)
        progress("deciding: rules, duplicates, splits")
        assembled = assemble(recipe, processed)
        _refuse_empty(request, assembled)
        _refuse_errors_if_strict(request, processed)
        manifest = _manifest(recipe, inputs, assembled, identity_of(judges))
        progress(f"writing {manifest.reference}")
        return Built(_write(request, manifest, assembled, scratch), assembled.remarks)


def _process(
    request: BuildRequest, scratch: Path, progress: Progress
) -> tuple[tuple[InputEntry, ...], Processed]:
    """Read and process every record; give the inputs' fingerprints and all chunks joined."""
    recipe = request.recipe
    progress(f"reading {request.places}")
    tally = _InputTally([source.name for source in recipe.sources])
    specs = []
    offsets = [0]
    for ordinal, chunk in enumerate(
        _counted(read_raw(request.sources, request.root), tally, request.chunk_bytes)
    ):
        raw = scratch / f"{ordinal:06d}.raw.arrow"
        write_arrow(raw, chunk)
        specs.append(TaskSpec((raw,), scratch / f"{ordinal:06d}", chunk_options(recipe)))
        offsets.append(offsets[-1] + chunk.num_rows)
    if not specs:
        raise nothing_read(request)
    progress(f"processing {offsets[-1]} records in {len(specs)} chunks")
    open_engine(request.workers, len(specs)).run(TASK, specs, lambda: None)
    return tally.entries(), _join([spec.output for spec in specs], offsets)


def nothing_read(request: BuildRequest) -> NoEvidenceError:
    """Say that the sources are there and hold no record."""
    return NoEvidenceError(
        "the sources hold no record",
        where=request.places,
        remedy="check 'path', 'include' and 'exclude'",
    )


def _counted(batches: Iterable[pa.RecordBatch], tally: "_InputTally", chunk_bytes: int) -> Iterator[pa.Table]:
    for chunk in cut_chunks(batches, chunk_bytes):
        tally.add(chunk)
        yield chunk


@dataclass
class _InputTally:
    """Counts what each source brought; the hash does not depend on the order of records."""

    names: list[str]
    records: dict[int, int] = field(default_factory=dict)
    sizes: dict[int, int] = field(default_factory=dict)
    hashes: dict[int, list[str]] = field(default_factory=dict)

    def add(self, chunk: pa.Table) -> None:
        source = chunk["recipe_source"].to_numpy()
        sizes = pc.fill_null(chunk["raw_bytes"], 0).to_numpy()
        for number in np.unique(source).tolist():
            of_source = source == number
            self.records[number] = self.records.get(number, 0) + int(of_source.sum())
            self.sizes[number] = self.sizes.get(number, 0) + int(sizes[of_source].sum())
            hashes = chunk["raw_sha256"].filter(pa.array(of_source)).drop_null().to_pylist()
            self.hashes.setdefault(number, []).extend(hashes)

    def entries(self) -> tuple[InputEntry, ...]:
        return tuple(
            InputEntry(
                source=name,
                records=self.records.get(number, 0),
                bytes=self.sizes.get(number, 0),
                sha256=hashlib.sha256("\n".join(sorted(self.hashes.get(number, []))).encode()).hexdigest(),
            )
            for number, name in enumerate(self.names)
        )


def _join(folders: list[Path], offsets: list[int]) -> Processed:
    """Join the chunks' tables, with positions counted over the whole corpus."""
    chunks = [read_outputs(folder) for folder in folders]
    for chunk, offset in zip(chunks, offsets, strict=False):  # one offset more: the total
        for name in ("documents", "failed", "edited"):
            place = chunk[name].column_names.index("position")
            moved = pc.add(chunk[name]["position"], offset)
            chunk[name] = chunk[name].set_column(place, "position", moved)
    joined = {name: pa.concat_tables([chunk[name] for chunk in chunks]) for name in chunks[0]}
    # A chunk lists its failures stage by stage; over the corpus that would tell where chunks were cut.
    joined["failed"] = joined["failed"].sort_by("position")
    return Processed(**joined)


def _refuse_empty(request: BuildRequest, assembled: Assembled) -> None:
    if any(table.num_rows for table in assembled.splits.values()):
        return
    counts = _counts(assembled)
    taken = ", ".join(f"{rule}: {n}" for rule, n in (counts.rejected_by | counts.errors_by).items())
    raise NoEvidenceError(
        f"none of the {counts.read} records was kept ({taken})",
        where=request.places,
        remedy="look at one of them with a recipe without [[reject]] rules; no version was written",
    )


def _refuse_errors_if_strict(request: BuildRequest, processed: Processed) -> None:
    lost = processed.failed
    if not request.strict or not lost.num_rows:
        return
    shown = [f"{row['locator']} ({row['error']})" for row in lost.slice(0, 5).to_pylist()]
    raise InputError(
        f"{lost.num_rows} records could not be read, and the build is strict",
        where=", ".join(shown),
        remedy="mend or exclude them, or build without --strict; no version was written",
    )


def _manifest(
    recipe: Recipe, inputs: tuple[InputEntry, ...], assembled: Assembled, identifier: str
) -> Manifest:
    documents = pa.concat_tables(
        table.append_column("split", pa.array([split] * table.num_rows, pa.string()))
        for split, table in assembled.splits.items()
    )
    stages = stages_of(recipe)
    return Manifest(
        name=recipe.name,
        version=recipe.version,
        content_hash=content_hash(documents, recipe.model_dump(mode="json"), stages, identifier),
        recipe=recipe,
        stages=stages,
        identifier=identifier,
        made_with={"corpus-harness": __version__, "pyarrow": pa.__version__},
        inputs=inputs,
        counts=_counts(assembled),
        splits={split: table.num_rows for split, table in assembled.splits.items()},
        languages=_tally(documents["lang"]),
        tables={name: table.num_rows for name, table in assembled.ledger.items()},
        files={},
    )


def _counts(assembled: Assembled) -> Counts:
    ledger = assembled.ledger
    return Counts(
        read=ledger["records"].num_rows,
        kept=sum(table.num_rows for table in assembled.splits.values()),
        rejected=ledger["rejected"].num_rows,
        errors=ledger["errors"].num_rows,
        rejected_by=_tally(ledger["rejected"]["rule"]),
        errors_by=_tally(ledger["errors"]["error"]),
        edits_by=_tally(ledger["edits"]["rule"]),
    )


def _tally(column: pa.ChunkedArray) -> dict[str, int]:
    counted = pc.value_counts(column).to_pylist()
    return {
        str(entry["values"]): entry["counts"]
        for entry in sorted(counted, key=lambda entry: str(entry["values"]))
    }


def _write(request: BuildRequest, manifest: Manifest, assembled: Assembled, scratch: Path) -> VersionFolder:
    with folder_written_whole(request.out, staged_in=scratch) as folder:
        files = write_tables(folder, VersionContent(assembled.splits, assembled.ledger))
        finished = manifest.model_copy(update={"files": files})
        write_atomically(folder / CARD, render_card(finished, request.card_body))
        write_manifest(folder, finished)
    return VersionFolder(request.out, finished)
