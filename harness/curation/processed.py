"""What a chunk becomes: the tables between the work on one chunk and the pass over the whole corpus."""

from collections.abc import Sequence

import pyarrow as pa

from harness.core.schema import DOCUMENTS, EDITS, ERRORS, with_signals
from harness.core.signals import Signal
from harness.curation.titles import TITLE_KEY

# A record's number in its chunk. Where a record lies, and which of the recipe's sources it is from, is not
# in these tables: they are joined behind the cache, so that a shifted line number recomputes nothing.
_POSITION = pa.field("position", pa.int64())
_ORIGIN = [
    _POSITION,
    pa.field("mapped_id", pa.string()),  # the record's own id, where the recipe maps one
    pa.field("raw_sha256", pa.string()),
]
_DIGEST = pa.field("digest", pa.binary(32))  # see `harness.curation.identity.row_digests`

# Come from the global pass, or lie apart (the texts, row by row in a table of their own).
_NOT_MEASURED = {"id", "cluster", "locator", "raw_sha256", "text"}

# Documents that were decoded, cleaned and measured.
MEASURED = pa.schema(
    [
        *_ORIGIN,
        *[field for field in DOCUMENTS if field.name not in _NOT_MEASURED],
        pa.field("text_bytes", pa.int64()),  # UTF-8
        pa.field("title_key", TITLE_KEY),  # see `harness.curation.titles`
        pa.field("first_line", pa.uint64()),  # see `harness.curation.edges`
        pa.field("last_line", pa.uint64()),
        _DIGEST,  # of all that a document says, its id and cluster apart
    ]
)

TEXTS = pa.schema([DOCUMENTS.field("text")])

# Records that could not become documents.
FAILED = pa.schema(
    [
        *_ORIGIN,
        *[DOCUMENTS.field(name) for name in ("source", "section", "lang_declared")],
        *[field for field in ERRORS if field.name not in {"id", "locator"}],
        _DIGEST,
    ]
)

EDITED = pa.schema([_POSITION, *[field for field in EDITS if field.name != "id"]])

# Where each record of a chunk lies: row by row, in canonical order.
PLACES = pa.schema([DOCUMENTS.field("locator"), pa.field("recipe_source", pa.int32())])


def measured_schema(own: Sequence[Signal] = ()) -> pa.Schema:
    """Give schema MEASURED under a recipe that names signals of the user's own."""
    return with_signals(MEASURED, own)
