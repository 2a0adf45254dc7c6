"""What a run tells beside its scores: what it counted and cost, and what was said that is no answer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from harness.evaluation.results import RunResult, Usage

UNUSABLE = "What was said instead of an answer, a few of each system"
TOKENS = "Tokens"


@dataclass(frozen=True)
class SaidInstead:
    """One thing that a system said instead of an answer; all of it is hostile until escaped.

    Args:
        system: The system's name.
        item_id: The item.
        failure: Which kind of failure it is.
        text: An excerpt of what was said.
    """

    system: str
    item_id: str
    failure: str
    text: str


def said_instead(runs: Sequence[RunResult], names: Mapping[str, str]) -> list[SaidInstead]:
    """List what systems said that is no answer, by system."""
    return [
        SaidInstead(names[run.run_id], one.item_id, one.failure, one.said)
        for run in runs
        for one in run.unusable
    ]


def counted(runs: Sequence[RunResult], names: Mapping[str, str]) -> list[tuple[str, str]]:
    """Tell what the server of each system counted, by its name; nothing of systems that count nothing."""
    return [(names[run.run_id], usage_told(run.usage)) for run in runs if run.usage is not None]


def usage_told(usage: Usage | None) -> str:
    """Tell tokens and cost; "" where nothing was counted."""
    if usage is None:
        return ""
    told = f"{usage.input_tokens:,} of prompts, {usage.output_tokens:,} of answers"
    return told if usage.cost is None else f"{told}; {usage.cost:.4f} by the prices in systems.toml"
