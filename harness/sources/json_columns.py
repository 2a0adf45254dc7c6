"""The fast way through lines of JSON: a block of lines at once to Arrow columns, or a refusal to try."""

from collections.abc import Iterable
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from harness.core.columns import whole
from harness.core.recipe import FieldMapping
from harness.core.schema import RAW
from harness.curation.plain_bytes import is_utf8
from harness.sources.json_values import mapped_keys
from harness.sources.lines import Lines
from harness.sources.raw_file import Reading

_BLANKS = b" \t\r"
_HEX_DIGITS = 64


def batch_of_lines(
    lines: Lines, outer: str, reading: Reading, digests: np.ndarray | None = None
) -> pa.RecordBatch | None:
    """Parse lines of JSON in UTF-8 into records (schema RAW).

    Args:
        lines: Of a file.
        outer: Where the file is.
        reading: Which key is which, and how long a record may be.
        digests: What `lines.digests()` gives, where somebody has computed it.

    Returns:
        One row for each line that is not blank, the same as parsing it alone gives; None where any of them needs
        that, or there is none: it is too long or broken, is not UTF-8, has no text or a value that is no string, or
        repeats a key.
    """
    bare = lines.without_carriage_returns()
    rows = _objects_among(bare, reading.limits.record_bytes)
    if rows is None or not len(rows):
        return None
    # Between the objects are line feeds and blanks alone, which are the same to the parser.
    block = memoryview(bare.content)[bare.starts[rows[0]] : bare.ends[rows[-1]]]
    columns = _parsed(block, _schema_of(reading.fields))
    if columns is None or columns.num_rows != len(rows):
        return None
    text = _column_at(columns, reading.fields.text)
    if text.null_count:
        return None
    found = {column: _column_at(columns, key) for column, key in mapped_keys(reading.fields).items()}
    known = digests if digests is not None and bare is lines else bare.digests()
    numbers = pa.array(rows + lines.first).cast(pa.string())
    said = {
        "locator": pc.binary_join_element_wise(f"{outer}#L", numbers, ""),
        "raw_sha256": _in_hex(known[rows]),
        "raw_bytes": pa.array(bare.sizes[rows]),
    }
    return _batch(said | found, text)


def _objects_among(lines: Lines, limit_bytes: int) -> np.ndarray | None:
    """Number the lines that are not blank, from 0 on; None where one is too long, or does not begin and end as an object.

    An object that begins and ends on each line, and one row for each line, leave no room for an object over two
    lines or two on one: a line's end inside a string is an error to the parser as well.
    """
    sizes = lines.sizes
    if not lines.are_held or sizes.max() > limit_bytes:
        return None
    content = np.frombuffer(lines.content, np.uint8)
    is_object = sizes > 0
    filled = np.flatnonzero(is_object)
    is_object[filled] = (content[lines.starts[filled]] == ord("{")) & (
        content[lines.ends[filled] - 1] == ord("}")
    )
    for row in filled[~is_object[filled]].tolist():
        stripped = lines.content[lines.starts[row] : lines.ends[row]].strip(_BLANKS)
        if stripped and not (stripped.startswith(b"{") and stripped.endswith(b"}")):
            return None
        is_object[row] = bool(stripped)
    return np.flatnonzero(is_object)


def parsed_alone(line: bytes, fields: FieldMapping) -> dict[str, Any] | None:
    """Parse one line whose nesting is too deep for `json`; None where Arrow cannot either."""
    columns = _parsed(line.strip(_BLANKS), _schema_of(fields))
    rows: list[dict[str, Any]] = columns.to_pylist() if columns is not None else []
    return rows[0] if len(rows) == 1 else None


def _parsed(block: bytes | memoryview, schema: pa.Schema | None) -> pa.Table | None:
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
    column = whole(columns[top])
    for step in inner:
        column = pc.struct_field(column, step)
    return column


def _in_hex(digests: np.ndarray) -> pa.Array:
    places = np.arange(len(digests) + 1, dtype=np.int32) * _HEX_DIGITS
    digits = digests.tobytes().hex().encode("ascii")
    return pa.StringArray.from_buffers(len(digests), pa.py_buffer(places), pa.py_buffer(digits))


def _batch(found: dict[str, pa.Array], text: pa.Array) -> pa.RecordBatch:
    rows = len(text)
    known: dict[str, Any] = {
        "media": pa.repeat("text", rows),
        "payload": text.cast(pa.binary()).cast(pa.large_binary()),
        "encoding": pa.repeat("utf-8", rows),
        **found,
    }
    return pa.record_batch([known.get(field.name, pa.nulls(rows, field.type)) for field in RAW], schema=RAW)
