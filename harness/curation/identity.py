"""The identity of a version: a hash of what it says, not of the bytes that happen to hold it."""

import hashlib
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from harness.core.fingerprints import fingerprint

# Where a record lies may change (a line number shifts) without changing what the version says.
_NOT_CONTENT = ("locator",)


def content_hash(documents: pa.Table, recipe: dict[str, Any], stages: dict[str, str], identifier: str) -> str:
    """Hash the logical content of a version.

    Args:
        documents: Kept documents with their `split`, in any order.
        recipe: The recipe as JSON.
        stages: Names and versions of the stages.
        identifier: Name and version of the language identifier.

    Returns:
        64 hexadecimal digits, equal on every machine, library version and worker count.
    """
    rows = table_hash(documents.drop_columns(list(_NOT_CONTENT)).sort_by("id"))
    return fingerprint({"rows": rows, "recipe": recipe, "stages": stages, "identifier": identifier})


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


def _hash_values(digest: Any, array: pa.Array) -> None:
    kind = array.type
    if pa.types.is_list(kind):
        digest.update(_values_of(pc.fill_null(pc.list_value_length(array), 0).cast(pa.int64())))
        _hash_values(digest, pc.list_flatten(array))
    elif pa.types.is_string(kind):
        filled = pc.fill_null(array, "")
        digest.update(_values_of(pc.binary_length(filled).cast(pa.int64())))
        digest.update(_text_bytes(filled))
    elif pa.types.is_boolean(kind):
        digest.update(_values_of(pc.fill_null(array, False)))
    elif pa.types.is_floating(kind):
        digest.update(_values_of(pc.fill_null(array, 0.0)))
    else:
        digest.update(_values_of(pc.fill_null(array.cast(pa.int64()), 0)))


def _values_of(array: pa.Array) -> bytes:
    values = array.to_numpy(zero_copy_only=False)
    return bytes(np.ascontiguousarray(values.astype(values.dtype.newbyteorder("<"))).tobytes())


def _text_bytes(array: pa.Array) -> memoryview:
    """Give the UTF-8 of all strings, one after another, without copying them."""
    _, offsets, data = array.buffers()
    if data is None:
        return memoryview(b"")
    bounds = np.frombuffer(offsets, dtype=np.int32)[array.offset : array.offset + len(array) + 1]
    return memoryview(data)[int(bounds[0]) : int(bounds[-1])]
