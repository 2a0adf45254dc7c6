"""From a recipe to a version: read, work on each chunk, decide over all, write whole."""

import contextlib
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from harness import __version__
from harness.core.collecting import rarely_collecting
from harness.core.errors import HarnessError, InputError, NoEvidenceError
from harness.core.files import folder_written_whole, write_atomically
from harness.core.manifest import Counts, FileEntry, Manifest, SignalEntry, ledger_path
from harness.core.pandas_on_demand import leave_pandas_unloaded
from harness.core.recipe import SPLIT_NAMES, Recipe, SourceSettings
from harness.core.schema import LEDGER_TABLES
from harness.core.tasks import Engine
from harness.core.workspace import code_fingerprint
from harness.curation import rules
from harness.curation.assembly import Corpus, Decisions, decide
from harness.curation.chunking import TARGET_BYTES
from harness.curation.identity import content_hash
from harness.engines import open_engine
from harness.hub.card import render_card
from harness.sources import read_parts, shown_place
from harness.sources.extractors import open_extractor
from harness.store.chunk_cache import ChunkCache, open_cache, remove_cache
from harness.store.scratch import scratch_folder
from harness.store.sealed import DamagedError
from harness.store.segment_memory import SegmentMemory
from harness.store.versions import CARD, VersionFolder, write_manifest, write_table
from harness.systems.identifiers import identity_of, open_judges
from harness.systems.own_signals import open_signals
from harness.workflows.chunk_naming import Naming, stages_of
from harness.workflows.corpus import Compared, EditTally, corpus_of, sizes_of, tally_edits
from harness.workflows.intake import Intake, TakenIn, nothing_read
from harness.workflows.memory import are_to_be_spilled, workers_within
from harness.workflows.shards import plan_shards, put_in_place, write_shards
from harness.workflows.watching import RawWatch

Progress = Callable[[str], None]

