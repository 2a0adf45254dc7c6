"""What an NLP system is to us: something that answers batches of requests, and the family that it comes from."""

import contextlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from importlib import metadata
from typing import Protocol

from harness.core.fingerprints import fingerprint
from harness.evaluation.results import FailureKind, SystemIdentity
from harness.evaluation.tasks import TaskBrief
from harness.systems.settings import SystemSettings

Output = str | tuple[str, ...]
# Of an answer that cannot be used, so that a run never grows with what a system babbles.
MOST_SAID_CHARS = 2000


@dataclass(frozen=True)
class Request:
    """One question: the item's id and the text that it puts."""

    id: str
    input: str


@dataclass(frozen=True)
class Metered:
    """What a model's server counted for one answer.

    Args:
        input_tokens: Tokens of the prompt.
        output_tokens: Tokens of the answer.
        logprob: Sum of the natural logarithms of the answer's token probabilities; None where not given.
    """

    input_tokens: int = 0
    output_tokens: int = 0
    logprob: float | None = None


@dataclass(frozen=True)
class Response:
    """One answer: a label, a ranking of ids, or the kind of failure that took its place.

    `said` is what the system gave instead of an answer, as `as_said` writes it; None where it said nothing.
    """

    id: str
    output: Output | None
    failure: FailureKind | None = None
    metered: Metered | None = None
    said: str | None = None


def as_said(text: str) -> str | None:
    """Keep what was said in the place of an answer: at most 2,000 characters, fit for UTF-8; None for nothing."""
    kept = text[:MOST_SAID_CHARS].encode("utf-8", "replace").decode("utf-8")
    more = len(text) - len(kept)
    return f"{kept}… ({more:,} further characters)" if more > 0 else kept or None


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
        open: Opens a system from its settings; their `argument` is what follows the colon.
        summary: One line for people.
        takes_argument: Whether something has to follow the colon.
        distribution: The package that does the work, where there is one.
        answers_one_task: Whether such a system holds its answers, so that it can take part in one task alone,
            and none of them need be kept.
        one_by_one: Whether each answer rests on its own item alone, and not on the others of the task, so that
            it holds wherever the item comes again.
        batch_items: How many requests it is given at once where its settings do not say.
        prompts: What it is asked by default, by kind of task, with `{input}` in the item's place.
        options: The keys of `systems.toml`, beyond those of every system, that mean something to it.
        is_extra: Whether it comes by an extra, so that it runs only where it is named.
    """

    name: str
    usage: str
    kinds: frozenset[str] | None
    open: Callable[[SystemSettings], System]
    summary: str
    takes_argument: bool = False
    distribution: str = ""
    answers_one_task: bool = False
    one_by_one: bool = False
    batch_items: int = 256
    prompts: Mapping[str, str] = field(default_factory=dict)
    options: frozenset[str] = frozenset()
    is_extra: bool = False

    @property
    def is_installed(self) -> bool:
        """Whether the package that does the work is there (CLD2 has no wheel for every Python)."""
        try:
            return not self.distribution or bool(metadata.version(self.distribution))
        except metadata.PackageNotFoundError:
            return False

    def fits(self, kind: str, settings: SystemSettings | None = None) -> bool:
        """Tell whether such a system, with a prompt of its own perhaps, can answer a kind of task."""
        has_prompt = settings is not None and kind in settings.prompts
        return self.kinds is None or kind in self.kinds or has_prompt


@contextlib.contextmanager
def at_work(system: System) -> Iterator[None]:
    """Let a system work within the block; processes that it started end with it, however the block ends."""
    try:
        yield
    finally:
        close = getattr(system, "close", None)
        if close is not None:
            close()


def last_words(system: System) -> str:
    """Give the end of what a system had to say of its failures; "" where it said nothing."""
    told = getattr(system, "last_words", None)
    return str(told()) if told is not None else ""


def identity_of(uri: str, *, version: str, facts: Sequence[str] = ()) -> SystemIdentity:
    """Describe a built-in system.

    Args:
        uri: Its URI, which is also its name.
        version: The version of the package that does the work.
        facts: Settings of ours that change its answers.
    """
    return SystemIdentity(uri=uri, name=uri, version=version, fingerprint=fingerprint([uri, version, *facts]))
