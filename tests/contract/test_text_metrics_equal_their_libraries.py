"""Our counts of text metrics give, on generated pairs of texts, what the libraries give that define them."""

import warnings

import numpy as np
import pytest
from support.made_pairs import ALL, LATIN, made_pairs, made_tags

from harness.evaluation.texts.answers import exact_match, token_f1
from harness.evaluation.texts.bleu import bleu, bleu_statistics
from harness.evaluation.texts.chrf import chrf, chrf_statistics
from harness.evaluation.texts.edits import character_error_rate, translation_error_rate, word_error_rate
from harness.evaluation.texts.reading import Reading, TextMetric
from harness.evaluation.texts.rouge import rouge_l, rouge_n
from harness.evaluation.texts.spans import span_f1

SETS = [made_pairs(seed, 40) for seed in range(40)]
SMALL_SETS = [made_pairs(seed, chosen) for seed, chosen in enumerate((1, 1, 1, 1, 2, 2, 3) * 30)]


def _value(metric: TextMetric, said: list[str], right: list[str]) -> float:
    return float(metric.formula(metric.statistics(right, said).sum(axis=0, keepdims=True))[0])


@pytest.mark.parametrize("tokeniser", ["13a", "intl", "char"])
def test_bleu_of_a_corpus_is_that_of_sacrebleu(tokeniser: str) -> None:
    """1,600 pairs in 40 sets, and 210 sets of one to three, where smoothing and brevity decide."""
    from sacrebleu.metrics import BLEU  # noqa: PLC0415 - a reference library

    theirs = BLEU(tokenize=tokeniser, force=True)
    for said, right in [*SETS, *SMALL_SETS]:
        expected = theirs.corpus_score(said, [right]).score
        assert 100 * _value(bleu(Reading(tokeniser=tokeniser)), said, right) == pytest.approx(
            expected, rel=1e-12, abs=1e-12
        )


def test_bleu_counts_of_each_pair_are_those_of_sacrebleu() -> None:
    """The very counts, so that resampling them is resampling sacrebleu's."""
    from sacrebleu.metrics import BLEU  # noqa: PLC0415 - a reference library

    said, right = made_pairs(7, 3000)
    theirs = BLEU(force=True)._extract_corpus_statistics(said, [right])
    np.testing.assert_array_equal(bleu_statistics(right, said, Reading(tokeniser="13a")), np.array(theirs))


@pytest.mark.parametrize(("tokeniser", "word_order"), [("", 0), ("edges", 2)])
def test_chrf_of_a_corpus_is_that_of_sacrebleu(tokeniser: str, word_order: int) -> None:
    """ChrF and chrF++, on large sets and on sets of one to three."""
    from sacrebleu.metrics import CHRF  # noqa: PLC0415 - a reference library

    theirs = CHRF(word_order=word_order)
    for said, right in [*SETS, *SMALL_SETS]:
        expected = theirs.corpus_score(said, [right]).score
        assert 100 * _value(chrf(Reading(tokeniser=tokeniser)), said, right) == pytest.approx(
            expected, rel=1e-12, abs=1e-12
        )


def test_chrf_counts_of_each_pair_are_those_of_sacrebleu() -> None:
    """The very counts of characters and words, item by item."""
    from sacrebleu.metrics import CHRF  # noqa: PLC0415 - a reference library

    said, right = made_pairs(8, 2000)
    theirs = CHRF(word_order=2)._extract_corpus_statistics(said, [right])
    np.testing.assert_array_equal(chrf_statistics(right, said, Reading(tokeniser="edges")), np.array(theirs))


def test_ter_of_a_corpus_is_that_of_sacrebleu() -> None:
    """Moved runs of words count as one change, and empty references as sacrebleu counts them."""
    from sacrebleu.metrics import TER  # noqa: PLC0415 - a reference library

    theirs, ours = TER(), translation_error_rate(Reading(tokeniser="space", case="lower"))
    for said, right in [*SETS[:10], *SMALL_SETS]:
        expected = theirs.corpus_score(said, [right]).score
        assert 100 * _value(ours, said, right) == pytest.approx(expected, rel=1e-12, abs=1e-12)


@pytest.mark.parametrize("name", ["rouge1", "rouge2", "rougeL"])
def test_rouge_is_that_of_rouge_score_where_texts_are_ascii(name: str) -> None:
    """Item by item, to the last bit."""
    from rouge_score.rouge_scorer import RougeScorer  # noqa: PLC0415 - a reference library

    ascii_words = tuple(word for word in LATIN if word.isascii())
    said, right = made_pairs(9, 2000, words=ascii_words)
    theirs = RougeScorer([name])
    expected = [theirs.score(one, other)[name].fmeasure for one, other in zip(right, said, strict=True)]
    reading = Reading(tokeniser="terms")
    metric = rouge_l(reading) if name == "rougeL" else rouge_n(int(name[-1]), reading)
    np.testing.assert_array_equal(metric.statistics(right, said)[:, 0], expected)


