"""Asking a system for all answers: in batches, paired by id, with a crash kept to the items that cause it."""

from collections.abc import Iterator, Mapping, Sequence

from harness.core.errors import HarnessError, InputError, named
from harness.systems.system import Request, Response, System


def ask(system: System, requests: Sequence[Request], *, batch_items: int = 256) -> Iterator[list[Response]]:
    """Give one response for each request, in the order of the requests, a batch at a time as it is answered.

    A batch that raises is cut in halves until the items are found that the system crashes on; these
    get the failure `crash`. An item that the system passes over gets `no-answer`.

    Args:
        system: Prepared for the task.
        requests: Items with ids that differ.
        batch_items: How many are asked at once.

    Raises:
        InputError: The system answered an item twice, or one that it was not asked for.
        HarnessError: What the system itself reports as the user's to mend.
    """
    for start in range(0, len(requests), batch_items):
        yield _isolating_crashes(system, requests[start : start + batch_items])


def _isolating_crashes(system: System, batch: Sequence[Request]) -> list[Response]:
    try:
        answered = system.answer(batch)
    except HarnessError:
        raise
    except Exception:  # noqa: BLE001 - whatever a system under test raises is its failure, not ours
        if len(batch) == 1:
            return [Response(batch[0].id, None, "crash")]
        half = len(batch) // 2
        return [*_isolating_crashes(system, batch[:half]), *_isolating_crashes(system, batch[half:])]
    by_id = _paired(system, batch, answered)
    return [by_id.get(request.id, Response(request.id, None, "no-answer")) for request in batch]


def _paired(system: System, batch: Sequence[Request], answered: Sequence[Response]) -> Mapping[str, Response]:
    by_id = {response.id: response for response in answered}
    if len(by_id) != len(answered):
        raise InputError(
            "the system answered an item more than once",
            where=system.identity.uri,
            remedy="give one answer for each id",
        )
    unasked = sorted(by_id.keys() - {request.id for request in batch})
    if unasked:
        raise InputError(
            f"the system answered items that it was not asked for: {named(unasked)}",
            where=system.identity.uri,
            remedy="answer under the ids that were asked",
        )
    return by_id
