"""The size in memory that a manifest tells of a file, against what reading the file takes."""

import datetime as dt
import functools
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from harness.store.versions import write_row_groups

_SCHEMA = pa.schema(
    [
        ("text", pa.string()),
        ("count", pa.int64()),
        ("small", pa.int32()),
        ("share", pa.float64()),
        ("flag", pa.bool_()),
        ("at", pa.timestamp("us", "UTC")),
        ("digest", pa.binary(32)),
        ("page", pa.large_binary()),
        ("codes", pa.list_(pa.string())),
    ]
)


@functools.cache
def _table(rows: int, null_every: int) -> pa.Table:
    """Make rows of many lengths, of which every so many are null."""
    instant = dt.datetime(2024, 1, 1, tzinfo=dt.UTC)
    row = [
        {
            "text": "كلمة" * (number % 7),
            "count": number,
            "small": number % 5,
            "share": number / 3,
            "flag": number % 2 == 0,
            "at": instant,
            "digest": bytes(32),
            "page": b"x" * (number % 11),
            "codes": ["a", None, "bc"][: number % 4],
        }
        for number in range(rows)
    ]
    for number in range(0, rows if null_every else 0, null_every or 1):
        row[number] = dict.fromkeys(_SCHEMA.names)
    return pa.Table.from_pylist(row, _SCHEMA)


@pytest.mark.parametrize("null_every", [0, 3], ids=["all known", "some null"])
@pytest.mark.parametrize("columns", [_SCHEMA.names, ["text", "count"], ["count", "codes"]], ids=len)
@pytest.mark.parametrize("groups", [(), (0,), (1,), (2,), (9, 8), (40_000, 30_000, 7), (65_536, 1)], ids=str)
def test_the_size_that_is_told_is_the_one_that_reading_takes(
    tmp_path: Path, groups: tuple[int, ...], columns: list[str], null_every: int
) -> None:
    """Over the ends of row groups and of batches, with nulls and without."""
    whole = _table(max((*groups, 1)), null_every).select(columns)
    tables = [whole.slice(0, rows) for rows in groups]
    entry = write_row_groups(tmp_path / "table.parquet", whole.schema, iter(tables))
    with pq.ParquetFile(tmp_path / "table.parquet") as parquet:
        read = [(batch.num_rows, batch.nbytes) for batch in parquet.iter_batches()]
    assert entry.arrow_bytes == sum(size for _, size in read)
    assert entry.rows == sum(rows for rows, _ in read) == sum(groups)
