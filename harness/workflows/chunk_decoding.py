"""The first stages of a chunk: raw records decoded, articles taken out of pages, failures set aside."""

import pyarrow as pa
import pyarrow.compute as pc

from harness.core.columns import whole, with_column
from harness.core.schema import METADATA_COLUMNS, RAW
from harness.curation.identity import row_digests
from harness.curation.plain_bytes import rows_to_look_at
from harness.curation.processed import FAILED
from harness.curation.raw_parts import NOT_CONTENT
from harness.sources.html import extract_batch
from harness.text.decoding import decode_batch
from harness.workflows.isolating import CODES, STAGE

DECODED_OUTPUTS = ("decoded", "failed")

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


def decode_chunk(raw: pa.Table) -> dict[str, pa.Table]:
    """Decode raw records (schema RAW) and extract the articles of pages; give the tables `DECODED_OUTPUTS`."""
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


def is_dear(decoded: pa.Table) -> bool:
    """Tell whether decoding cost more than reading its outcome back: UTF-8 alone takes next to nothing."""
    is_plain = pc.and_(pc.equal(decoded["encoding"], "utf-8"), pc.invert(decoded["is_page"]))
    return not pc.all(pc.fill_null(is_plain, False)).as_py()


def _set_aside(
    rows: pa.Table, stage: str, error: pa.ChunkedArray, detail: pa.ChunkedArray, failed: list[pa.Table]
) -> pa.Table:
    """Move the rows with an error to `failed`; give back the others."""
    lost = pc.is_valid(error)
    if pc.any(lost).as_py():
        entries = rows.append_column("stage", pa.array([stage] * rows.num_rows, pa.string()))
        entries = with_column(with_column(entries, "error", error), "detail", detail)
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
    rows = with_column(rows.drop_columns(["payload"]), "encoding", decoded["encoding"])
    rows = with_column(rows, "text", decoded["text"])
    rows = with_column(rows, "decode_repairs", decoded["repairs"])
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
    rows = with_column(rows, "extract_error", pa.nulls(rows.num_rows, pa.string()))
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
        rows = with_column(rows, column, pc.if_else(chosen, value, rows[column]))
    return rows


def _spread(values: pa.Array, places: pa.Array, rows: int) -> pa.Array:
    """Put values at their places in a column of `rows`, null elsewhere."""
    return pc.if_else(
        pc.is_in(pa.array(range(rows), places.type), places),
        values.take(pc.index_in(pa.array(range(rows), places.type), places)),
        pa.scalar(None, values.type),
    )
