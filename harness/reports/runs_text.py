"""Runs in plain text: each score with its interval and its n."""

from collections.abc import Sequence

from harness.evaluation.metrics import name_for_people
from harness.evaluation.results import RunResult, Score, Subject
from harness.text.visible import visible


def runs_text(runs: Sequence[tuple[Subject, RunResult]]) -> str:
    """List runs with their scores."""
    lines = []
    for subject, result in runs:
        lines.append(
            f"{result.run_id}  {subject.task} on {subject.dataset}@{subject.version}: {result.system.name}"
        )
        lines += [f"  {_score_line(score)}" for score in result.scores]
        if result.failures:
            lines.append(
                "  failures  " + ", ".join(f"{kind} {number}" for kind, number in result.failures.items())
            )
    return "\n".join(map(visible, lines))


def _score_line(score: Score) -> str:
    metric = name_for_people(score.metric)
    if score.value is None:
        return f"{metric}  no value: {score.reason}"
    interval = "" if score.low is None or score.high is None else f" [{score.low:.4f}, {score.high:.4f}]"
    return f"{metric}  {score.value:.4f}{interval}  n {score.n}, {score.clusters} clusters"
