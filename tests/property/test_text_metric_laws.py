"""Laws of text metrics: resampling the counts is resampling the corpus, and reading texts loses or invents nothing."""

import functools
import random
import re
import unicodedata

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sacrebleu.metrics import BLEU, CHRF
from support.made_pairs import made_pairs

from harness.evaluation.resampling import cluster_totals, resampled_totals
from harness.evaluation.scoring import Answered, score
from harness.evaluation.texts.bleu import bleu
from harness.evaluation.texts.chrf import chrf
from harness.evaluation.texts.known import names, text_metric
from harness.evaluation.texts.ngrams import ngram_matches, sequences_of_tokens
from harness.evaluation.texts.reading import Reading
from harness.text.levels import claims, levels, normalised
from harness.text.terms import JOINERS, terms, word_classes
from harness.text.tokens import tokenise, tokenisers

TEXTS = st.text(
    st.one_of(
        st.sampled_from("aB1é ,.'\n\u200c\u200d\u0301กี่ั中テー،؛؟كأإآىةیـَ٣۴ﻛﻼİΣς😀ﷺ\u200f\ud800-(&"),
        st.characters(),
    ),
    max_size=30,
)


@pytest.mark.parametrize(("metric", "theirs"), [("bleu", BLEU(force=True)), ("chrf", CHRF())])
def test_resampled_counts_give_what_the_library_gives_on_the_resampled_corpus(metric, theirs):
    """Each draw of clusters is built as a corpus, and scored by the library."""
    said, right = made_pairs(21, 30)
    clusters = [str(item // 3) for item in range(30)]
    ours = bleu(Reading(tokeniser="13a")) if metric == "bleu" else chrf(Reading())
    totals, _ = cluster_totals(ours.statistics(right, said), clusters)
    values = ours.formula(resampled_totals(totals, seed=5, resamples=20))
    # The same draws, read off by resampling one column a cluster that counts it.
    drawn = resampled_totals(np.eye(len(totals)), seed=5, resamples=20).astype(int)
    names_of_clusters = sorted(set(clusters))
    for value, counts in zip(values, drawn, strict=True):
        times = dict(zip(names_of_clusters, counts, strict=True))
        items = [item for item in range(30) for _ in range(times[clusters[item]])]
        corpus = theirs.corpus_score([said[item] for item in items], [[right[item] for item in items]])
        assert 100 * value == pytest.approx(corpus.score, rel=1e-12)


@pytest.mark.parametrize("name", [name for name in names() if name != "span_f1"])
def test_every_text_metric_goes_through_scoring_with_value_and_interval(name):
    """As runs score: n, value and bounds, the right way round, with failed answers among them."""
    said, right = made_pairs(22, 40)
    answers = [None if item % 7 == 0 else text for item, text in enumerate(said)]
    metric = text_metric(name, "ar")
    (scored,) = score(
        Answered(right, answers, [str(item) for item in range(40)]), [metric], on_missing="wrong", seed=1
    ).scores
    assert scored.n == 40
    assert scored.low <= scored.value <= scored.high
    assert scored.higher_is_better == (name not in {"cer", "wer", "ter"})
    assert scored.signature == metric.signature


def test_a_rate_over_no_reference_is_no_number():
    """Unknown is not zero: the score says that there is nothing to count."""
    answered = Answered(["", ""], ["a", "b"], ["1", "2"])
    (scored,) = score(answered, [text_metric("cer", "en")], on_missing="wrong", seed=1).scores
    assert scored.value is None
    assert "undefined" in scored.reason


def slow_matches(ones, others, order):
    """Count common n-grams the readable way."""
    counts = [
        {gram: grams.count(gram) for gram in grams}
        for tokens in (ones, others)
        for grams in [[tuple(tokens[at : at + order]) for at in range(len(tokens) - order + 1)]]
    ]
    return sum(min(count, counts[1].get(gram, 0)) for gram, count in counts[0].items())


@given(st.lists(st.tuples(*[st.lists(st.sampled_from("abcd"), max_size=12)] * 2), max_size=6))
@settings(deadline=None)
def test_matches_of_many_pairs_are_those_of_each(pairs):
    """One sort over all pairs counts as counting each pair by itself does."""
    ones, others = [one for one, _ in pairs], [other for _, other in pairs]
    counted = ngram_matches(*sequences_of_tokens(ones, others), 4)
    expected = [[slow_matches(one, other, n) for n in range(1, 5)] for one, other in pairs]
    assert counted.tolist() == expected


def test_matches_stay_exact_where_n_grams_do_not_fit_into_one_number():
    """20,000 or so different tokens: runs of four of them need 60 bits, with the pair more than there are."""
    chance = random.Random(4)  # noqa: S311 - test data
    sides = [[[str(chance.randrange(2**31)) for _ in range(1200)] for _ in range(20)] for _ in range(2)]
    sides[1] = [[*one[:600], *other[:600]] for one, other in zip(*sides, strict=True)]
    counted = ngram_matches(*sequences_of_tokens(*sides), 4)
    expected = [
        [slow_matches(one, other, n) for n in (1, 4)]
        for one, other in zip(sides[0][:2], sides[1][:2], strict=True)
    ]
    assert counted[:2, [0, 3]].tolist() == expected
    assert (counted[:, 3] >= 597).all()


@given(st.lists(TEXTS, max_size=4))
@settings(max_examples=300, deadline=None)
def test_terms_are_what_a_pattern_finds(texts):
    """The one pass over all texts cuts as a pattern cuts each of them."""
    assert terms(texts) == [word_pattern().findall(text.lower()) for text in texts]


@functools.cache
def word_pattern():
    """Write what a word is as a pattern."""
    classes = word_classes()
    run, single, marks = (f"[{re.escape(chars)}]" for chars in (classes.run, classes.singles, classes.marks))
    return re.compile(f"{run}+(?:[{JOINERS}]{run}+)*|{single}{marks}*")


@given(st.lists(TEXTS, max_size=4), st.sampled_from(sorted(tokenisers())))
@settings(max_examples=200, deadline=None)
def test_tokens_hold_no_blank_and_are_cut_text_by_text(texts, tokeniser):
    """A text's tokens do not depend on the texts beside it, and none is empty or holds a blank."""
    cut = tokenise(texts, tokeniser)
    assert cut == [tokenise([text], tokeniser)[0] for text in texts]
    assert all(token.split() == [token] for tokens in cut for token in tokens)


@given(TEXTS)
@settings(max_examples=200, deadline=None)
def test_words_leave_nothing_out_but_blanks(text):
    """Every character that is no blank is in one token, in order."""
    assert "".join(tokenise([text], "words")[0]) == "".join(text.split())


@given(st.lists(TEXTS, max_size=4), st.sampled_from(sorted(levels())))
@settings(max_examples=300, deadline=None)
def test_normalising_is_done_text_by_text_and_only_once(texts, level):
    """Neighbours do not matter, and folding what is folded changes nothing."""
    folded = normalised(texts, level)
    assert folded == [normalised([text], level)[0] for text in texts]
    assert normalised(folded, level) == folded


@pytest.mark.parametrize("level", levels())
@pytest.mark.parametrize("fold", claims())
def test_a_level_makes_two_spellings_one_exactly_where_it_lists_the_fold(level, fold):
    """The claims that the metric doctor tests whole metrics with hold for the level itself."""
    one, other = normalised(claims()[fold], level)
    assert (one == other) == (fold in levels()[level].folds)


@given(TEXTS)
@settings(deadline=None)
def test_the_light_level_touches_no_letter_but_presentation_forms(text):
    """What it drops is no letter, and what it changes are digits and presentation forms."""
    plain = unicodedata.normalize("NFC", text)
    letters = [
        char for char in plain if char.isalpha() and not "\ufb50" <= char <= "\ufefc" and char != "\u0640"
    ]
    folded = normalised([plain], "ar-light")[0]
    kept = iter(folded)
    assert all(letter in kept for letter in letters)
