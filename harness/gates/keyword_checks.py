"""Whether the value of a keyword can mean something: what could only pass, or never match, is refused."""

import datetime as dt
import re
from collections.abc import Callable, Mapping
from collections.abc import Set as AbstractSet
from typing import Any, TypeGuard

from harness.gates.catalogue import VALUE_KINDS, ColumnKind, ExpectationType
from harness.gates.conditions import ConditionError, columns_of_condition

# What is wrong, and what to do.
Said = tuple[str, str]

WORDS: dict[str, tuple[str, ...]] = {
    "match_on": ("any", "all"),
    "method": ("iqr", "std"),
    "ignore_row_if": (
        "both_values_are_missing", "either_value_is_missing", "neither",
        "all_values_are_missing", "any_value_is_missing", "never",
    ),
}  # fmt: skip


def problem_of_value(
    known: ExpectationType, keyword: str, kwargs: Mapping[str, Any], columns: AbstractSet[ColumnKind]
) -> Said | None:
    """Check one keyword.

    Args:
        known: The expectation's type.
        keyword: One that the type knows and the suite gives.
        kwargs: All keywords as given.
        columns: The kinds of the columns that are judged; empty where they are not known.

    Returns:
        What is wrong and how to mend it, or None.
    """
    value = kwargs[keyword]
    match VALUE_KINDS[keyword]:
        case "bound":
            return _bound(known, keyword, kwargs, columns)
        case "values":
            return _values(value, columns)
        case "word":
            return _word(keyword, value)
        case kind:
            return _CHECKS[kind](value)


def _column(value: Any) -> Said | None:
    return None if isinstance(value, str) else ("a column is named by a text", "write its name")


def _columns(value: Any) -> Said | None:
    if not isinstance(value, list) or len(value) < 2 or not all(isinstance(name, str) for name in value):
        return "it has to list two columns or more", "write their names"
    return None


def _share(value: Any) -> Said | None:
    if not _is_number(value) or not 0 < value <= 1:
        return f"{value!r} is no share: with 0 it could only pass", "write a number above 0, up to 1"
    return None


def _condition(value: Any) -> Said | None:
    try:
        columns_of_condition(value)
    except ConditionError as error:
        return "the condition cannot be used", str(error)
    return None


def _parser(value: Any) -> Said | None:
    if value != "pandas":
        return f"conditions are not read by {value!r}", "leave it out, or write 'pandas'"
    return None


def _flag(value: Any) -> Said | None:
    return (
        None if isinstance(value, bool) else (f"{value!r} is neither true nor false", "write true or false")
    )


def _number(value: Any) -> Said | None:
    return None if _is_number(value) else (f"{value!r} is no number", "write a number")


def _pattern(value: Any) -> Said | None:
    if not isinstance(value, str) or not value:
        return "it has to be a regular expression", "write one; an empty one matches everything"
    try:
        re.compile(value)
    except re.error as error:
        return f"the regular expression cannot be read: {error}", "correct it"
    return None


def _patterns(value: Any) -> Said | None:
    if not isinstance(value, list) or not value:
        return "it has to list regular expressions", "write one or more"
    return next((said for said in map(_pattern, value) if said is not None), None)


def _structure(value: Any) -> Said | None:
    # What is inside is checked by Great Expectations when the expectation is built.
    if value in ([], {}, "", None):
        return "it is empty, so that it says nothing", "fill it in"
    return None


def _quantiles(value: Any) -> Said | None:
    match value:
        case {"quantiles": [_, *_] as wanted, "value_ranges": [_, *_] as ranges, **rest} if not rest and len(
            wanted
        ) == len(ranges):
            return None
    return (
        "the quantiles and their ranges do not match",
        'write {"quantiles": [0.5], "value_ranges": [[1, 9]]}',
    )


def _bound(
    known: ExpectationType, keyword: str, kwargs: Mapping[str, Any], columns: AbstractSet[ColumnKind]
) -> Said | None:
    value = kwargs[keyword]
    if value is None:
        return None
    if columns == {"instant"} and known.name.endswith(
        ("values_to_be_between", "max_to_be_between", "min_to_be_between")
    ):
        return None if _is_instant(value) else (f"{value!r} is no instant", "write 2026-01-01T00:00:00+00:00")
    if not _is_number(value):
        return f"{value!r} is no number", "write a number"
    least, greatest = kwargs.get("min_value"), kwargs.get("max_value")
    if keyword == "min_value" and _is_number(least) and _is_number(greatest) and least > greatest:
        return f"the least value {least} is above the greatest {greatest}", "exchange them"
    return None


def _values(value: Any, columns: AbstractSet[ColumnKind]) -> Said | None:
    if not isinstance(value, list) or not value:
        return "it has to list values; an empty list says nothing", "write one value or more"
    fits: dict[ColumnKind, Callable[[Any], bool]] = {
        "number": _is_number,
        "flag": lambda one: isinstance(one, bool),
        "label": lambda one: isinstance(one, str),
    }
    for kind in columns & fits.keys():
        wrong = [one for one in value if not fits[kind](one)]
        if wrong:
            return f"{wrong[0]!r} can never be in a column of kind {kind}", f"write {kind}s"
    return None


def _word(keyword: str, value: Any) -> Said | None:
    if not isinstance(value, str) or not value:
        return "it has to be a text", "write one"
    known = WORDS.get(keyword)
    if known is not None and value not in known:
        return f"{value!r} is not known", f"write one of: {', '.join(known)}"
    return None


def _is_number(value: Any) -> TypeGuard[float]:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_instant(value: Any) -> bool:
    # Without time and offset Great Expectations reads a date, which compares with no instant.
    try:
        return isinstance(value, str) and dt.datetime.fromisoformat(value).tzinfo is not None
    except ValueError:
        return False


_CHECKS: dict[str, Callable[[Any], Said | None]] = {
    "column": _column,
    "columns": _columns,
    "share": _share,
    "condition": _condition,
    "parser": _parser,
    "flag": _flag,
    "number": _number,
    "pattern": _pattern,
    "patterns": _patterns,
    "structure": _structure,
    "quantiles": _quantiles,
}
