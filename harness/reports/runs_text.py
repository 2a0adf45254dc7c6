"""Runs in plain text: each score with its interval and its n."""

from collections.abc import Mapping, Sequence
from typing import Any

from harness.evaluation.metrics import name_for_people
from harness.evaluation.results import RunResult, Score, Subject
from harness.reports.beside_scores import usage_told
from harness.reports.wording import counted
from harness.text.visible import visible


def runs_text(runs: Sequence[tuple[Subject, RunResult]]) -> str:
    """List runs with their scores, their failures, and what servers counted."""
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
        lines += [f"  {one.failure}  {one.item_id} said: {one.said}" for one in result.unusable]
        if told := usage_told(result.usage):
            lines.append(f"  tokens  {told}")
    return "\n".join(map(visible, lines))


def estimates_text(rows: Sequence[Mapping[str, Any]]) -> str:
    """List what runs would ask for, and say by what rule tokens were guessed."""
    lines = [f"{row['task']}: {row['system']}  {', '.join(_estimate(row))}" for row in rows]
    return "\n".join([*map(visible, lines), "nothing was asked; tokens are a guess: UTF-8 bytes / 4"])


def _estimate(row: Mapping[str, Any]) -> list[str]:
    told = [f"{row['items']:,} items"]
    if row["kept"]:
        told.append(f"{row['kept']:,} of them answered before")
    told += [f"{row['characters']:,} characters to ask", f"about {row['input_tokens']:,} tokens"]
    if row["output_tokens"] is not None:
        told.append(f"at most {row['output_tokens']:,} tokens of answers")
    if row["cost"] is not None:
        told.append(f"at most {row['cost']:.4f} by the prices in systems.toml")
    return told


def _score_line(score: Score) -> str:
    metric = name_for_people(score.metric)
    if score.value is None:
        return f"{metric}  no value: {score.reason}"
    interval = "" if score.low is None or score.high is None else f" [{score.low:.4f}, {score.high:.4f}]"
    return f"{metric}  {score.value:.4f}{interval}  n {score.n}, {counted(score.clusters, 'cluster')}"
