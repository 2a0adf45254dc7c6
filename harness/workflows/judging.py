"""From a system's responses to a scored run: what counts as a failure, what is refused, what is written."""

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pyarrow as pa

from harness.core.errors import InputError, NoEvidenceError, named
from harness.core.fingerprints import canonical_json
from harness.evaluation.alignment import SCORE_PREFIX
from harness.evaluation.metrics import Value
from harness.evaluation.results import FailureKind, RunResult, Unusable, Usage
from harness.evaluation.scoring import Answered, MissingPolicy, Scored, score
from harness.evaluation.tasks import Task
from harness.evaluation.texts.doctor import require_sound_on
from harness.evaluation.texts.reading import TextMetric
from harness.store.runs import ITEMS, METERED, SAID, RunFolder, RunManifest, write_run
from harness.systems.settings import Prices
from harness.systems.system import Metered, Output, Response, as_said
from harness.text.language import UNDETERMINED
from harness.text.visible import excerpt

_MOST_UNUSABLE = 5  # in a result; the run's items hold all
_EXCERPT_CHARS = 300
_KNOWN_BY_CHARS = 40  # what begins like this was said among the last words already


@dataclass(frozen=True)
class Judging:
    """What failures are weighed by, and what is said of them.

    Args:
        on_missing: The policy.
        where: The system, as the user named it.
        said: What it had to say itself; "" where nothing.
        kept: Whether its answers are kept for the next run.
    """

    on_missing: MissingPolicy
    where: str
    said: str = ""
    kept: bool = False


def judged(response: Response, task: Task) -> Response:
    """Type what is no answer to this kind of task as a failure."""
    if response.failure is not None:
        return replace(response, output=None)
    if response.output is None:
        return replace(response, failure="no-answer")
    if not _is_text(response.output) or task.read(response.id, response.output) is None:
        return replace(response, output=None, failure="unparsable", said=as_said(_shown(response.output)))
    return response


def failures_of(responses: Iterable[Response]) -> dict[FailureKind, int]:
    """Count failures by kind."""
    return dict(Counter(sorted(response.failure for response in responses if response.failure is not None)))


def refuse_failures(responses: Sequence[Response], judging: Judging) -> None:
    """Refuse answers that make no run.

    Raises:
        NoEvidenceError: Not one item has a usable answer, whatever the policy.
        InputError: Some have none, and the policy is `fail`.
    """
    failed = [response.id for response in responses if response.failure is not None]
    kinds = ", ".join(f"{kind}: {count}" for kind, count in failures_of(responses).items())
    said = _told(responses, judging.said)
    if len(failed) == len(responses):
        raise NoEvidenceError(
            f"not one of {len(responses)} items has a usable answer ({kinds}){said}",
            where=judging.where,
            remedy="look at the system's own messages, and at the form of its answers",
        )
    if failed and judging.on_missing == "fail":
        again = "give the same command again, which asks for these alone" if judging.kept else ""
        raise InputError(
            f"{len(failed)} of {len(responses)} items {'has' if len(failed) == 1 else 'have'} no usable answer "
            f"({kinds}): {named(failed)}{said}",
            where=judging.where,
            remedy=f"{again or 'complete the answers'}; or count these items as wrong (--on-missing wrong), "
            "or leave them out of n (--on-missing drop)",
        )


def _told(responses: Sequence[Response], last_words: str) -> str:
    """Say what a system said of itself and, where it gave something that is no answer, show the first of that."""
    parts = [f"it said: {last_words}"] if last_words else []
    for given in unusable_of(responses)[:1]:
        shown = json.dumps(given.said, ensure_ascii=False)
        if shown[1:-1][:_KNOWN_BY_CHARS] not in last_words:
            parts.append(f"to {named([given.item_id])} it said {shown}")
    return "".join(f"; {part}" for part in parts)


def usage_of(responses: Sequence[Response], prices: Prices | None) -> Usage | None:
    """Sum up what a server counted, and price it; None where it counted nothing."""
    metered = [response.metered for response in responses if response.metered is not None]
    if not metered:
        return None
    sent, given = (sum(getattr(one, name) for one in metered) for name in METERED.names[:2])
    return Usage(
        input_tokens=sent, output_tokens=given, cost=None if prices is None else prices.of(sent, given)
    )


