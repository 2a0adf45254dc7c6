"""The work on one chunk: raw records in, measured documents, edits, failures and signatures out."""

import contextlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from harness.core.columns import whole, with_column
from harness.core.pandas_on_demand import leave_pandas_unloaded
from harness.core.recipe import BrokenLines, DuplicateSettings, LanguageSettings, LearntResidue
from harness.core.schema import RAW, documents_schema
from harness.core.signals import SIGNAL_NAMES, OwnSignal
from harness.core.tasks import TaskSpec
from harness.curation.dates import parse_published
from harness.curation.edges import edge_lines
from harness.curation.identity import row_digests
from harness.curation.languages import LanguageMeasure, measure_languages
from harness.curation.learnt import rules_by_source
from harness.curation.line_beginnings import credit_beginnings
from harness.curation.lists import as_numbers, numbers
from harness.curation.own_signals import measure_own
from harness.curation.passes import expect_much, expect_text
from harness.curation.processed import EDITED, TEXTS, measured_schema
from harness.curation.signals import SignalContext, measure
from harness.curation.signatures import pass_over
from harness.curation.signs import signs_of_defects
from harness.curation.titles import title_keys
from harness.store.arrow_files import read_arrow, write_arrow
from harness.store.sealed import DamagedError, discard, read_sealed, sealed_folder
from harness.systems.identifiers import identifier_names, open_judges
from harness.systems.own_signals import open_signals
from harness.text.cleaning import RESIDUE_RULES, clean_batch, clean_by_source
from harness.text.credits import take_credits
from harness.text.headline import HEADLINE_RULE, take_headlines
from harness.text.rules.learnt import LEARNT_RULE
from harness.workflows.chunk_decoding import DECODED_OUTPUTS, decode_chunk, is_dear

TASK = "harness.workflows.chunk:process_chunk"
# Tables of a processed chunk. The texts lie apart: the pass over the corpus never reads them.
OUTPUTS = ("documents", "texts", "failed", "edited", "signatures")
# Mends characters alone, which a title has as a text has them; punctuation in titles follows other habits.
_TITLE_PROFILE = "safe"
# Long enough to be told its language by both identifiers; with what is counted in texts.
_NOBODYS_TEXT = ("Write to somebody@example.org, or call 0123 456 789 .\n" * 4).encode()


def load_ahead(spec: TaskSpec) -> None:
    """Load what every process that works on chunks needs, but no text (see `harness.core.tasks.load_for`).

    That is what work on a record loads and builds when it first needs it, so a record of nobody's is worked on: not
    by what a recipe names of others' code, which may start threads.
    """
    leave_pandas_unloaded()
    language = LanguageSettings.model_validate(spec.options["language"])
    _language_measure(language)
    if language.identifier in identifier_names():
        expect_much()
        raw = pa.Table.from_pylist(
            [{"media": "text", "payload": _NOBODYS_TEXT, "published": "1 May"}], schema=RAW
        )
        _work_on(spec, own=()).run(**decode_chunk(raw))


def process_chunk(spec: TaskSpec) -> None:
    """Work on one chunk file (schema RAW) and write `OUTPUTS` beside each other into a sealed folder.

    Under the option `decoded`, a folder named by the chunk's key, decoded records are kept where they were
    dear, and taken from there the next time.
    """
    expect_text(spec.inputs[0].stat().st_size)
    work = _work_on(spec, own=open_signals(spec.options["signals"]))
    _write_sealed(spec.output, work.run(**_decoded(spec)))


def _work_on(spec: TaskSpec, own: tuple[OwnSignal, ...]) -> "_ChunkWork":
    return _ChunkWork(
        profile=spec.options["profile"],
        language=LanguageSettings.model_validate(spec.options["language"]),
        duplicates=DuplicateSettings.model_validate(spec.options["duplicates"]),
        residue=tuple(LearntResidue.model_validate(line) for line in spec.options["residue"]),
        broken_lines=tuple(BrokenLines.model_validate(one) for one in spec.options["broken_lines"]),
        own=own,
    )


def _decoded(spec: TaskSpec) -> dict[str, pa.Table]:
    """Decode a chunk, or take what an earlier build kept of the very same records."""
    kept = Path(spec.options["decoded"]) if "decoded" in spec.options else None
    # A part of a chunk, in search of a record that cannot be worked on, lies in a file of another name.
    if kept is None or spec.inputs[0].name != f"{kept.name}.arrow":
        return decode_chunk(read_arrow(spec.inputs[0]))
    if kept.is_dir():
        with contextlib.suppress(DamagedError):
            return {name: read_sealed(kept, name) for name in DECODED_OUTPUTS}
        discard(kept)
    decoded = decode_chunk(read_arrow(spec.inputs[0]))
    if is_dear(decoded["decoded"]):
        _write_sealed(kept, decoded)
    return decoded


def _write_sealed(target: Path, tables: Mapping[str, pa.Table]) -> None:
    with sealed_folder(target) as folder:
        for name, table in tables.items():
            write_arrow(folder / f"{name}.arrow", table)


def read_outputs(folder: Path) -> dict[str, pa.Table]:
    """Read back what `process_chunk` wrote.

    Raises:
        DamagedError: It is not what was written.
    """
    return {name: read_sealed(folder, name) for name in OUTPUTS}


@cache
def _language_measure(settings: LanguageSettings) -> LanguageMeasure:
    return LanguageMeasure(open_judges(settings), settings.min_letters)


