"""ROUGE: what a summary and its reference have in common, in words, in pairs of words, and in order."""

from collections.abc import Sequence

import numpy as np

from harness.evaluation.resampling import Floats
from harness.evaluation.texts.edits import as_strings
from harness.evaluation.texts.ngrams import Integers, ngram_counts, ngram_matches, sequences_of_tokens
from harness.evaluation.texts.reading import Reading, TextMetric, mean_metric


def rouge_n(order: int, reading: Reading) -> TextMetric:
    """Make ROUGE-1 or ROUGE-2: the mean F1 of n-grams in common.

    With the tokeniser `terms` it is `rouge_score`'s number where texts are ASCII; that package drops every
    other letter, so that an Arabic text against itself scores 0 there.
    """

    def score(references: Sequence[str], answers: Sequence[str]) -> Floats:
        said, right = sequences_of_tokens(reading.tokens(answers), reading.tokens(references))
        matches = ngram_matches(said, right, order)[:, -1]
        return _f1(matches, ngram_counts(said, order)[:, -1], ngram_counts(right, order)[:, -1])

    return mean_metric(f"rouge{order}", "v:1|stem:no", reading, score)


def rouge_l(reading: Reading) -> TextMetric:
    """Make ROUGE-L: the mean F1 of the longest run of words that both have in this order, with gaps."""

    def score(references: Sequence[str], answers: Sequence[str]) -> Floats:
        from rapidfuzz.distance import LCSseq  # noqa: PLC0415 - only for who scores

        said, right = as_strings(reading.tokens(answers), reading.tokens(references))
        common = [LCSseq.similarity(one, other) for one, other in zip(said, right, strict=True)]
        return _f1(
            *(np.array(counts, np.int64) for counts in (common, [*map(len, said)], [*map(len, right)]))
        )

    return mean_metric("rougeL", "v:1|stem:no", reading, score)


def _f1(common: Integers, said: Integers, right: Integers) -> Floats:
    precision, recall = common / np.maximum(said, 1), common / np.maximum(right, 1)
    both = precision + recall
    scores: Floats = 2 * precision * recall / np.where(both > 0, both, 1)
    return scores
