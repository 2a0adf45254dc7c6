"""A verdict as JUnit XML (the schema of Jenkins' xUnit plugin, junit-10): one test case a gate."""

import re
import xml.etree.ElementTree as ET

from harness.core.verdict import GateResult, Verdict
from harness.reports.verdicts.phrases import headline, told
from harness.reports.verdicts.placing import Placing
from harness.text.visible import visible

# XML 1.0 cannot hold these at all; `visible` writes out the controls and lone surrogates, not these two.
_NO_XML = re.compile("[\ufffe\uffff]")


def junit_xml(verdict: Verdict, placing: Placing) -> str:
    """Write JUnit XML.

    A critical gate that is not met is a failure; one that could not be judged is an error; a gate of lesser
    severity that is not met passes and tells so in its output, since the command's exit code is 0 as well.
    """
    name = _xml(f"{verdict.dataset}@{verdict.version}")
    root = ET.Element("testsuites", {"name": name, **_counts(verdict.gates)})
    for suite in verdict.suites:
        gates = tuple(gate for gate in verdict.gates if gate.suite == suite.name)
        element = ET.SubElement(
            root, "testsuite", {"name": _xml(suite.name), **_counts(gates), "skipped": "0"}
        )
        properties = ET.SubElement(element, "properties")
        for name, value in (("content_hash", verdict.content_hash), ("suite_sha256", suite.sha256)):
            ET.SubElement(properties, "property", name=name, value=_xml(value))
        for gate in gates:
            _case(element, gate, placing)
    ET.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


def _counts(gates: tuple[GateResult, ...]) -> dict[str, str]:
    return {
        "tests": str(len(gates)),
        "failures": str(sum(gate.status == "failed" and gate.blocks for gate in gates)),
        "errors": str(sum(gate.status == "error" for gate in gates)),
    }


def _case(suite: ET.Element, gate: GateResult, placing: Placing) -> None:
    case = ET.SubElement(suite, "testcase", classname=_xml(gate.suite), name=_xml(headline(gate)))
    if gate.status == "passed":
        return
    if gate.blocks:
        kind = "error" if gate.status == "error" else "failure"
        outcome = ET.SubElement(case, kind, type=_xml(gate.rule), message=_xml(told(gate)))
        outcome.text = _details(gate, placing)
    else:
        ET.SubElement(case, "system-out").text = _xml(f"{gate.severity}: {told(gate)}\n") + _details(
            gate, placing
        )


def _details(gate: GateResult, placing: Placing) -> str:
    rule = placing.of_rule(gate)
    lines = [f"{one.id}  {one.observed}  {one.locator}".rstrip() for one in gate.findings]
    return "\n".join(_xml(line) for line in [*lines, f"rule: {rule.file}:{rule.line}"])


def _xml(text: str) -> str:
    return _NO_XML.sub(lambda match: f"[U+{ord(match[0]):04X}]", visible(text, keep="\n"))
