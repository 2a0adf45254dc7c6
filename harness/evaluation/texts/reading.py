"""How a text metric reads texts before it counts: their spelling, their case, their tokens; and the metric itself."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib import metadata
from typing import Literal

import numpy as np

from harness.core.errors import InputError
from harness.evaluation.metrics import Metric, Value
from harness.evaluation.resampling import Floats, mean_of_totals
from harness.text.levels import normalised
from harness.text.tokens import WORDS_VERSION, Tokens, tokenise

Case = Literal["mixed", "lower"]
References = Sequence[Value]
Answers = Sequence[Value | None]

# What stands behind a tokeniser's name in signatures: its version, where a package's tables decide.
_VERSIONS: Mapping[str, Callable[[], str]] = {
    "words": lambda: f".{WORDS_VERSION}",
    "terms": lambda: f".{WORDS_VERSION}",
    "intl": lambda: f".sacrebleu-{metadata.version('sacrebleu')}",
}


@dataclass(frozen=True)
class Reading:
    """How texts are read.

    Args:
        normaliser: A level of `harness.text.levels`.
        tokeniser: One of `harness.text.tokens`; "" for metrics of characters.
        case: Whether capitals count.
    """

    normaliser: str = "raw"
    tokeniser: str = ""
    case: Case = "mixed"

    @property
    def signature(self) -> str:
        """The reading in a metric's signature."""
        tokens = self.tokeniser + _VERSIONS.get(self.tokeniser, str)() if self.tokeniser else "none"
        return f"norm:{self.normaliser}|tok:{tokens}|case:{self.case}"

    def spelt(self, values: Sequence[Value | None]) -> list[str]:
        """Give texts as they are compared; what is no answer reads as an empty one.

        Raises:
            InputError: A value is a list where one text is wanted.
        """
        texts = [_text(value) for value in values]
        folded = normalised(texts, self.normaliser)
        return [text.lower() for text in folded] if self.case == "lower" else folded

    def tokens(self, values: Sequence[Value | None]) -> list[Tokens]:
        """Give the tokens of texts as they are compared."""
        return tokenise(self.spelt(values), self.tokeniser)


@dataclass(frozen=True)
class TextMetric(Metric):
    """A metric of texts, with what the doctor has to know of it.

    Args:
        best: What answers score that are the references themselves.
        worst: What empty answers score; above `best` for rates of error, where less is better.
        reading: How it reads; None where that is not told, and then its folds go unchecked.
        unit: What answers are: texts, or lists of tags.
    """

    best: float = 1.0
    worst: float = 0.0
    reading: Reading | None = None
    unit: Literal["text", "tags"] = "text"

    @classmethod
    def of(cls, metric: Metric) -> "TextMetric":
        """Take a metric of anybody's: where it does not say its best and worst, 1 and 0, or 0 and 1 for a rate."""
        if isinstance(metric, cls):
            return metric
        rises = metric.higher_is_better
        best, worst = (1.0, 0.0) if rises else (0.0, 1.0)
        return cls(
            metric.name, metric.signature, metric.statistics, metric.formula,
            is_mean=metric.is_mean, higher_is_better=rises, best=best, worst=worst,
        )  # fmt: skip


def mean_over_references(
    references: References, answers: Answers, score: Callable[[Sequence[str], Sequence[str]], Floats]
) -> Floats:
    """Score each answer against the reference that is nearest to it.

    Args:
        references: A text, or a tuple of texts of which each is right, for each item.
        answers: The answers; None scores 0, whatever the reference.
        score: Scores texts against texts, shape (pairs,).

    Returns:
        Statistics of a mean, (score, 1), shape (items, 2).
    """
    accepted = [(one,) if isinstance(one, str) else one for one in references]
    if not all(accepted):
        raise InputError("an item has an empty list of references", remedy="leave such items out of the task")
    pairs = [
        (reference, _text(answer))
        for several, answer in zip(accepted, answers, strict=True)
        for reference in several
    ]
    if not pairs:
        return np.empty((0, 2))
    scores = score([reference for reference, _ in pairs], [answer for _, answer in pairs])
    starts = np.cumsum([0, *map(len, accepted[:-1])])
    best = np.maximum.reduceat(scores, starts)
    best[[answer is None for answer in answers]] = 0.0
    return np.column_stack([best, np.ones(len(best))])


def mean_metric(
    name: str,
    version: str,
    reading: Reading,
    score: Callable[[Sequence[str], Sequence[str]], Floats],
) -> TextMetric:
    """Make a metric that is the mean of what each item scores against its nearest reference."""

    def statistics(references: References, answers: Answers) -> Floats:
        return mean_over_references(references, answers, score)

    return TextMetric(
        name,
        f"{name}|{version}|{reading.signature}",
        statistics,
        mean_of_totals,
        is_mean=True,
        reading=reading,
    )


def _text(value: Value | None) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    raise InputError(
        "this metric compares one text with one text, and was given a list",
        remedy="give each item a single reference, or choose a metric that takes several (ROUGE, exact match, F1)",
    )
