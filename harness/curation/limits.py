"""One document's values against what the recipe's rules and the gates allow."""

import datetime as dt
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Any

import pyarrow as pa

from harness.core.frozen import Frozen
from harness.core.recipe import RejectRule
from harness.core.schema import RECORDS
from harness.core.signals import Signal
from harness.core.verdict import Finding, GateResult, GateStatus, Severity, Verdict
from harness.curation.rules import look


class RuleCheck(Frozen):
    """What one rule of the recipe says of a document; `observed` is None where the signal was not measured.

    `decides` marks the first rule that hits, which is the one that refuses.
    """

    rule: str
    observed: str | None
    allowed: str
    hit: bool
    decides: bool
    why: str


class GateCheck(Frozen):
    """A gate that reads columns of a document, and the document's values in them.

    Args:
        values: By column; texts are only said to be present or null.
        named: What the gate's finding about this document says; None where it has none.
    """

    rule: str
    suite: str
    title: str
    severity: Severity
    status: GateStatus
    values: dict[str, str]
    allowed: str
    named: str | None


def rule_checks(
    rules: Sequence[RejectRule], record: pa.Table, own: Sequence[Signal] = ()
) -> tuple[RuleCheck, ...]:
    """Hold every rule against one record.

    Args:
        rules: The recipe's, in its order.
        record: One row with the signals.
        own: The user's own among them.
    """
    checks: list[RuleCheck] = []
    for rule in rules:
        seen = look(rule, record, own)
        hit = seen.is_hit[0].as_py()
        checks.append(
            RuleCheck(
                rule=rule.rule,
                observed=seen.observed[0].as_py(),
                allowed=seen.allowed,
                hit=hit,
                decides=hit and not any(check.decides for check in checks),
                why=rule.why,
            )
        )
    return tuple(checks)


def gate_checks(
    verdict: Verdict | None, row: Mapping[str, Any], own: Sequence[Signal] = (), *, kept: bool
) -> tuple[GateCheck, ...]:
    """Set a document's values against each gate that reads them; gates over whole slices are left out.

    Args:
        verdict: Of the document's version; None where there is none.
        row: The document's columns, its `id` among them.
        own: The user's own signals among them.
        kept: Whether it is among the documents, or only among the records.
    """
    tables = {"documents", "records"} if kept else {"records"}
    told = frozenset((*RECORDS.names, *(signal.name for signal in own)))
    return tuple(
        _gate_check(gate, row, told)
        for gate in (verdict.gates if verdict else ())
        if gate.table in tables and gate.columns
    )


def _gate_check(gate: GateResult, row: Mapping[str, Any], told: AbstractSet[str]) -> GateCheck:
    finding: Finding | None = next((one for one in gate.findings if one.id == row["id"]), None)
    return GateCheck(
        rule=gate.rule,
        suite=gate.suite,
        title=gate.title,
        severity=gate.severity,
        status=gate.status,
        values={name: _in_words(row[name], is_told=name in told) for name in gate.columns if name in row},
        allowed=gate.allowed,
        named=finding.observed if finding else None,
    )


def _in_words(value: Any, *, is_told: bool) -> str:
    if value is None:
        return "null"
    if not is_told:
        return "present"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dt.datetime):
        return value.isoformat()
    return f"{value:.6g}" if isinstance(value, float) else str(value)
