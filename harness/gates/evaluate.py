"""Judging a version's tables by suites: every expectation ends as passed, failed, or error with its reason."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import pyarrow as pa

from harness.core.errors import NoEvidenceError
from harness.core.verdict import GateResult, Verdict
from harness.gates.library import JudgedFrame, build, evaluator, in_a_line, quietly
from harness.gates.outcomes import FIGURES, FINDINGS, KEYS, error_of, lack_of_evidence, result_of
from harness.gates.suites import Expectation, Suite, refuse_doubled_rules

if TYPE_CHECKING:
    import pandas as pd


class GatedVersion(NamedTuple):
    """Which version is judged."""

    dataset: str
    version: str
    content_hash: str


def evaluate(
    suites: Sequence[Suite], tables: Mapping[str, pa.Table], subject: tuple[str, str, str]
) -> Verdict:
    """Judge tables by suites.

    Args:
        suites: What to expect; at least one.
        tables: The tables by name, with at least the columns of `columns_needed`.
        subject: Corpus, version and content hash.

    Returns:
        One result an expectation, in the suites' order. An expectation that looked at nothing, or at
        less than it should have, or that raised, is an error and never passes.

    Raises:
        ConfigurationError: Two expectations share a rule, or Great Expectations refuses one.
        NoEvidenceError: There is no suite.
    """
    if not suites:
        raise NoEvidenceError(
            "no suite was given, so that nothing can be judged", remedy="name suites in 'gates'"
        )
    refuse_doubled_rules(suites)
    with quietly():
        judged = _judge_all([one for suite in suites for one in suite.expectations], tables)
    return Verdict(
        **GatedVersion(*subject)._asdict(),
        suites=tuple(suite.identity for suite in suites),
        gates=tuple(judged[one.rule] for suite in suites for one in suite.expectations),
        evaluator=evaluator(),
    )


def columns_needed(suites: Sequence[Suite], table: str) -> list[str]:
    """Name the columns of a table that suites read, with the key that findings are known by."""
    named = {KEYS[table]} if table in FIGURES else {"locator", KEYS[table]}
    for suite in suites:
        for one in suite.expectations:
            if one.table == table:
                named |= {*one.columns, *one.shown}
    return sorted(named)


def _judge_all(expectations: Sequence[Expectation], tables: Mapping[str, pa.Table]) -> dict[str, GateResult]:
    built = build(expectations)
    results: dict[str, GateResult] = {}
    for name in dict.fromkeys(one.table for one in expectations):
        about = [one for one in expectations if one.table == name]
        results |= _judge_table(about, tables.get(name), built)
    return results


def _judge_table(
    expectations: Sequence[Expectation], table: pa.Table | None, built: Mapping[str, Any]
) -> dict[str, GateResult]:
    if table is None or table.num_rows == 0:
        return {one.rule: error_of(one, _lack_of_table(one.table, table)) for one in expectations}
    missing = {one.rule: {*one.columns, *one.shown} - set(table.column_names) for one in expectations}
    results = {
        one.rule: error_of(one, f"the table has no column '{min(missing[one.rule])}'")
        for one in expectations
        if missing[one.rule]
    }
    judgeable = [one for one in expectations if not missing[one.rule]]
    if judgeable:
        frame = JudgedFrame(_as_frame(table, judgeable))
        results |= _judge_frame(judgeable, _Rows(table, frame), built)
    return results


def _lack_of_table(name: str, table: pa.Table | None) -> str:
    if name == "drift" and table is None:
        return "no earlier version is tracked to compare with; 'harness build --release' tracks one"
    return f"the table '{name}' {'is not there' if table is None else 'has no rows'}"


class _Rows(NamedTuple):
    """A table and the frame that the library holds of it; row numbers are the same in both."""

    table: pa.Table
    frame: JudgedFrame


def _judge_frame(
    expectations: Sequence[Expectation], rows: _Rows, built: Mapping[str, Any]
) -> dict[str, GateResult]:
    results: dict[str, GateResult] = {}
    domains: dict[str, pd.DataFrame] = {}
    for one in expectations:
        try:
            domains[one.rule] = rows.frame.rows_of(built[one.rule])
        except Exception as error:  # noqa: BLE001 - pandas raises many kinds on a condition it cannot compute
            results[one.rule] = error_of(one, f"the row condition raised: {in_a_line(error)}")
            continue
        lack = lack_of_evidence(one, domains[one.rule])
        if lack:
            results[one.rule] = error_of(one, lack)
    asked = {one.rule: built[one.rule] for one in expectations if one.rule not in results}
    judged = rows.frame.judge(asked, findings=FINDINGS)
    for one in expectations:
        if one.rule in asked:
            results[one.rule] = result_of(one, judged.get(one.rule), domains[one.rule], rows.table)
    return results


def _as_frame(table: pa.Table, expectations: Sequence[Expectation]) -> "pd.DataFrame":
    """Hand over the columns that are judged and no other: ids, locators and texts stay outside."""
    named = sorted(set().union(*(one.columns for one in expectations)))
    chosen = table.select(named or table.column_names[:1])
    plain = [
        column.cast(column.type.value_type) if pa.types.is_dictionary(column.type) else column
        for column in chosen.columns
    ]
    # Made anew, without a Parquet file's metadata, which may propose an index: rows are numbered from 0.
    return pa.table(plain, names=chosen.column_names).to_pandas()
