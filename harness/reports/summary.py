"""What a report says about the corpus that systems were compared on."""

from harness.core.frozen import Frozen
from harness.core.manifest import Manifest
from harness.core.verdict import Verdict


class GateCounts(Frozen):
    """How the gates of a version ended; `passed` says whether it may be published.

    A gate that was not met without keeping the version from being published counts as warned.
    """

    passed: bool
    met: int
    warned: int
    failed: int
    not_judged: int


class CorpusSummary(Frozen):
    """One version in numbers: what came in, what stayed and why the rest did not.

    `gates` is None where the version was not validated.
    """

    name: str
    version: str
    content_hash: str
    read: int
    kept: int
    rejected: int
    errors: int
    rejected_by: dict[str, int]
    splits: dict[str, int]
    languages: dict[str, int]
    gates: GateCounts | None = None


def summary_of(manifest: Manifest, verdict: Verdict | None = None) -> CorpusSummary:
    """Sum up a version from its manifest and, where it was validated, its verdict."""
    counts = manifest.counts
    return CorpusSummary(
        name=manifest.name,
        version=manifest.version,
        content_hash=manifest.content_hash,
        read=counts.read,
        kept=counts.kept,
        rejected=counts.rejected,
        errors=counts.errors,
        rejected_by=counts.rejected_by,
        splits=manifest.splits,
        languages=manifest.languages,
        gates=None if verdict is None else _gate_counts(verdict),
    )


def _gate_counts(verdict: Verdict) -> GateCounts:
    failed = sum(gate.status == "failed" and gate.blocks for gate in verdict.gates)
    return GateCounts(
        passed=verdict.passed,
        met=verdict.counted("passed"),
        warned=verdict.counted("failed") - failed,
        failed=failed,
        not_judged=verdict.counted("error"),
    )
