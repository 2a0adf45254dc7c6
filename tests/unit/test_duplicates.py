"""What counts as a copy, seen on texts that one can read."""

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import settings as how
from hypothesis import strategies as st

from harness.core.recipe import DuplicateSettings
from harness.curation.buckets import REPRESENTATIVES, pairs_in_buckets
from harness.curation.components import components
from harness.curation.duplicates import find_clusters
from harness.curation.minhash import Banding
from harness.curation.signals import SignalContext, measure
from harness.curation.signatures import pass_over, signatures

SETTINGS = DuplicateSettings()
ARTICLE = (
    "أعلنت إدارة الحديقة الكبرى في المدينة أمس افتتاح الجناح الشرقي أمام الزوار بعد أعمال استمرت عامين "
    "وقالت المديرة إن التذاكر ستبقى على حالها حتى نهاية الموسم وإن ٢٤ نوعًا من الطيور وصلت إلى البحيرة"
)


def _find(texts, ranks=None, settings=SETTINGS):
    ranks = np.arange(len(texts)) if ranks is None else np.array(ranks)
    table = pa.Table.from_batches([signatures(pa.array(texts, pa.string()), settings)])
    return find_clusters(table, ranks, settings)


def _words(start, stop):
    return " ".join(f"w{number}" for number in range(start, stop))


@pytest.mark.parametrize(
    ("spelling", "other"),
    [
        ("إلى أين آمن", "الى اين امن"),
        ("مدرسة", "مدرسه"),
        ("علي", "على"),
        ("کتاب فارسی", "كتاب فارسي"),
        ("كتاب", "كـــتاب"),
        ("كِتَابٌ", "كتاب"),
        ("٢٠٢٤ ۲۰۲۴", "2024 2024"),
        ("می\N{ZERO WIDTH NON-JOINER}رود", "میرود"),
        ("\N{ARABIC LIGATURE LAM WITH ALEF FINAL FORM}", "لا"),
        ("STRASSE Ärger", "straße a\N{COMBINING DIAERESIS}rger"),
        ("نعم، لا", "نعم لا."),
    ],
)
def test_two_spellings_of_one_text_are_copies_but_not_exact_ones(spelling, other):
    """Each fold by itself makes two texts equal in words."""
    found = _find([spelling, other])
    assert found.kind.tolist() == ["survivor", "near"]
    assert found.similarity[1] == 1.0


@pytest.mark.parametrize(("text", "other"), [("كلب", "قلب"), ("हिन्दी", "हिन्द"), ("12", "21"), ("ab", "a b")])
def test_different_words_stay_different(text, other):
    """No fold goes further than it says."""
    assert _find([text, other]).kind.tolist() == ["survivor", "survivor"]


def test_the_same_bytes_are_an_exact_copy_even_of_a_copy_s_survivor():
    """Equal bytes are exact, equal words near, whichever comes between."""
    found = _find([ARTICLE, ARTICLE.replace("أ", "ا"), ARTICLE])
    assert found.kind.tolist() == ["survivor", "near", "exact"]
    assert found.survivor.tolist() == [0, 0, 0]


def test_a_copy_of_a_copy_names_the_survivor_and_not_the_copy():
    """Equals of a refused text share its fate, its survivor and its similarity."""
    changed = _words(0, 38) + " else where"
    found = _find([_words(0, 40), changed, changed, changed.upper()])
    assert found.kind.tolist() == ["survivor", "near", "near", "near"]
    assert found.survivor.tolist() == [0, 0, 0, 0]
    assert len(set(found.similarity[1:].tolist())) == 1


def test_nothing_equals_nothing():
    """Empty, blank and missing texts are each alone; marks without words are copies byte by byte only."""
    found = _find(["", "", " \n", " \n", None, None, "!!", "!!", "?!"])
    assert found.kind.tolist() == ["survivor"] * 7 + ["exact", "survivor"]


def test_texts_shorter_than_a_shingle_are_compared_whole():
    """One word equals the same word, and is no part of a longer text."""
    found = _find(["خبر", "Other", "خَبَر", "خبر عاجل", "other"])
    assert found.kind.tolist() == ["survivor", "survivor", "near", "survivor", "near"]


def test_only_what_lies_inside_is_a_contained_copy():
    """The shorter text adds nothing to the longer one; the longer one says what nobody else says."""
    long, short = _words(0, 100), _words(20, 80)
    settings = DuplicateSettings(duplicate=0.9, related=0.5)
    inside = _find([long, short], settings=settings)
    assert inside.kind.tolist() == ["survivor", "contained"]
    assert inside.similarity[1] == 1.0
    around = _find([short, long], settings=settings)
    assert around.kind.tolist() == ["survivor", "related"]
    assert around.cluster.tolist() == [0, 0]
    assert around.similarity[1] == pytest.approx(59 / 99)


def test_a_chain_of_small_steps_refuses_only_what_is_like_a_survivor():
    """Each text is a copy of the one before it; the ends have nothing in common, and both stay."""
    chain = [_words(10 * step, 10 * step + 100) for step in range(12)]
    found = _find(chain)
    assert set(found.cluster.tolist()) == {0}
    assert found.kind.tolist().count("related") >= 2
    assert not found.is_copy[-1] or found.similarity[-1] >= SETTINGS.duplicate


