"""What can be wrong in a suite: each check gives its problems, with place and remedy, and raises none."""

import difflib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa

from harness.core.errors import ConfigurationError, HarnessError
from harness.core.schema import DOCUMENTS, DRIFT, METRICS, RECORDS, with_signals
from harness.core.settings import suggestion
from harness.core.signals import Signal
from harness.gates.catalogue import ACCEPTED, DECLINED, PRESENCE_TYPES, ExpectationType, column_kind
from harness.gates.conditions import ConditionError, columns_of_condition
from harness.gates.keyword_checks import problem_of_value

# `split` is the folder that a document's file lies in; the store adds it as a column on reading.
TABLES: dict[str, pa.Schema] = {
    "documents": DOCUMENTS.append(pa.field("split", pa.string())),
    "records": RECORDS,
    "metrics": METRICS,
    "drift": DRIFT,
}


def tables_with(own: Sequence[Signal]) -> dict[str, pa.Schema]:
    """Give the tables with the columns that signals of the user's own have in two of them."""
    return TABLES | {name: with_signals(TABLES[name], own) for name in ("documents", "records")}


# Of these the gates may ask only whether they are there: their content is text from outside.
TEXT_COLUMNS = frozenset({"text", "title"})

SEVERITIES = ("critical", "warning", "info")
_SUITE_KEYS = ("$schema", "name", "id", "meta", "notes", "suite_parameters", "expectations")
_ENTRY_KEYS = ("type", "kwargs", "severity", "meta", "notes", "description", "id")
_SUITE_META = ("table", "title")
_ENTRY_META = ("rule", "title", "table", "show")
RULE = re.compile(r"[A-Za-z][A-Za-z0-9._-]{0,63}")


def suite_table(document: Mapping[str, Any]) -> str | None:
    """Read the table that a suite names, if it names one that exists."""
    meta = document.get("meta")
    table = meta.get("table") if isinstance(meta, dict) else None
    return table if isinstance(table, str) and table in TABLES else None


def problems_of_shape(document: Mapping[str, Any], path: Path) -> list[HarnessError]:
    """Check the keys of the suite itself; the expectations are checked one by one."""
    where = str(path)
    problems = list(_unknown_keys(document, _SUITE_KEYS, where))
    name = document.get("name")
    if name != path.stem:
        problems.append(
            _problem(
                f"the suite is called {name!r} and its file '{path.stem}'", where, "give both the same name"
            )
        )
    if not isinstance(document.get("expectations"), list):
        problems.append(_problem("the suite has no list 'expectations'", where, "add the list"))
    if document.get("suite_parameters"):
        problems.append(
            _problem(
                "suite parameters are not supported",
                f"{where}: suite_parameters",
                "write the values in place",
            )
        )
    return problems + list(_problems_of_suite_meta(document.get("meta", {}), f"{where}: meta"))


@dataclass(frozen=True)
class _Table:
    """The table that an expectation is about."""

    name: str
    schema: pa.Schema


def problems_of_expectation(
    entry: Any, table: str | None, *, where: str, own: Sequence[Signal] = ()
) -> list[HarnessError]:
    """Check one expectation.

    Args:
        entry: As parsed from JSON.
        table: The suite's table, None where it names none that exists.
        where: The file and the expectation's place in it.
        own: The user's own signals, which it may name beside the built-in columns.
    """
    if not isinstance(entry, dict):
        return [
            _problem("an expectation has to be an object", where, 'write {"type": …, "kwargs": …, "meta": …}')
        ]
    problems = list(_unknown_keys(entry, _ENTRY_KEYS, where))
    problems += _problems_of_severity(entry, where)
    problems += _problems_of_entry_meta(entry.get("meta"), where)
    problems += _problems_of_notes(entry, where)
    meta = entry.get("meta")
    told = meta.get("table") if isinstance(meta, dict) else None
    if told is None and table is None:
        problems.append(
            _problem("no table is named", where, f"add 'table' to the suite's meta: {_names(TABLES)}")
        )
    named = told if isinstance(told, str) and told in TABLES else table
    about = None if named is None else _Table(named, tables_with(own)[named])
    problems += _problems_of_shown(meta, about, where)
    return problems + list(_problems_of_type(entry, about, where))


