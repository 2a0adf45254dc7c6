"""The work on one chunk: raw records in, measured documents, edits, failures and signatures out."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from harness.core.files import folder_written_whole
from harness.core.recipe import DuplicateSettings, LanguageSettings, LearntResidue, Recipe
from harness.core.signals import SIGNAL_NAMES
from harness.core.tasks import TaskSpec
from harness.curation.dates import parse_published
from harness.curation.duplicates import signatures
from harness.curation.languages import LANGUAGES_VERSION, LanguageMeasure, measure_languages
from harness.curation.processed import EDITED, FAILED, PROCESSED
from harness.curation.signals import SignalContext, measure
from harness.sources.html import extract_batch, extractor_identity
from harness.store.arrow_files import read_arrow, write_arrow
from harness.systems.identifiers import open_judges
from harness.text.cleaning import RESIDUE_RULES, CleaningRule, clean_batch, clean_by_source, stage_versions
from harness.text.credits import credit_stages, take_credits
from harness.text.decoding import decode_batch, decoding_identity
from harness.text.headline import HEADLINE_RULE, take_headlines
from harness.text.rules.learnt import LEARNT_RULE, LEARNT_VERSION, learnt_residue

TASK = "harness.workflows.chunk:process_chunk"
OUTPUTS = ("documents", "failed", "edited", "signatures")

# Mends characters alone, which a title has as a text has them; punctuation in titles follows other habits.
_TITLE_PROFILE = "safe"

# Raised when the outcome of a stage changes for some input: it is part of every version's identity.
_STAGE_VERSIONS = {"headline": "2", "language": LANGUAGES_VERSION, "signals": "2", "signatures": "1"}


def stages_of(recipe: Recipe) -> dict[str, str]:
    """Name the stages that a build with this recipe goes through, with their versions."""
    return {
        "decode": decoding_identity(),
        "extract": "; ".join(extractor_identity(name) for name in recipe.extractors),
        **stage_versions(recipe.profile),
        f"clean.{LEARNT_RULE}": LEARNT_VERSION,
        **credit_stages(recipe.profile),
        **_STAGE_VERSIONS,
    }


def chunk_options(recipe: Recipe) -> dict[str, Any]:
    """Give the part of a recipe that shapes chunks: rules and splits decide later, over signals."""
    return {
        "profile": recipe.profile,
        "language": recipe.language.model_dump(mode="json"),
        "duplicates": recipe.duplicates.model_dump(mode="json"),
        "residue": [line.model_dump(mode="json") for line in recipe.residue],
    }


def process_chunk(spec: TaskSpec) -> None:
    """Work on one chunk file (schema RAW) and write `OUTPUTS` beside each other into a folder."""
    work = _ChunkWork(
        profile=spec.options["profile"],
        language=LanguageSettings.model_validate(spec.options["language"]),
        duplicates=DuplicateSettings.model_validate(spec.options["duplicates"]),
        residue=tuple(LearntResidue.model_validate(line) for line in spec.options["residue"]),
    )
    tables = work.run(read_arrow(spec.inputs[0]))
    with folder_written_whole(spec.output) as folder:
        for name in OUTPUTS:
            write_arrow(folder / f"{name}.arrow", tables[name])


def read_outputs(folder: Path) -> dict[str, pa.Table]:
    """Read back what `process_chunk` wrote."""
    return {name: read_arrow(folder / f"{name}.arrow") for name in OUTPUTS}


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

    def run(self, raw: pa.Table) -> dict[str, pa.Table]:
        raw = raw.combine_chunks()
        raw = raw.append_column("position", pa.array(range(raw.num_rows), pa.int64()))
        failed: list[pa.Table] = []
        rows = _set_aside(raw, "read", raw["error"], raw["detail"], failed)
        rows = _decode(rows, failed)
        rows = _extract_pages(rows, failed)
        rows, headline_edits = _split_headlines(rows)
        decoded = rows["text"].combine_chunks()
        cleaned = clean_by_source(decoded, _whole(rows["source"]), self.profile, self._learnt())
        credited = take_credits(cleaned, self.profile)
        edited = _joined_edits(rows, headline_edits, credited.edits)
        rows = _with_column(rows, "text", credited.text)
        rows = _with_column(rows, "author", pc.coalesce(rows["author"], credited.author))
        rows = _with_column(rows, "dateline", credited.dateline)
        documents = self._measure(rows, decoded, edited)
        return {
            "documents": documents,
            "failed": pa.concat_tables([FAILED.empty_table(), *failed]),
            "edited": edited,
            "signatures": pa.Table.from_batches([signatures(credited.text, self.duplicates)]),
        }

    def _learnt(self) -> dict[str | None, CleaningRule]:
        """Make each source's rule of the lines that its recipe lists."""
        edges = ("start", "end")
        lines = {
            source: [
                [one.line for one in self.residue if (one.source, one.at) == (source, at)] for at in edges
            ]
            for source in {one.source for one in self.residue}
        }
        return {source: learnt_residue(first, last) for source, (first, last) in lines.items()}

    def _measure(self, rows: pa.Table, decoded: pa.Array, edited: pa.Table) -> pa.Table:
        published = rows["text"].combine_chunks()
        languages = measure_languages(published, _language_measure(self.language))
        cleaning = edited.filter(pc.not_equal(edited["rule"], HEADLINE_RULE))
        residue = cleaning.filter(
            pc.is_in(cleaning["rule"], pa.array(sorted({*RESIDUE_RULES, LEARNT_RULE}), pa.string()))
        )
        context = SignalContext(
            **{name: languages[name] for name in languages.schema.names},
            lang_declared=rows["lang_declared"].combine_chunks(),
            residue_hits=_count_by_row(residue, rows),
            edits=_count_by_row(cleaning, rows),
            decode_repairs=rows["decode_repairs"].combine_chunks(),
        )
        measured = measure(decoded, published, context)
        for name in SIGNAL_NAMES:
            rows = rows.append_column(name, measured[name])
        instants = parse_published(rows["published"].combine_chunks())
        rows = rows.append_column("published_raw", rows["published"])
        rows = rows.set_column(rows.column_names.index("published"), "published", instants)
        return rows.rename_columns({"id": "mapped_id"}).select(PROCESSED.names).cast(PROCESSED)


