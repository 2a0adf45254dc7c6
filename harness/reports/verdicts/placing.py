"""Where a gate's result is shown in a repository: at the article if its file is there, else at the rule."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from harness.core.verdict import Finding, GateResult


class Place(NamedTuple):
    """A file, relative to the repository's root, and a line from 1."""

    file: str
    line: int


def _nowhere(_locator: str) -> Place | None:
    return None


@dataclass(frozen=True)
class Placing:
    """How results find their place in a repository.

    Args:
        prefix: The workspace's folder below the repository's root, with a slash at its end; empty for the root.
        article: Finds the place of a record by its locator; None where the repository does not hold it.
    """

    prefix: str = ""
    article: Callable[[str], Place | None] = _nowhere

    def of_rule(self, gate: GateResult) -> Place:
        """Give the line that a rule is written on; the file's first where the line is not known."""
        return Place(f"{self.prefix}{gate.file or gate.suite}", max(gate.line, 1))

    def of_finding(self, finding: Finding) -> Place | None:
        """Give the place of a finding's article, if the repository holds it."""
        return self.article(finding.locator) if finding.locator else None

    def of_gate(self, gate: GateResult) -> Place:
        """Give the one place to show a gate at: its first article that is there, else the rule."""
        found = (self.of_finding(finding) for finding in gate.findings)
        return next((place for place in found if place is not None), None) or self.of_rule(gate)
