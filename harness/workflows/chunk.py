"""The work on one chunk: raw records in, measured documents, edits, failures and signatures out."""

import contextlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from harness.core.columns import whole
from harness.core.fingerprints import fingerprint
from harness.core.recipe import BrokenLines, DuplicateSettings, LanguageSettings, LearntResidue, Recipe
from harness.core.schema import METADATA_COLUMNS, RAW, documents_schema
from harness.core.signals import SIGNAL_NAMES, OwnSignal
from harness.core.tasks import TaskSpec
from harness.curation.dates import DATES_VERSION, parse_published
from harness.curation.edges import edge_lines
from harness.curation.identity import row_digests, table_hash
from harness.curation.languages import LANGUAGES_VERSION, LanguageMeasure, measure_languages
from harness.curation.learnt import learnt_stages, rules_by_source
from harness.curation.own_signals import measure_own
from harness.curation.plain_bytes import rows_to_look_at
from harness.curation.processed import EDITED, FAILED, TEXTS, measured_schema
from harness.curation.raw_parts import NOT_CONTENT
from harness.curation.signals import SignalContext, measure
from harness.curation.signatures import pass_over
from harness.curation.signs import signs_of_defects
from harness.curation.titles import title_keys
from harness.sources.html import extract_batch, extractor_identity
from harness.store.arrow_files import read_arrow, write_arrow
from harness.store.sealed import DamagedError, discard, read_sealed, sealed_folder
from harness.systems.identifiers import identity_of, open_judges
from harness.systems.own_signals import open_signals
from harness.text.cleaning import RESIDUE_RULES, clean_batch, clean_by_source, stage_versions
from harness.text.credits import credit_stages, take_credits
from harness.text.decoding import decode_batch, decoding_identity
from harness.text.headline import HEADLINE_RULE, take_headlines
from harness.text.rules.learnt import LEARNT_RULE
from harness.workflows.isolating import CODES, STAGE

TASK = "harness.workflows.chunk:process_chunk"
# Tables of a processed chunk. The texts lie apart: the pass over the corpus never reads them.
OUTPUTS = ("documents", "texts", "failed", "edited", "signatures")
_DECODED_OUTPUTS = ("decoded", "failed")

# What decoding leaves of a record; it was set aside, or has a text.
_DECODED = pa.schema(
    [
        pa.field("position", pa.int64()),
        *[RAW.field(name) for name in ("raw_sha256", "encoding", "title_in_first_line", *METADATA_COLUMNS)],
        pa.field("text", pa.string()),
        pa.field("decode_repairs", pa.list_(pa.string())),
        pa.field("is_page", pa.bool_()),
    ]
)
# Mends characters alone, which a title has as a text has them; punctuation in titles follows other habits.
_TITLE_PROFILE = "safe"

# Raised when the outcome of a stage changes for some input: it is part of every version's identity.
_STAGE_VERSIONS = {
    "dates": DATES_VERSION,
    "headline": "2",
    "language": LANGUAGES_VERSION,
    "signals": "4",
    "signatures": "2",
}


def stages_of(recipe: Recipe) -> dict[str, str]:
    """Name the stages that a build with this recipe goes through, with their versions."""
    return {
        **_decoding_stages(recipe),
        **stage_versions(recipe.profile),
        **learnt_stages(recipe),
        **credit_stages(recipe.profile),
        **_STAGE_VERSIONS,
        **{f"signal {signal.name}": signal.identity for signal in open_signals(recipe.signals)},
    }


def _decoding_stages(recipe: Recipe) -> dict[str, str]:
    return {
        "decode": decoding_identity(),
        "extract": "; ".join(extractor_identity(name) for name in recipe.extractors),
    }


def chunk_options(recipe: Recipe) -> dict[str, Any]:
    """Give the part of a recipe that shapes chunks: rules, thresholds and splits decide later, over signals."""
    return {
        "profile": recipe.profile,
        "language": recipe.language.model_dump(mode="json"),
        "duplicates": signature_settings(recipe.duplicates).model_dump(mode="json"),
        "residue": [line.model_dump(mode="json") for line in recipe.residue],
        "broken_lines": [one.model_dump(mode="json") for one in recipe.broken_lines],
        "signals": list(recipe.signals),
    }


def signature_settings(settings: DuplicateSettings) -> DuplicateSettings:
    """Keep of the settings what signatures hang on; the rest decides over them."""
    return DuplicateSettings(
        shingle_words=settings.shingle_words,
        duplicate=settings.duplicate,
        related=min(settings.duplicate, DuplicateSettings().related),
    )


@dataclass(frozen=True)
class ChunkKeys:
    """Names of what a chunk becomes: by the records themselves, and everything that is done to them.

    Args:
        decoded: Of its decoded and extracted records; no cleaning rule enters.
        processed: Of its measured documents, and all that comes with them.
    """

    decoded: str
    processed: str


