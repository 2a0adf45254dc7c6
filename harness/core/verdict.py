"""The one result object of a validation: exit code, terminal, JSON and every report derive from it."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Literal

from harness.core.errors import ExitCode
from harness.core.fingerprints import fingerprint
from harness.core.frozen import Frozen

Severity = Literal["critical", "warning", "info"]
GateStatus = Literal["passed", "failed", "error"]


_STATUSES: tuple[GateStatus, ...] = ("passed", "failed", "error")
_DERIVED = ("passed", "exit_code", "counts")


class Finding(Frozen):
    """One row that did not meet an expectation: the row's key and the observed number, never its text."""

    id: str
    locator: str = ""
    observed: str
    state: Literal["", "new", "unchanged"] = ""  # against the corpus' baseline; empty where it has none


class GateResult(Frozen):
    """What one expectation said.

    `status` "failed" means that the data was looked at and is not as expected; "error" means that
    nothing can be said (no rows, an all-null column, a metric that raised), which never passes.
    """

    rule: str
    suite: str
    title: str = ""
    file: str = ""  # that the rule stands in, below the workspace; only its name where it lies elsewhere
    line: int = 0  # of the rule's code in that file, from 1; 0 where it is not known
    table: str
    columns: tuple[str, ...] = ()  # that the expectation reads, those of its condition included
    expectation: str
    severity: Severity
    status: GateStatus
    observed: str
    allowed: str
    evaluated: int
    unexpected: int | None
    unexpected_share: float | None
    # What a baseline compares: the share of rows that are not as expected, or the number that was measured
    # (of several slices the worst); `better` says which way is better, nothing where neither is.
    value: float | None = None
    better: Literal["lower", "higher", ""] = ""
    # Hash of what is measured and over which rows, without the limits: values of another one cannot be compared.
    measure: str = ""
    findings: tuple[Finding, ...] = ()
    detail: str = ""

    @property
    def blocks(self) -> bool:
        """Whether this result alone keeps a version from being published."""
        return self.status == "error" or (self.status == "failed" and self.severity == "critical")


def fingerprint_of(gate: GateResult, finding: Finding | None = None) -> str:
    """Give 32 hexadecimal digits by which a finding, or a gate that names none, is known from run to run.

    They hang on the rule, the row's id and the kind of evidence: the order of findings, where the record lies
    and the very number do not change them.
    """
    evidence = re.sub(r"[0-9]+(\.[0-9]+)?(e[+-]?[0-9]+)?", "0", finding.observed if finding else "")
    # In ASCII, which half a surrogate pair has a form in, too.
    known_by = (gate.rule, finding.id if finding else "", evidence)
    return fingerprint([ascii(part) for part in known_by])[:32]


class SuiteIdentity(Frozen):
    """Which suite was run: its name, the hash of its canonical JSON, how many expectations it declares."""

    name: str
    sha256: str
    declared: int


class Verdict(Frozen):
    """The outcome of all gates of one version."""

    dataset: str
    version: str
    content_hash: str
    suites: tuple[SuiteIdentity, ...]
    gates: tuple[GateResult, ...]
    evaluator: str

    @property
    def exit_code(self) -> ExitCode:
        """4 when a gate could not be judged (or none ran), 1 when a critical one failed, else 0.

        A failure is known and an error is not: where both occur the failure is reported, since it
        stays whatever the missing evidence would say.
        """
        if any(gate.status == "failed" and gate.blocks for gate in self.gates):
            return ExitCode.GATE_FAILED
        if not self.gates or any(gate.status == "error" for gate in self.gates):
            return ExitCode.NO_EVIDENCE
        return ExitCode.DONE

    @property
    def passed(self) -> bool:
        """Whether the version may be published."""
        return self.exit_code == ExitCode.DONE

    def counted(self, status: GateStatus) -> int:
        """Count the gates that ended in one status."""
        return sum(gate.status == status for gate in self.gates)

    def as_json(self) -> dict[str, Any]:
        """Give the verdict as a JSON object, with the derived exit code and counts beside the facts."""
        return {
            "passed": self.passed,
            "exit_code": int(self.exit_code),
            "counts": {status: self.counted(status) for status in _STATUSES},
            **self.model_dump(mode="json"),
        }

    @classmethod
    def from_json(cls, content: Mapping[str, Any]) -> "Verdict":
        """Read back what `as_json` gave; what was derived is derived anew.

        Raises:
            pydantic.ValidationError: The content is no verdict.
        """
        return cls.model_validate({key: value for key, value in content.items() if key not in _DERIVED})


def lack_of_evidence(
    verdict: Verdict | None, content_hash: str, suites: Sequence[SuiteIdentity]
) -> str | None:
    """Say why a verdict does not tell about this content and all of these suites, or None where it does.

    Whether the gates passed is not asked here.

    Args:
        verdict: What was last written by a validation; None where there was none.
        content_hash: The version's own.
        suites: The suites that the version has to pass, as they are now.
    """
    if not suites:
        return "the recipe names no suite, so that nothing was judged"
    if verdict is None:
        return "the gates were never run on this version"
    if verdict.content_hash != content_hash:
        return "the gates were run on other content"
    return _lack_of_suites(verdict, suites)


def _lack_of_suites(verdict: Verdict, suites: Sequence[SuiteIdentity]) -> str | None:
    run = {suite.name: suite for suite in verdict.suites}
    for suite in suites:
        if suite.name not in run:
            return f"the suite '{suite.name}' was not run"
        if run[suite.name] != suite:
            return f"the suite '{suite.name}' was changed after it was run"
        judged = len({gate.rule for gate in verdict.gates if gate.suite == suite.name})
        if judged != suite.declared:
            return (
                f"the suite '{suite.name}' declares {suite.declared} expectations, and {judged} were judged"
            )
    return None
