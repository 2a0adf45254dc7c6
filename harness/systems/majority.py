"""The commonest label: what a system has to beat before it is said to have learnt anything."""

from collections import Counter
from collections.abc import Sequence

from harness.evaluation.results import SystemIdentity
from harness.evaluation.tasks import TaskBrief
from harness.systems.learning import required_examples
from harness.systems.system import Request, Response, System, SystemFamily, identity_of


class Majority:
    """Answers each request with the label that most examples have; of equally common ones, the first by name."""

    def __init__(self) -> None:
        self.identity: SystemIdentity = identity_of("majority", version="1")
        self._label = ""

    def prepare(self, brief: TaskBrief) -> None:
        """Count the labels of the examples.

        Raises:
            ConfigurationError: The task has none.
        """
        counted = Counter(example.reference for example in required_examples(brief, "majority"))
        self._label = min(counted, key=lambda label: (-counted[label], label))

    def answer(self, batch: Sequence[Request]) -> Sequence[Response]:
        """Give the label."""
        return [Response(request.id, self._label) for request in batch]


def _open(_chosen: object) -> System:
    return Majority()


FAMILIES = (
    SystemFamily(
        name="majority",
        usage="majority",
        kinds=frozenset({"topic", "source"}),
        open=_open,
        summary="the commonest label of the split train, whatever is asked",
    ),
)
