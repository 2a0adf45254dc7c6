"""What an expectation allows and what was observed, in words short enough for one terminal line."""

import datetime as dt
import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from harness.gates.catalogue import ACCEPTED
from harness.gates.conditions import condition_in_words
from harness.gates.suites import Expectation

NOUNS = {"documents": "documents", "records": "records", "metrics": "slices", "drift": "measures"}

_MEASURES = {
    "expect_column_min_to_be_between": "least",
    "expect_column_max_to_be_between": "greatest",
    "expect_column_mean_to_be_between": "mean",
    "expect_column_median_to_be_between": "median",
    "expect_column_stdev_to_be_between": "standard deviation of",
    "expect_column_sum_to_be_between": "sum of",
    "expect_column_quantile_values_to_be_between": "quantiles of",
    "expect_column_unique_value_count_to_be_between": "number of different",
    "expect_column_proportion_of_unique_values_to_be_between": "share of different values of",
    "expect_column_proportion_of_non_null_values_to_be_between": "share of rows with",
    "expect_column_distinct_values_to_be_in_set": "values of",
    "expect_column_distinct_values_to_contain_set": "values of",
    "expect_column_distinct_values_to_equal_set": "values of",
    "expect_column_most_common_value_to_be_in_set": "most common",
}
_LISTED = 8
_LONGEST = 80


def allowed_in_words(expectation: Expectation) -> str:
    """Say what is allowed: `replacement_chars <= 0 in at least 97 %`, or `<= 0.4` for a metric.

    A metric and a number about a column or table are named where they are observed, so only the limit
    is said here.
    """
    kwargs = expectation.kwargs
    shape = ACCEPTED[expectation.type].shape
    if shape in ("column", "table"):
        return _limit_of_aggregate(expectation)
    if expectation.table in ("metrics", "drift") and expectation.type == "expect_column_values_to_be_between":
        phrase = _limits("", kwargs)[0]
    else:
        phrase = _required(expectation)[0]
    mostly = kwargs.get("mostly", 1)
    return phrase if mostly == 1 else f"{phrase} in at least {_percent(mostly)}"


def violations_in_words(expectation: Expectation, unexpected: int, evaluated: int) -> str:
    """Count the rows that are not as expected: `3 of 74 documents: replacement_chars > 0`."""
    where = _where(expectation)
    return f"{unexpected} of {evaluated} {NOUNS[expectation.table]}{where}: {_required(expectation)[1]}"


def metric_in_words(column: str, values: Sequence[tuple[str, Any]]) -> str:
    """Name a metric's value in some slices: `drop_share 0.5 for source=a, 0.45 for source=b`."""
    return f"{column} " + ", ".join(f"{value_in_words(value)} for {key}" for key, value in values)


def measure_in_words(expectation: Expectation, observed: Any) -> str:
    """Name a number about a column or table: `mean words 212.5`, `74 documents`."""
    where = _where(expectation)
    if ACCEPTED[expectation.type].shape == "table":
        return f"{value_in_words(observed)} {NOUNS[expectation.table]}{where}"
    column = expectation.kwargs["column"]
    return f"{_MEASURES[expectation.type]} {column} {value_in_words(observed)}{where}"


def value_in_words(value: Any) -> str:
    """Write one observed value; long texts are cut, numbers keep six digits."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return "null"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return f"{value:.6g}"
    if isinstance(value, dt.datetime):
        return value.isoformat()
    if isinstance(value, list | tuple):
        return (
            "{"
            + ", ".join(map(value_in_words, value[:_LISTED]))
            + (", …" if len(value) > _LISTED else "")
            + "}"
        )
    text = str(value)
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


def _where(expectation: Expectation) -> str:
    condition = expectation.kwargs.get("row_condition")
    return "" if condition is None else f" where {condition_in_words(condition)}"


def _required(expectation: Expectation) -> tuple[str, str]:
    """Say what each row has to be like, and what the others are like."""
    kwargs = expectation.kwargs
    column = kwargs.get("column", "")
    say = _SAYINGS.get(expectation.type)
    if say is not None:
        return say(column, kwargs)
    words = expectation.type.removeprefix("expect_").removeprefix("column_").replace("_", " ")
    about = column or ", ".join(kwargs.get("column_list", [kwargs.get("column_A"), kwargs.get("column_B")]))
    return f"{about}: {words}", f"{about}: not as in '{words}'"


def _limit_of_aggregate(expectation: Expectation) -> str:
    kwargs = expectation.kwargs
    if "value_set" in kwargs:
        relation = {
            "expect_column_distinct_values_to_contain_set": "at least",
            "expect_column_distinct_values_to_equal_set": "exactly",
        }.get(expectation.type, "among")
        return f"{relation} {value_in_words(kwargs['value_set'])}"
    if "quantile_ranges" in kwargs:
        ranges = kwargs["quantile_ranges"]
        return f"{value_in_words(ranges.get('quantiles', []))} within {value_in_words(ranges.get('value_ranges', []))}"
    if "value" in kwargs:
        return f"exactly {value_in_words(kwargs['value'])}"
    return _limits("", kwargs)[0]


def _limits(subject: str, kwargs: Mapping[str, Any]) -> tuple[str, str]:
    least, greatest = kwargs.get("min_value"), kwargs.get("max_value")
    above, below = (">", "<=") if kwargs.get("strict_min") else (">=", "<")
    under, over = ("<", ">=") if kwargs.get("strict_max") else ("<=", ">")
    wanted, unwanted = [], []
    if least is not None:
        wanted.append(f"{above} {value_in_words(least)}")
        unwanted.append(f"{below} {value_in_words(least)}")
    if greatest is not None:
        wanted.append(f"{under} {value_in_words(greatest)}")
        unwanted.append(f"{over} {value_in_words(greatest)}")
    return f"{subject} {' and '.join(wanted)}".strip(), f"{subject} {' or '.join(unwanted)}".strip()


def _percent(share: float) -> str:
    return f"{share * 100:.6g} %"


def _set(kwargs: Mapping[str, Any]) -> str:
    return value_in_words(kwargs["value_set"])


_SAYINGS: dict[str, Callable[[str, Mapping[str, Any]], tuple[str, str]]] = {
    "expect_column_values_to_be_between": _limits,
    "expect_column_value_lengths_to_be_between": lambda column, kwargs: _limits(
        f"length of {column}", kwargs
    ),
    "expect_column_values_to_be_in_set": lambda column, kwargs: (
        f"{column} in {_set(kwargs)}",
        f"{column} not in {_set(kwargs)}",
    ),
    "expect_column_values_to_not_be_in_set": lambda column, kwargs: (
        f"{column} not in {_set(kwargs)}",
        f"{column} in {_set(kwargs)}",
    ),
    "expect_column_values_to_be_null": lambda column, _: (f"{column} null", f"{column} present"),
    "expect_column_values_to_not_be_null": lambda column, _: (f"{column} present", f"{column} null"),
    "expect_column_values_to_be_unique": lambda column, _: (f"{column} unique", f"{column} repeated"),
    "expect_column_values_to_match_regex": lambda column, kwargs: (
        f"{column} like /{kwargs['regex']}/",
        f"{column} unlike /{kwargs['regex']}/",
    ),
    "expect_column_values_to_not_match_regex": lambda column, kwargs: (
        f"{column} unlike /{kwargs['regex']}/",
        f"{column} like /{kwargs['regex']}/",
    ),
}
