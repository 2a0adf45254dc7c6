"""The commonest label: what a system has to beat before it is said to have learnt anything."""

from collections import Counter
from collections.abc import Callable, Sequence

from harness.evaluation.tasks import Example
from harness.systems.learning import learnt_family


def _commonest(examples: Sequence[Example]) -> Callable[[str], str]:
    """Take the label that most examples have; of equally common ones, the first by name."""
    counted = Counter(example.reference for example in examples)
    best = min(counted, key=lambda label: (-counted[label], label))
    return lambda _text: best


FAMILIES = (
    learnt_family(
        "majority",
        frozenset({"topic", "source"}),
        _commonest,
        "the commonest label of the split train, whatever is asked",
    ),
)
