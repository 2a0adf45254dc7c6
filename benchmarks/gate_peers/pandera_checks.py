"""The same checks as a pandera schema over pandas, validated lazily so that all failures are counted."""

from collections import Counter
from pathlib import Path

import pandas as pd
import pandera.pandas as pa
from protocol import answer


def judge(table: Path, checks: list[dict]) -> list[int]:
    """Count the unexpected rows of each check."""
    frame = pd.read_parquet(table)
    columns: dict[str, dict] = {}
    for number, check in enumerate(checks):
        column = columns.setdefault(check["column"], {"checks": [], "nullable": True, "unique": False})
        if check["kind"] == "not_null":
            column["nullable"] = False
        elif check["kind"] == "unique":
            column["unique"] = True
        else:
            column["checks"].append(_check(check, number))
    schema = pa.DataFrameSchema({name: pa.Column(**column) for name, column in columns.items()})
    failed: Counter[str] = Counter()
    try:
        schema.validate(frame, lazy=True)
    except pa.errors.SchemaErrors as errors:
        cases = errors.failure_cases
        failed.update((cases["column"].astype(str) + ":" + cases["check"].astype(str)).tolist())
    return [failed[_label(check, number)] for number, check in enumerate(checks)]


def _check(check: dict, number: int) -> pa.Check:
    if check["kind"] == "in_set":
        return pa.Check.isin(check["values"], name=str(number), error=str(number))
    if check["kind"] == "not_in_set":
        return pa.Check.notin(check["values"], name=str(number), error=str(number))
    low, high = check.get("min"), check.get("max")
    if low is None:
        return pa.Check.le(high, name=str(number), error=str(number))
    if high is None:
        return pa.Check.ge(low, name=str(number), error=str(number))
    return pa.Check.in_range(low, high, name=str(number), error=str(number))


def _label(check: dict, number: int) -> str:
    special = {"not_null": "not_nullable", "unique": "field_uniqueness"}
    return f"{check['column']}:{special.get(check['kind'], number)}"


if __name__ == "__main__":
    answer(judge)