@dataclass(frozen=True)
class _ChunkWork:
    """The stages of one chunk, in order; each takes a table and sets failures aside."""

    profile: str
    language: LanguageSettings
    duplicates: DuplicateSettings
    residue: tuple[LearntResidue, ...]
    broken_lines: tuple[BrokenLines, ...]
    own: tuple[OwnSignal, ...]

    def run(self, decoded: pa.Table, failed: pa.Table) -> dict[str, pa.Table]:
        rows, headline_edits = _split_headlines(decoded)
        before = whole(rows["text"])
        accepted = rules_by_source(self.residue, self.broken_lines)
        cleaned = clean_by_source(before, whole(rows["source"]), self.profile, accepted, signs_of_defects)
        credited = take_credits(cleaned, self.profile, credit_beginnings)
        edited = _joined_edits(rows, headline_edits, credited.edits)
        rows = with_column(rows, "text", credited.text)
        rows = with_column(rows, "author", pc.coalesce(rows["author"], credited.author))
        rows = with_column(rows, "dateline", credited.dateline)
        read = pass_over(credited.text, self.duplicates)
        for name, hashes in edge_lines(read.signatures["lines"]).items():
            rows = rows.append_column(name, hashes)
        documents = self._measure(rows, before, edited, read.counts)
        return {
            "documents": documents,
            "texts": pa.table([rows["text"]], schema=TEXTS),
            "failed": failed,
            "edited": edited,
            "signatures": pa.Table.from_batches([read.signatures]),
        }

    def _measure(
        self, rows: pa.Table, decoded: pa.Array, edited: pa.Table, counts: pa.RecordBatch
    ) -> pa.Table:
        published = whole(rows["text"])
        languages = measure_languages(published, _language_measure(self.language))
        cleaning = edited.filter(pc.not_equal(edited["rule"], HEADLINE_RULE))
        residue = cleaning.filter(
            pc.is_in(cleaning["rule"], pa.array(sorted({*RESIDUE_RULES, LEARNT_RULE}), pa.string()))
        )
        instants = parse_published(whole(rows["published"]))
        context = SignalContext(
            **{name: languages[name] for name in languages.schema.names},
            lang_declared=whole(rows["lang_declared"]),
            residue_hits=_count_by_row(residue, rows),
            edits=_count_by_row(cleaning, rows),
            decode_repairs=whole(rows["decode_repairs"]),
            title=whole(rows["title"]),
            author=whole(rows["author"]),
            date_unread=_is_unread(whole(rows["published"]), instants),
        )
        measured = measure(decoded, published, context, counts)
        for name in SIGNAL_NAMES:
            rows = rows.append_column(name, measured[name])
        for signal in self.own:
            rows = rows.append_column(signal.name, measure_own(signal, published))
        rows = rows.append_column("published_raw", rows["published"])
        rows = rows.set_column(rows.column_names.index("published"), "published", instants)
        rows = rows.append_column("text_bytes", pc.binary_length(rows["text"]))
        rows = rows.append_column("title_key", title_keys(whole(rows["title"])))
        said = (set(documents_schema(self.own).names) & set(rows.column_names)) - {"id"}
        rows = rows.append_column("digest", row_digests(rows.select(sorted(said))))
        schema = measured_schema(self.own)
        return rows.rename_columns({"id": "mapped_id"}).select(schema.names).cast(schema)


def _split_headlines(rows: pa.Table) -> tuple[pa.Table, pa.Table]:
    """Move the first line into the title where the source says so; the cut is an edit like any other.

    The title is cleaned like the text that it came from: the ledger holds the line as it stood.
    """
    taken = take_headlines(whole(rows["text"]), whole(rows["title_in_first_line"]))
    if not taken.edits.num_rows:
        return rows, pa.Table.from_batches([taken.edits])
    rows = with_column(rows, "text", taken.text)
    titles = pc.coalesce(rows["title"], clean_batch(taken.title, _TITLE_PROFILE).text)
    return with_column(rows, "title", titles), pa.Table.from_batches([taken.edits])


def _joined_edits(rows: pa.Table, headlines: pa.Table, cleaning: pa.RecordBatch) -> pa.Table:
    """Number the edits of each document through: the headline's cut first, then cleaning."""
    cut_before = pc.is_in(cleaning["row"], whole(headlines["row"])).cast(pa.int32())
    cleaning = cleaning.set_column(
        cleaning.schema.names.index("seq"), "seq", pc.add(cleaning["seq"], cut_before).cast(pa.int32())
    )
    joined = pa.concat_tables([headlines, pa.Table.from_batches([cleaning]).select(headlines.column_names)])
    joined = joined.sort_by([("row", "ascending"), ("seq", "ascending")])
    position = whole(rows["position"]).take(whole(joined["row"]))
    return joined.append_column("position", position).select(EDITED.names).cast(EDITED)


def _is_unread(told: pa.Array, read: pa.Array) -> pa.Array:
    """Mark dates that are more than blanks, and are none that we know."""
    is_told = pc.fill_null(pc.greater(pc.utf8_length(pc.utf8_trim_whitespace(told)), 0), False)
    return pc.and_(is_told, pc.is_null(read))


def _count_by_row(edited: pa.Table, rows: pa.Table) -> pa.Array:
    position = as_numbers(whole(rows["position"]))
    counted = np.bincount(as_numbers(whole(edited["position"])), minlength=int(position.max(initial=0)) + 1)
    return numbers(counted[position])
