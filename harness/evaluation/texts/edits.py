"""Rates of error: how many changes lead from an answer to the reference, for each character or word of it."""

from collections.abc import Callable, Sequence
from importlib import metadata

import numpy as np

from harness.evaluation.resampling import Floats
from harness.evaluation.texts.ngrams import sequences_of_tokens
from harness.evaluation.texts.reading import Answers, Reading, References, TextMetric


def character_error_rate(reading: Reading) -> TextMetric:
    """Make CER: characters put in, left out or changed, over those of the references; jiwer's number.

    Blanks within a text count, those around it do not. Long wrong answers score above 1.
    """

    def statistics(references: References, answers: Answers) -> Floats:
        texts = ([text.strip() for text in reading.spelt(side)] for side in (answers, references))
        return _distances(*texts)

    return _rate("cer", reading, statistics, rate_of_totals)


def word_error_rate(reading: Reading) -> TextMetric:
    """Make WER: words put in, left out or changed, over those of the references; jiwer's number with `space`."""

    def statistics(references: References, answers: Answers) -> Floats:
        sides = sequences_of_tokens(reading.tokens(answers), reading.tokens(references))
        return _distances(*(side.as_strings() for side in sides))

    return _rate("wer", reading, statistics, rate_of_totals)


def translation_error_rate(reading: Reading) -> TextMetric:
    """Make TER: as WER, but moving a run of words is one change; sacrebleu's, by its own search.

    With the tokeniser `space` and small letters it is sacrebleu's default.
    """

    def statistics(references: References, answers: Answers) -> Floats:
        from sacrebleu.metrics.lib_ter import translation_edit_rate  # noqa: PLC0415 - 0.1 s; only for who scores

        pairs = zip(reading.tokens(answers), reading.tokens(references), strict=True)
        counted = [
            (0, len(right)) if said == right else translation_edit_rate(said, right) for said, right in pairs
        ]
        return np.array(counted, np.float64).reshape(-1, 2)

    return _rate("ter", reading, statistics, ter_of_totals, f"|lib:sacrebleu-{metadata.version('sacrebleu')}")


def rate_of_totals(totals: Floats) -> Floats:
    """Divide changes by units of the references, shape (sets, 2) to (sets,); NaN where there is no unit."""
    changes, units = totals.T
    rates: Floats = np.where(units > 0, changes / np.where(units > 0, units, 1), np.nan)
    return rates


def ter_of_totals(totals: Floats) -> Floats:
    """Divide as `rate_of_totals`, but as sacrebleu does without any reference word: 1, or 0 without changes."""
    return np.where(totals[:, 1] > 0, rate_of_totals(totals), np.minimum(totals[:, 0], 1.0))


def _distances(said: Sequence[str], right: Sequence[str]) -> Floats:
    from rapidfuzz.distance import Levenshtein  # noqa: PLC0415 - only for who scores

    changes = [Levenshtein.distance(one, other) for one, other in zip(said, right, strict=True)]
    return np.column_stack([changes, [len(text) for text in right]]).astype(np.float64).reshape(-1, 2)


def _rate(
    name: str,
    reading: Reading,
    statistics: Callable[[References, Answers], Floats],
    formula: Callable[[Floats], Floats],
    library: str = "",
) -> TextMetric:
    return TextMetric(
        name,
        f"{name}|v:1|{reading.signature}|refs:1{library}",
        statistics,
        formula,
        is_mean=False,
        higher_is_better=False,
        best=0.0,
        worst=1.0,
        reading=reading,
    )
