"""What was found in raw articles, in plain text: one line a finding, led by its place."""

from collections.abc import Sequence
from typing import Protocol

from harness.text.visible import visible


class _Finding(Protocol):
    @property
    def place(self) -> str: ...
    @property
    def rule(self) -> str: ...
    @property
    def what(self) -> str: ...


def raw_text(findings: Sequence[_Finding], records: int, passed_over: int = 0) -> str:
    """Tell each finding as `PLACE: CODE what`, then how many records were looked at."""
    lines = [f"{finding.place}: {finding.rule} {finding.what}" for finding in findings]
    counted = f"{len(findings)} findings" if findings else "nothing found"
    known = f"; {passed_over} are as a version kept them" if passed_over else ""
    return "\n".join(visible(line) for line in [*lines, f"{counted} in {records} records{known}"])