def test_the_better_ranked_text_survives_wherever_it_stands():
    """Rank decides, not the order of rows."""
    found = _find([ARTICLE, ARTICLE + " ختام", ARTICLE], ranks=[7, 3, 5])
    assert found.survivor.tolist() == [1, 1, 1]
    assert found.cluster.tolist() == [1, 1, 1]
    assert found.first_row.tolist() == [0, 0, 0]


def test_work_on_a_huge_bucket_grows_with_its_texts_and_not_their_square():
    """Each text is compared with the best 32 of a bucket at most, and all copies are found."""
    pairs = pairs_in_buckets(np.full((3, 2000), 5 << 40, np.uint64))
    assert len(pairs.first) <= 2000 * REPRESENTATIVES
    assert set(pairs.first.tolist()) == set(range(REPRESENTATIVES))
    small, large = (_find([f"{ARTICLE} {number}" for number in range(rows)]) for rows in (200, 400))
    assert large.kind.tolist() == ["survivor"] + ["near"] * 399
    assert large.compared < 2.5 * small.compared


def test_a_template_filled_over_and_over_costs_no_more_than_its_representatives():
    """Equal texts are set aside before anything is compared."""
    assert _find([ARTICLE] * 500).compared == 0


def test_no_texts_are_no_clusters():
    """An empty corpus has empty arrays."""
    assert _find([]).cluster.tolist() == []


def test_ties_in_rank_are_refused():
    """Who survives must not be left to chance."""
    with pytest.raises(ValueError, match="same rank"):
        _find(["a", "b"], ranks=[1, 1])
    with pytest.raises(ValueError, match="as many ranks"):
        _find(["a", "b"], ranks=[1])


def test_signatures_of_other_settings_are_refused():
    """Keys of another banding would silently find nothing."""
    table = pa.Table.from_batches([signatures(pa.array(["a b c"]), DuplicateSettings(duplicate=0.9))])
    with pytest.raises(ValueError, match="other settings"):
        find_clusters(table, np.array([0]), DuplicateSettings(duplicate=0.5))


def test_the_default_finds_copies_and_most_related_texts():
    """The probabilities that the documentation states."""
    banding = Banding.for_settings(SETTINGS)
    assert (banding.bands, banding.rows) == (36, 4)
    assert banding.found(0.65) == pytest.approx(0.9992, abs=1e-4)
    assert banding.found(0.5) == pytest.approx(0.902, abs=1e-3)
    assert banding.found(0.4) == pytest.approx(0.607, abs=1e-3)


def test_candidates_are_met_as_often_as_minhash_promises():
    """Pairs at a Jaccard of 0.5 share a key in about 90 of 100 cases, short texts included."""
    # 15 and 15 words with 10 runs of two in common each: 9 / (14 + 14 - 9) is just under one half.
    pairs = [
        (f"{_common(number)} {_own(number, 'a')}", f"{_common(number)} {_own(number, 'b')}")
        for number in range(400)
    ]
    table = signatures(pa.array([text for pair in pairs for text in pair]), SETTINGS).to_pylist()
    met = [
        bool(set(one["bands"]) & set(other["bands"]))
        for one, other in zip(table[::2], table[1::2], strict=True)
    ]
    expected = Banding.for_settings(SETTINGS).found(9 / 19)
    assert np.mean(met) == pytest.approx(expected, abs=4 * (expected * (1 - expected) / len(met)) ** 0.5)


def _common(number):
    return " ".join(f"c{number}x{place}" for place in range(10))


def _own(number, which):
    return " ".join(f"{which}{number}x{place}" for place in range(5))


@given(st.integers(1, 12), st.lists(st.tuples(st.integers(0, 11), st.integers(0, 11)), max_size=20))
def test_components_are_labelled_by_their_least_member(size, pairs):
    """Against a spread from each member in turn."""
    pairs = [(one % size, other % size) for one, other in pairs]
    left, right = (np.array([pair[side] for pair in pairs], np.int64) for side in (0, 1))
    expected = list(range(size))
    for _ in range(size):
        for one, other in pairs:
            expected[one] = expected[other] = min(expected[one], expected[other])
    assert components(size, left, right).tolist() == expected


@how(deadline=None)  # the first call builds tables
@given(
    st.lists(st.text(st.sampled_from("كتاب ـًٱﻻ٣aé!\n\u200c\u200f\u0301\ufe0f❤中𐌀क्"), max_size=30), max_size=4)
)
def test_the_signal_words_counts_the_words_that_copies_are_told_by(texts):
    """One definition of a word, measured in two ways."""
    column = pa.array(texts, pa.string())
    rows = len(texts)
    context = SignalContext(
        lang=pa.nulls(rows, pa.string()),
        lang_score=pa.nulls(rows, pa.float64()),
        lang_margin=pa.nulls(rows, pa.float64()),
        lang_second=pa.nulls(rows, pa.string()),
        script=pa.nulls(rows, pa.string()),
        script_share=pa.nulls(rows, pa.float64()),
        foreign_paragraph_share=pa.nulls(rows, pa.float64()),
        lang_declared=pa.nulls(rows, pa.string()),
        residue_hits=pa.nulls(rows, pa.int64()),
        edits=pa.nulls(rows, pa.int64()),
        decode_repairs=pa.nulls(rows, pa.list_(pa.string())),
        title=pa.nulls(rows, pa.string()),
        author=pa.nulls(rows, pa.string()),
        date_unread=pa.nulls(rows, pa.bool_()),
    )
    counted = measure(column, column, context, pass_over(column, SETTINGS).counts)["words"].to_pylist()
    assert counted == signatures(column, SETTINGS)["words"].to_pylist()
