"""A verdict as Markdown, for a pull request's comment or a job's summary: what did not pass first."""

from harness.core.verdict import GateResult, Verdict
from harness.reports.verdicts.phrases import balance, looked_at
from harness.reports.verdicts.placing import Placing
from harness.text.markdown import code, plain, table

_MARKS = {"passed": "✅", "failed": "❌", "error": "⛔"}
_WARNED = "⚠️"
_FINDINGS = 5
# By it a bot finds the comment that it wrote before and replaces it.
_SIGN = "<!-- harness validate -->"


def verdict_markdown(verdict: Verdict, placing: Placing) -> str:
    """Write the verdict: a sentence, the gates that did not pass with findings, all others folded away."""
    opened = [gate for gate in verdict.gates if gate.status != "passed"]
    passed = [gate for gate in verdict.gates if gate.status == "passed"]
    outcome = "passed" if verdict.passed else "did not pass"
    blocks = [
        _SIGN,
        f"### {_mark_of(verdict)} {plain(f'{verdict.dataset}@{verdict.version}')} {outcome} its gates",
        f"{balance(verdict)}."
        + (f" Content hash {code(verdict.content_hash[:12])}." if verdict.content_hash else ""),
    ]
    blocks += [_gate_table(opened)] if opened else []
    blocks += [_findings(gate, placing) for gate in opened if gate.findings]
    if passed:
        blocks.append(
            f"<details><summary>{len(passed)} passed</summary>\n\n{_gate_table(passed)}\n\n</details>"
        )
    return "\n\n".join(blocks) + "\n"


def _mark_of(verdict: Verdict) -> str:
    if verdict.passed:
        return _WARNED if verdict.counted("failed") else _MARKS["passed"]
    return _MARKS["error"] if verdict.counted("error") else _MARKS["failed"]


def _gate_table(gates: list[GateResult]) -> str:
    rows = [
        (
            _WARNED if gate.status == "failed" and not gate.blocks else _MARKS[gate.status],
            code(gate.rule),
            plain(gate.title or gate.expectation),
            plain(gate.detail or gate.observed),
            plain(gate.allowed),
            plain(looked_at(gate)),
        )
        for gate in gates
    ]
    return table(("", "rule", "gate", "observed", "allowed", "evidence"), rows)


def _findings(gate: GateResult, placing: Placing) -> str:
    shown = gate.findings[:_FINDINGS]
    rule = placing.of_rule(gate)
    rows = [(code(one.id), plain(one.observed), code(one.locator)) for one in shown]
    hidden = (gate.unexpected or len(shown)) - len(shown)
    more = f"\n\nand {hidden:,} more" if hidden > 0 else ""
    head = f"**{plain(gate.rule)}**, {code(f'{rule.file}:{rule.line}')}:"
    return f"{head}\n\n{table(('record', 'observed', 'where it lies'), rows)}{more}"
