"""ROUGE: what a summary and its reference have in common, in words, in pairs of words, and in order."""

import functools
from collections.abc import Sequence

import numpy as np

from harness.evaluation.resampling import Floats
from harness.evaluation.texts.ngrams import (
    Integers,
    Sequences,
    ngram_counts,
    ngram_matches,
    sequences_of_tokens,
)
from harness.evaluation.texts.reading import Reading, TextMetric, mean_metric

_ORDER = 2


def rouge_n(order: int, reading: Reading) -> TextMetric:
    """Make ROUGE-1 or ROUGE-2: the mean F1 of n-grams in common.

    With the tokeniser `terms` it is `rouge_score`'s number where texts are ASCII; that package drops every
    other letter, so that an Arabic text against itself scores 0 there.
    """

    def score(references: Sequence[str], answers: Sequence[str]) -> Floats:
        said, right = _words(reading, tuple(references), tuple(answers))
        matches = _matches(reading, tuple(references), tuple(answers))
        return _f1(*(counts[:, order - 1] for counts in (matches, _counts(said), _counts(right))))

    return mean_metric(f"rouge{order}", "v:1|stem:no", reading, score)


def rouge_l(reading: Reading) -> TextMetric:
    """Make ROUGE-L: the mean F1 of the longest run of words that both have in this order, with gaps."""

    def score(references: Sequence[str], answers: Sequence[str]) -> Floats:
        from rapidfuzz.distance import LCSseq  # noqa: PLC0415 - only for who scores

        said, right = _words(reading, tuple(references), tuple(answers))
        pairs = zip(said.as_strings(), right.as_strings(), strict=True)
        common = np.array([LCSseq.similarity(one, other) for one, other in pairs], np.int64)
        return _f1(common, said.lengths, right.lengths)

    return mean_metric("rougeL", "v:1|stem:no", reading, score)


# The three are asked for one after the other, and cutting texts into words is most of the work. One set of texts is
# kept, no more.
@functools.lru_cache(maxsize=1)
def _words(
    reading: Reading, references: tuple[str, ...], answers: tuple[str, ...]
) -> tuple[Sequences, Sequences]:
    said, right = sequences_of_tokens(reading.tokens(answers), reading.tokens(references))
    return said, right


@functools.lru_cache(maxsize=1)
def _matches(reading: Reading, references: tuple[str, ...], answers: tuple[str, ...]) -> Integers:
    return ngram_matches(*_words(reading, references, answers), _ORDER)


def _counts(sequences: Sequences) -> Integers:
    return ngram_counts(sequences, _ORDER)


def _f1(common: Integers, said: Integers, right: Integers) -> Floats:
    precision, recall = common / np.maximum(said, 1), common / np.maximum(right, 1)
    both = precision + recall
    scores: Floats = 2 * precision * recall / np.where(both > 0, both, 1)
    return scores
