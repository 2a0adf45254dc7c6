"""Values by name in rows of any format, found by the recipe's mapping, as a record's metadata."""

import math
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from harness.core.recipe import FieldMapping
from harness.sources.json_values import as_text, mapped_keys, value_at
from harness.sources.raw_file import shown_name


def value_of(row: Mapping[str, Any], key: str) -> Any:
    """Take what stands under a name, else what a dotted path reaches inside it; None where there is nothing."""
    return row[key] if key in row else value_at(row, key)


def metadata_of(row: Mapping[str, Any], fields: FieldMapping) -> dict[str, str | None]:
    """Give each mapped metadata column as text; instants in ISO 8601."""
    return {column: as_text(_plain(value_of(row, key))) for column, key in mapped_keys(fields).items()}


def no_text_detail(key: str, names: list[str]) -> str:
    """Say that no column has the text, and which there are, for the mapping of fields."""
    there = ", ".join(shown_name(name)[:40] for name in names[:20])
    return f"there is no column '{key}' for the text; there are: {there}"


def _plain(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    if isinstance(value, float) and math.isnan(value):  # how pandas writes a missing value
        return None
    return value if isinstance(value, str | int | float | list | dict | None) else str(value)
