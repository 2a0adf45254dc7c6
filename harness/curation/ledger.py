"""The large tables of a version, some chunks at a time: what was processed, joined with what was decided."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from harness.core.schema import DOCUMENTS, EDITS, RECORDS

# What the global pass decided over each record, row by row in canonical order.
DECIDED = pa.schema(
    [
        pa.field("id", pa.string()),
        pa.field("locator", pa.string()),
        pa.field("status", pa.string()),
        pa.field("rule", pa.string()),  # or the code of the error
        pa.field("split", pa.string()),  # null unless kept
        pa.field("cluster", pa.string()),  # null for errors
        pa.field("digest", pa.binary(32)),
    ]
)


def documents_table(
    measured: pa.Table, texts: pa.Table, decided: pa.Table, schema: pa.Schema = DOCUMENTS
) -> pa.Table:
    """Make rows of the published documents.

    Args:
        measured: Documents, schema MEASURED.
        texts: Their texts, row by row.
        decided: Schema DECIDED, indexed by the documents' `position`.
        schema: DOCUMENTS, with the user's own signals if there are any.

    Returns:
        That schema, in the order of `measured`.
    """
    joined = _joined(measured, decided, ("id", "locator", "cluster"))
    return joined.append_column("text", texts["text"]).select(schema.names)


def records_table(
    measured: pa.Table, failed: pa.Table, decided: pa.Table, schema: pa.Schema = RECORDS
) -> pa.Table:
    """Make rows of everything that was read, in canonical order.

    Args:
        measured: Documents, schema MEASURED.
        failed: Records with an error, schema FAILED.
        decided: Schema DECIDED, indexed by the `position` of both.
        schema: RECORDS, with the user's own signals if there are any.

    Returns:
        That schema.
    """
    told = ("id", "locator", "status", "rule", "split")
    parts = [_joined(part, decided, told) for part in (measured, failed)]
    shown = {"position", *schema.names}
    both = pa.concat_tables(
        [part.select([name for name in part.column_names if name in shown]) for part in parts],
        promote_options="default",
    )
    return both.sort_by("position").select(schema.names).cast(schema)


def edits_table(edited: pa.Table, decided: pa.Table) -> pa.Table:
    """Make rows of the ledger of edits.

    Args:
        edited: Edits, schema EDITED.
        decided: Schema DECIDED, indexed by the edits' `position`.

    Returns:
        Schema EDITS, in the order of `edited`.
    """
    return _joined(edited, decided, ("id",)).select(EDITS.names)


def _joined(rows: pa.Table, decided: pa.Table, names: tuple[str, ...]) -> pa.Table:
    positions = pa.array(np.asarray(rows["position"]), pa.int64())
    for name in names:
        rows = rows.append_column(name, decided[name].take(positions))
    return rows


def split_is(decided: pa.Table, split: str) -> np.ndarray:
    """Mark the records of a split, shape (records,), dtype bool."""
    return np.asarray(pc.fill_null(pc.equal(decided["split"], split), False), dtype=bool)