@pytest.mark.parametrize("name", ["rouge1", "rouge2", "rougeL"])
def test_rouge_of_any_script_is_that_of_rouge_score_over_our_words(name: str) -> None:
    """Given our tokens, the package's arithmetic agrees on Arabic, Chinese, Hindi and the rest."""
    from rouge_score.rouge_scorer import RougeScorer  # noqa: PLC0415 - a reference library

    reading = Reading(normaliser="ar-light", tokeniser="terms")

    class Ours:
        def tokenize(self, text: str) -> list[str]:
            return reading.tokens([text])[0]

    said, right = made_pairs(10, 1000, words=ALL)
    theirs = RougeScorer([name], tokenizer=Ours())
    expected = [theirs.score(one, other)[name].fmeasure for one, other in zip(right, said, strict=True)]
    metric = rouge_l(reading) if name == "rougeL" else rouge_n(int(name[-1]), reading)
    np.testing.assert_array_equal(metric.statistics(right, said)[:, 0], expected)


def test_error_rates_are_those_of_jiwer() -> None:
    """Characters and words, over whole sets; jiwer takes no empty reference."""
    import jiwer  # noqa: PLC0415 - a reference library

    for said, right in SETS:
        pairs = [(one, other.strip()) for one, other in zip(said, right, strict=True) if other.strip()]
        answers, references = [one for one, _ in pairs], [other for _, other in pairs]
        assert _value(character_error_rate(Reading()), answers, references) == jiwer.cer(references, answers)
        spaced = [" ".join(text.split()) for text in answers], [" ".join(text.split()) for text in references]
        assert _value(word_error_rate(Reading(tokeniser="space")), *spaced) == jiwer.wer(spaced[1], spaced[0])


def test_span_f1_is_that_of_seqeval_in_strict_mode() -> None:
    """Over 2,000 items, and over small sets of them."""
    from seqeval.metrics import f1_score  # noqa: PLC0415 - a reference library
    from seqeval.scheme import IOB2  # noqa: PLC0415 - a reference library

    for seed, count in [(1, 2000), *((seed, 3) for seed in range(2, 60))]:
        found, right = made_tags(seed, count)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it warns of sets without spans
            expected = f1_score(right, found, mode="strict", scheme=IOB2, average="micro")
        ours = span_f1()
        value = float(
            ours.formula(ours.statistics([*map(tuple, right)], [*map(tuple, found)]).sum(0, keepdims=True))[0]
        )
        assert np.nan_to_num(value) == pytest.approx(expected, abs=1e-15)


def _squad(text: str) -> list[str]:
    # The rules of SQuAD's evaluation script in its order: small letters, punctuation, articles, blanks.
    import re  # noqa: PLC0415 - of this reference alone
    import string  # noqa: PLC0415 - same

    bare = "".join(char for char in text.lower() if char not in string.punctuation)
    return re.sub(r"\b(a|an|the)\b", " ", bare).split()


def test_exact_match_and_token_f1_are_squads_on_english() -> None:
    """With several accepted answers the best one counts, and no answer is right where the reference is empty."""
    from collections import Counter  # noqa: PLC0415 - of this reference alone

    ascii_words = tuple(word for word in LATIN if word.isascii())
    said, right = made_pairs(11, 1500, words=ascii_words)
    _, also_right = made_pairs(12, 1500, words=ascii_words)

    def f1(one: str, other: str) -> float:
        gold, pred = _squad(one), _squad(other)
        if not gold or not pred:
            return float(gold == pred)
        common = sum((Counter(gold) & Counter(pred)).values())
        if not common:
            return 0.0
        precision, recall = common / len(pred), common / len(gold)
        return 2 * precision * recall / (precision + recall)

    references = [*zip(right, also_right, strict=True)]
    triples = [*zip(said, right, also_right, strict=True)]
    reading = Reading(tokeniser="answer")
    np.testing.assert_allclose(
        token_f1(reading).statistics(references, said)[:, 0],
        [max(f1(one, answer), f1(other, answer)) for answer, one, other in triples],
        rtol=1e-14,
    )
    np.testing.assert_array_equal(
        exact_match(reading).statistics(references, said)[:, 0],
        [float(_squad(answer) in (_squad(one), _squad(other))) for answer, one, other in triples],
    )
