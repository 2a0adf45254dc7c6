"""A verdict in plain text: every gate with what it looked at, the blocking ones with their findings."""

from collections.abc import Iterator

from harness.core.verdict import GateResult, Verdict
from harness.reports.verdicts.phrases import balance
from harness.text.visible import visible

_MARKS = {"passed": "pass", "failed": "FAIL", "error": "ERROR"}
_SHOWN_FINDINGS = 5
_HASH_DIGITS = 12


def verdict_text(verdict: Verdict) -> str:
    """Tell each gate's outcome, then the findings of those that did not pass and have some, then the sum."""
    lines = [_head(verdict), *map(_gate_line, verdict.gates)]
    return _joined([*lines, *_open_ends(verdict, told_before=True), "", _sum(verdict)])


def verdict_summary(verdict: Verdict) -> str:
    """Tell only what did not pass, with its findings, and the sum."""
    return _joined([_head(verdict), *_suite_lines(verdict), *_open_ends(verdict), "", _sum(verdict)])


def _joined(lines: list[str]) -> str:
    return "\n".join(map(visible, lines))


def _head(verdict: Verdict) -> str:
    return f"{verdict.dataset}@{verdict.version}  {verdict.content_hash[:_HASH_DIGITS]}".rstrip()


def _gate_line(gate: GateResult) -> str:
    seen = gate.detail or gate.observed
    told = seen if gate.title in {"", seen} else f"{gate.title}: {seen}"
    return f"  {_mark(gate):<5}  {gate.rule:<8}  {told} ({gate.evaluated} looked at; allowed: {gate.allowed})"


def _suite_lines(verdict: Verdict) -> Iterator[str]:
    for suite in verdict.suites:
        gates = [gate for gate in verdict.gates if gate.suite == suite.name]
        passed = sum(gate.status == "passed" for gate in gates)
        yield f"  {suite.name}: {passed} of {len(gates)} gates passed"


def _open_ends(verdict: Verdict, *, told_before: bool = False) -> Iterator[str]:
    """Tell the gates that did not pass; those that a line has told before, only where records lie behind it."""
    for gate in verdict.gates:
        if gate.status != "passed" and not (told_before and not gate.findings):
            yield ""
            yield from _findings(gate)


def _findings(gate: GateResult) -> Iterator[str]:
    yield f"  {_mark(gate):<5}  {gate.rule}  {gate.title}: {gate.detail or gate.observed} (allowed: {gate.allowed})"
    shown = [finding for finding in gate.findings if finding.locator][:_SHOWN_FINDINGS]
    yield from (f"         {finding.id}  {finding.observed}  {finding.locator}" for finding in shown)
    hidden = (gate.unexpected or 0) - len(shown)
    if shown and hidden > 0:
        yield f"         and {hidden} more"


def _mark(gate: GateResult) -> str:
    return "warn" if gate.status == "failed" and not gate.blocks else _MARKS[gate.status]


def _sum(verdict: Verdict) -> str:
    return f"  {'passed' if verdict.passed else 'NOT PASSED'}: {balance(verdict)}"
