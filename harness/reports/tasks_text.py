"""Tasks in plain text: what they ask, on real items, and how much of them stands in other texts."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Protocol

from harness.evaluation.contamination import Overlap, ScoreApart
from harness.evaluation.metrics import name_for_people
from harness.evaluation.results import Score
from harness.evaluation.robustness import Drop
from harness.reports.wording import counted
from harness.text.visible import excerpt, visible

_EXCERPT_CHARS = 600
_Told = Mapping[str, Any]


class _Contamination(Protocol):
    @property
    def task(self) -> str: ...
    @property
    def overlaps(self) -> Sequence[Overlap]: ...
    @property
    def scores(self) -> Sequence[ScoreApart]: ...


def tasks_text(tasks: Sequence[_Told]) -> str:
    """List tasks, one a line, with what answers them below."""
    lines = []
    for task in tasks:
        lines += [_headline(task), f"  answered by  {', '.join(task['systems'])}", *_noted(task)]
    return "\n".join(map(visible, lines))


def shown_text(tasks: Sequence[_Told]) -> str:
    """Show tasks with their gold, metrics, pitfalls and items; each item's text on lines of its own."""
    return "\n\n".join("\n".join(map(visible, _shown(task))) for task in tasks)


def contamination_text(found: Sequence[_Contamination]) -> str:
    """Tell overlaps and scores apart."""
    return "\n".join(visible(line) for one in found for line in _contaminated(one))


def robustness_text(found: Sequence[Drop]) -> str:
    """Tell what noise cost, system by system."""
    lines, last = [], ""
    for one in found:
        heading = f"{one.system}, {name_for_people(one.metric)}  ({one.run_id})"
        lines += [heading] if heading != last else []
        last = heading
        bounds = "" if one.low is None or one.high is None else f" [{one.low:+.4f}, {one.high:+.4f}]"
        lines.append(
            f"  {one.noise}  {one.clean:.4f} -> {one.noisy:.4f}: {one.difference:+.4f}{bounds}  n {one.n}, {counted(one.clusters, 'cluster')}"
        )
    return "\n".join(map(visible, lines))


def _headline(task: _Told) -> str:
    kind = "" if task["kind"] == task["task"] else f" ({task['kind']})"
    if "lacking" in task:
        return f"{task['task']}{kind}  no task: {task['lacking']}"
    subject = task["subject"]
    learnt = f", {counted(task['examples'], 'example')} to learn from" if task["examples"] else ""
    made = f"{counted(subject['items'], 'item')} of {counted(subject['clusters'], 'cluster')}"
    return f"{task['task']}{kind}  {made}{learnt}"


def _shown(task: _Told) -> Iterator[str]:
    yield _headline(task)
    if "lacking" in task:
        return
    yield f"  gold         {task['subject']['gold']}"
    yield f"  metrics      {', '.join(task['metrics'])}"
    yield f"  answered by  {', '.join(task['systems'])}"
    yield f"  mind         {task['pitfalls']}"
    yield from _noted(task)
    for item in task["shown"]:
        variant = f" ({item['variant']})" if item["variant"] else ""
        yield ""
        yield f"  item {item['item_id']}{variant}"
        yield from _indented(item["input"])
        yield "  right"
        yield from _indented(item["reference"])


def _noted(task: _Told) -> Iterator[str]:
    return (f"  note         {note}" for note in task.get("notes", ()))


def _indented(text: str) -> Iterator[str]:
    # Lines of its own, nothing beside them: a text may run from right to left.
    return (f"    {line}" for line in excerpt(text, limit=_EXCERPT_CHARS).split("\n"))


def _contaminated(one: _Contamination) -> Iterator[str]:
    yield one.task
    for part in one.overlaps:
        notes = [
            f"{count} {what}"
            for count, what in (
                (part.own, "not looked for in their own document"),
                (part.too_short, "too short"),
            )
            if count
        ]
        yield f"  in {part.texts} texts of {part.against}" + (f" ({', '.join(notes)})" if notes else "")
        yield (
            f"    {part.either} of {part.items} items: {part.shares_run} share a run of 13 words "
            f"or stand there whole, {part.near} near-duplicates"
        )
    for score in one.scores:
        yield f"  {score.system}, {name_for_people(score.metric)}"
        yield f"    all          {_score(score.everything)}"
        yield f"    without them {_score(score.clean)}"
        yield f"    them alone   {_score(score.overlapping)}"


def _score(score: Score) -> str:
    if score.value is None:
        return f"no value: {score.reason}"
    interval = "" if score.low is None or score.high is None else f" [{score.low:.4f}, {score.high:.4f}]"
    return f"{score.value:.4f}{interval}  n {score.n}, {counted(score.clusters, 'cluster')}"
