"""What becomes of an expectation: its result with words and findings, or an error with its reason."""

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from harness.core.fingerprints import fingerprint
from harness.core.verdict import Finding, GateResult
from harness.gates.catalogue import ACCEPTED, PRESENCE_TYPES
from harness.gates.conditions import condition_in_words
from harness.gates.library import Judged
from harness.gates.suites import Expectation
from harness.gates.wording import (
    NOUNS,
    allowed_in_words,
    measure_in_words,
    metric_in_words,
    value_in_words,
    violations_in_words,
)

if TYPE_CHECKING:
    import pandas as pd

FINDINGS = 20  # rows that a gate names; how many there are is in `unexpected`
KEYS = {"documents": "id", "records": "id", "metrics": "slice", "drift": "measure"}
# Tables of figures, not of documents: a row that is not as expected is told by its value.
FIGURES = frozenset({"metrics", "drift"})
_SLICES_NAMED = 3


def lack_of_evidence(expectation: Expectation, domain: "pd.DataFrame") -> str:
    """Say why an expectation would look at nothing, or nothing."""
    noun = NOUNS[expectation.table]
    condition = expectation.kwargs.get("row_condition")
    if len(domain) == 0:
        if condition is not None:
            return f"no {noun} match the condition: {condition_in_words(condition)}"
        return f"the columns are null in all {noun}"
    if _evaluated(expectation, domain) == 0:
        return f"'{expectation.kwargs['column']}' is null in all {len(domain)} {noun}"
    return ""


def _evaluated(expectation: Expectation, domain: "pd.DataFrame") -> int:
    """Count the rows that an expectation should look at: its condition's, without nulls where they play no part."""
    known = ACCEPTED[expectation.type]
    if known.counts_nulls or known.shape == "record":
        return len(domain)
    return int(domain[expectation.kwargs["column"]].notna().sum())


def result_of(
    expectation: Expectation, judged: Judged | None, domain: "pd.DataFrame", table: pa.Table
) -> GateResult:
    """Turn what the library said into a gate's result, if it looked at all that it should have.

    Args:
        expectation: What was expected.
        judged: What was said; None where the library gave no result.
        domain: The rows that the expectation is about.
        table: The whole table, to name findings from; the domain's index are its row numbers.
    """
    evaluated = _evaluated(expectation, domain)
    if judged is None:
        return error_of(expectation, "Great Expectations gave no result for it")
    if judged.raised:
        return error_of(expectation, f"it raised: {judged.raised}", evaluated)
    if ACCEPTED[expectation.type].shape in ("column", "table"):
        return _result_of_measure(expectation, judged, domain)
    if judged.looked_at != evaluated or judged.unexpected is None:
        return error_of(expectation, f"{judged.looked_at} of {evaluated} rows were looked at", evaluated)
    return GateResult(
        **_description(expectation),
        status="passed" if judged.success else "failed",
        observed=_observed_rows(expectation, judged, domain, table),
        evaluated=evaluated,
        unexpected=judged.unexpected,
        unexpected_share=judged.unexpected / evaluated,
        **_compared_rows(expectation, judged.unexpected / evaluated, domain),
        findings=tuple(_finding(expectation, table, row) for row in judged.rows[:FINDINGS]),
    )


def _result_of_measure(expectation: Expectation, judged: Judged, domain: "pd.DataFrame") -> GateResult:
    evaluated = _evaluated(expectation, domain)
    observed = _python(judged.observed)
    if "value_set" in expectation.kwargs:
        observed = sorted(domain[expectation.kwargs["column"]].dropna().unique().tolist())
    if observed is None or (isinstance(observed, float) and math.isnan(observed)):
        return error_of(expectation, "the measure has no value over these rows", evaluated)
    return GateResult(
        **_description(expectation),
        status="passed" if judged.success else "failed",
        observed=measure_in_words(expectation, observed),
        evaluated=evaluated,
        unexpected=None,
        unexpected_share=None,
        **_compared_number(expectation, observed),
    )


def _compared_rows(expectation: Expectation, share: float, domain: "pd.DataFrame") -> dict[str, Any]:
    """Give what a baseline compares of a judgement on rows."""
    column = expectation.kwargs.get("column")
    better = _better(expectation)
    if expectation.table not in FIGURES or not better or column is None:
        return {"value": share, "better": "lower"}
    values = domain[column].dropna()
    return {"value": float(values.max() if better == "lower" else values.min()), "better": better}


