"""What a recipe would do to some records of each source, without writing a version."""

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from harness.core.schema import RAW, documents_schema, ledger_schema
from harness.core.tasks import TaskSpec
from harness.curation import rules
from harness.curation.assembly import Decisions, decide
from harness.curation.ledger import documents_table, edits_table, records_table
from harness.curation.life import Books, Life, life_of
from harness.curation.previewed import Preview, Sample, tally_of
from harness.curation.processed import PLACES
from harness.curation.sampling import first_records, spread_records
from harness.sources import read_raw
from harness.sources.extractors import open_extractor
from harness.store.arrow_files import write_arrow
from harness.store.scratch import scratch_folder
from harness.systems.identifiers import open_judges
from harness.systems.own_signals import open_signals
from harness.workflows.build import BuildRequest, Progress
from harness.workflows.chunk import process_chunk, read_outputs
from harness.workflows.chunk_naming import chunk_options
from harness.workflows.corpus import corpus_of
from harness.workflows.intake import TakenIn, nothing_read
from harness.workflows.shards import ProcessedChunk


@dataclass(frozen=True)
class PreviewRequest:
    """What to look at.

    Args:
        build: The build that is tried out; its output folder is neither written nor looked at.
        limit: Records a source at most, 1 or more.
        spread: Draw them from all over each source, which reads it whole, instead of taking the first.
    """

    build: BuildRequest
    limit: int
    spread: bool = False


def preview(request: PreviewRequest, progress: Progress) -> Preview:
    """Do the work of a build on a few records of each source, and tell their lives.

    Everything but the choice of records is what a build does. What it writes on its way lies in the system's
    folder for temporary files, and is gone at the end.

    Raises:
        ConfigurationError: A rule names an unknown signal; the language identifier, an extractor or a signal
            of the user's own is not installed, or such a signal breaks its promise.
        InputError: A source is missing or unreadable as a whole.
        NoEvidenceError: The sources hold no record.
    """
    recipe = request.build.recipe
    rules.check(recipe.reject, open_signals(recipe.signals))
    open_judges(recipe.language)
    for name in recipe.extractors:
        open_extractor(name)
    drawn = _drawn(request, progress)
    raw = pa.concat_tables([records for records, _ in drawn])
    if not raw.num_rows:
        raise nothing_read(request.build.places)
    progress(f"processing {raw.num_rows} records")
    lives = _lives(request.build, raw)
    samples = []
    for source, (records, has_more) in zip(recipe.sources, drawn, strict=True):
        own, lives = lives[: records.num_rows], lives[records.num_rows :]
        samples.append(Sample(source=source.name, has_more=has_more, records=tuple(own)))
    return Preview(
        reference=f"{recipe.name}@{recipe.version}",
        profile=recipe.profile,
        limit=request.limit,
        spread=request.spread,
        samples=tuple(samples),
        tally=tally_of(life for sample in samples for life in sample.records),
    )


def _drawn(request: PreviewRequest, progress: Progress) -> list[tuple[pa.Table, bool]]:
    """Draw records from each source: with whether it has more."""
    build = request.build
    progress(f"reading {build.places}")
    # All of them at once only to be told of all mistakes at once, as by a build; nothing is read yet.
    read_raw(build.sources, build.root)
    draw = spread_records if request.spread else first_records
    drawn = []
    for position, source in enumerate(build.sources):
        records, has_more = draw(read_raw([source], build.root), request.limit)
        place = RAW.get_field_index("recipe_source")
        positions = pa.array([position] * records.num_rows, RAW.field(place).type)
        drawn.append((records.set_column(place, RAW.field(place), positions), has_more))
    return drawn


def _lives(build: BuildRequest, raw: pa.Table) -> list[Life]:
    """Process and judge raw records; give their lives in the same order."""
    with scratch_folder(Path(tempfile.gettempdir())) as scratch:
        spec = TaskSpec((scratch / "raw.arrow",), scratch / "out", chunk_options(build.recipe))
        write_arrow(spec.inputs[0], raw)
        process_chunk(spec)
        chunk = ProcessedChunk(spec.output, spec.output.name, 0, raw.num_rows)
        taken = TakenIn((chunk,), raw.select(PLACES.names), ())
        decisions = decide(build.recipe, corpus_of(build.recipe, taken))
        books = _books(build, read_outputs(spec.output), decisions)
        lives = [life_of(books, one) for one in decisions.records["id"].to_pylist()]
    # The split hangs on the cluster, and that on records that were not looked at.
    return [life.model_copy(update={"split": None}) for life in lives]


def _books(build: BuildRequest, outputs: Mapping[str, pa.Table], decisions: Decisions) -> Books:
    """Lay out what a version would tell of the records, with the texts of the rejected as well."""
    decided = decisions.records
    own = open_signals(build.recipe.signals)
    measured, shown = outputs["documents"], documents_schema(own)
    tables = {
        **decisions.ledger,
        "documents": documents_table(measured, outputs["texts"], decided, shown),
        "records": records_table(measured, outputs["failed"], decided, ledger_schema("records", own)),
        "edits": edits_table(outputs["edited"], decided),
    }
    return Books(f"{build.recipe.name}@{build.recipe.version}", tables, build.recipe.reject, own=own)
