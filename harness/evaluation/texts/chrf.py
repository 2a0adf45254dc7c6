"""chrF and chrF++: how many runs of up to six characters, and of up to two words, two texts have in common."""

import numpy as np

from harness.evaluation.resampling import Floats
from harness.evaluation.texts.ngrams import (
    Integers,
    Sequences,
    ngram_counts,
    ngram_matches,
    sequences_of_characters,
    sequences_of_tokens,
)
from harness.evaluation.texts.reading import Answers, Reading, References, TextMetric
from harness.text.tokens import tokenise

_CHARACTERS = 6
_WORDS = 2
_RECALL_WEIGHT = 4  # beta squared: recall counts twice as much as precision (Popović 2016)


def chrf(reading: Reading) -> TextMetric:
    """Make chrF over a corpus, equal to sacrebleu's with one reference; with a tokeniser it is chrF++.

    It lies in [0, 1]; sacrebleu prints 100 times as much. chrF++ is sacrebleu's with the tokeniser `edges`.
    """
    words = _WORDS if reading.tokeniser else 0

    def statistics(references: References, answers: Answers) -> Floats:
        return chrf_statistics(references, answers, reading)

    name = "chrf++" if words else "chrf"
    signature = (
        f"{name}|v:1|{reading.signature}|refs:1|chars:{_CHARACTERS}|words:{words}|beta:2|blanks:no|eff:yes"
    )
    return TextMetric(name, signature, statistics, chrf_of_totals, is_mean=False, reading=reading)


def chrf_statistics(references: References, answers: Answers, reading: Reading) -> Floats:
    """Count what chrF is made of.

    Returns:
        Shape (items, 3 · orders): for each order the answer's n-grams (none where the reference has none of
        this order), the reference's, and those in common; characters first, then words.
    """
    said, right = reading.spelt(answers), reading.spelt(references)
    counts = _counts(
        *sequences_of_characters(_without_blanks(said), _without_blanks(right)), order=_CHARACTERS
    )
    if reading.tokeniser:
        tokens = (tokenise(texts, reading.tokeniser) for texts in (said, right))
        counts = np.hstack([counts, _counts(*sequences_of_tokens(*tokens), order=_WORDS)])
    return counts.astype(np.float64)


def chrf_of_totals(totals: Floats) -> Floats:
    """Compute chrF from sums of `chrf_statistics`, shape (sets, 3 · orders); shape (sets,), in [0, 1].

    Precision and recall are averaged over the orders of which both sides have n-grams, then combined.
    """
    said, right, matches = np.moveaxis(totals.reshape(len(totals), -1, 3), 2, 0)
    counts = (said > 0) & (right > 0)
    orders = np.maximum(counts.sum(axis=1), 1)
    precision = np.where(counts, matches / np.where(counts, said, 1), 0).sum(axis=1) / orders
    recall = np.where(counts, matches / np.where(counts, right, 1), 0).sum(axis=1) / orders
    weighted = _RECALL_WEIGHT * precision + recall
    scores: Floats = (1 + _RECALL_WEIGHT) * precision * recall / np.where(weighted > 0, weighted, 1)
    return scores


def _counts(said: Sequences, right: Sequences, *, order: int) -> Integers:
    of_reference = ngram_counts(right, order)
    of_answer = ngram_counts(said, order) * (of_reference > 0)
    triples = np.stack([of_answer, of_reference, ngram_matches(said, right, order)], axis=2)
    return triples.reshape(len(triples), 3 * order)


def _without_blanks(texts: list[str]) -> list[str]:
    return ["".join(text.split()) for text in texts]
