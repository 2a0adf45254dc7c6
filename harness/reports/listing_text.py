"""Lists of what there is, in plain text: one thing a line."""

from collections.abc import Mapping, Sequence
from typing import Any

from harness.evaluation.metrics import name_for_people
from harness.text.visible import visible


def listing_text(rows: Sequence[tuple[str, Mapping[str, Any], str]]) -> str:
    """List names with their facts, or with why they cannot be read."""
    if not rows:
        return "nothing there"
    return "\n".join(visible(f"{name}  {_told(facts, damage)}") for name, facts, damage in rows)


def run_facts(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Take from a run's facts what one line has room for."""
    value = "no value" if facts["value"] is None else f"{facts['value']:.4f}"
    if facts["low"] is not None and facts["high"] is not None:
        value += f" [{facts['low']:.4f}, {facts['high']:.4f}]"
    told: dict[str, Any] = {"on": facts["on"], name_for_people(facts["metric"]): value, "n": facts["n"]}
    failed = sum(facts["failures"].values())
    return told | ({"failures": f"{failed} ({facts['on_missing']})"} if failed else {})


def _told(facts: Mapping[str, Any], damage: str) -> str:
    if damage:
        return f"cannot be read: {damage}"
    return ", ".join(f"{name} {_short(value)}" for name, value in facts.items())


def _short(value: object) -> str:
    text = f"{value:,}" if isinstance(value, int) else str(value)
    return text[:12] if len(text) == 64 else text  # a hash is told apart by its beginning