# A damaged cache is mended by working again on what was lost; one that is damaged anew each time is not.
_ATTEMPTS = 3


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
        memory_bytes: What all processes together may take: fewer of them work at a time where it is little. None
            takes half of the machine's.
        strict: Refuse to write a version with any error record.
        chunk_bytes: Expected size of a chunk; shapes the work, never the result.
        cache: Where finished work is kept for later builds. None keeps it beside `out` only until the build
            ends, so that one which was interrupted goes on where it was.
        fresh: Take nothing that an interrupted build left beside `out`.
    """

    recipe: Recipe
    root: Path
    out: Path
    source: Path | str | None = None
    card_body: str = ""
    workers: int | None = None
    strict: bool = False
    chunk_bytes: int = TARGET_BYTES
    cache: Path | None = None
    fresh: bool = False
    memory_bytes: int | None = None

    @property
    def processes(self) -> int | None:
        """How many workers there is memory for; None for as many as there are cores."""
        return workers_within(self.memory_bytes, self.workers)

    def spills(self, records: int) -> bool:
        """Tell whether so many records have more small columns than there is memory for."""
        return are_to_be_spilled(records, self.memory_bytes)

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

    @property
    def unfinished(self) -> Path:
        """Where finished work is kept until the build ends, without a cache."""
        out = self.out.resolve()
        return out.with_name(f".{out.name}.unfinished")


@dataclass(frozen=True)
class Built:
    """A finished version, and what its builder should know."""

    version: VersionFolder
    remarks: tuple[str, ...]


def build(request: BuildRequest, progress: Progress) -> Built:
    """Build a version.

    Raises:
        ConfigurationError: A rule names an unknown signal; the language identifier, an extractor or a signal
            of the user's own is not installed, or such a signal breaks its promise.
        InputError: A source is missing or unreadable as a whole; any error record under `strict`; the cache
            is damaged each time it is mended.
        NoEvidenceError: Nothing was read, or nothing was kept.
        KeyboardInterrupt: Somebody pressed Ctrl-C; the same request goes on from there.
    """
    leave_pandas_unloaded()
    recipe = request.recipe
    rules.check(recipe.reject, open_signals(recipe.signals))
    open_judges(recipe.language)
    for name in recipe.extractors:
        open_extractor(name)
    with open_engine(request.processes, tell=progress) as engine, _cache_of(request) as cache:
        built = _mending(request, cache, engine, progress)
        cache.note_used(request.out)
        if not cache.damaged:
            return built
        remark = f"entries of the cache that were damaged and made anew: {cache.damaged}"
        return Built(built.version, (*built.remarks, remark))


@contextlib.contextmanager
def _cache_of(request: BuildRequest) -> Iterator[ChunkCache]:
    """Open the cache that the request names, or one that stays only if the build is cut short."""
    if request.cache is not None:
        with open_cache(request.cache) as cache:
            yield cache
        return
    if request.fresh and request.unfinished.is_dir():
        remove_cache(request.unfinished)
    is_resumable = True
    try:
        with open_cache(request.unfinished) as cache:
            try:
                yield cache
                is_resumable = False
            except HarnessError:
                is_resumable = cache.is_filling and not cache.is_empty
                raise
            except BaseException:
                is_resumable = not cache.is_empty
                raise
    finally:
        if not is_resumable:
            remove_cache(request.unfinished)


def _mending(request: BuildRequest, cache: ChunkCache, engine: Engine, progress: Progress) -> Built:
    """Build; where the cache turns out to be damaged, mend it and build again."""
    naming = Naming.of(request.recipe, _software())
    for _ in range(_ATTEMPTS):
        # Beside the version: the same disk, and no word of it elsewhere when the build is interrupted.
        with scratch_folder(request.out.resolve().parent) as scratch:
            try:
                with rarely_collecting():
                    return _Build(request, cache, engine, scratch, progress, naming).run()
            except DamagedError as damaged:
                progress(f"{damaged.what}; it is made anew")
                found = damaged
        cache.discard_damaged()
    raise found


@dataclass(frozen=True)
class _Build:
    """One attempt at a build, with its places to write."""

    request: BuildRequest
    cache: ChunkCache
    engine: Engine
    scratch: Path
    progress: Progress
    naming: Naming

    def run(self) -> Built:
        recipe = self.request.recipe
        watch = RawWatch(recipe.sources, self.scratch)
        self.cache.is_filling = True
        taken = self._take_in(watch)
        self.cache.is_filling = False
        self.progress("deciding: rules, duplicates, splits")
        compared = Compared(self.cache, self.naming, recipe.duplicates)
        spill = self.scratch / "documents.arrow" if self.request.spills(taken.places.num_rows) else None
        corpus = compared.beside(corpus_of(recipe, taken, spill), taken.chunks)
        edits = tally_edits(taken.chunks)
        decisions = decide(recipe, corpus)
        _refuse_empty(self.request, _counts(decisions, edits))
        _refuse_errors_if_strict(self.request, decisions)
        stages = stages_of(recipe) | watch.stages
        manifest = _manifest(recipe, stages, taken, (corpus, decisions, edits))
        self.progress(f"writing {manifest.reference}")
        version = self._write(manifest, watch, taken, (corpus, decisions, edits))
        return Built(version, decisions.remarks)

    def _take_in(self, watch: RawWatch) -> TakenIn:
        request = self.request
        self.progress(f"reading and processing {request.places}")
        intake = Intake(request.recipe, self.naming, self.cache, self.scratch)
        memory = SegmentMemory(self.cache, self.naming.reading)
        parts = watch.passing(read_parts(request.sources, request.root, memory=memory))
        try:
            taken = intake.run(parts, request.chunk_bytes, self.engine)
        except KeyboardInterrupt:
            self.progress(
                f"{intake.records} records were read, and the work on them is kept: "
                "the same command goes on from there"
            )
            raise
        if not taken.chunks:
            raise nothing_read(request.places)
        self.progress(f"processed {intake.records} records in {len(taken.chunks)} chunks")
        return taken

    def _write(
        self, manifest: Manifest, watch: RawWatch, taken: TakenIn, found: tuple[Corpus, Decisions, EditTally]
    ) -> VersionFolder:
        corpus, decisions, edits = found
        request = self.request
        shards = plan_shards(
            decisions.records,
            sizes_of(corpus, edits),
            list(manifest.splits),
            taken.chunks,
            own=manifest.own_signals,
        )
        finished = write_shards(
            shards, decisions.records, self.cache, engine=self.engine, scratch=self.scratch
        )
        with folder_written_whole(request.out, staged_in=self.scratch) as folder:
            files: dict[str, FileEntry] = {
                path: put_in_place(shard, folder / path) for path, shard in finished.items()
            }
            for name, table in decisions.ledger.items():
                path = ledger_path(name)
                files[path] = write_table(folder / path, table.cast(LEDGER_TABLES[name]))
            files |= watch.write_pages(folder, decisions.records["id"])
            manifest = manifest.model_copy(update={"files": dict(sorted(files.items()))})
            write_atomically(folder / CARD, render_card(manifest, request.card_body))
            write_manifest(folder, manifest)
        return VersionFolder(request.out, manifest)


def _software() -> dict[str, str]:
    """Name what can change what becomes of a text without any stage of ours changing."""
    known = {"pyarrow": pa.__version__, "unicode": unicodedata.unidata_version}
    code = code_fingerprint()
    return known if code is None else known | {"code": code}


def _refuse_empty(request: BuildRequest, counts: Counts) -> None:
    if counts.kept:
        return
    taken = ", ".join(f"{rule}: {n}" for rule, n in (counts.rejected_by | counts.errors_by).items())
    raise NoEvidenceError(
        f"none of the {counts.read} records was kept ({taken})",
        where=request.places,
        remedy="harness preview shows of each what refused it; no version was written",
    )


def _refuse_errors_if_strict(request: BuildRequest, decisions: Decisions) -> None:
    lost = decisions.ledger["errors"]
    if not request.strict or not lost.num_rows:
        return
    shown = [f"{row['locator']} ({row['error']})" for row in lost.slice(0, 5).to_pylist()]
    raise InputError(
        f"{lost.num_rows} records could not be read, and the build is strict",
        where=", ".join(shown),
        remedy="mend or exclude them, or build without --strict; no version was written",
    )


def _manifest(
    recipe: Recipe, stages: dict[str, str], taken: TakenIn, found: tuple[Corpus, Decisions, EditTally]
) -> Manifest:
    corpus, decisions, edits = found
    kept = decisions.records.filter(pc.equal(decisions.records["status"], "kept"))
    is_kept = pc.equal(decisions.records["status"], "kept").take(
        corpus.documents["position"].combine_chunks()
    )
    identifier = identity_of(open_judges(recipe.language))
    written = {split: 0 for split in SPLIT_NAMES if getattr(recipe.splits, split) > 0}
    tables = {name: table.num_rows for name, table in decisions.ledger.items()}
    tables |= {"records": decisions.records.num_rows, "edits": sum(edits.by_rule.values())}
    return Manifest(
        name=recipe.name,
        version=recipe.version,
        content_hash=content_hash(kept, recipe.model_dump(mode="json"), stages, identifier),
        recipe=recipe,
        stages=stages,
        identifier=identifier,
        made_with={"corpus-harness": __version__, "pyarrow": pa.__version__},
        inputs=taken.inputs,
        counts=_counts(decisions, edits),
        splits=written | _tally(kept["split"]),
        languages=_tally(corpus.documents["lang"].filter(is_kept)),
        tables={name: tables[name] for name in LEDGER_TABLES},
        files={},
        signals=tuple(
            SignalEntry(name=one.name, kind=one.kind, meaning=one.meaning, version=one.version)
            for one in open_signals(recipe.signals)
        ),
    )


def _counts(decisions: Decisions, edits: EditTally) -> Counts:
    rejected, errors = decisions.ledger["rejected"], decisions.ledger["errors"]
    read = decisions.records.num_rows
    return Counts(
        read=read,
        kept=read - rejected.num_rows - errors.num_rows,
        rejected=rejected.num_rows,
        errors=errors.num_rows,
        rejected_by=_tally(rejected["rule"]),
        errors_by=_tally(errors["error"]),
        edits_by=dict(edits.by_rule),
    )


def _tally(column: pa.ChunkedArray) -> dict[str, int]:
    counted = pc.value_counts(column).to_pylist()
    return {
        str(entry["values"]): entry["counts"]
        for entry in sorted(counted, key=lambda entry: str(entry["values"]))
    }
