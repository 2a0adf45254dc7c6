"""Laws of finding copies: the kernels equal their slow reference, order is nothing, no chain refuses anything."""

import math
import unicodedata

import numpy as np
import pyarrow as pa
import pytest
import xxhash
from hypothesis import given, settings
from hypothesis import strategies as st
from support.duplicates_reference import clusters as reference_clusters
from support.duplicates_reference import folded_words, signature

from harness.core.recipe import DuplicateSettings
from harness.curation import passes
from harness.curation.duplicates import find_clusters
from harness.curation.minhash import Banding
from harness.curation.signatures import SIGNATURES, signatures

# Three-word shingles leave room for texts shorter than a shingle; the thresholds make all kinds frequent.
SETTINGS = DuplicateSettings(shingle_words=3, duplicate=0.6, contained=0.8, related=0.3)
WORDS = [
    "كتاب",
    "كِتـاب",
    "كتابة",
    "مدرسه",
    "مدرسة",
    "على",
    "علي",
    "٢٠٢٤",
    "2024",
    "Straße",
    "STRASSE",
    "𐌀𐌁",
    "中文",
    "क्या",
    "ﻻ",
    "لا",
]
# Of the older characters all versions of the database say the same.
CHARACTERS = st.characters(exclude_categories=["Cs", "Cn"], max_codepoint=0x1FFFF).filter(
    lambda char: unicodedata.ucd_3_2_0.category(char) == unicodedata.category(char)
)
ANY_TEXT = st.one_of(
    st.text(CHARACTERS, max_size=30),
    st.lists(st.sampled_from(WORDS), max_size=12).map(" ".join),
    st.sampled_from(["", " ", "!", "؟ …", "كلمة"]),
)
# Few words in long runs, and edits of earlier texts: likenesses of every degree.
ALIKE = st.lists(
    st.tuples(
        st.integers(0, 3), st.integers(0, 14), st.integers(3, 16), st.sampled_from(["", "كتاب", "x", "!"])
    ),
    min_size=1,
    max_size=14,
).map(lambda parts: [_article(*part) for part in parts])


def _article(number, start, length, extra):
    words = [f"{number if place % 5 else 9}w{place}" for place in range(start, start + length)]
    return " ".join([*words, extra]).strip()


def _table(texts, chosen=SETTINGS):
    return pa.Table.from_batches([signatures(pa.array(texts, pa.string()), chosen)])


def _rows(found):
    return list(
        zip(
            found.cluster.tolist(),
            found.survivor.tolist(),
            [None if math.isnan(value) else value for value in found.similarity.tolist()],
            found.kind.tolist(),
            strict=True,
        )
    )


@settings(deadline=None)  # the first call builds tables
@given(st.lists(ANY_TEXT, max_size=6), st.integers(1, 4))
def test_signatures_equal_the_slow_reference(texts, shingle_words):
    """Folding, word hashes, shingles and band keys are the same numbers, whatever the text."""
    chosen = DuplicateSettings(shingle_words=shingle_words)
    for text, row in zip(texts, _table(texts, chosen).to_pylist(), strict=True):
        expected = signature(text, chosen)
        assert (row["folded_hash"], row["words"], row["shingles"], row["bands"]) == expected
        digest = xxhash.xxh3_128_digest(text.encode())
        assert row["exact_hash"] == (digest if row["words"] or text.strip() else None)


@settings(deadline=None)  # the first call builds tables
@given(st.lists(ANY_TEXT, max_size=8), st.integers(1, 60))
def test_how_texts_are_batched_and_sliced_changes_nothing(texts, batch_bytes):
    """One batch a text or one for all, from the middle of a column or from a large one: the same rows."""
    column = pa.array(["before", *texts, None, "after"], pa.string())
    whole = signatures(column, SETTINGS)
    assert whole.schema == SIGNATURES
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passes, "_PLAIN_BATCH_BYTES", batch_bytes)
        assert signatures(column, SETTINGS).equals(whole)
    assert signatures(column.slice(1, len(texts)), SETTINGS).to_pylist() == whole.to_pylist()[1:-2]
    assert signatures(column.cast(pa.large_string()), SETTINGS).equals(whole)


