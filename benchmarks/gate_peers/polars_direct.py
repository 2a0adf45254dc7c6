"""The same checks written directly in polars: the least that they can cost."""

from pathlib import Path

import polars as pl
from protocol import answer


def judge(table: Path, checks: list[dict]) -> list[int]:
    """Count the unexpected rows of each check, all in one pass."""
    frame = pl.scan_parquet(table)
    counted = [_unexpected(check).sum().alias(str(number)) for number, check in enumerate(checks)]
    row = frame.select(counted).collect().row(0)
    return [int(count or 0) for count in row]


def _unexpected(check: dict) -> pl.Expr:
    column = pl.col(check["column"])
    if check["kind"] == "not_null":
        return column.is_null()
    if check["kind"] == "unique":
        return column.is_duplicated() & column.is_not_null()
    if check["kind"] in ("in_set", "not_in_set"):
        inside = column.is_in(check["values"])
        return (~inside if check["kind"] == "in_set" else inside) & column.is_not_null()
    low, high = check.get("min"), check.get("max")
    outside = pl.lit(value=False)
    if low is not None:
        outside = outside | (column < low)
    if high is not None:
        outside = outside | (column > high)
    return outside & column.is_not_null()


if __name__ == "__main__":
    answer(judge)
