"""A verdict as one HTML page that needs nothing but itself: no request, no script, hostile text escaped."""

from dataclasses import dataclass

from harness.core.verdict import GateResult, Verdict
from harness.reports.environment import page_environment
from harness.reports.verdicts.phrases import balance, looked_at
from harness.reports.verdicts.placing import Place, Placing

_WORDS = {"passed": "passed", "failed": "failed", "error": "not judged"}


@dataclass(frozen=True)
class _Line:
    """A gate as the page shows it; `kind` names its colour."""

    gate: GateResult
    kind: str
    word: str
    looked_at: str
    place: Place
    hidden: int


def verdict_html(verdict: Verdict, placing: Placing) -> str:
    """Write the page: the outcome, then each suite with its gates, those that did not pass with findings."""
    lines = [_line(gate, placing) for gate in verdict.gates]
    suites = [(suite, [line for line in lines if line.gate.suite == suite.name]) for suite in verdict.suites]
    page: str = (
        page_environment()
        .get_template("verdict.html.j2")
        .render(
            verdict=verdict,
            suites=suites,
            opened=[line for line in lines if line.gate.status != "passed"],
            balance=balance(verdict),
            title=f"{verdict.dataset}@{verdict.version}",
        )
    )
    return page


def _line(gate: GateResult, placing: Placing) -> _Line:
    warned = gate.status == "failed" and not gate.blocks
    return _Line(
        gate=gate,
        kind="warned" if warned else gate.status,
        word=gate.severity if warned else _WORDS[gate.status],
        looked_at=looked_at(gate),
        place=placing.of_rule(gate),
        hidden=(gate.unexpected or len(gate.findings)) - len(gate.findings),
    )
