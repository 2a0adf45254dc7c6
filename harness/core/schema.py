"""The tables: columns and types of what travels between rooms and of what a version publishes."""

from collections.abc import Sequence

import pyarrow as pa

from harness.core.signals import SIGNALS, Signal

_SIGNAL_FIELDS = [pa.field(signal.name, signal.arrow_type) for signal in SIGNALS]
_INSTANT = pa.timestamp("s", tz="UTC")

# Metadata that a source may know of a record, all as text; null where it does not.
METADATA_COLUMNS = (
    "id", "title", "published", "url", "source", "section", "author", "license", "lang_declared",
)  # fmt: skip

MEDIA = ("text", "html")

# What a source yields: one row a record, in canonical order. Exactly one of `payload` and `error` is null.
RAW = pa.schema(
    [
        pa.field("recipe_source", pa.int32()),  # position in the recipe's list of sources
        # Relative to the source's root: `a/b.txt`, `x.zip!b.txt`, `f.jsonl#L12`, `f.json#/0`, `f.txt#L1-L23`,
        # `f.parquet#R17`, `f.rss#I3`, `f.warc.gz#<byte offset>`.
        pa.field("locator", pa.string()),
        # Of the record's own raw bytes (the file, the member, the line without its end); null with an error
        # that left them unread.
        pa.field("raw_sha256", pa.string()),
        pa.field("raw_bytes", pa.int64()),
        pa.field("media", pa.string()),  # one of MEDIA; null with an error
        pa.field("payload", pa.large_binary()),  # the bytes to decode
        # Known from the container: decode as this, whatever the bytes look like. A JSON string comes in its
        # file's encoding, or as UTF-8; a lone surrogate that it escaped stands as three bytes (ED A0 80 to
        # ED BF BF), a byte that is not of the encoding as it is.
        pa.field("encoding", pa.string()),
        pa.field("charset_declared", pa.string()),  # a label, which may be wrong
        pa.field("title_in_first_line", pa.bool_()),
        pa.field("extractor", pa.string()),  # what finds the article, if it is a page
        # Name and version of a library that took the text out of the file; null where the bytes are the text.
        pa.field("reader", pa.string()),
        *[pa.field(name, pa.string()) for name in METADATA_COLUMNS],
        pa.field("error", pa.string()),  # a code such as `unreadable-file`, `broken-json`
        pa.field("detail", pa.string()),
    ]
)

# The default config of a version: the kept documents.
DOCUMENTS = pa.schema(
    [
        pa.field("id", pa.string()),
        pa.field("text", pa.string()),
        pa.field("title", pa.string()),
        pa.field("url", pa.string()),
        pa.field("source", pa.string()),
        pa.field("section", pa.string()),
        pa.field("author", pa.string()),
        pa.field(
            "dateline", pa.string()
        ),  # as the first lines of the text say it; only profile news-ar reads them
        pa.field("published", _INSTANT),
        pa.field("published_raw", pa.string()),
        pa.field("license", pa.string()),
        pa.field("lang_declared", pa.string()),
        pa.field("locator", pa.string()),
        pa.field("raw_sha256", pa.string()),
        pa.field("encoding", pa.string()),
        pa.field("decode_repairs", pa.list_(pa.string())),
        pa.field("cluster", pa.string()),
        *_SIGNAL_FIELDS,
    ]
)

# Everything that was read, kept or not; no text. `rule` names what refused it (or the error).
RECORDS = pa.schema(
    [
        pa.field("id", pa.string()),
        pa.field("locator", pa.string()),
        pa.field("source", pa.string()),
        pa.field("section", pa.string()),
        pa.field("published", _INSTANT),
        pa.field("lang_declared", pa.string()),
        pa.field("encoding", pa.string()),
        pa.field("status", pa.string()),  # kept, rejected, error
        pa.field("rule", pa.string()),
        pa.field("split", pa.string()),
        *_SIGNAL_FIELDS,
    ]
)

REJECTED = pa.schema(
    [
        pa.field("id", pa.string()),
        pa.field("locator", pa.string()),
        pa.field("stage", pa.string()),
        pa.field("rule", pa.string()),
        pa.field("observed", pa.string()),
        pa.field("allowed", pa.string()),
        pa.field("partner", pa.string()),  # the survivor that a copy was refused for
        pa.field("similarity", pa.float64()),
        pa.field("evidence", pa.string()),
    ]
)

EDITS = pa.schema(
    [
        pa.field("id", pa.string()),
        pa.field("seq", pa.int32()),
        pa.field("rule", pa.string()),
        pa.field("start", pa.int64()),  # code points, in the text before this edit
        pa.field("before", pa.string()),
        pa.field("after", pa.string()),
    ]
)

