"""The sentences about a gate that several formats share."""

from harness.core.verdict import GateResult, Verdict

_HASH_DIGITS = 12


def headline(gate: GateResult) -> str:
    """Name a gate: `ENC001 No letters lost`."""
    return f"{gate.rule} {gate.title}".strip()


def told(gate: GateResult) -> str:
    """Say in a sentence what was observed, what is allowed and what was looked at."""
    if gate.status == "error":
        return f"could not be judged: {gate.detail or gate.observed}"
    return f"{gate.observed}; allowed: {gate.allowed}; {looked_at(gate)}"


def looked_at(gate: GateResult) -> str:
    """Say how many rows of which table a gate looked at: `81 documents looked at`."""
    noun = {"metrics": "slices", "drift": "measures"}.get(gate.table, gate.table)
    return f"{gate.evaluated:,} {noun[:-1] if gate.evaluated == 1 else noun} looked at"


def subject(verdict: Verdict) -> str:
    """Name the version that was judged: `demo-news@1.0.0 (3f2a…)`."""
    return f"{verdict.dataset}@{verdict.version} ({verdict.content_hash[:_HASH_DIGITS]})"


def balance(verdict: Verdict) -> str:
    """Count the outcomes: `22 passed, 1 failed, 1 warning, 0 could not be judged`."""
    blocking = sum(gate.status == "failed" and gate.blocks for gate in verdict.gates)
    warned = verdict.counted("failed") - blocking
    return (
        f"{verdict.counted('passed')} passed, {blocking} failed, "
        f"{warned} {'warning' if warned == 1 else 'warnings'}, {verdict.counted('error')} could not be judged"
    )
