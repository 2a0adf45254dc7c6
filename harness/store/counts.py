"""The sufficient statistics that a run keeps of its items, so that no answer has to be counted again."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from harness.core.errors import InputError
from harness.evaluation.resampling import Floats


def write_counts(path: Path, counts: Mapping[str, Floats]) -> None:
    """Write the counts of metrics: columns `count:<metric>:<number>` of float64, one row an item.

    Args:
        path: A Parquet file.
        counts: Finite statistics by metric, shape (items, k); of at least one metric.
    """
    columns = [pa.array(column) for statistics in counts.values() for column in statistics.T]
    widths = {metric: statistics.shape[1] for metric, statistics in counts.items()}
    table = pa.table(columns, schema=_schema(widths))
    pq.write_table(table, path, compression="zstd", use_dictionary=True)


def read_counts(path: Path, widths: Mapping[str, int], *, items: int) -> dict[str, Floats]:
    """Read what `write_counts` wrote, exactly.

    Args:
        path: The file.
        widths: How many columns each metric has.
        items: How many rows there must be.

    Returns:
        By metric, shape (items, k).

    Raises:
        InputError: The file cannot be read, or its columns or rows are others.
    """
    try:
        with pq.ParquetFile(path) as parquet:
            table = parquet.read()
        columns = {name: _numbers(table.column(name)) for name in _schema(widths).names}
    except (OSError, KeyError, pa.ArrowException, TypeError, BufferError) as error:
        raise _broken(path) from error
    if table.num_columns != len(columns) or table.num_rows != items:
        raise _broken(path)
    return {
        metric: np.column_stack([columns[_name(metric, place)] for place in range(width)])
        for metric, width in widths.items()
    }


def _numbers(column: pa.ChunkedArray) -> Floats:
    if column.null_count:
        raise TypeError("a count is missing")
    # Not `to_numpy`, which imports pandas: half of a comparison's time.
    numbers = np.from_dlpack(column.cast(pa.float64()).combine_chunks()).astype(np.float64)
    if not np.isfinite(numbers).all():
        raise TypeError("a count is no number")
    return numbers


def _schema(widths: Mapping[str, int]) -> pa.Schema:
    names = [_name(metric, place) for metric, width in widths.items() for place in range(width)]
    return pa.schema([pa.field(name, pa.float64()) for name in names])


def _name(metric: str, place: int) -> str:
    return f"count:{metric}:{place}"


def _broken(path: Path) -> InputError:
    return InputError(
        "the counts are not what the run's manifest says", where=str(path), remedy="run the system again"
    )