ERRORS = pa.schema(
    [
        pa.field("id", pa.string()),
        pa.field("locator", pa.string()),
        pa.field("stage", pa.string()),
        pa.field("error", pa.string()),
        pa.field("detail", pa.string()),
    ]
)

CLUSTERS = pa.schema(
    [
        pa.field("cluster", pa.string()),
        pa.field("id", pa.string()),
        pa.field("survivor", pa.string()),
        pa.field("similarity", pa.float64()),
        pa.field("kind", pa.string()),  # survivor, exact, near, contained, related
    ]
)

# Web pages as they were read, of sources with `keep_pages`; one file a source, beside the ledger. `page` is what was
# decoded: the file, the member, the body of a WARC record's answer; of a feed's item its markup in a frame. Its
# SHA-256 is `raw_sha256`, but for items of feeds.
PAGES = pa.schema(
    [
        pa.field("id", pa.string()),
        pa.field("locator", pa.string()),
        pa.field("raw_sha256", pa.string()),
        pa.field("charset_declared", pa.string()),
        pa.field("page", pa.large_binary()),
    ]
)

# One row a slice: `all`, `source=…`, `lang=…`, `split=…`, `rules`, `rule=…`. A share over nothing is null. Of a rule
# there is how many of all records it refused: `read`, `rejected`, `drop_share`; every rule of the recipe, all of them
# together (`rules`) and those of duplicates have their row, if they refused none.
METRICS = pa.schema(
    [
        pa.field("slice", pa.string()),
        pa.field("kind", pa.string()),  # all, source, lang, split, rule, duplicates
        pa.field("read", pa.int64()),
        pa.field("kept", pa.int64()),
        pa.field("rejected", pa.int64()),
        pa.field("errors", pa.int64()),
        pa.field("drop_share", pa.float64()),  # rejected / read
        pa.field("error_share", pa.float64()),  # errors / read
        pa.field("exact_duplicate_share", pa.float64()),  # rejected as exact copies / read
        pa.field("near_duplicate_share", pa.float64()),  # rejected as near or contained copies / read
        pa.field("duplicate_share", pa.float64()),  # the two together
        pa.field("damaged_share", pa.float64()),  # kept with U+FFFD / kept
        pa.field("undetermined_share", pa.float64()),  # kept with lang `und` / kept
        pa.field(
            "language_agreement_share", pa.float64()
        ),  # kept with lang = lang_declared / kept with both known
        pa.field("dated_share", pa.float64()),  # kept with `published` / kept
        pa.field("sourced_share", pa.float64()),  # kept with `source` / kept
        pa.field("sectioned_share", pa.float64()),  # kept with `section` / kept
        pa.field("titled_share", pa.float64()),  # kept with a word in `title` / kept
        pa.field("repeated_title_share", pa.float64()),  # kept whose title another kept one has / kept
        # Kept that begin or end with a line as many others of their source do / kept.
        pa.field("repeated_edge_share", pa.float64()),
        pa.field("clusters", pa.int64()),
        pa.field("clusters_in_two_splits", pa.int64()),
        pa.field("titles_in_two_splits", pa.int64()),  # by their folded words
        pa.field("source_days_in_two_splits", pa.int64()),  # pairs of a source and a day of UTC
        pa.field("near_duplicates_kept", pa.int64()),  # kept documents that are a copy of another kept one
    ]
)

# How far a version has moved from the one that was released before: one row a measure. It is made when a version
# is judged, and is no table of the version itself.
DRIFT = pa.schema(
    [
        pa.field("measure", pa.string()),  # documents, kept_share, language_mix, rule=…, signal=…
        pa.field("kind", pa.string()),  # total, mix, rule, signal
        pa.field("before", pa.float64()),
        pa.field("now", pa.float64()),
        pa.field("change", pa.float64()),
        pa.field("responsible", pa.string()),  # what changed most inside of it: `too-short +0.12`
    ]
)

# The tables of a version beside its documents, by config name.
LEDGER_TABLES: dict[str, pa.Schema] = {
    "records": RECORDS,
    "rejected": REJECTED,
    "edits": EDITS,
    "errors": ERRORS,
    "clusters": CLUSTERS,
    "metrics": METRICS,
}


def with_signals(schema: pa.Schema, own: Sequence[Signal]) -> pa.Schema:
    """Append a user's own signals to the columns of a table."""
    return pa.schema([*schema, *(pa.field(signal.name, signal.arrow_type) for signal in own)])


def documents_schema(own: Sequence[Signal] = ()) -> pa.Schema:
    """Give the schema of a version's documents under a recipe that names signals of the user's own."""
    return with_signals(DOCUMENTS, own)


def ledger_schema(name: str, own: Sequence[Signal] = ()) -> pa.Schema:
    """Give the schema of one of `LEDGER_TABLES` under such a recipe: only `records` shows signals."""
    return with_signals(RECORDS, own) if name == "records" else LEDGER_TABLES[name]
