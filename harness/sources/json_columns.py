"""The fast way through lines of JSON: a block of lines at once to Arrow columns, or a refusal to try."""

import hashlib
from collections.abc import Iterable, Sequence
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from harness.core.recipe import FieldMapping
from harness.core.schema import RAW
from harness.curation.plain_bytes import is_utf8
from harness.sources.json_values import mapped_keys

_BLANKS = b" \t\r"


def batch_of_lines(
    lines: list[bytes], locators: list[str], fields: FieldMapping, hashes: Sequence[str | None] = ()
) -> pa.RecordBatch | None:
    """Parse lines of JSON, none of them blank, into records (schema RAW).

    Args:
        lines: Without their ends.
        locators: Where each lies.
        fields: Which key is which.
        hashes: SHA-256 of each line where somebody has computed it, else None; empty for none.

    Returns:
        One row for each line, the same as parsing it alone gives; None where any of them needs that:
        it is broken, is not UTF-8, has no text or a value that is no string, or repeats a key.
    """
    stripped = [line.strip(_BLANKS) for line in lines]
    # An object that begins and ends on each line, and one row for each line, leave no room for an object
    # over two lines or two on one: a line's end inside a string is an error to the parser as well.
    if not all(line.startswith(b"{") and line.endswith(b"}") for line in stripped):
        return None
    columns = _parsed(b"\n".join(stripped), _schema_of(fields))
    if columns is None or columns.num_rows != len(lines):
        return None
    text = _column_at(columns, fields.text)
    if text.null_count:
        return None
    found = {column: _column_at(columns, key) for column, key in mapped_keys(fields).items()}
    known = [one or _sha256(line) for one, line in zip(hashes or [None] * len(lines), lines, strict=True)]
    said = {
        "locator": pa.array(locators, pa.string()),
        "raw_sha256": pa.array(known, pa.string()),
        "raw_bytes": pa.array([len(line) for line in lines], pa.int64()),
    }
    return _batch(said | found, text)


def parsed_alone(line: bytes, fields: FieldMapping) -> dict[str, Any] | None:
    """Parse one line whose nesting is too deep for `json`; None where Arrow cannot either."""
    columns = _parsed(line.strip(_BLANKS), _schema_of(fields))
    rows: list[dict[str, Any]] = columns.to_pylist() if columns is not None else []
    return rows[0] if len(rows) == 1 else None


def _parsed(block: bytes, schema: pa.Schema | None) -> pa.Table | None:
    import pyarrow.json  # noqa: PLC0415 - of all formats, this one alone needs it

    if schema is None or not is_utf8(block):  # Arrow does not check
        return None
    try:
        return pyarrow.json.read_json(
            pa.BufferReader(block),
            # One block, so that no row straddles two of them.
            read_options=pyarrow.json.ReadOptions(use_threads=False, block_size=len(block) + 1),
            parse_options=pyarrow.json.ParseOptions(
                explicit_schema=schema, newlines_in_values=False, unexpected_field_behavior="ignore"
            ),
        ).combine_chunks()
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
        return None


def _schema_of(fields: FieldMapping) -> pa.Schema | None:
    """Write the mapping as nested columns of strings; None where one key lies inside another's value."""
    tree: dict[str, Any] = {}
    paths = {fields.text, *mapped_keys(fields).values()}
    for path in sorted(paths):
        if any(other.startswith(f"{path}.") for other in paths):
            return None
        branch = tree
        *folders, leaf = path.split(".")
        for folder in folders:
            branch = branch.setdefault(folder, {})
        branch[leaf] = None
    return pa.schema(_fields_of(tree))


def _fields_of(tree: dict[str, Any]) -> Iterable[pa.Field]:
    return [
        pa.field(name, pa.string() if inside is None else pa.struct(list(_fields_of(inside))))
        for name, inside in tree.items()
    ]


def _column_at(columns: pa.Table, dotted: str) -> pa.Array:
    top, *inner = dotted.split(".")
    column = columns[top].combine_chunks()
    for step in inner:
        column = pc.struct_field(column, step)
    return column


def _sha256(line: bytes) -> str:
    return hashlib.sha256(line).hexdigest()


def _batch(found: dict[str, pa.Array], text: pa.Array) -> pa.RecordBatch:
    rows = len(text)
    known: dict[str, Any] = {
        "media": pa.repeat("text", rows),
        "payload": text.cast(pa.binary()).cast(pa.large_binary()),
        "encoding": pa.repeat("utf-8", rows),
        **found,
    }
    return pa.record_batch([known.get(field.name, pa.nulls(rows, field.type)) for field in RAW], schema=RAW)
