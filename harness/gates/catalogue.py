"""The expectations that gates accept: their keywords, what they look at, and why the others are declined.

Great Expectations takes five CPU seconds to import, so what a suite may say is written down here and held
against the library's own classes by a contract test.
"""

from dataclasses import dataclass
from typing import Literal

import pyarrow as pa

# row: a verdict on each value of one column. record: on several columns of each row.
# column: one number (or set) about a column. table: one number about the table.
Shape = Literal["row", "record", "column", "table"]
ColumnKind = Literal["number", "flag", "label", "instant", "list"]
ValueKind = Literal[
    "column", "columns", "share", "condition", "parser", "bound", "flag", "values",
    "pattern", "patterns", "number", "word", "structure", "quantiles",
]  # fmt: skip

ANY: frozenset[ColumnKind] = frozenset({"number", "flag", "label", "instant"})
NUMBERS: frozenset[ColumnKind] = frozenset({"number", "flag"})
ORDERED: frozenset[ColumnKind] = frozenset({"number", "flag", "instant"})
LISTED: frozenset[ColumnKind] = frozenset({"number", "flag", "label"})
LABELS: frozenset[ColumnKind] = frozenset({"label"})


@dataclass(frozen=True)
class ExpectationType:
    """One type of expectation as a suite may use it.

    Args:
        name: What a suite writes as `type`.
        shape: What the expectation looks at.
        required: Keywords that have to be there.
        optional: Keywords that may be there.
        takes: Kinds of columns that it makes sense on.
        counts_nulls: Whether a null is a value to it; else nulls are left out, and an all-null
            column is no evidence.
    """

    name: str
    shape: Shape
    required: tuple[str, ...]
    optional: tuple[str, ...]
    takes: frozenset[ColumnKind]
    counts_nulls: bool = False

    @property
    def keywords(self) -> tuple[str, ...]:
        """All keywords that it knows."""
        return self.required + self.optional

    @property
    def needs_a_bound(self) -> bool:
        """Whether it says nothing without a least or a greatest value."""
        return "min_value" in self.optional


VALUE_KINDS: dict[str, ValueKind] = {
    "column": "column", "column_A": "column", "column_B": "column", "column_list": "columns",
    "mostly": "share", "row_condition": "condition", "condition_parser": "parser",
    "min_value": "bound", "max_value": "bound", "strict_min": "flag", "strict_max": "flag",
    "value_set": "values", "ties_okay": "flag", "regex": "pattern", "regex_list": "patterns",
    "match_on": "word", "value": "number", "sum_total": "number", "threshold": "number", "multiplier": "number",
    "double_sided": "flag", "strictly": "flag", "or_equal": "flag", "method": "word", "ignore_row_if": "word",
    "strftime_format": "word", "value_pairs_set": "structure", "quantile_ranges": "quantiles",
    "allow_relative_error": "structure",
}  # fmt: skip

_CONDITION = ("row_condition", "condition_parser")
_BOUNDS = ("min_value", "max_value", "strict_min", "strict_max")


def _row(
    name: str,
    *required: str,
    optional: tuple[str, ...] = (),
    takes: frozenset[ColumnKind] = ANY,
    counts_nulls: bool = False,
) -> ExpectationType:
    optional = (*optional, "mostly", *_CONDITION)
    return ExpectationType(name, "row", ("column", *required), optional, takes, counts_nulls)


def _record(
    name: str, *required: str, optional: tuple[str, ...] = (), **more: frozenset[ColumnKind]
) -> ExpectationType:
    optional = (*optional, "mostly", "ignore_row_if", *_CONDITION)
    return ExpectationType(name, "record", required, optional, more.get("takes", ANY))


def _column(
    name: str,
    *required: str,
    optional: tuple[str, ...] = (),
    takes: frozenset[ColumnKind] = ANY,
    counts_nulls: bool = False,
) -> ExpectationType:
    return ExpectationType(
        name, "column", ("column", *required), (*optional, *_CONDITION), takes, counts_nulls
    )


def _table(name: str, *required: str, optional: tuple[str, ...] = ()) -> ExpectationType:
    return ExpectationType(name, "table", required, (*optional, *_CONDITION), ANY, counts_nulls=True)


_PAIR = ("column_A", "column_B")

