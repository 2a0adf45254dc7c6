"""Columns as kernels want them: in one piece."""

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
