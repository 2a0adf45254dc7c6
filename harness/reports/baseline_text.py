"""A baseline, and how it changed, in plain text."""

from collections.abc import Iterator

from harness.core.baseline import Baseline, Changed
from harness.text.visible import visible


def baseline_text(baseline: Baseline) -> str:
    """Tell what each gate said, and what was accepted as worse."""
    return "\n".join(visible(line) for line in _lines(baseline))


def changes_text(changed: Changed) -> str:
    """Tell each change, or that there was none."""
    if not changed.changes:
        return "nothing to change: the baseline is as the gates are"
    return "\n".join(visible(f"  {change.rule}: {change.what}") for change in changed.changes)


def _lines(baseline: Baseline) -> Iterator[str]:
    yield f"baseline of {baseline.dataset}, set on {baseline.version} ({baseline.content_hash[:12]})"
    for rule, gate in sorted(baseline.gates.items()):
        number = "" if gate.value is None else f" at {gate.value:.6g}"
        tolerance = f", tolerance {gate.tolerance:.6g}" if gate.tolerance else ""
        yield f"  {rule:<8}  {gate.status}{number} of {gate.evaluated}{tolerance}"
        if gate.accepted:
            yield f"            accepted as worse until {gate.accepted.until}: {gate.accepted.reason}"
    yield f"  {len(baseline.slices)} slices, {baseline.slices.get('all', 0)} documents kept in all"
