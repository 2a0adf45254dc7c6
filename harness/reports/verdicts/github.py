"""A verdict as GitHub's workflow commands: one annotation a gate, beside the article or the rule."""

from harness.core.verdict import GateResult, Verdict
from harness.reports.verdicts.phrases import headline, told
from harness.reports.verdicts.placing import Placing
from harness.text.visible import visible

_COMMANDS = {"critical": "error", "warning": "warning", "info": "notice"}
_FINDINGS = 3


def github_commands(verdict: Verdict, placing: Placing) -> str:
    """Write `::error file=…,line=…,title=…::message` for each gate that did not pass.

    Nothing from the corpus can start a command of its own: line breaks and per cents are escaped, controls
    written out.
    """
    return "".join(_command(gate, placing) for gate in verdict.gates if gate.status != "passed")


def _command(gate: GateResult, placing: Placing) -> str:
    name = "error" if gate.status == "error" else _COMMANDS[gate.severity]
    place = placing.of_gate(gate)
    shown = [f"{one.id}: {one.observed} ({one.locator})" for one in gate.findings[:_FINDINGS]]
    message = "\n".join(visible(line) for line in [told(gate), *shown])
    properties = {"file": place.file, "line": str(place.line), "title": visible(headline(gate))}
    told_properties = ",".join(f"{key}={_property(value)}" for key, value in properties.items())
    return f"::{name} {told_properties}::{_data(message)}\n"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
