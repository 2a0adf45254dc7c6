"""What a comparison's metrics mean, and what they do not say."""

from harness.evaluation.metrics import meaning_of, name_for_people
from harness.evaluation.results import Comparison

PITFALLS = "What these scores do not say"


def meanings(comparison: Comparison) -> list[tuple[str, str]]:
    """Explain each metric of a comparison that is known here: its name and a sentence."""
    metrics = [score.metric for score in comparison.runs[0].scores]
    return [(name_for_people(metric), meaning_of(metric)) for metric in metrics if meaning_of(metric)]


def pitfalls(comparison: Comparison) -> str:
    """Say what the scores of this kind of task do not say; nothing of a kind that is not known here."""
    # Pages alone say this; the terminal does not wait for every kind of task to be imported.
    from harness.evaluation.tasks import KINDS  # noqa: PLC0415 - see above

    kind = KINDS.get(comparison.subject.kind)
    return kind.pitfalls if kind else ""
