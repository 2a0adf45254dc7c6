"""Columns of Arrow looked at as arrays: what `to_numpy` gives, without loading pandas."""

import numpy as np
import pyarrow as pa
import pytest

from harness.curation.lists import as_numbers


@pytest.mark.parametrize("kind", [pa.uint64(), pa.int32(), pa.int8(), pa.float64(), pa.bool_()])
@pytest.mark.parametrize("cut", [(0, 20), (3, 11), (9, 2), (5, 0)])
def test_columns_and_slices_of_them_are_seen_as_they_are(kind, cut):
    """Whatever the type is and wherever the slice begins."""
    column = pa.array([number % 2 for number in range(20)]).cast(kind).slice(*cut)
    found = as_numbers(column)
    assert found.tolist() == column.to_pylist()
    assert found.dtype == np.dtype(kind.to_pandas_dtype())


def test_no_value_is_no_buffer():
    """An array without values may have no memory."""
    empty = pa.Array.from_buffers(pa.int64(), 0, [None, None])
    assert as_numbers(empty).tolist() == []


def test_an_unknown_value_is_no_number():
    """What lies in memory where nothing is known is anything."""
    with pytest.raises(ValueError, match="1 of 2"):
        as_numbers(pa.array([1, None]))