@settings(deadline=None)  # the first call builds tables
@given(ALIKE, st.randoms(use_true_random=False))
def test_clusters_equal_the_slow_reference(texts, random):
    """Pair by pair and by the definitions: the same clusters, survivors, similarities and kinds."""
    ranks = random.sample(range(100), len(texts))
    found = find_clusters(_table(texts), np.array(ranks), SETTINGS)
    expected = [
        (cluster, survivor, None if math.isnan(similarity) else similarity, kind)
        for cluster, survivor, similarity, kind in reference_clusters(texts, ranks, SETTINGS)
    ]
    assert _rows(found) == expected


@settings(deadline=None)  # the first call builds tables
@given(ALIKE, st.randoms(use_true_random=False))
def test_the_order_of_rows_is_nothing(texts, random):
    """Rows shuffled with their ranks come to the same clusters and survivors."""
    shuffled = random.sample(range(len(texts)), len(texts))
    straight = _rows(find_clusters(_table(texts), np.arange(len(texts)), SETTINGS))
    mixed = _rows(find_clusters(_table([texts[row] for row in shuffled]), np.array(shuffled), SETTINGS))
    for place, row in enumerate(shuffled):
        cluster, survivor, similarity, kind = mixed[place]
        assert (shuffled[cluster], shuffled[survivor], similarity, kind) == straight[row]


@settings(deadline=None)  # the first call builds tables
@given(ALIKE)
def test_nothing_is_refused_without_likeness_of_its_own_to_a_text_that_stays(texts):
    """Whatever the chain of small steps, a copy is verified against its survivor, and the survivor stays."""
    found = find_clusters(_table(texts), np.arange(len(texts)), SETTINGS)
    shingles = [set(signature(text, SETTINGS)[2]) for text in texts]
    for row in np.flatnonzero(found.is_copy).tolist():
        survivor = int(found.survivor[row])
        assert not found.is_copy[survivor]
        assert survivor < row
        assert found.cluster[survivor] == found.cluster[row]
        shared = len(shingles[row] & shingles[survivor])
        is_near = shared / len(shingles[row] | shingles[survivor]) >= SETTINGS.duplicate
        assert is_near or shared / len(shingles[row]) >= SETTINGS.contained


@settings(deadline=None)  # the first call builds tables
@given(ALIKE)
def test_every_row_is_in_one_cluster_whose_best_is_its_survivor(texts):
    """Clusters are named by a member that stays and has the best rank; none is without one."""
    found = find_clusters(_table(texts), np.arange(len(texts)), SETTINGS)
    for row, cluster in enumerate(found.cluster.tolist()):
        assert cluster <= row
        assert found.cluster[cluster] == cluster
        assert found.kind[cluster] == "survivor"
        assert (found.kind[row] == "survivor") == (cluster == row) == math.isnan(found.similarity[row])
    assert (found.first_row == found.cluster).all()


@settings(deadline=None)  # the first call builds tables
@given(st.text(alphabet=st.sampled_from("أإآؤئةىيكeéïñöАй٠3ـًّ \u0301\u0654"), max_size=30))
def test_composed_and_decomposed_spellings_fold_alike(text):
    """What Unicode calls the same text has the same words."""
    forms = [unicodedata.normalize(form, text) for form in ("NFC", "NFD")]
    one, other = _table(forms).to_pylist()
    assert one["folded_hash"] == other["folded_hash"]
    assert folded_words(forms[0]) == folded_words(forms[1])


@settings(deadline=None)  # the first call builds tables
@given(st.floats(0.05, 1), st.integers(1, 4))
def test_copies_become_candidates_with_the_promised_probability(duplicate, shingle_words):
    """Whatever the threshold, a pair that meets it is missed once in a thousand at most."""
    chosen = DuplicateSettings(duplicate=duplicate, related=0.05, shingle_words=shingle_words)
    assert Banding.for_settings(chosen).found(duplicate) >= 0.999 - 1e-12
