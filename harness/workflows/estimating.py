"""What runs would ask for: items, characters, tokens by rule of thumb, and what they cost. Nothing is asked."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from harness.core.workspace import Workspace
from harness.evaluation.tasks import Task
from harness.store.versions import VersionFolder
from harness.systems.prompts import Asking
from harness.systems.registry import family_of, open_system, settings_for
from harness.systems.settings import read_systems
from harness.systems.system import at_work
from harness.workflows.answering import due_of, requests_of
from harness.workflows.campaign import planned
from harness.workflows.run import RunRequest, asking_of

# A rule of thumb, not a measurement: tokenisers differ by a factor of two or more on one text, and no model's
# own is at hand before it is asked.
BYTES_A_TOKEN = 4


@dataclass(frozen=True)
class Estimate:
    """What one run would ask for.

    Args:
        task: The task.
        system: The system, as the user named it.
        items: Items in all.
        kept: Of these, items whose answer is kept from before.
        characters: Of the inputs that are to be asked.
        input_tokens: Of these inputs with their prompts, about: UTF-8 bytes / 4.
        output_tokens: Of the answers, at most; None where the system has no limit.
        cost: At most, in the currency of the prices; None where there are none.
    """

    task: str
    system: str
    items: int
    kept: int
    characters: int
    input_tokens: int
    output_tokens: int | None = None
    cost: float | None = None

    def as_json(self) -> dict[str, Any]:
        """Give the estimate as a JSON object."""
        return asdict(self)


def estimate(
    workspace: Workspace,
    version: VersionFolder,
    *,
    tasks: Sequence[str] = (),
    systems: Sequence[str] = (),
    progress: Callable[[str], None],
) -> list[Estimate]:
    """Derive the tasks and open the systems of a campaign, and count; nothing is asked and nothing written.

    Raises:
        HarnessError: As by `run_campaign`, where it refuses before it asks.
    """
    pairs = planned(workspace, version, tasks=tasks, systems=systems, progress=progress)
    return [_estimate(task, request) for task, asked in pairs for request in asked]


def _estimate(task: Task, request: RunRequest) -> Estimate:
    declared = read_systems(request.systems_file)
    settings, family = settings_for(request.system, declared), family_of(request.system, declared)
    requests = requests_of(task)
    prompt = ""
    system = open_system(request.system, kind=task.subject.kind, declared=declared)
    with at_work(system):
        due = due_of(system, task, asking_of(request, declared, lambda _done, _total: None))
        if family is not None:
            prompt = settings.prompts.get(task.subject.kind) or family.prompts.get(task.subject.kind, "")
    asking = Asking.of(task.brief, prompt) if prompt else None
    sent = [asking.content(text) if asking else text for text in due]
    size = sum(len((text + settings.system_prompt).encode("utf-8")) for text in sent)
    input_tokens = -(-size // BYTES_A_TOKEN)
    output_tokens = len(due) * settings.max_tokens if prompt else None
    return Estimate(
        task=task.subject.task,
        system=request.system,
        items=len(requests),
        kept=len(requests) - len(due),
        characters=sum(map(len, due)),
        input_tokens=input_tokens,
        output_tokens=output_tokens,
        cost=None if settings.prices is None else settings.prices.of(input_tokens, output_tokens or 0),
    )