@dataclass(frozen=True)
class Naming:
    """How chunks are named under one recipe.

    Args:
        reading: Fingerprint of what reads raw records.
        decoding: Fingerprint of the stages up to decoded text.
        processing: Fingerprint of the stages and options behind them.
    """

    reading: str
    decoding: str
    processing: str

    @classmethod
    def of(cls, recipe: Recipe, software: Mapping[str, str]) -> "Naming":
        """Take in a recipe, and what of the software can change an outcome without a stage knowing."""
        identifier = identity_of(open_judges(recipe.language))
        return cls(
            reading=fingerprint(dict(software)),
            decoding=fingerprint([_decoding_stages(recipe), dict(software)]),
            processing=fingerprint([stages_of(recipe), chunk_options(recipe), identifier, dict(software)]),
        )

    def keys(self, told: pa.Table) -> ChunkKeys:
        """Name a chunk by what is told of its raw records (schema TOLD): what they say, and not where they lie."""
        content = table_hash(told.select(["digest"]))
        decoded = fingerprint(["decoded", content, self.decoding])
        return ChunkKeys(decoded, fingerprint(["processed", decoded, self.processing]))


def raw_name(keys: ChunkKeys) -> str:
    """Name the file of a chunk's raw records: by what is in it, so that no part of it goes under the name."""
    return f"{keys.decoded}.arrow"


def process_chunk(spec: TaskSpec) -> None:
    """Work on one chunk file (schema RAW) and write `OUTPUTS` beside each other into a sealed folder.

    Under the option `decoded`, a folder named by the chunk's key, decoded records are kept where they were
    dear, and taken from there the next time.
    """
    work = _ChunkWork(
        profile=spec.options["profile"],
        language=LanguageSettings.model_validate(spec.options["language"]),
        duplicates=DuplicateSettings.model_validate(spec.options["duplicates"]),
        residue=tuple(LearntResidue.model_validate(line) for line in spec.options["residue"]),
        broken_lines=tuple(BrokenLines.model_validate(one) for one in spec.options["broken_lines"]),
        own=open_signals(spec.options["signals"]),
    )
    _write_sealed(spec.output, work.run(**_decoded(spec)))


def _decoded(spec: TaskSpec) -> dict[str, pa.Table]:
    """Decode a chunk, or take what an earlier build kept of the very same records."""
    kept = Path(spec.options["decoded"]) if "decoded" in spec.options else None
    # A part of a chunk, in search of a record that cannot be worked on, lies in a file of another name.
    if kept is None or spec.inputs[0].name != f"{kept.name}.arrow":
        return _decode_chunk(read_arrow(spec.inputs[0]))
    if kept.is_dir():
        with contextlib.suppress(DamagedError):
            return {name: read_sealed(kept, name) for name in _DECODED_OUTPUTS}
        discard(kept)
    decoded = _decode_chunk(read_arrow(spec.inputs[0]))
    if _is_dear(decoded["decoded"]):
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


def _decode_chunk(raw: pa.Table) -> dict[str, pa.Table]:
    """Decode raw records and extract the articles of pages; failures are set aside."""
    raw = raw.drop_columns(list(NOT_CONTENT)).combine_chunks()
    raw = raw.append_column("position", pa.array(range(raw.num_rows), pa.int64()))
    failed: list[pa.Table] = []
    isolated = pc.if_else(pc.is_in(raw["error"], pa.array(sorted(CODES.values()))), raw["error"], None)
    rows = _set_aside(raw, STAGE, isolated, raw["detail"], failed)
    rows = _set_aside(rows, "read", rows["error"], rows["detail"], failed)
    rows = _decode(rows, failed)
    rows = _extract_pages(rows, failed)
    rows = rows.append_column("is_page", pc.equal(rows["media"], "html"))
    return {
        "decoded": rows.select(_DECODED.names).cast(_DECODED),
        "failed": pa.concat_tables([FAILED.empty_table(), *failed]),
    }


def _is_dear(decoded: pa.Table) -> bool:
    """Tell whether decoding cost more than reading its outcome back: UTF-8 alone takes next to nothing."""
    is_plain = pc.and_(pc.equal(decoded["encoding"], "utf-8"), pc.invert(decoded["is_page"]))
    return not pc.all(pc.fill_null(is_plain, False)).as_py()


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
        credited = take_credits(cleaned, self.profile)
        edited = _joined_edits(rows, headline_edits, credited.edits)
        rows = _with_column(rows, "text", credited.text)
        rows = _with_column(rows, "author", pc.coalesce(rows["author"], credited.author))
        rows = _with_column(rows, "dateline", credited.dateline)
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
        digested = rows.select(
            [name for name in documents_schema(self.own).names if name in rows.column_names and name != "id"]
        )
        rows = rows.append_column("digest", row_digests(digested))
        schema = measured_schema(self.own)
        return rows.rename_columns({"id": "mapped_id"}).select(schema.names).cast(schema)