def unusable_of(responses: Sequence[Response]) -> tuple[Unusable, ...]:
    """Pick a few failures in which something was said: the first of each kind, then the next, in the items' order."""
    times: Counter[FailureKind] = Counter()
    found: list[tuple[int, int, Unusable]] = []
    for place, one in enumerate(responses):
        if one.failure is not None and one.said:
            shown = excerpt(one.said, limit=_EXCERPT_CHARS)
            found.append(
                (times[one.failure], place, Unusable(item_id=one.id, failure=one.failure, said=shown))
            )
            times[one.failure] += 1
    return tuple(unusable for _, _, unusable in sorted(found, key=lambda entry: entry[:2])[:_MOST_UNUSABLE])


def write_scored(
    runs: Path,
    manifest: RunManifest,
    task: Task,
    responses: Sequence[Response],
    *,
    usage: Usage | None = None,
) -> RunFolder:
    """Score judged responses, one an item in the task's order, and write the run.

    Args:
        runs: The folder of runs.
        manifest: What the run was made from.
        task: The task.
        responses: What the system said.
        usage: What it counted and cost.
    """
    scored = _scored(task, responses, manifest)
    result = RunResult(
        run_id=manifest.run_id,
        system=manifest.system,
        scores=scored.scores,
        failures=failures_of(responses),
        usage=usage,
        unusable=unusable_of(responses),
    )
    items = _items(task, responses, scored)
    return write_run(runs / manifest.run_id, manifest, result, items, counts=scored.counts)


def _is_text(output: Output) -> bool:
    """Tell whether an output can be written as UTF-8: half of a surrogate pair cannot."""
    try:
        "".join(output).encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def _scored(task: Task, responses: Sequence[Response], manifest: RunManifest) -> Scored:
    if any(isinstance(metric, TextMetric) for metric in task.metrics):
        require_sound_on(task.metrics, _references_by_language(task))
    answered = Answered(
        references=task.references,
        answers=[
            None if response.output is None else task.read_answer(response.output) for response in responses
        ],
        clusters=task.items.column("cluster").to_pylist(),
    )
    return score(answered, task.metrics, on_missing=manifest.on_missing, seed=manifest.seed)


def _references_by_language(task: Task) -> dict[str, list[Value]]:
    if task.reference_lang:
        return {task.reference_lang: task.references}
    texts: dict[str, list[Value]] = {}
    for language, reference in zip(task.items.column("lang").to_pylist(), task.references, strict=True):
        texts.setdefault(language or UNDETERMINED, []).append(reference)
    return texts


def _items(task: Task, responses: Sequence[Response], scored: Scored) -> pa.Table:
    items = task.items.append_column(
        ITEMS.field("output"), pa.array([_as_text(response.output) for response in responses], pa.string())
    ).append_column(
        ITEMS.field("failure"), pa.array([response.failure for response in responses], pa.string())
    )
    if any(response.said is not None for response in responses):
        items = items.append_column(SAID, pa.array([response.said for response in responses], SAID.type))
    if any(response.metered is not None for response in responses):
        items = _with_metered(items, [response.metered for response in responses])
    for name, column in scored.by_item.items():
        # from_pandas turns NaN, an item left out, into null.
        items = items.append_column(f"{SCORE_PREFIX}{name}", pa.array(column, pa.float64(), from_pandas=True))
    return items


def _with_metered(items: pa.Table, metered: Sequence[Metered | None]) -> pa.Table:
    for field in METERED:
        values = [None if one is None else getattr(one, field.name) for one in metered]
        items = items.append_column(field, pa.array(values, field.type))
    return items


def _shown(output: Output) -> str:
    return output if isinstance(output, str) else json.dumps(output, ensure_ascii=False)


def _as_text(output: Output | None) -> str | None:
    return canonical_json(list(output)) if isinstance(output, tuple) else output