def _compared_number(expectation: Expectation, observed: Any) -> dict[str, Any]:
    """Give what a baseline compares of a measure; sets, and instants, have no better and worse."""
    if isinstance(observed, bool) or not isinstance(observed, int | float):
        return {}
    return {"value": float(observed), "better": _better(expectation)}


def _better(expectation: Expectation) -> str:
    """Say which way a bounded number gets better: away from its only bound; nothing where it has two or none."""
    least, greatest = (expectation.kwargs.get(key) is not None for key in ("min_value", "max_value"))
    return {(False, True): "lower", (True, False): "higher"}.get((least, greatest), "")


def _observed_rows(expectation: Expectation, judged: Judged, domain: "pd.DataFrame", table: pa.Table) -> str:
    column = expectation.kwargs.get("column")
    rows = list(judged.rows) or (domain.index.tolist() if len(domain) == 1 else [])
    if expectation.table not in FIGURES or column is None or not rows:
        return violations_in_words(expectation, judged.unexpected or 0, _evaluated(expectation, domain))
    named = [
        (_cell(table, KEYS[expectation.table], row), _cell(table, column, row))
        for row in rows[:_SLICES_NAMED]
    ]
    hidden = (judged.unexpected or 0) - len(named)
    return metric_in_words(column, named) + (f" and {hidden} more" if hidden > 0 else "")


def _finding(expectation: Expectation, table: pa.Table, row: int) -> Finding:
    locator = _cell(table, "locator", row) if "locator" in table.column_names else None
    return Finding(
        id=str(_cell(table, KEYS[expectation.table], row)),
        locator="" if locator is None else str(locator),
        observed=_observed_in_row(expectation, table, row),
    )


def _observed_in_row(expectation: Expectation, table: pa.Table, row: int) -> str:
    kwargs = expectation.kwargs
    if "column" in kwargs:
        judged = _judged_value(expectation, _cell(table, kwargs["column"], row))
    else:
        judged = _named_values(
            table, kwargs.get("column_list") or [kwargs["column_A"], kwargs["column_B"]], row
        )
    shown = _named_values(table, expectation.shown, row)
    return f"{judged} ({shown})" if shown else judged


def _judged_value(expectation: Expectation, value: Any) -> str:
    # Presence may be asked of texts, which are never shown.
    if expectation.type in PRESENCE_TYPES:
        return "null" if value is None else "present"
    return value_in_words(value)


def _named_values(table: pa.Table, columns: Sequence[str], row: int) -> str:
    return ", ".join(f"{name} = {value_in_words(_cell(table, name, row))}" for name in columns)


def _cell(table: pa.Table, column: str, row: int) -> Any:
    value = table.column(column)[row]
    try:
        return value.as_py()
    except UnicodeDecodeError:  # half a surrogate pair, which Arrow holds and nobody can print
        return value.as_buffer().to_pybytes().decode("utf-8", "replace")


def _python(value: Any) -> Any:
    """Turn numpy's scalars into Python's, also inside of a quantiles' answer."""
    if isinstance(value, dict):
        return _python(value.get("values"))
    if isinstance(value, list):
        return [_python(one) for one in value]
    return value.item() if hasattr(value, "item") else value


def error_of(expectation: Expectation, detail: str, evaluated: int = 0) -> GateResult:
    """Say that nothing can be said of an expectation, and why: it never passes."""
    return GateResult(
        **_description(expectation),
        status="error",
        observed="nothing can be said",
        evaluated=evaluated,
        unexpected=None,
        unexpected_share=None,
        detail=detail,
    )


def _without_limits(expectation: Expectation) -> dict[str, Any]:
    limits = ("mostly", "min_value", "max_value", "strict_min", "strict_max")
    bounded_rows = ACCEPTED[expectation.type].shape == "row" and expectation.table not in FIGURES
    # A row's own limits say which rows count; a number's do not change the number.
    left_out = ("mostly",) if bounded_rows else limits
    return {key: value for key, value in expectation.kwargs.items() if key not in left_out}


def _description(expectation: Expectation) -> dict[str, Any]:
    return {
        "rule": expectation.rule,
        "suite": expectation.suite,
        "title": expectation.title,
        "file": expectation.file,
        "line": expectation.line,
        "measure": fingerprint([expectation.type, expectation.table, _without_limits(expectation)])[:16],
        "table": expectation.table,
        "columns": tuple(sorted(expectation.columns)),
        "expectation": expectation.type,
        "severity": expectation.severity,
        "allowed": allowed_in_words(expectation),
    }
