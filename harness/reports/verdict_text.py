"""A verdict in plain text: every gate with what it looked at, the blocking ones with their findings."""

from collections.abc import Iterator

from harness.core.verdict import GateResult, Verdict
from harness.text.visible import visible

_MARKS = {"passed": "pass", "failed": "FAIL", "error": "ERROR"}
_SHOWN_FINDINGS = 5
_HASH_DIGITS = 12


def verdict_text(verdict: Verdict) -> str:
    """Tell each gate's outcome, then the findings of those that did not pass, then the sum."""
    return _joined([_head(verdict), *map(_gate_line, verdict.gates), *_open_ends(verdict), "", _sum(verdict)])


def verdict_summary(verdict: Verdict) -> str:
    """Tell only what did not pass, with its findings, and the sum."""
    return _joined([_head(verdict), *_suite_lines(verdict), *_open_ends(verdict), "", _sum(verdict)])


def _joined(lines: list[str]) -> str:
    return "\n".join(map(visible, lines))


def _head(verdict: Verdict) -> str:
    return f"{verdict.dataset}@{verdict.version}  {verdict.content_hash[:_HASH_DIGITS]}"


def _gate_line(gate: GateResult) -> str:
    looked = f"{gate.evaluated} looked at"
    return f"  {_mark(gate):<5}  {gate.rule:<8}  {gate.title or gate.observed}: {gate.observed} ({looked}; allowed: {gate.allowed})"


def _suite_lines(verdict: Verdict) -> Iterator[str]:
    for suite in verdict.suites:
        gates = [gate for gate in verdict.gates if gate.suite == suite.name]
        passed = sum(gate.status == "passed" for gate in gates)
        yield f"  {suite.name}: {passed} of {len(gates)} gates passed"


def _open_ends(verdict: Verdict) -> Iterator[str]:
    for gate in verdict.gates:
        if gate.status != "passed":
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
    counted = (
        f"{verdict.counted('passed')} passed, {verdict.counted('failed')} failed, "
        f"{verdict.counted('error')} could not be judged"
    )
    return f"  {'passed' if verdict.passed else 'NOT PASSED'}: {counted}"
