"""BLEU: how many of an answer's runs of up to four tokens stand in the reference, and whether it is too short."""

import numpy as np

from harness.evaluation.resampling import Floats
from harness.evaluation.texts.ngrams import ngram_counts, ngram_matches, sequences_of_tokens
from harness.evaluation.texts.reading import Answers, Reading, References, TextMetric

_ORDER = 4


def bleu(reading: Reading) -> TextMetric:
    """Make BLEU over a corpus, equal to sacrebleu's with one reference, smoothing `exp` and no effective order.

    It lies in [0, 1]; sacrebleu prints 100 times as much.
    """

    def statistics(references: References, answers: Answers) -> Floats:
        return bleu_statistics(references, answers, reading)

    signature = f"bleu|v:1|{reading.signature}|refs:1|smooth:exp|eff:no|order:{_ORDER}"
    return TextMetric("bleu", signature, statistics, bleu_of_totals, is_mean=False, reading=reading)


def bleu_statistics(references: References, answers: Answers, reading: Reading) -> Floats:
    """Count what BLEU is made of.

    Returns:
        Shape (items, 10): tokens of the answer and of the reference, then matches of n-grams of 1 to 4
        tokens, then n-grams of the answer.
    """
    said, right = sequences_of_tokens(reading.tokens(answers), reading.tokens(references))
    matches = ngram_matches(said, right, _ORDER)
    lengths = np.column_stack([said.lengths, right.lengths])
    return np.hstack([lengths, matches, ngram_counts(said, _ORDER)]).astype(np.float64)


def bleu_of_totals(totals: Floats) -> Floats:
    """Compute BLEU from sums of `bleu_statistics`, shape (sets, 10); shape (sets,), in [0, 1].

    Where no n-gram of an order matches, half as much as for the order before is put in the place of the
    match (Chin-Yew Lin's third smoothing, as mteval-v13a does it). Without any match, or without n-grams of
    some order, it is 0.
    """
    said, right = totals[:, 0], totals[:, 1]
    matches, counts = totals[:, 2 : 2 + _ORDER], totals[:, 2 + _ORDER :]
    missed = matches == 0
    halved = 0.5 ** np.cumsum(missed, axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        precisions = np.where(missed, halved, matches) / counts
        shortness = np.where(said < right, np.exp(1 - right / said), 1.0)
        score = shortness * np.exp(np.log(precisions).mean(axis=1))
    is_defined = (counts > 0).all(axis=1) & ~missed.all(axis=1)
    scores: Floats = np.where(is_defined, score, 0.0)
    return scores