def _problems_of_suite_meta(meta: Any, where: str) -> Iterator[HarnessError]:
    if not isinstance(meta, dict):
        yield _problem("'meta' has to be an object", where, 'write {"table": "documents"}')
        return
    yield from _near_misses(meta, _SUITE_META, where)
    if "table" in meta:
        yield from _problems_of_table(meta["table"], where)


def _problems_of_entry_meta(meta: Any, where: str) -> Iterator[HarnessError]:
    if not isinstance(meta, dict) or "rule" not in meta:
        yield _problem("the expectation has no 'meta.rule'", where, "add a stable code such as 'ENC001'")
        return
    place = f"{where}.meta"
    yield from _near_misses(meta, _ENTRY_META, place)
    if not isinstance(meta["rule"], str) or RULE.fullmatch(meta["rule"]) is None:
        yield _problem(
            f"{meta['rule']!r} is no code for a rule", f"{place}.rule", "write letters and digits: 'ENC001'"
        )
    if not isinstance(meta.get("title", ""), str):
        yield _problem("'title' has to be a text", f"{place}.title", "write a few words")
    if "table" in meta:
        yield from _problems_of_table(meta["table"], place)


def _problems_of_shown(meta: Any, table: _Table | None, where: str) -> Iterator[HarnessError]:
    shown = meta.get("show", []) if isinstance(meta, dict) else []
    place = f"{where}.meta.show"
    if not isinstance(shown, list) or not all(isinstance(column, str) for column in shown):
        yield _problem("'show' has to list columns", place, 'write ["lang", "lang_declared"]')
        return
    if table is None:
        return  # reported already
    for column in shown:
        problem = _problem_of_column(column, table, None, place)
        if problem is not None:
            yield problem


def _problems_of_table(table: Any, where: str) -> Iterator[HarnessError]:
    if not isinstance(table, str) or table not in TABLES:
        yield _problem(
            f"no table is called {table!r}", f"{where}.table", suggestion(str(table), list(TABLES))
        )


def _problems_of_severity(entry: Mapping[str, Any], where: str) -> Iterator[HarnessError]:
    severity = entry.get("severity", "critical")
    if severity not in SEVERITIES:
        yield _problem(
            f"no severity is called {severity!r}",
            f"{where}.severity",
            suggestion(str(severity), list(SEVERITIES)),
        )


def _problems_of_notes(entry: Mapping[str, Any], where: str) -> Iterator[HarnessError]:
    notes = entry.get("notes")
    lines = notes if isinstance(notes, list) else [notes]
    if notes is not None and not all(isinstance(line, str) for line in lines):
        yield _problem("'notes' has to be a text or a list of lines", f"{where}.notes", "write a sentence")


def _problems_of_type(entry: Mapping[str, Any], table: _Table | None, where: str) -> Iterator[HarnessError]:
    name = entry.get("type")
    if not isinstance(name, str):
        yield _problem(
            "the expectation has no 'type'", where, "add one, such as 'expect_column_values_to_be_between'"
        )
        return
    known = ACCEPTED.get(name)
    if known is None and name in DECLINED:
        yield _problem(f"'{name}' cannot be used here", f"{where}.type", DECLINED[name])
    elif known is None:
        yield _problem(f"no expectation is called '{name}'", f"{where}.type", _suggest_type(name))
    elif not isinstance(entry.get("kwargs"), dict):
        yield _problem(
            "'kwargs' has to be an object", f"{where}.kwargs", f"its keywords are: {_names(known.keywords)}"
        )
    else:
        yield from _problems_of_keywords(known, entry["kwargs"], table, f"{where}.kwargs")


