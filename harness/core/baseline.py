"""Baselines: what a corpus' gates said when people last agreed, so that they can only get better.

A baseline is committed beside the recipe. It holds no clock and no path; the day on which an accepted
worsening ends is a day that a person wrote.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, Self

from pydantic import Field

from harness.core.fingerprints import fingerprint
from harness.core.settings import Settings
from harness.core.verdict import GateResult, GateStatus, SuiteIdentity, Verdict, fingerprint_of

BASELINE_SUITE = "baseline"
BASELINE_PREFIX = "BASE."  # before the code of the rule that an entry is about


class Level(Settings):
    """What a gate said: its status, the value that is compared, and how many rows it looked at."""

    status: GateStatus
    value: float | None
    evaluated: int = Field(ge=0)


class Acceptance(Settings):
    """A worsening that somebody accepted: why, until which day, and from which level it ends once regained."""

    reason: str = Field(min_length=1)
    until: dt.date
    instead_of: Level


class BaselineGate(Level):
    """What one gate said.

    `tolerance` is how much worse its value may get (same unit), `shrink` how large a share of what it looked
    at may be lost; both are meant to be edited. `findings` are fingerprints of the rows that it named.
    """

    better: Literal["lower", "higher", ""]
    measure: str
    unexpected: int | None
    findings: tuple[str, ...] = ()
    tolerance: float = Field(default=0.0, ge=0)
    shrink: float = Field(default=0.0, ge=0, le=1)
    accepted: Acceptance | None = None

    @classmethod
    def of(cls, gate: GateResult) -> Self:
        """Take a gate as it is now."""
        known = sorted(fingerprint_of(gate, finding) for finding in gate.findings)
        return cls(
            status=gate.status,
            value=gate.value,
            better=gate.better,
            measure=gate.measure,
            evaluated=gate.evaluated,
            unexpected=gate.unexpected,
            findings=tuple(known),
        )


class Baseline(Settings):
    """All gates of a corpus by rule, and how many documents each slice kept."""

    format: Literal[1] = 1
    dataset: str
    version: str
    content_hash: str
    gates: dict[str, BaselineGate]
    slices: dict[str, int]
    slice_shrink: float = Field(default=0.0, ge=0, le=1)

    @classmethod
    def of(cls, verdict: Verdict, slices: Mapping[str, int]) -> Self:
        """Take a verdict as the baseline; gates that could not be judged are no base for anything."""
        judged = [gate for gate in verdict.gates if gate.suite != BASELINE_SUITE and gate.status != "error"]
        return cls(
            dataset=verdict.dataset,
            version=verdict.version,
            content_hash=verdict.content_hash,
            gates={gate.rule: BaselineGate.of(gate) for gate in judged},
            slices=dict(slices),
        )

    @property
    def identity(self) -> SuiteIdentity:
        """What a verdict says about which baseline was held against it."""
        return SuiteIdentity(
            name=BASELINE_SUITE,
            sha256=fingerprint(self.model_dump(mode="json")),
            declared=len(self.gates) + 2,
        )


@dataclass(frozen=True)
class Change:
    """One difference between a baseline and its successor, in words."""

    rule: str
    what: str


@dataclass(frozen=True)
class Changed:
    """A baseline's successor, and how it differs."""

    baseline: Baseline
    changes: tuple[Change, ...]
