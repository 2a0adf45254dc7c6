"""The JSON Schema of a suite's file, for editors: what the strict loader accepts, as far as a schema can say it."""

from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow as pa

from harness.core.signals import Signal
from harness.gates.catalogue import (
    ACCEPTED,
    PRESENCE_TYPES,
    VALUE_KINDS,
    ExpectationType,
    ValueKind,
    column_kind,
)
from harness.gates.conditions import OPERATORS
from harness.gates.keyword_checks import WORDS
from harness.gates.suite_checks import RULE, SEVERITIES, TABLES, TEXT_COLUMNS, tables_with

_Tables = Mapping[str, pa.Schema]
_NUMBER = {"type": "number"}
_TEXT = {"type": "string"}
_SCALAR = {"type": ["string", "number", "boolean"]}

_VALUES: dict[ValueKind, dict[str, Any]] = {
    "share": {"type": "number", "exclusiveMinimum": 0, "maximum": 1},
    "condition": {"$ref": "#/$defs/condition"},
    "parser": _TEXT,
    "bound": {"type": ["number", "string"]},
    "flag": {"type": "boolean"},
    "values": {"type": "array", "minItems": 1, "items": _SCALAR},
    "pattern": _TEXT,
    "patterns": {"type": "array", "minItems": 1, "items": _TEXT},
    "number": _NUMBER,
    "structure": {},
    "quantiles": {"type": "object", "required": ["quantiles", "value_ranges"]},
}


def suite_schema(own: Sequence[Signal] = ()) -> dict[str, Any]:
    """Write the schema (draft 2020-12): types of expectations with their keywords, and columns by name.

    It is a help while writing. What hangs on the table, the column's type or the values is left to the
    loader, which refuses more.

    Args:
        own: The user's own signals, which may be named beside the built-in columns.
    """
    tables = tables_with(own)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A suite of expectations",
        "description": "Great Expectations JSON over the tables of a version, as `harness validate` reads it.",
        "type": "object",
        "required": ["name", "meta", "expectations"],
        "additionalProperties": False,
        "properties": {
            "$schema": _TEXT,
            "name": {"type": "string", "description": "The file's name without .json."},
            "id": {"type": ["string", "null"]},
            "meta": _suite_meta(),
            "notes": {"type": ["string", "array", "null"]},
            "suite_parameters": {"type": ["object", "null"], "maxProperties": 0},
            "expectations": {"type": "array", "minItems": 1, "items": {"$ref": "#/$defs/expectation"}},
        },
        "$defs": {"expectation": _expectation(tables), "condition": _condition(tables)},
    }


def _suite_meta() -> dict[str, Any]:
    properties = {"table": _table(), "title": {"type": "string", "description": "What the suite asks for."}}
    return {"type": "object", "required": ["table"], "properties": properties}


def _table() -> dict[str, Any]:
    return {"enum": list(TABLES), "description": "What the expectations are about."}


def _expectation(tables: _Tables) -> dict[str, Any]:
    return {
        "type": "object",
        "required": ["type", "kwargs", "meta"],
        "additionalProperties": False,
        "properties": {
            "type": {"enum": sorted(ACCEPTED)},
            "kwargs": {"type": "object"},
            "severity": {
                "enum": list(SEVERITIES),
                "default": "critical",
                "description": "Only a critical failure keeps a version from being published.",
            },
            "meta": {
                "type": "object",
                "required": ["rule"],
                "properties": {
                    "rule": {
                        "type": "string",
                        "pattern": f"^{RULE.pattern}$",
                        "description": "A stable code.",
                    },
                    "title": {"type": "string", "description": "A few words for people."},
                    "table": _table(),
                    "show": {"type": "array", "items": {"enum": _columns(tables)}},
                },
            },
            "notes": {
                "type": ["string", "array", "null"],
                "description": "Why the rule is there, and what it wrongly catches.",
            },
            "description": {"type": ["string", "null"]},
            "id": {"type": ["string", "null"]},
        },
        "allOf": [_of_type(known, tables) for known in ACCEPTED.values()],
    }


def _of_type(known: ExpectationType, tables: _Tables) -> dict[str, Any]:
    keywords: dict[str, Any] = {
        "required": list(known.required),
        "additionalProperties": False,
        "properties": {keyword: _value(keyword, known, tables) for keyword in known.keywords},
    }
    if known.needs_a_bound:
        keywords["anyOf"] = [{"required": ["min_value"]}, {"required": ["max_value"]}]
    return {
        "if": {"properties": {"type": {"const": known.name}}},
        "then": {"properties": {"kwargs": keywords}},
    }


def _value(keyword: str, known: ExpectationType, tables: _Tables) -> dict[str, Any]:
    match VALUE_KINDS[keyword]:
        case "column":
            return {"enum": _columns(tables, known)}
        case "columns":
            return {"type": "array", "minItems": 2, "items": {"enum": _columns(tables, known)}}
        case "word":
            return {"enum": list(WORDS[keyword])} if keyword in WORDS else _TEXT
        case kind:
            return _VALUES[kind]


def _columns(tables: _Tables, known: ExpectationType | None = None) -> list[str]:
    """Name the columns of all tables that a type makes sense on."""
    takes_any = known is None or known.name in PRESENCE_TYPES
    return sorted(
        {
            field.name
            for table in tables.values()
            for field in table
            if takes_any
            or (
                known is not None
                and column_kind(field.type) in known.takes
                and field.name not in TEXT_COLUMNS
            )
        }
    )


def _condition(tables: _Tables) -> dict[str, Any]:
    """Describe a row condition: a string, or the library's own object."""
    column = {
        "type": "object",
        "required": ["name"],
        "additionalProperties": False,
        "properties": {"name": {"enum": _columns(tables)}},
    }
    comparison = _kind(
        "comparison",
        column=column,
        operator={"enum": list(OPERATORS)},
        parameter={"type": ["string", "number", "boolean", "array"]},
    )
    nullity = _kind("nullity", column=column, is_null={"type": "boolean"})
    parts = {"type": "array", "minItems": 1, "items": {"$ref": "#/$defs/condition"}}
    joined = [_kind(word, conditions=parts) for word in ("and", "or")]
    return {"description": 'lang == "ar" and words > 20', "anyOf": [_TEXT, comparison, nullity, *joined]}


def _kind(name: str, **properties: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "required": ["type", *properties],
        "additionalProperties": False,
        "properties": {"type": {"const": name}, **properties},
    }
