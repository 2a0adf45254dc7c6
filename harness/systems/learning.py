"""What systems that learn share: examples are there, or the task is not for them."""

from collections.abc import Sequence

from harness.core.errors import ConfigurationError
from harness.evaluation.tasks import Example, TaskBrief


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
