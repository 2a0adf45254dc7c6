"""What answers each item by a function of its input alone: learnt from examples, or known beforehand."""

from collections.abc import Callable, Sequence

from harness.core.errors import ConfigurationError
from harness.evaluation.results import SystemIdentity
from harness.evaluation.tasks import Example, TaskBrief
from harness.systems.system import Output, Request, Response, System, SystemFamily, identity_of

Answer = Callable[[str], Output]  # of an item's input
Learn = Callable[[Sequence[Example]], Answer]


class KnownFunction:
    """Answers each item with what a function makes of its input.

    Args:
        identity: Its name, with all that its answers depend on.
        function: Gives the answer.
    """

    def __init__(self, identity: SystemIdentity, function: Answer) -> None:
        self.identity = identity
        self._function = function

    def prepare(self, brief: TaskBrief) -> None:
        """Learn nothing."""

    def answer(self, batch: Sequence[Request]) -> Sequence[Response]:
        """Answer each request."""
        return [Response(request.id, self._function(request.input)) for request in batch]


class LearntFunction(KnownFunction):
    """Answers each item with what a function makes of its input that was learnt from the task's examples.

    Args:
        identity: Its name, with all that its answers depend on.
        learn: Makes the function from one example or more.
    """

    def __init__(self, identity: SystemIdentity, learn: Learn) -> None:
        super().__init__(identity, _not_learnt)
        self._learn = learn

    def prepare(self, brief: TaskBrief) -> None:
        """Learn from the examples.

        Raises:
            ConfigurationError: The task has none.
        """
        self._function = self._learn(required_examples(brief, self.identity.name))


def known_family(
    name: str, kind: str, function: Answer, summary: str, facts: Sequence[str] = ()
) -> SystemFamily:
    """Name a built-in system that learns nothing, so that its answers hold wherever an item comes again.

    Args:
        name: Its URI.
        kind: The kind of task that it answers.
        function: Gives the answer to an item's input.
        summary: One line for people.
        facts: Settings of ours that change its answers.
    """

    def open_(_settings: object) -> System:
        return KnownFunction(identity_of(name, version="1", facts=facts), function)

    return SystemFamily(
        name=name, usage=name, one_by_one=True, kinds=frozenset({kind}), open=open_, summary=summary
    )


def learnt_family(
    name: str, kinds: frozenset[str], learn: Learn, summary: str, facts: Sequence[str] = ()
) -> SystemFamily:
    """Name a built-in system that learns from the split train.

    Args:
        name: Its URI.
        kinds: The kinds of task that it answers.
        learn: Makes the function that answers, from one example or more.
        summary: One line for people.
        facts: Settings of ours that change its answers.
    """

    def open_(_settings: object) -> System:
        return LearntFunction(identity_of(name, version="1", facts=facts), learn)

    return SystemFamily(name=name, usage=name, kinds=kinds, open=open_, summary=summary)


def required_examples(brief: TaskBrief, system: str) -> Sequence[Example]:
    """Give what may be learnt from.

    Raises:
        ConfigurationError: There is nothing.
    """
    if not brief.examples:
        raise ConfigurationError(
            f"'{system}' learns from examples, and a task of kind '{brief.kind}' has none",
            where="--system",
            remedy="choose a system that does not learn",
        )
    return brief.examples


def _not_learnt(_text: str) -> Output:
    raise RuntimeError("a system was asked before it had learnt")