def _set_aside(
    rows: pa.Table, stage: str, error: pa.ChunkedArray, detail: pa.ChunkedArray, failed: list[pa.Table]
) -> pa.Table:
    """Move the rows with an error to `failed`; give back the others."""
    lost = pc.is_valid(error)
    if pc.any(lost).as_py():
        entries = rows.append_column("stage", pa.array([stage] * rows.num_rows, pa.string()))
        entries = _with_column(_with_column(entries, "error", error), "detail", detail)
        entries = entries.rename_columns({"id": "mapped_id"})
        failed.append(entries.filter(lost).select(FAILED.names).cast(FAILED))
        rows = rows.filter(pc.invert(lost))
    return rows.combine_chunks()


def _decode(rows: pa.Table, failed: list[pa.Table]) -> pa.Table:
    decoded = decode_batch(
        _whole(rows["payload"]),
        encoding=_whole(rows["encoding"]),
        declared=_whole(rows["charset_declared"]),
        markup=pc.equal(_whole(rows["media"]), "html"),
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
    pages = extract_batch(_whole(rows["text"].take(places)), extractor)
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
    taken = take_headlines(_whole(rows["text"]), _whole(rows["title_in_first_line"]))
    rows = _with_column(rows, "text", taken.text)
    titles = pc.coalesce(rows["title"], clean_batch(taken.title, _TITLE_PROFILE).text)
    return _with_column(rows, "title", titles), pa.Table.from_batches([taken.edits])


def _joined_edits(rows: pa.Table, headlines: pa.Table, cleaning: pa.RecordBatch) -> pa.Table:
    """Number the edits of each document through: the headline's cut first, then cleaning."""
    cut_before = pc.is_in(cleaning["row"], headlines["row"].combine_chunks()).cast(pa.int32())
    cleaning = cleaning.set_column(
        cleaning.schema.names.index("seq"), "seq", pc.add(cleaning["seq"], cut_before).cast(pa.int32())
    )
    joined = pa.concat_tables([headlines, pa.Table.from_batches([cleaning]).select(headlines.column_names)])
    joined = joined.sort_by([("row", "ascending"), ("seq", "ascending")])
    position = rows["position"].combine_chunks().take(joined["row"].combine_chunks())
    return joined.append_column("position", position).select(EDITED.names).cast(EDITED)


def _count_by_row(edited: pa.Table, rows: pa.Table) -> pa.Array:
    counted = edited.group_by("position").aggregate([("seq", "count")])
    places = pc.index_in(_whole(rows["position"]), _whole(counted["position"]))
    return pc.fill_null(_whole(counted["seq_count"]).take(places), 0).cast(pa.int64())


def _with_column(table: pa.Table, name: str, values: Any) -> pa.Table:
    """Set a column, or append it where the table has none of that name."""
    if name in table.column_names:
        return table.set_column(table.column_names.index(name), name, values)
    return table.append_column(name, values)


def _whole(column: pa.ChunkedArray) -> pa.Array:
    combined = column.combine_chunks()
    return pa.concat_arrays(combined.chunks) if isinstance(combined, pa.ChunkedArray) else combined
