"""Short answers to questions: whether an answer is the right one, and how many words it shares with it."""

from collections.abc import Sequence

import numpy as np

from harness.evaluation.resampling import Floats
from harness.evaluation.texts.ngrams import ngram_matches, sequences_of_tokens
from harness.evaluation.texts.reading import Reading, TextMetric, mean_metric


def exact_match(reading: Reading) -> TextMetric:
    """Make exact match: 1 where an answer's tokens are those of a reference; SQuAD's with the tokeniser `answer`."""

    def score(references: Sequence[str], answers: Sequence[str]) -> Floats:
        pairs = zip(reading.tokens(references), reading.tokens(answers), strict=True)
        return np.array([float(right == said) for right, said in pairs])

    return mean_metric("exact_match", "v:1", reading, score)


def token_f1(reading: Reading) -> TextMetric:
    """Make the F1 of tokens in common, order aside; SQuAD's with the tokeniser `answer`.

    Where the reference or the answer has no token it is 1 if both have none, else 0.
    """

    def score(references: Sequence[str], answers: Sequence[str]) -> Floats:
        said, right = sequences_of_tokens(reading.tokens(answers), reading.tokens(references))
        common = ngram_matches(said, right, 1)[:, 0]
        total = said.lengths + right.lengths
        shared: Floats = np.where(total > 0, 2 * common / np.maximum(total, 1), 1.0)
        return shared

    return mean_metric("token_f1", "v:1", reading, score)
