"""What the doctor found, for people at a terminal."""

from collections.abc import Sequence
from typing import Protocol

from harness.evaluation.texts.doctor import Diagnosis
from harness.text.visible import visible

_MARKS = {"ok": "ok     ", "absent": "absent ", "broken": "BROKEN "}


class _Finding(Protocol):
    """What is told of one thing; see `harness.workflows.doctor.Finding`."""

    @property
    def subject(self) -> str: ...
    @property
    def state(self) -> str: ...
    @property
    def detail(self) -> str: ...
    @property
    def remedy(self) -> str: ...


def installation_text(findings: Sequence[_Finding]) -> str:
    """Write one line a finding, with what to do where something has to be done."""
    lines = []
    for one in findings:
        remedy = f"  ->  {one.remedy}" if one.remedy and one.state != "ok" else ""
        lines.append(visible(f"{_MARKS[one.state]}{one.subject}: {one.detail}{remedy}"))
    broken = sum(one.state == "broken" for one in findings)
    return "\n".join(
        [*lines, "", f"{broken} things are broken" if broken else "everything that is needed is there"]
    )


def metrics_text(diagnoses: Sequence[Diagnosis]) -> str:
    """Write one line a metric and language, and under it each promise that does not hold."""
    lines = []
    for one in diagnoses:
        tried = "" if one.tried_on in {one.language, "tags"} else f" (tried on {one.tried_on})"
        lines.append(visible(f"{_verdict(one)} {one.language}{tried}  {one.signature}"))
        lines += [visible(f"        {check.promise}: {check.observed}") for check in one.failed]
    refused = sum(not one.is_sound for one in diagnoses)
    return "\n".join([*lines, "", f"{len(diagnoses) - refused} sound, {refused} refused"])


def _verdict(diagnosis: Diagnosis) -> str:
    return f"sound  {len(diagnosis.checks):2} checks" if diagnosis.is_sound else "REFUSED         "
