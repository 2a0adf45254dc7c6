"""A verdict as GitLab's code-quality report: what a merge request shows beside the changed lines."""

import json

from harness.core.verdict import Finding, GateResult, Verdict, fingerprint_of
from harness.reports.verdicts.phrases import headline, told
from harness.reports.verdicts.placing import Placing
from harness.text.visible import visible

_SEVERITIES = {"critical": "critical", "warning": "minor", "info": "info"}
_UNJUDGED = "blocker"


def gitlab_json(verdict: Verdict, placing: Placing) -> str:
    """Write a code-quality report: an entry for each finding, or one for a gate that names none."""
    entries = [
        _entry(gate, finding, placing)
        for gate in verdict.gates
        if gate.status != "passed"
        for finding in gate.findings or (None,)
    ]
    return json.dumps(entries, ensure_ascii=False, indent=1) + "\n"


def _entry(gate: GateResult, finding: Finding | None, placing: Placing) -> dict[str, object]:
    place = (finding and placing.of_finding(finding)) or placing.of_rule(gate)
    about = f" ({finding.id}: {finding.observed})" if finding else ""
    return {
        "description": visible(f"{headline(gate)}: {told(gate)}{about}"),
        "check_name": gate.rule,
        "fingerprint": fingerprint_of(gate, finding),
        "severity": _UNJUDGED if gate.status == "error" else _SEVERITIES[gate.severity],
        "location": {"path": place.file, "lines": {"begin": place.line}},
    }
