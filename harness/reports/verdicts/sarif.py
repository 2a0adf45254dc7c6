"""A verdict as SARIF 2.1.0 (OASIS Standard, 2020): what code-scanning pages show beside the files."""

import json
from typing import Any
from urllib.parse import quote

from harness import __version__
from harness.core.baseline import BASELINE_PREFIX, BASELINE_SUITE
from harness.core.verdict import Finding, GateResult, Verdict, fingerprint_of
from harness.reports.verdicts.phrases import headline, told
from harness.reports.verdicts.placing import Place, Placing
from harness.text.visible import visible

_SCHEMA = "https://raw.githubusercontent.com/oasis-tcs/sarif-spec/master/Schemata/sarif-schema-2.1.0.json"
_LEVELS = {"critical": "error", "warning": "warning", "info": "note"}
_FINGERPRINT = "harnessFinding/v1"


def sarif_json(verdict: Verdict, placing: Placing) -> str:
    """Write SARIF: a result for each finding of a gate that is not met, or one for the gate if it names none.

    A gate that could not be judged is a result of the kind "open", which the standard has for what lacks
    information, and an error among the tool's notifications; the run then counts as unsuccessful.
    """
    run = {
        "tool": {"driver": _driver(verdict)},
        "invocations": [_invocation(verdict, placing)],
        "results": [result for gate in verdict.gates for result in _results(gate, verdict, placing)],
        "columnKind": "unicodeCodePoints",
        "properties": {
            "dataset": visible(verdict.dataset),
            "version": visible(verdict.version),
            "contentHash": verdict.content_hash,
            "evaluator": verdict.evaluator,
        },
    }
    return (
        json.dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, ensure_ascii=False, indent=1)
        + "\n"
    )


def _driver(verdict: Verdict) -> dict[str, Any]:
    return {
        "name": "harness",
        "semanticVersion": __version__,
        "rules": [_rule(gate) for gate in verdict.gates],
    }


def _rule(gate: GateResult) -> dict[str, Any]:
    return {
        "id": gate.rule,
        "shortDescription": {"text": visible(gate.title or gate.rule)},
        "fullDescription": {"text": visible(f"{gate.title or gate.rule}. Allowed: {gate.allowed}.")},
        "help": {"text": f"harness explain {gate.rule}"},
        "defaultConfiguration": {"level": _LEVELS[gate.severity]},
        "properties": {"suite": gate.suite, "severity": gate.severity, "expectation": gate.expectation},
    }


def _invocation(verdict: Verdict, placing: Placing) -> dict[str, Any]:
    unjudged = [gate for gate in verdict.gates if gate.status == "error"]
    return {
        "executionSuccessful": not unjudged and bool(verdict.gates),
        "exitCode": int(verdict.exit_code),
        "toolExecutionNotifications": [
            {
                "level": "error",
                "associatedRule": {"id": gate.rule},
                "message": {"text": visible(f"{headline(gate)}: {told(gate)}")},
                "locations": [_location(placing.of_rule(gate))],
            }
            for gate in unjudged
        ],
    }


def _results(gate: GateResult, verdict: Verdict, placing: Placing) -> list[dict[str, Any]]:
    if gate.status == "passed":
        return []
    findings: tuple[Finding | None, ...] = gate.findings or (None,)
    rules = [one.rule for one in verdict.gates]
    return [
        {
            "ruleId": gate.rule,
            "ruleIndex": rules.index(gate.rule),
            **_judgement(gate),
            "message": {"text": visible(_message(gate, finding))},
            "locations": [_location((finding and placing.of_finding(finding)) or placing.of_rule(gate))],
            "partialFingerprints": {_FINGERPRINT: fingerprint_of(gate, finding)},
            **_baseline_state(gate, finding, verdict),
            "properties": {"status": gate.status, "evaluated": gate.evaluated, "unexpected": gate.unexpected},
        }
        for finding in findings
    ]


def _baseline_state(gate: GateResult, finding: Finding | None, verdict: Verdict) -> dict[str, str]:
    """Give the state of a result; the standard wants it with all results of a run or with none."""
    held = {one.rule: one for one in verdict.gates if one.suite == BASELINE_SUITE}
    if not held:
        return {}
    if finding is not None and finding.state:
        return {"baselineState": finding.state}
    entry = held.get(f"{BASELINE_PREFIX}{gate.rule}")
    return {"baselineState": "unchanged" if entry is not None and entry.status == "passed" else "new"}


def _judgement(gate: GateResult) -> dict[str, str]:
    # The standard wants the level "none" with every kind but "fail".
    if gate.status == "error":
        return {"kind": "open", "level": "none"}
    return {"kind": "fail", "level": _LEVELS[gate.severity]}


def _message(gate: GateResult, finding: Finding | None) -> str:
    if finding is None:
        return f"{headline(gate)}: {told(gate)}"
    return f"{headline(gate)}: {finding.observed} in {finding.id} ({finding.locator}); the gate: {told(gate)}"


def _location(place: Place) -> dict[str, Any]:
    return {
        "physicalLocation": {
            "artifactLocation": {"uri": quote(place.file), "uriBaseId": "%SRCROOT%"},
            "region": {"startLine": place.line},
        }
    }
