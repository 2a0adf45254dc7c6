"""Columns as kernels want them: in one piece."""

import pyarrow as pa


def whole(column: pa.Array | pa.ChunkedArray) -> pa.Array:
    """Put the pieces of a column together; one that is whole stays as it is.

    Raises:
        pyarrow.ArrowInvalid: The texts of a column of type string come to more than 2 GB.
    """
    combined = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    # A column of no chunk, or of too many texts for one, stays chunked.
    return pa.concat_arrays(combined.chunks) if isinstance(combined, pa.ChunkedArray) else combined
