"""Columns of tables: in one piece, as kernels want them, and put in place."""

import pyarrow as pa


def whole(column: pa.Array | pa.ChunkedArray) -> pa.Array:
    """Put the pieces of a column together; one that is whole stays as it is.

    Raises:
        pyarrow.ArrowInvalid: The texts of a column of type string come to more than 2 GB.
    """
    if not isinstance(column, pa.ChunkedArray):
        return column
    if column.num_chunks == 1 and column.chunk(0).offset == 0:
        return column.chunk(0)  # which `combine_chunks` would copy
    combined = column.combine_chunks()
    # A column of no chunk, or of too many texts for one, stays chunked.
    return pa.concat_arrays(combined.chunks) if isinstance(combined, pa.ChunkedArray) else combined


def with_column(table: pa.Table, name: str, values: pa.Array | pa.ChunkedArray) -> pa.Table:
    """Set a column, or append it where the table has none of that name."""
    if name in table.column_names:
        return table.set_column(table.column_names.index(name), name, values)
    return table.append_column(name, values)
