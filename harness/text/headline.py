"""Headlines in the first line of a text: moved into the title, by an edit that can be undone."""

from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

HEADLINE_RULE = "headline-to-title"

# The first line, the blank lines after it, the rest; (?s:.) lets the rest run over lines.
_PARTS = r"^(?P<title>[^\n]+)(?P<gap>\n+)(?P<rest>(?s:.+))$"

_EDITS = pa.schema(
    [
        ("row", pa.int64()), ("seq", pa.int32()), ("rule", pa.string()), ("start", pa.int64()), ("before", pa.string()),
        ("after", pa.string()),
    ]
)  # fmt: skip


@dataclass(frozen=True)
class Headlines:
    """Texts without their headlines, the headlines (null where none was taken), and the edits."""

    text: pa.Array
    title: pa.Array
    edits: pa.RecordBatch


def take_headlines(text: pa.StringArray, wanted: pa.BooleanArray) -> Headlines:
    """Take the first line off the texts that carry their headline there.

    A text of one line alone keeps it: it has no body that the line could be the headline of.

    Args:
        text: Decoded texts, shape (rows,).
        wanted: Which of them have a headline in the first line.

    Returns:
        The shortened texts, the titles without blanks around them, and one edit (columns row, seq,
        rule, start, before, after) for each cut.
    """
    if not pc.any(wanted).as_py():
        return Headlines(text, pa.nulls(len(text), pa.string()), pa.RecordBatch.from_pylist([], _EDITS))
    # A text that is not asked for is not looked at: the pattern goes through all of it.
    parts = pc.extract_regex(pc.if_else(wanted, text, pa.scalar(None, text.type)), _PARTS)
    taken = pc.fill_null(pc.and_(wanted, pc.is_valid(parts)), False)
    rows = pc.indices_nonzero(taken)
    cut = parts.take(rows)
    before = pc.binary_join_element_wise(cut.field("title"), cut.field("gap"), "")
    edits = pa.record_batch(
        {
            "row": rows.cast(pa.int64()),
            "seq": pa.array([0] * len(rows), pa.int32()),
            "rule": pa.array([HEADLINE_RULE] * len(rows), pa.string()),
            "start": pa.array([0] * len(rows), pa.int64()),
            "before": before,
            "after": pa.array([""] * len(rows), pa.string()),
        },
        schema=_EDITS,
    )
    return Headlines(
        text=pc.if_else(taken, parts.field("rest"), text),
        title=pc.if_else(taken, pc.utf8_trim_whitespace(parts.field("title")), pa.scalar(None, pa.string())),
        edits=edits,
    )
