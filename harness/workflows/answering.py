"""Answers to a task's items: those that a system gave before are taken, the others asked for and kept as they come."""

import dataclasses
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from harness.core.fingerprints import fingerprint
from harness.evaluation.results import SystemIdentity
from harness.evaluation.tasks import Task, TaskBrief
from harness.store.answers import ANSWERS, AnswerJournal, Kept
from harness.systems.asking import ask
from harness.systems.system import Metered, Request, Response, System

Progress = Callable[[int, int], None]  # items done, items in all


@dataclass(frozen=True)
class Asking:
    """How a system is asked.

    Args:
        kept_in: The folder of runs, where its answers are kept; None where it holds them itself.
        batch_items: How many items at once.
        one_by_one: Whether an answer rests on no other item of the task.
        made_by: What else than the system's identity its answers rest on: our own code, for systems in it.
        progress: Called after each batch.
    """

    kept_in: Path | None
    batch_items: int
    one_by_one: bool
    made_by: tuple[str, ...]
    progress: Progress


def journal_path(
    runs: Path,
    identity: SystemIdentity,
    brief: TaskBrief,
    *,
    one_by_one: bool,
    made_by: tuple[str, ...] = (),
) -> Path:
    """Say where answers are kept: under all that tells the system, and all that it gets to see of the task.

    So answers never pass from one system to another. Where each answer rests on its own item alone, the
    other items are left out, and what a newer version shares with an older one is not asked for again.
    """
    passed_over = {"item_ids", "inputs"} if one_by_one else {"item_ids"}
    seen = {
        field.name: _plain(getattr(brief, field.name))
        for field in dataclasses.fields(brief)
        if field.name not in passed_over and (field.name != "answer_lang" or brief.answer_lang)
    }
    digest = fingerprint([identity.model_dump(mode="json"), seen, list(made_by)])
    return runs / ANSWERS / f"{digest[:32]}.jsonl"


def journal_of(system: System, task: Task, asking: Asking) -> Path | None:
    """Say where a system's answers to a task are kept; None where it holds them itself."""
    return None if asking.kept_in is None else _path(asking.kept_in, system, task, asking)


def answers_of(system: System, task: Task, asking: Asking, kept_in: Path | None) -> list[Response]:
    """Get one response for each item of a task, in their order.

    Args:
        system: Prepared for the task.
        task: The task.
        asking: How the system is asked.
        kept_in: What `journal_of` says.

    Raises:
        HarnessError: As by `ask`. What was answered until then is kept.
    """
    requests = requests_of(task)
    if kept_in is None:
        return _asked(system, requests, asking)
    with AnswerJournal(kept_in) as journal:
        return _asked_or_kept(system, requests, asking, journal)


def due_of(system: System, task: Task, asking: Asking) -> list[str]:
    """Give the inputs that a run would ask for: those of all items but the ones whose answers are kept."""
    inputs = [request.input for request in requests_of(task)]
    if asking.kept_in is None:
        return inputs
    with AnswerJournal(_path(asking.kept_in, system, task, asking)) as journal:
        return [text for text in inputs if journal.find(text) is None]


def _path(runs: Path, system: System, task: Task, asking: Asking) -> Path:
    return journal_path(
        runs, system.identity, task.brief, one_by_one=asking.one_by_one, made_by=asking.made_by
    )


def requests_of(task: Task) -> list[Request]:
    """Put a task's items as requests, in their order."""
    ids, inputs = (task.items.column(name).to_pylist() for name in ("item_id", "input"))
    return [Request(item_id, text) for item_id, text in zip(ids, inputs, strict=True)]


def _asked(system: System, requests: Sequence[Request], asking: Asking) -> list[Response]:
    responses: list[Response] = []
    for batch in ask(system, requests, batch_items=asking.batch_items):
        responses.extend(batch)
        asking.progress(len(responses), len(requests))
    return responses


def _asked_or_kept(
    system: System, requests: Sequence[Request], asking: Asking, journal: AnswerJournal
) -> list[Response]:
    kept = {request.id: journal.find(request.input) for request in requests}
    answered = {name: _as_response(name, said) for name, said in kept.items() if said is not None}
    due = [request for request in requests if request.id not in answered]
    text_of = {request.id: request.input for request in due}
    for batch in ask(system, due, batch_items=asking.batch_items):
        journal.add((text_of[response.id], _as_kept(response)) for response in batch if _lasts(response))
        answered.update((response.id, response) for response in batch)
        asking.progress(len(answered), len(requests))
    return [answered[request.id] for request in requests]


def _lasts(response: Response) -> bool:
    """Tell an answer from a failure, which may be of the hour: the next run asks again."""
    return response.failure is None and response.output is not None


def _as_kept(response: Response) -> Kept:
    """Write an answer as JSON; what says nothing is left out."""
    said = {
        "output": list(response.output) if isinstance(response.output, tuple) else response.output,
        "metered": None if response.metered is None else dataclasses.asdict(response.metered),
    }
    return {name: value for name, value in said.items() if value is not None}


def _as_response(item_id: str, said: Kept) -> Response:
    output, metered = said.get("output"), said.get("metered")
    return Response(
        item_id,
        tuple(output) if isinstance(output, list) else output,
        metered=None if metered is None else Metered(**metered),
    )


def _plain(value: object) -> object:
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return dataclasses.asdict(value)
    return value
