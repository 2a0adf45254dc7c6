"""Reading suites of expectations strictly: whatever Great Expectations would drop or wave through is refused.

The file is plain Great Expectations JSON. Nothing here imports the library, so that a check of all suites
takes milliseconds.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, cast

from harness.core.errors import ConfigurationError, HarnessError, NoEvidenceError, raise_all
from harness.core.fingerprints import fingerprint
from harness.core.signals import Signal
from harness.core.verdict import Severity, SuiteIdentity
from harness.gates.conditions import columns_of_condition
from harness.gates.suite_checks import problems_of_expectation, problems_of_shape, suite_table
from harness.gates.suite_file import SuiteFile

_OLD_KEYS = ("expectation_suite_name", "data_asset_type", "ge_cloud_id")


@dataclass(frozen=True)
class Expectation:
    """One expectation of a suite, checked.

    Args:
        suite: The suite's name.
        rule: Its stable code, `meta.rule`.
        title: A few words for people, `meta.title`, or nothing.
        type: The expectation's type, a key of `catalogue.ACCEPTED`.
        table: documents, records, metrics or drift.
        severity: What a failure means; only `critical` keeps a version from being published.
        kwargs: The keywords as written, read only.
        shown: Further columns that a finding tells, `meta.show`.
        notes: Why the rule is there and what it wrongly catches.
        place: Where it stands, `expectations/encoding.json: expectations[3]`.
        file: The suite's file, below the folder that it was loaded for; only its name where it lies elsewhere.
        line: Line of its code in the file, from 1.
    """

    suite: str
    rule: str
    title: str
    type: str
    table: str
    severity: Severity
    kwargs: Mapping[str, Any]
    shown: tuple[str, ...]
    notes: str
    place: str
    file: str
    line: int

    @property
    def columns(self) -> frozenset[str]:
        """The columns that it reads, those of its condition included."""
        named = {self.kwargs[key] for key in ("column", "column_A", "column_B") if key in self.kwargs}
        named |= set(self.kwargs.get("column_list", ()))
        if self.kwargs.get("row_condition") is not None:
            named |= set(columns_of_condition(self.kwargs["row_condition"]))
        return frozenset(named)


@dataclass(frozen=True)
class Suite:
    """A suite as it was read.

    Args:
        name: Its name, which is also the file's.
        table: The table that its expectations are about, unless one names another.
        expectations: All that it declares, in the file's order; never empty.
        sha256: Hash of the file's canonical JSON; blanks and the order of keys do not change it.
    """

    name: str
    table: str
    expectations: tuple[Expectation, ...]
    sha256: str

    @property
    def identity(self) -> SuiteIdentity:
        """What a verdict says about which suite was run."""
        return SuiteIdentity(name=self.name, sha256=self.sha256, declared=len(self.expectations))


def load_suite(path: Path, *, root: Path | None = None, own: Sequence[Signal] = ()) -> Suite:
    """Read a suite.

    Args:
        path: A JSON file of `{name, meta: {table}, expectations: [{type, kwargs, severity, meta: {rule},
            notes}]}`. An expectation may name another table in its own `meta.table`, and in `meta.show`
            columns to tell with each finding. Without a severity it is critical, as the library has it.
        root: The folder that results name the file from; by its name alone where it lies elsewhere.
        own: The user's own signals that the versions to be judged have, beside the built-in columns.

    Raises:
        ConfigurationError: Something in it is wrong; all that is wrong comes together.
        NoEvidenceError: It holds no expectation, so that it could only pass.
    """
    file = SuiteFile.read(path, root)
    where, document = file.where, file.document
    _refuse_old_format(document, where)
    problems = problems_of_shape(document, path)
    entries = document.get("expectations")
    if entries == []:
        raise NoEvidenceError(
            "the suite holds no expectation, and an empty suite passes whatever the corpus is like",
            where=where,
            remedy="add an expectation, or take the suite out of the recipe's 'gates'",
        )
    table = suite_table(document)
    for position, entry in enumerate(entries if isinstance(entries, list) else []):
        place = f"{where}: expectations[{position}]"
        problems += problems_of_expectation(entry, table, where=place, own=own)
    problems += _doubled_rules(_rules_by_place(entries, where))
    raise_all(problems)
    return _as_suite(file)


def refuse_doubled_rules(suites: Sequence[Suite]) -> None:
    """Check that a rule's code, by which results are known, stands for one expectation over all suites.

    Raises:
        ConfigurationError: Two expectations share one.
    """
    raise_all(_doubled_rules([(one.rule, one.place) for suite in suites for one in suite.expectations]))


def _refuse_old_format(document: Mapping[str, Any], where: str) -> None:
    entries = document.get("expectations")
    listed = entries if isinstance(entries, list) else []
    old_entry = any(isinstance(entry, dict) and "expectation_type" in entry for entry in listed)
    if old_entry or any(key in document for key in _OLD_KEYS):
        raise ConfigurationError(
            "this suite is written for Great Expectations 0.x",
            where=where,
            remedy="rename 'expectation_suite_name' to 'name' and each 'expectation_type' to 'type', drop "
            "'data_asset_type' and 'ge_cloud_id', add 'meta': {'table': …} and a 'rule' in each 'meta'",
        )


def _rules_by_place(entries: Any, where: str) -> list[tuple[str, str]]:
    named = []
    for position, entry in enumerate(entries if isinstance(entries, list) else []):
        meta = entry.get("meta") if isinstance(entry, dict) else None
        rule = meta.get("rule") if isinstance(meta, dict) else None
        if isinstance(rule, str):
            named.append((rule, f"{where}: expectations[{position}]"))
    return named


def _doubled_rules(named: Sequence[tuple[str, str]]) -> list[HarnessError]:
    first: dict[str, str] = {}
    problems: list[HarnessError] = []
    for rule, place in named:
        if rule in first:
            problems.append(
                ConfigurationError(
                    f"the rule '{rule}' is already used",
                    where=f"{place}.meta.rule",
                    remedy=f"give it a code of its own; the first is at {first[rule]}",
                )
            )
        first.setdefault(rule, place)
    return problems


def _as_suite(file: SuiteFile) -> Suite:
    document = file.document
    table = suite_table(document)
    expectations = tuple(
        _as_expectation(entry, document["name"], table, (file, position))
        for position, entry in enumerate(document["expectations"])
    )
    return Suite(document["name"], table or "", expectations, fingerprint(document))


def _as_expectation(
    entry: dict[str, Any], suite: str, table: str | None, place: tuple[SuiteFile, int]
) -> Expectation:
    meta = entry["meta"]
    notes = entry.get("notes") or ""
    file, position = place
    return Expectation(
        suite=suite,
        rule=meta["rule"],
        title=meta.get("title", ""),
        type=entry["type"],
        table=meta.get("table", table),
        severity=cast(Severity, entry.get("severity", "critical")),
        kwargs=MappingProxyType(entry["kwargs"]),
        shown=tuple(meta.get("show", ())),
        notes="\n".join(notes) if isinstance(notes, list) else notes,
        place=f"{file.where}: expectations[{position}]",
        file=file.name,
        line=file.line_of(meta["rule"]),
    )