def _problems_of_keywords(
    known: ExpectationType, kwargs: Mapping[str, Any], table: _Table | None, where: str
) -> Iterator[HarnessError]:
    yield from _unknown_keys(kwargs, known.keywords, where)
    for keyword in known.required:
        if keyword not in kwargs:
            yield _problem(f"the keyword '{keyword}' is missing", where, f"'{known.name}' needs it")
    kinds = set()
    for column, place, checked in _columns_named(kwargs, where):
        problem = (
            None if table is None else _problem_of_column(column, table, known if checked else None, place)
        )
        if problem is not None:
            yield problem
        elif checked and table is not None:
            kinds.add(column_kind(table.schema.field(column).type))
    for keyword in sorted(set(kwargs) & set(known.keywords)):
        said = problem_of_value(known, keyword, kwargs, kinds)
        if said is not None:
            yield _problem(said[0], f"{where}.{keyword}", said[1])
    if known.needs_a_bound and kwargs.get("min_value") is None and kwargs.get("max_value") is None:
        yield _problem("it has no bound, so that it could only pass", where, "add 'min_value' or 'max_value'")


def _columns_named(kwargs: Mapping[str, Any], where: str) -> Iterator[tuple[str, str, bool]]:
    """Give each column that is named: its name, its place, and whether it is judged (not only a condition)."""
    for keyword in ("column", "column_A", "column_B"):
        if isinstance(kwargs.get(keyword), str):
            yield kwargs[keyword], f"{where}.{keyword}", True
    listed = kwargs.get("column_list")
    for position, column in enumerate(listed if isinstance(listed, list) else []):
        if isinstance(column, str):
            yield column, f"{where}.column_list[{position}]", True
    if kwargs.get("row_condition") is not None:
        try:
            named = columns_of_condition(kwargs["row_condition"])
        except ConditionError:
            return  # reported with the keyword
        for column in named:
            yield column, f"{where}.row_condition", False


def _problem_of_column(
    column: str, table: _Table, judged_by: ExpectationType | None, where: str
) -> HarnessError | None:
    schema = table.schema
    if column not in schema.names:
        return _problem(
            f"the table '{table.name}' has no column '{column}'", where, suggestion(column, schema.names)
        )
    present = judged_by is not None and judged_by.name in PRESENCE_TYPES
    kind = column_kind(schema.field(column).type)
    if kind == "list" or (column in TEXT_COLUMNS and not present):
        return _problem(
            f"gates do not read '{column}'", where, "gate a signal such as 'chars'; see the list of signals"
        )
    if judged_by is not None and kind not in judged_by.takes:
        return _problem(
            f"'{column}' is a {kind}, which '{judged_by.name}' says nothing about",
            where,
            f"it is made for columns of kind: {_names(sorted(judged_by.takes))}",
        )
    return None


def _unknown_keys(given: Mapping[str, Any], known: tuple[str, ...], where: str) -> Iterator[HarnessError]:
    for key in given:
        if key not in known:
            yield _problem(f"no key is called '{key}' here", where, suggestion(key, list(known)))


def _near_misses(meta: Mapping[str, Any], known: tuple[str, ...], where: str) -> Iterator[HarnessError]:
    # `meta` is the user's own space, but 'tabel' is our 'table' misspelt and would be lost in silence.
    for key in meta:
        close = difflib.get_close_matches(key, known, n=1, cutoff=0.75)
        if key not in known and close:
            yield _problem(f"no key is called '{key}' here", where, f"did you mean '{close[0]}'?")


def _suggest_type(name: str) -> str:
    close = difflib.get_close_matches(name, ACCEPTED, n=1, cutoff=0.6)
    return (
        f"did you mean '{close[0]}'?"
        if close
        else "see the reference of suites for the types that gates know"
    )


def _names(names: Any) -> str:
    return ", ".join(names)


def _problem(what: str, where: str, remedy: str) -> HarnessError:
    return ConfigurationError(what, where=where, remedy=remedy)
