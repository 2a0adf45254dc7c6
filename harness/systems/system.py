"""What an NLP system is to us: something that answers batches of requests, and the family that it comes from."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import metadata
from typing import Protocol

from harness.core.fingerprints import fingerprint
from harness.evaluation.results import FailureKind, SystemIdentity
from harness.evaluation.tasks import TaskBrief

Output = str | tuple[str, ...]


@dataclass(frozen=True)
class Request:
    """One question: the item's id and the text that it puts."""

    id: str
    input: str


@dataclass(frozen=True)
class Response:
    """One answer: a label, a ranking of ids, or the kind of failure that took its place."""

    id: str
    output: Output | None
    failure: FailureKind | None = None


class System(Protocol):
    """An NLP system."""

    @property
    def identity(self) -> SystemIdentity:
        """Which system it is; two systems that may answer differently differ in their fingerprints."""

    def prepare(self, brief: TaskBrief) -> None:
        """Get ready for a task: index its candidates, check that answers are there.

        Raises:
            HarnessError: The system cannot take part.
        """

    def answer(self, batch: Sequence[Request]) -> Sequence[Response]:
        """Answer each request. What raises here is recorded as a crash of the item that caused it."""


@dataclass(frozen=True)
class SystemFamily:
    """Systems that are opened in one way.

    Args:
        name: What stands in the URI: all of it, or what comes before the colon.
        usage: How to write its URI, such as `preds:FILE.jsonl`.
        kinds: The kinds of task that it can answer; None for any.
        open: Opens a system from what follows the colon ("" where nothing does).
        summary: One line for people.
        takes_argument: Whether something has to follow the colon.
        distribution: The package that does the work, where there is one.
        answers_one_task: Whether such a system holds its answers, so that it can take part in one task alone.
    """

    name: str
    usage: str
    kinds: frozenset[str] | None
    open: Callable[[str], System]
    summary: str
    takes_argument: bool = False
    distribution: str = ""
    answers_one_task: bool = False

    @property
    def is_installed(self) -> bool:
        """Whether the package that does the work is there (CLD2 has no wheel for every Python)."""
        try:
            return not self.distribution or bool(metadata.version(self.distribution))
        except metadata.PackageNotFoundError:
            return False

    def fits(self, kind: str) -> bool:
        """Tell whether such a system can answer a kind of task."""
        return self.kinds is None or kind in self.kinds


def identity_of(uri: str, *, version: str, facts: Sequence[str] = ()) -> SystemIdentity:
    """Describe a built-in system.

    Args:
        uri: Its URI, which is also its name.
        version: The version of the package that does the work.
        facts: Settings of ours that change its answers.
    """
    return SystemIdentity(uri=uri, name=uri, version=version, fingerprint=fingerprint([uri, version, *facts]))
