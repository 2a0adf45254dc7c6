"""A verdict in plain text: every gate with what it looked at, the blocking ones with their findings."""

from harness.core.verdict import GateResult, Verdict
from harness.text.visible import visible

_MARKS = {"passed": "pass", "failed": "FAIL", "error": "ERROR"}
_SHOWN_FINDINGS = 5


def verdict_text(verdict: Verdict) -> str:
    """Tell each gate's outcome, then the findings of those that did not pass, then the sum."""
    lines = [f"{verdict.dataset}@{verdict.version}  {verdict.content_hash[:12]}"]
    lines += [_gate_line(gate) for gate in verdict.gates]
    for gate in verdict.gates:
        if gate.status != "passed":
            lines += ["", *_findings(gate)]
    lines += ["", _sum(verdict)]
    return "\n".join(map(visible, lines))


def _gate_line(gate: GateResult) -> str:
    mark = "warn" if gate.status == "failed" and not gate.blocks else _MARKS[gate.status]
    return (
        f"  {mark:<5}  {gate.rule:<8}  {gate.observed}  (allowed: {gate.allowed}; {gate.evaluated} looked at)"
    )


def _findings(gate: GateResult) -> list[str]:
    lines = [f"{gate.rule} in {gate.suite} ({gate.severity}): {gate.detail or gate.observed}"]
    shown = gate.findings[:_SHOWN_FINDINGS]
    lines += [f"    {finding.id}  {finding.observed}  {finding.locator}" for finding in shown]
    hidden = len(gate.findings) - _SHOWN_FINDINGS
    if hidden > 0:
        lines.append(f"    and {hidden} more in gates.json")
    return lines


def _sum(verdict: Verdict) -> str:
    counted = (
        f"{verdict.counted('passed')} passed, {verdict.counted('failed')} failed, "
        f"{verdict.counted('error')} could not be judged"
    )
    return f"{'passed' if verdict.passed else 'NOT PASSED'}: {counted}"