def _set_aside(
    rows: pa.Table, stage: str, error: pa.ChunkedArray, detail: pa.ChunkedArray, failed: list[pa.Table]
) -> pa.Table:
    """Move the rows with an error to `failed`; give back the others."""
    lost = pc.is_valid(error)
    if pc.any(lost).as_py():
        entries = rows.append_column("stage", pa.array([stage] * rows.num_rows, pa.string()))
        entries = _with_column(_with_column(entries, "error", error), "detail", detail)
        entries = entries.rename_columns({"id": "mapped_id"}).filter(lost)
        told = entries.select([name for name in FAILED.names if name not in ("position", "digest")])
        entries = entries.append_column("digest", row_digests(told))
        failed.append(entries.select(FAILED.names).cast(FAILED))
        rows = rows.filter(pc.invert(lost))
    return rows.combine_chunks()


def _decode(rows: pa.Table, failed: list[pa.Table]) -> pa.Table:
    decoded = decode_batch(
        whole(rows["payload"]),
        encoding=whole(rows["encoding"]),
        declared=whole(rows["charset_declared"]),
        markup=pc.equal(whole(rows["media"]), "html"),
        not_plain=rows_to_look_at,
    )
    rows = _with_column(rows.drop_columns(["payload"]), "encoding", decoded["encoding"])
    rows = _with_column(rows, "text", decoded["text"])
    rows = _with_column(rows, "decode_repairs", decoded["repairs"])
    return _set_aside(rows, "decode", decoded["error"], decoded["detail"], failed)


# Metadata that a page itself brings, and what the extractor calls it.
_FROM_PAGE = {
    "title": "title",
    "published": "published",
    "author": "author",
    "section": "section",
    "url": "url",
    "lang_declared": "lang",
}


def _extract_pages(rows: pa.Table, failed: list[pa.Table]) -> pa.Table:
    """Replace pages by their article's text, each source's by the extractor that its recipe names."""
    rows = _with_column(rows, "extract_error", pa.nulls(rows.num_rows, pa.string()))
    is_page = pc.equal(rows["media"], "html")
    for name in sorted(pc.unique(rows["extractor"].filter(is_page)).to_pylist()):
        rows = _extract_with(name, rows, pc.and_(is_page, pc.equal(rows["extractor"], name)))
    error = rows["extract_error"]
    detail = pc.if_else(pc.is_valid(error), "the extractor found no article in the page", None)
    return _set_aside(rows, "extract", error, detail, failed)


def _extract_with(extractor: str, rows: pa.Table, chosen: pa.ChunkedArray) -> pa.Table:
    """Extract the chosen pages, and fill what metadata is missing from the page."""
    places = pc.indices_nonzero(chosen)
    pages = extract_batch(whole(rows["text"].take(places)), extractor)
    for column, found in {"text": "text", "extract_error": "error", **_FROM_PAGE}.items():
        spread = _spread(pages[found], places, rows.num_rows)
        value = pc.coalesce(rows[column], spread) if column in _FROM_PAGE else spread
        rows = _with_column(rows, column, pc.if_else(chosen, value, rows[column]))
    return rows


def _spread(values: pa.Array, places: pa.Array, rows: int) -> pa.Array:
    """Put values at their places in a column of `rows`, null elsewhere."""
    return pc.if_else(
        pc.is_in(pa.array(range(rows), places.type), places),
        values.take(pc.index_in(pa.array(range(rows), places.type), places)),
        pa.scalar(None, values.type),
    )


def _split_headlines(rows: pa.Table) -> tuple[pa.Table, pa.Table]:
    """Move the first line into the title where the source says so; the cut is an edit like any other.

    The title is cleaned like the text that it came from: the ledger holds the line as it stood.
    """
    taken = take_headlines(whole(rows["text"]), whole(rows["title_in_first_line"]))
    rows = _with_column(rows, "text", taken.text)
    titles = pc.coalesce(rows["title"], clean_batch(taken.title, _TITLE_PROFILE).text)
    return _with_column(rows, "title", titles), pa.Table.from_batches([taken.edits])


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
    counted = edited.group_by("position").aggregate([("seq", "count")])
    places = pc.index_in(whole(rows["position"]), whole(counted["position"]))
    return pc.fill_null(whole(counted["seq_count"]).take(places), 0).cast(pa.int64())


def _with_column(table: pa.Table, name: str, values: Any) -> pa.Table:
    """Set a column, or append it where the table has none of that name."""
    if name in table.column_names:
        return table.set_column(table.column_names.index(name), name, values)
    return table.append_column(name, values)
