"""Changing a baseline: it tightens by itself, and loosens only for a stated reason and until a day."""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from harness.core.baseline import Acceptance, Baseline, BaselineGate, Change, Changed, Level
from harness.core.errors import ConfigurationError
from harness.core.verdict import Verdict
from harness.gates.baselines import is_worse

_LEVEL = set(Level.model_fields)


@dataclass(frozen=True)
class Excuse:
    """Why a worsening is accepted, and until which day."""

    reason: str
    until: dt.date


def tightened(
    baseline: Baseline, verdict: Verdict, slices: Mapping[str, int], excuse: Excuse | None = None
) -> Changed:
    """Move a baseline to the present where that is better; where it is worse, only with an excuse.

    What was edited by hand (tolerances) stays. A gate that is new is added; one that is gone stays, and is
    taken out by `pruned`. What was accepted as worse stays so marked until its former level is regained.

    Raises:
        ConfigurationError: Something got worse, and nobody accepted it; or the verdict is another corpus'.
    """
    if baseline.dataset != verdict.dataset:
        raise ConfigurationError(
            f"the baseline is of '{baseline.dataset}', not of '{verdict.dataset}'",
            remedy="set one for this corpus: harness baseline set",
        )
    now = Baseline.of(verdict, slices)
    worse = [*_worse_gates(baseline, now), *(f"slice {name}" for name in _worse_slices(baseline, now))]
    if worse and excuse is None:
        raise ConfigurationError(
            f"this is worse than the baseline: {', '.join(worse)}",
            remedy='mend the data, or say --accept-worse --reason "…" --until YYYY-MM-DD',
        )
    gates = {
        rule: _merged(baseline.gates.get(rule), now.gates.get(rule), excuse)
        for rule in sorted({*baseline.gates, *now.gates})
    }
    slices_now = now.slices if excuse else {**baseline.slices, **now.slices}
    successor = now.model_copy(
        update={"gates": gates, "slices": slices_now, "slice_shrink": baseline.slice_shrink}
    )
    return Changed(successor, tuple(_differences(baseline, successor)))


def pruned(baseline: Baseline, verdict: Verdict, slices: Mapping[str, int]) -> Changed:
    """Take out the gates that no suite declares any longer, and the slices that are gone."""
    declared = {gate.rule for gate in verdict.gates}
    successor = baseline.model_copy(
        update={
            "gates": {rule: gate for rule, gate in baseline.gates.items() if rule in declared},
            "slices": {name: kept for name, kept in baseline.slices.items() if name in slices},
        }
    )
    return Changed(successor, tuple(_differences(baseline, successor)))


def _worse_gates(baseline: Baseline, now: Baseline) -> list[str]:
    # Another measure is neither better nor worse, and is taken over as a new one.
    return [
        rule
        for rule, before in sorted(baseline.gates.items())
        if rule in now.gates
        and now.gates[rule].measure == before.measure
        and is_worse(before, now.gates[rule], before.better)
    ]


def _worse_slices(baseline: Baseline, now: Baseline) -> list[str]:
    return [name for name, kept in sorted(baseline.slices.items()) if now.slices.get(name, 0) < kept]


def _merged(before: BaselineGate | None, now: BaselineGate | None, excuse: Excuse | None) -> BaselineGate:
    if now is None or before is None:
        entry = now or before
        assert entry is not None, "a rule comes from one of the two"  # noqa: S101
        return entry
    kept = {"tolerance": before.tolerance, "shrink": before.shrink}
    if now.measure != before.measure:
        return now.model_copy(update=kept)
    return now.model_copy(update={**kept, "accepted": _acceptance(before, now, excuse)})


def _acceptance(before: BaselineGate, now: BaselineGate, excuse: Excuse | None) -> Acceptance | None:
    standing = before.accepted
    level = standing.instead_of if standing else Level.model_validate(before.model_dump(include=_LEVEL))
    if not is_worse(level, now, before.better):
        return None
    if excuse and is_worse(before, now, before.better):
        return Acceptance(reason=excuse.reason, until=excuse.until, instead_of=level)
    return standing


def _differences(before: Baseline, after: Baseline) -> Iterator[Change]:
    for rule in sorted({*before.gates, *after.gates}):
        old, new = before.gates.get(rule), after.gates.get(rule)
        if old != new:
            yield Change(rule, f"{_entry(old)} → {_entry(new)}")
    for name in sorted({*before.slices, *after.slices}):
        if before.slices.get(name) != after.slices.get(name):
            yield Change(
                f"slice {name}", f"{before.slices.get(name, 'none')} → {after.slices.get(name, 'gone')}"
            )


def _entry(gate: BaselineGate | None) -> str:
    if gate is None:
        return "none"
    number = "" if gate.value is None else f" {gate.value:.6g}"
    accepted = f", accepted until {gate.accepted.until}" if gate.accepted else ""
    return f"{gate.status}{number} of {gate.evaluated}{accepted}"