ACCEPTED: dict[str, ExpectationType] = {
    known.name: known
    for known in (
        _row("expect_column_values_to_be_between", optional=_BOUNDS, takes=ORDERED),
        _row("expect_column_values_to_be_in_set", "value_set", takes=LISTED),
        _row("expect_column_values_to_not_be_in_set", "value_set", takes=LISTED),
        _row("expect_column_values_to_be_null", counts_nulls=True),
        _row("expect_column_values_to_not_be_null", counts_nulls=True),
        _row("expect_column_values_to_be_unique"),
        _row("expect_column_values_to_be_increasing", optional=("strictly",), takes=ORDERED),
        _row("expect_column_values_to_be_decreasing", optional=("strictly",), takes=ORDERED),
        _row("expect_column_values_to_match_regex", "regex", takes=LABELS),
        _row("expect_column_values_to_not_match_regex", "regex", takes=LABELS),
        _row("expect_column_values_to_match_regex_list", "regex_list", optional=("match_on",), takes=LABELS),
        _row("expect_column_values_to_not_match_regex_list", "regex_list", takes=LABELS),
        _row("expect_column_values_to_match_strftime_format", "strftime_format", takes=LABELS),
        _row("expect_column_values_to_be_dateutil_parseable", takes=LABELS),
        _row("expect_column_value_lengths_to_be_between", optional=_BOUNDS, takes=LABELS),
        _row("expect_column_value_lengths_to_equal", "value", takes=LABELS),
        _row("expect_column_value_z_scores_to_be_less_than", "threshold", "double_sided", takes=NUMBERS),
        _row("expect_column_values_to_not_be_outliers", optional=("method", "multiplier"), takes=NUMBERS),
        _record("expect_column_pair_values_to_be_equal", *_PAIR),
        _record(
            "expect_column_pair_values_a_to_be_greater_than_b", *_PAIR, optional=("or_equal",), takes=ORDERED
        ),
        _record("expect_column_pair_values_to_be_in_set", *_PAIR, "value_pairs_set", takes=LISTED),
        _record("expect_compound_columns_to_be_unique", "column_list"),
        _record("expect_select_column_values_to_be_unique_within_record", "column_list"),
        _record("expect_multicolumn_values_to_be_equal", "column_list"),
        _record("expect_multicolumn_sum_to_equal", "column_list", "sum_total", takes=NUMBERS),
        _column("expect_column_min_to_be_between", optional=_BOUNDS, takes=ORDERED),
        _column("expect_column_max_to_be_between", optional=_BOUNDS, takes=ORDERED),
        _column("expect_column_mean_to_be_between", optional=_BOUNDS, takes=NUMBERS),
        _column("expect_column_median_to_be_between", optional=_BOUNDS, takes=NUMBERS),
        _column("expect_column_stdev_to_be_between", optional=_BOUNDS, takes=NUMBERS),
        _column("expect_column_sum_to_be_between", optional=_BOUNDS, takes=NUMBERS),
        _column(
            "expect_column_quantile_values_to_be_between",
            "quantile_ranges",
            optional=("allow_relative_error",),
            takes=NUMBERS,
        ),
        _column("expect_column_unique_value_count_to_be_between", optional=_BOUNDS),
        _column("expect_column_proportion_of_unique_values_to_be_between", optional=_BOUNDS),
        _column(
            "expect_column_proportion_of_non_null_values_to_be_between", optional=_BOUNDS, counts_nulls=True
        ),
        _column("expect_column_distinct_values_to_be_in_set", "value_set", takes=LISTED),
        _column("expect_column_distinct_values_to_contain_set", "value_set", takes=LISTED),
        _column("expect_column_distinct_values_to_equal_set", "value_set", takes=LISTED),
        _column(
            "expect_column_most_common_value_to_be_in_set", "value_set", optional=("ties_okay",), takes=LISTED
        ),
        _table("expect_table_row_count_to_be_between", optional=_BOUNDS),
        _table("expect_table_row_count_to_equal", "value"),
    )
}

_FIXED_COLUMNS = "the columns of a version's tables and their types are fixed; gate what is in them"
_NO_QUERIES = "it needs a database, and gates read files"
_NO_DOCUMENTS = "no column of a version holds JSON"

DECLINED: dict[str, str] = {
    "expect_column_to_exist": _FIXED_COLUMNS,
    "expect_column_type_to_be": _FIXED_COLUMNS,
    "expect_column_values_to_be_of_type": _FIXED_COLUMNS,
    "expect_column_values_to_be_in_type_list": _FIXED_COLUMNS,
    "expect_table_column_count_to_be_between": _FIXED_COLUMNS,
    "expect_table_column_count_to_equal": _FIXED_COLUMNS,
    "expect_table_columns_to_match_ordered_list": _FIXED_COLUMNS,
    "expect_table_columns_to_match_set": _FIXED_COLUMNS,
    "expect_column_values_to_match_like_pattern": _NO_QUERIES,
    "expect_column_values_to_match_like_pattern_list": _NO_QUERIES,
    "expect_column_values_to_not_match_like_pattern": _NO_QUERIES,
    "expect_column_values_to_not_match_like_pattern_list": _NO_QUERIES,
    "expect_query_results_to_match_comparison": _NO_QUERIES,
    "expect_table_row_count_to_equal_other_table": _NO_QUERIES,
    "unexpected_rows_expectation": _NO_QUERIES,
    "expect_column_values_to_be_json_parseable": _NO_DOCUMENTS,
    "expect_column_values_to_match_json_schema": _NO_DOCUMENTS,
    "expect_column_kl_divergence_to_be_less_than": "its partition may be empty and then passes; gate quantiles or a mean",
}

# Presence can be asked of any column, text included: the values themselves play no part in the answer.
PRESENCE_TYPES = frozenset(
    {
        "expect_column_values_to_be_null",
        "expect_column_values_to_not_be_null",
        "expect_column_proportion_of_non_null_values_to_be_between",
    }
)


def column_kind(arrow_type: pa.DataType) -> ColumnKind:
    """Say what kind of column an Arrow type makes."""
    if pa.types.is_boolean(arrow_type):
        return "flag"
    if pa.types.is_integer(arrow_type) or pa.types.is_floating(arrow_type):
        return "number"
    if pa.types.is_timestamp(arrow_type):
        return "instant"
    return "list" if pa.types.is_nested(arrow_type) else "label"
