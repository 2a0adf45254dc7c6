"""A verdict as the JSON of a badge's end point (shields.io, schema version 1)."""

import json

from harness.core.errors import ExitCode
from harness.core.verdict import Verdict
from harness.reports.verdicts.placing import Placing
from harness.text.visible import visible

_COLOURS = {ExitCode.DONE: "brightgreen", ExitCode.GATE_FAILED: "red"}


def badge_json(verdict: Verdict, _placing: Placing) -> str:
    """Write what the badge says: how many of how many gates passed, or that some could not be judged."""
    passed, all_gates = verdict.counted("passed"), len(verdict.gates)
    unjudged = verdict.counted("error")
    message = f"{unjudged} of {all_gates} not judged" if unjudged else f"{passed} of {all_gates} passed"
    warned = verdict.passed and verdict.counted("failed")
    content = {
        "schemaVersion": 1,
        "label": visible(f"{verdict.dataset} {verdict.version} gates"),
        "message": message,
        "color": "yellow" if warned else _COLOURS.get(verdict.exit_code, "orange"),
        "isError": not verdict.passed,
    }
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"
