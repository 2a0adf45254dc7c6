"""The identity of records and versions: hashes of what they say, not of the bytes that happen to hold it."""

import hashlib
from itertools import pairwise
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from harness.core.columns import whole
from harness.core.fingerprints import fingerprint

_DIGEST = pa.binary(32)
# Stands between the entries of a list, which are codes of our own without control characters.
_BETWEEN = "\x1f"


def content_hash(documents: pa.Table, recipe: dict[str, Any], stages: dict[str, str], identifier: str) -> str:
    """Hash the logical content of a version.

    Args:
        documents: Of each kept document its `id`, `cluster`, `split` and `digest` (see `row_digests`), in
            any order.
        recipe: The recipe as JSON.
        stages: Names and versions of the stages.
        identifier: Name and version of the language identifier.

    Returns:
        64 hexadecimal digits, equal on every machine, library version and worker count.
    """
    rows = table_hash(documents.select(["id", "cluster", "split", "digest"]).sort_by("id"))
    return fingerprint({"rows": rows, "recipe": recipe, "stages": stages, "identifier": identifier})


def row_digests(table: pa.Table) -> pa.Array:
    """Hash each row by its columns' names, types and values; other rows do not enter.

    Args:
        table: Columns of numbers, flags, instants, strings, bytes, or lists of codes.

    Returns:
        SHA-256 of each row, type binary(32).
    """
    names = sorted(table.column_names)
    columns = [whole(table[name]) for name in names]
    header = ";".join(f"{name}:{table.schema.field(name).type}" for name in names).encode()
    fixed = [one for column in columns for one in _fixed_parts(column)]
    matrix = np.ascontiguousarray(np.stack(fixed, axis=1).astype("<i8"))
    rows = pa.FixedSizeBinaryArray.from_buffers(
        pa.binary(8 * len(fixed)), table.num_rows, [None, pa.py_buffer(matrix)]
    ).cast(pa.large_binary())
    texts = [_as_text(column).cast(pa.large_binary()) for column in columns if _has_text(column.type)]
    if texts:
        nothing = pa.scalar(b"", pa.large_binary())
        rows = pc.binary_join_element_wise(
            rows, *texts, nothing, null_handling="replace", null_replacement=b""
        )
    start = hashlib.sha256(header)
    content = memoryview(rows.buffers()[2] or b"")
    places = pairwise(_bounds_of(rows).tolist())
    digests = b"".join([_continued(start, content[begin:end]) for begin, end in places])
    return pa.FixedSizeBinaryArray.from_buffers(_DIGEST, table.num_rows, [None, pa.py_buffer(digests)])


def table_hash(table: pa.Table) -> str:
    """Hash a table's values column by column; how Arrow chunks or pads them does not enter."""
    digest = hashlib.sha256()
    for name in sorted(table.column_names):
        digest.update(f"{name}:{table.schema.field(name).type}:{table.num_rows}\n".encode())
        for chunk in table[name].chunks:
            digest.update(_values_of(pc.is_valid(chunk)))
        for chunk in table[name].chunks:
            _hash_values(digest, chunk)
    return digest.hexdigest()


def _continued(start: "hashlib._Hash", row: memoryview) -> bytes:
    digest = start.copy()
    digest.update(row)
    return digest.digest()


def _has_text(kind: pa.DataType) -> bool:
    return bool(pa.types.is_string(kind) or pa.types.is_large_binary(kind) or pa.types.is_list(kind))


def _as_text(column: pa.Array) -> pa.Array:
    return pc.binary_join(column, _BETWEEN) if pa.types.is_list(column.type) else column


def _fixed_parts(column: pa.Array) -> list[np.ndarray]:
    """Give what of a column has one size in every row, dtype int64: whether it is known, and its value or length."""
    kind = column.type
    parts = [pc.is_valid(column).to_numpy(zero_copy_only=False).astype(np.int64)]
    if _has_text(kind):
        parts.append(_filled(pc.binary_length(_as_text(column))))
    if pa.types.is_list(kind):
        parts.append(_filled(pc.list_value_length(column)))
    elif pa.types.is_floating(kind):
        parts.append(
            pc.fill_null(column.cast(pa.float64()), 0.0).to_numpy(zero_copy_only=False).view(np.int64)
        )
    elif not _has_text(kind):
        parts.append(_filled(column))
    return parts


def _filled(column: pa.Array) -> np.ndarray:
    return np.asarray(pc.fill_null(column.cast(pa.int64()), 0).to_numpy(zero_copy_only=False))


def _hash_values(digest: Any, array: pa.Array) -> None:
    kind = array.type
    if pa.types.is_list(kind):
        digest.update(_values_of(pc.fill_null(pc.list_value_length(array), 0).cast(pa.int64())))
        _hash_values(digest, pc.list_flatten(array))
    elif pa.types.is_string(kind) or pa.types.is_large_binary(kind):
        filled = pc.fill_null(array, pa.scalar("" if pa.types.is_string(kind) else b"", kind))
        digest.update(_values_of(pc.binary_length(filled).cast(pa.int64())))
        digest.update(_joined_bytes(filled))
    elif pa.types.is_fixed_size_binary(kind):
        digest.update(_joined_bytes(pc.fill_null(array.cast(pa.large_binary()), b"")))
    elif pa.types.is_boolean(kind):
        digest.update(_values_of(pc.fill_null(array, False)))
    elif pa.types.is_floating(kind):
        digest.update(_values_of(pc.fill_null(array, 0.0)))
    else:
        digest.update(_values_of(pc.fill_null(array.cast(pa.int64()), 0)))


def _values_of(array: pa.Array) -> bytes:
    values = array.to_numpy(zero_copy_only=False)
    return bytes(np.ascontiguousarray(values.astype(values.dtype.newbyteorder("<"))).tobytes())


def _joined_bytes(array: pa.Array) -> memoryview:
    """Give the bytes of all strings, one after another, without copying them."""
    bounds = _bounds_of(array)
    data = array.buffers()[2]
    return memoryview(b"" if data is None else data)[int(bounds[0]) : int(bounds[-1])]


def _bounds_of(array: pa.Array) -> np.ndarray:
    """Say where each string begins in its buffer, and where the last ends; shape (strings + 1,), dtype int64."""
    places = array.buffers()[1]
    if places is None or not len(array):
        return np.zeros(1, np.int64)
    width = np.dtype(np.int64 if pa.types.is_large_binary(array.type) else np.int32)
    return np.frombuffer(places, width, len(array) + 1, array.offset * width.itemsize).astype(np.int64)
