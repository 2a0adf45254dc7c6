"""From one JSON object to one record: fields found by their mapping, values as text."""

import hashlib
import json
from dataclasses import dataclass
from typing import Any

from harness.core.recipe import FieldMapping
from harness.core.schema import METADATA_COLUMNS
from harness.sources.charset import Charset, is_damaged
from harness.sources.raw_file import RawError, RawRecord


class JsonNumber(str):
    """A number as it was written: an id `007`-like or of thirty digits must not be rounded."""

    __slots__ = ()


DECODER = json.JSONDecoder(
    parse_int=JsonNumber,
    parse_float=JsonNumber,
    # pandas writes NaN where a value is missing. It is no JSON, but no reason to lose an article.
    parse_constant=lambda _: None,
)


@dataclass(frozen=True, slots=True)
class Written:
    """A piece of JSON as it stands in its file: where, its text and its bytes."""

    locator: str
    text: str
    content: bytes


def record_of(value: Any, written: Written, fields: FieldMapping, charset: Charset) -> RawRecord | RawError:
    """Make a record of a parsed JSON value.

    Args:
        value: What was parsed, of any type.
        written: What it was parsed from.
        fields: Which key is which column.
        charset: The file's encoding.

    Returns:
        The record, or `no-text-field` where the value has no string for the text.
    """
    sha256 = hashlib.sha256(written.content).hexdigest()
    size = len(written.content)
    text = value_at(value, fields.text)
    if not isinstance(text, str) or isinstance(text, JsonNumber):
        return RawError(written.locator, "no-text-field", _missing(value, text, fields.text), sha256, size)
    payload, encoding = charset.payload_of(text, damaged=is_damaged(written.text))
    return RawRecord(
        written.locator,
        payload,
        sha256,
        size,
        encoding=encoding,
        metadata={column: as_text(value_at(value, key)) for column, key in mapped_keys(fields).items()},
    )


def mapped_keys(fields: FieldMapping) -> dict[str, str]:
    """Give the key of each metadata column that the mapping has one for."""
    named = {column: getattr(fields, column) for column in METADATA_COLUMNS}
    return {column: key for column, key in named.items() if key is not None}


def value_at(value: Any, dotted: str) -> Any:
    """Reach inside objects by a dotted path; None where there is nothing."""
    for step in dotted.split("."):
        if not isinstance(value, dict):
            return None
        value = value.get(step)
    return value


def as_text(value: Any) -> str | None:
    """Write a metadata value as text.

    Numbers stay as written, lists of plain values are joined by `, `, objects stay JSON, null is None. A lone
    surrogate becomes U+FFFD, since a table's text cannot hold it.
    """
    if value is None:
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list) and not any(isinstance(one, list | dict) for one in value):
        return ", ".join(as_text(one) or "" for one in value)
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _missing(value: Any, text: Any, key: str) -> str:
    if not isinstance(value, dict):
        return "this is no JSON object"
    if text is None:
        return f"there is no text under '{key}'"
    return f"what stands under '{key}' is no string"
