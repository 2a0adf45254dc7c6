"""What a chunk becomes: the tables between the work on one chunk and the pass over the whole corpus."""

import pyarrow as pa

from harness.core.schema import DOCUMENTS, EDITS, ERRORS

# `position` counts records in canonical order: within a chunk when written, over the corpus when joined.
_POSITION = pa.field("position", pa.int64())
_ORIGIN = [
    _POSITION,
    pa.field("recipe_source", pa.int32()),
    pa.field("mapped_id", pa.string()),  # the record's own id, where the recipe maps one
    pa.field("raw_sha256", pa.string()),
]

# Documents that were decoded, cleaned and measured; their ids and clusters come from the global pass.
PROCESSED = pa.schema(
    [*_ORIGIN, *[field for field in DOCUMENTS if field.name not in {"id", "cluster", "raw_sha256"}]]
)

# Records that could not become documents; their ids come from the global pass, too.
FAILED = pa.schema(
    [
        *_ORIGIN,
        *[DOCUMENTS.field(name) for name in ("source", "section", "lang_declared")],
        *[field for field in ERRORS if field.name != "id"],
    ]
)

# Edits by position; ids come from the global pass.
EDITED = pa.schema([_POSITION, *[field for field in EDITS if field.name != "id"]])
