"""Worlds of texts, spans and lists in which two systems are alike: answers drawn from pools that were counted once."""

import functools
import random

import numpy as np

from harness.evaluation.counted import bit_metrics, list_metrics, token_metrics
from harness.evaluation.drawing import Measured
from harness.evaluation.metrics import Metric
from harness.evaluation.texts.answers import token_f1
from harness.evaluation.texts.bleu import bleu
from harness.evaluation.texts.chrf import chrf
from harness.evaluation.texts.edits import character_error_rate, translation_error_rate, word_error_rate
from harness.evaluation.texts.reading import Reading
from harness.evaluation.texts.rouge import rouge_l
from harness.evaluation.texts.spans import span_f1

_REFERENCES, _VARIANTS = 60, 8
_WORDS = (
    "the",
    "river",
    "council",
    "opened",
    "wheat",
    "price",
    "school",
    "prize",
    "old",
    "road",
    "city",
    "day",
)
_TAGS = ("O", "O", "O", "B-PER", "I-PER", "B-LOC")


def text_metrics() -> dict[str, Metric]:
    """Name a metric of each family that counts inside answers."""
    words = Reading(tokeniser="13a")
    return {
        "BLEU": bleu(words),
        "chrF": chrf(Reading()),
        "TER": translation_error_rate(Reading(tokeniser="space", case="lower")),
        "CER": character_error_rate(Reading()),
        "WER": word_error_rate(Reading(tokeniser="space")),
        "ROUGE-L": rouge_l(words),
        "token F1": token_f1(words),
        "span F1": span_f1(),
        "entries found": list_metrics()[2],
        "bytes per token": token_metrics()[0],
        "bits per byte": bit_metrics()[0],
    }


def drawn_answers(family: str, generator: np.random.Generator, cluster_of: np.ndarray) -> Measured:
    """Let two systems answer each cluster by an answer that is drawn from those of its reference."""
    metric, pool = _pool(family)
    clusters = cluster_of.max() + 1
    asked = generator.integers(_REFERENCES, size=clusters)
    said = generator.integers(_VARIANTS, size=(clusters, 2))
    counted = pool[asked[:, None], said][cluster_of]
    sign = 1.0 if metric.higher_is_better else -1.0
    if metric.is_mean:
        return Measured(counted[:, :, :1], sign=sign)
    return Measured(counted, metric.formula, sign)


@functools.cache
def _pool(family: str) -> tuple[Metric, np.ndarray]:
    """Count the answers to some references once, shape (references, answers to each, k)."""
    metric = text_metrics()[family]
    chance = random.Random(11)  # noqa: S311 - no secret
    pairs = [
        (right, answer)
        for right in (_reference(family, chance) for _ in range(_REFERENCES))
        for answer in (_answer(family, right, chance) for _ in range(_VARIANTS))
    ]
    counted = metric.statistics([right for right, _ in pairs], [answer for _, answer in pairs])
    return metric, counted.reshape(_REFERENCES, _VARIANTS, -1)


def _reference(family: str, chance: random.Random) -> str | tuple[str, ...]:
    if family == "span F1":
        return tuple(chance.choice(_TAGS) for _ in range(10))
    if family == "entries found":
        return tuple(chance.sample(_WORDS, 4))
    return " ".join(chance.choices(_WORDS, k=chance.randint(6, 14)))


def _answer(family: str, right: str | tuple[str, ...], chance: random.Random) -> str | tuple[str, ...]:
    if family == "bits per byte":
        return str(chance.uniform(1, 3) * len(right))
    if family == "bytes per token":
        cut = chance.randint(2, 5)
        return tuple(str(right)[start : start + cut] for start in range(0, len(right), cut))
    pieces = right if isinstance(right, tuple) else right.split()
    others = _TAGS if family == "span F1" else _WORDS
    changed = tuple(chance.choice(others) if chance.random() < 0.3 else piece for piece in pieces)
    return changed if isinstance(right, tuple) else " ".join(changed)
