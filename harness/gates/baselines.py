"""Holding a verdict against a baseline: a gate for each entry, which fails where it got worse or is gone."""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from harness.core.baseline import BASELINE_PREFIX, BASELINE_SUITE, Baseline, BaselineGate, Level
from harness.core.verdict import GateResult, GateStatus, Verdict, fingerprint_of

SLICES_RULE = f"{BASELINE_PREFIX}slices"
DATASET_RULE = f"{BASELINE_PREFIX}dataset"
# Differences of this size come from the order of additions, not from the data.
_ROUNDING = 1e-9


@dataclass(frozen=True)
class Today:
    """What a baseline is held against.

    Args:
        verdict: The gates now.
        slices: Documents kept in each slice now.
        day: The day that acceptances are measured by.
        file: The baseline's file, below the workspace, for people who look for it.
    """

    verdict: Verdict
    slices: Mapping[str, int]
    day: dt.date
    file: str


def with_baseline(baseline: Baseline, today: Today) -> Verdict:
    """Add to a verdict a gate for each entry of a baseline: it fails where the entry got worse or is gone.

    So every report, and the exit code, tells of the baseline in the way in which they tell of any gate.
    """
    judged = tuple(_judged(baseline, today))
    verdict = today.verdict
    told = tuple(_with_states(gate, baseline.gates.get(gate.rule)) for gate in verdict.gates)
    return verdict.model_copy(update={"gates": told + judged, "suites": (*verdict.suites, baseline.identity)})


def _with_states(gate: GateResult, before: BaselineGate | None) -> GateResult:
    """Say of each finding whether the baseline knew it.

    A baseline names some of many findings. One that it does not name is then taken for known as long as
    there are not more than there were.
    """
    known = set(before.findings) if before else set()
    counted = before.unexpected or 0 if before else 0
    is_crowded = counted > len(known) and (gate.unexpected or 0) <= counted
    findings = tuple(
        finding.model_copy(
            update={"state": "unchanged" if is_crowded or fingerprint_of(gate, finding) in known else "new"}
        )
        for finding in gate.findings
    )
    return gate.model_copy(update={"findings": findings})


def _judged(baseline: Baseline, today: Today) -> Iterator[GateResult]:
    now = {gate.rule: gate for gate in today.verdict.gates}
    yield _of_dataset(baseline, today)
    for rule, before in sorted(baseline.gates.items()):
        yield _of_gate(rule, before, now.get(rule), today)
    yield _of_slices(baseline, today)


def _of_dataset(baseline: Baseline, today: Today) -> GateResult:
    same = baseline.dataset == today.verdict.dataset
    return _result(
        DATASET_RULE,
        ("passed" if same else "error", today.verdict.dataset, baseline.dataset),
        today,
        title="The baseline is this corpus'",
        evaluated=1,
        detail="" if same else f"the baseline is of '{baseline.dataset}'; set one for this corpus",
    )


def _of_gate(rule: str, before: BaselineGate, now: GateResult | None, today: Today) -> GateResult:
    status, detail = _compared(before, now, today.day)
    observed = "the gate is gone" if now is None else _told(now.status, now.value, now.evaluated)
    return _result(
        f"{BASELINE_PREFIX}{rule}",
        (status, observed, _told(before.status, before.value, before.evaluated)),
        today,
        title=f"{rule} is not worse than it was",
        evaluated=now.evaluated if now else 0,
        detail=detail,
    )


def _compared(before: BaselineGate, now: GateResult | None, day: dt.date) -> tuple[GateStatus, str]:
    """Hold one gate against its entry: the status, and what is wrong."""
    if now is None:
        return "failed", "no suite declares it any longer; take it out with 'baseline prune'"
    if now.status == "error":
        return "error", "the gate could not be judged"
    if now.measure != before.measure:
        return "error", "it measures something else than when the baseline was set; set it anew"
    wrong = _overdue(before, day) or _loss(before, now)
    return ("failed", wrong) if wrong else ("passed", "")


def _overdue(before: BaselineGate, day: dt.date) -> str:
    accepted = before.accepted
    if accepted is None or accepted.until >= day:
        return ""
    return f"it was accepted as worse until {accepted.until}: {accepted.reason}"


def _loss(before: BaselineGate, now: GateResult) -> str:
    if before.status == "passed" and now.status == "failed":
        return "it passed, and now fails"
    worse = worsening(before, now.value, before.better)
    if worse > before.tolerance + _ROUNDING:
        return f"it got worse by {worse:.6g}; the tolerance is {before.tolerance:.6g}"
    if now.evaluated < before.evaluated * (1 - before.shrink) - _ROUNDING:
        return f"it looked at {now.evaluated}, and at {before.evaluated} before"
    return ""


def worsening(before: Level, value: float | None, better: str) -> float:
    """Say by how much a value got worse, negative where it got better; a change without direction is worse."""
    if before.value is None or value is None:
        return 0.0
    change = value - before.value
    return {"lower": change, "higher": -change}.get(better, abs(change))


def is_worse(before: Level, now: Level, better: str) -> bool:
    """Tell whether a level is worse than another in any respect."""
    failed = before.status == "passed" and now.status == "failed"
    return failed or worsening(before, now.value, better) > _ROUNDING or now.evaluated < before.evaluated


def _of_slices(baseline: Baseline, today: Today) -> GateResult:
    least = {name: kept * (1 - baseline.slice_shrink) for name, kept in baseline.slices.items()}
    lost = [name for name in sorted(least) if today.slices.get(name, 0) < least[name] - _ROUNDING]
    shown = ", ".join(
        f"{name} kept {today.slices.get(name, 0)} of {baseline.slices[name]}" for name in lost[:5]
    )
    return _result(
        SLICES_RULE,
        (
            "failed" if lost else "passed",
            f"{len(lost)} of {len(least)} slices shrank or are gone",
            "no slice is lost",
        ),
        today,
        title="No slice shrank",
        evaluated=len(least),
        detail=shown + (", …" if len(lost) > 5 else ""),
    )


def _told(status: GateStatus, value: float | None, evaluated: int) -> str:
    number = "" if value is None else f" at {value:.6g}"
    return f"{status}{number} of {evaluated}"


def _result(
    rule: str, outcome: tuple[GateStatus, str, str], today: Today, *, title: str, evaluated: int, detail: str
) -> GateResult:
    status, observed, allowed = outcome
    return GateResult(
        rule=rule,
        suite=BASELINE_SUITE,
        title=title,
        file=today.file,
        table="metrics" if rule == SLICES_RULE else "gates",
        expectation="not worse than the baseline",
        severity="critical",
        status=status,
        observed=observed,
        allowed=allowed,
        evaluated=evaluated,
        unexpected=None,
        unexpected_share=None,
        detail=detail,
    )
