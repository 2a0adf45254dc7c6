"""Laws of tasks, metrics and identifiers on generated input."""

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.packages import needs_pycld2

from harness.core.errors import NoEvidenceError
from harness.core.schema import DOCUMENTS
from harness.evaluation.metrics import label_metrics, ndcg, ranking_metrics, reciprocal_rank
from harness.evaluation.scoring import Answered, score
from harness.evaluation.tasks import CorpusIdentity, derive, language_id, retrieval
from harness.systems.identifiers import identifier_names, open_identifier
from harness.text.search_words import fold, search_words
from harness.text.tags import macrolanguage, shortest_tag

pytestmark = needs_pycld2

ANY_TEXT = st.text(st.characters(), max_size=80)
LABELS = st.sampled_from(["ar", "fa", "ckb", "ku", "und", "zh-Hant"])
POOL = [f"d{number}" for number in range(8)]
RANKINGS = st.lists(st.sampled_from(POOL), unique=True).map(tuple)
RELEVANT = st.lists(st.sampled_from(POOL), min_size=1, unique=True).map(tuple)
DOCUMENT = st.fixed_dictionaries(
    {
        "text": st.text(st.characters(exclude_categories=["Cs"]), max_size=120),
        "title": st.none() | st.text("abc ابت\n ", max_size=12),
        "lang_declared": st.none() | st.sampled_from(["ar", "prs", "en-GB", "", "zxx"]),
        "lang": st.sampled_from(["ar", "und"]),
        "cluster": st.none() | st.sampled_from(["c1", "c2", "c3"]),
        "split": st.sampled_from(["train", "validation", "test"]),
    }
)


@pytest.mark.parametrize("name", identifier_names())
@given(texts=st.lists(ANY_TEXT, max_size=5))
@settings(max_examples=60, deadline=None)
def test_any_text_gets_a_shortest_tag_and_a_score(name, texts):
    """Surrogates, controls, noncharacters: nothing makes an identifier raise or stray from its contract."""
    told = open_identifier(name).identify(texts)
    assert len(told) == len(texts)
    for identified in told:
        assert shortest_tag(identified.tag) == identified.tag
        assert 0 <= identified.score <= 1


@given(tag=st.text(max_size=12) | st.from_regex(r"[a-z]{2,3}(-[A-Za-z]{2,4})?", fullmatch=True))
def test_shortening_a_tag_twice_is_shortening_it_once(tag):
    """So are the tags of macrolanguages."""
    assert shortest_tag(shortest_tag(tag)) == shortest_tag(tag)
    assert macrolanguage(macrolanguage(tag)) == macrolanguage(tag)


@given(text=ANY_TEXT)
def test_words_are_made_of_letters_marks_and_digits_of_the_folded_text(text):
    """No blank and no punctuation is part of a word, and every word stands in the folded text."""
    folded = fold(text)
    for word in search_words(text):
        assert word
        assert word in folded
        assert not any(letter.isspace() for letter in word)


@given(references=st.lists(LABELS, min_size=1, max_size=20), data=st.data())
def test_label_scores_lie_between_nothing_right_and_all_right(references, data):
    """Repeating the reference scores 1, answering nothing 0, anything else in between."""
    answers = data.draw(st.lists(st.none() | LABELS, min_size=len(references), max_size=len(references)))
    clusters = ["c"] * len(references)
    for answer, low, high in ((references, 1, 1), ([None] * len(references), 0, 0), (answers, 0, 1)):
        scored = score(
            Answered(references, answer, clusters), label_metrics("macrolanguage"), on_missing="wrong", seed=0
        )
        assert all(low <= entry.value <= high for entry in scored.scores)


@given(relevant=RELEVANT, ranking=RANKINGS, top_k=st.integers(1, 10))
def test_a_relevant_candidate_first_is_the_best_ranking(relevant, ranking, top_k):
    """All relevant candidates first score 1; no ranking scores more, none without a relevant one scores."""
    best = (*relevant, *(name for name in ranking if name not in relevant))
    for metric in (reciprocal_rank, ndcg):
        assert 0 <= metric(relevant, ranking, top_k) <= 1 + 1e-12
        assert metric(relevant, best, top_k) == pytest.approx(1)
        assert metric(relevant, tuple(name for name in ranking if name not in relevant), top_k) == 0


@given(
    answers=st.lists(st.tuples(RELEVANT, RANKINGS, st.sampled_from("xyz")), min_size=1, max_size=12),
    data=st.data(),
)
@settings(max_examples=40, deadline=None)
def test_the_order_of_items_changes_no_score_and_no_interval(answers, data):
    """A score is a property of a set of items."""
    shuffled = data.draw(st.permutations(answers))
    scores = [
        score(
            Answered(*map(list, zip(*rows, strict=True))), ranking_metrics(10), on_missing="wrong", seed=3
        ).scores
        for rows in (answers, shuffled)
    ]
    assert scores[0] == scores[1]


@pytest.mark.parametrize("kind", [language_id.KIND, retrieval.KIND], ids=lambda kind: kind.name)
@given(rows=st.lists(DOCUMENT, min_size=1, max_size=8))
@settings(max_examples=60, deadline=None)
def test_items_have_ids_of_their_own_and_a_reference_or_there_is_no_task(kind, rows):
    """Whatever the documents lack, a task either has sound items or says that it has none."""
    table = pa.Table.from_pylist(
        [{"id": f"n{number}", **row} for number, row in enumerate(rows)],
        schema=pa.schema([*DOCUMENTS, pa.field("split", pa.string())]),
    )
    wanted = kind.settings(name=kind.name, kind=kind.name)
    try:
        task = derive(wanted, table, CorpusIdentity("generated", "1.0.0", "0" * 64))
    except NoEvidenceError:
        return
    ids = task.items.column("item_id").to_pylist()
    assert len(set(ids)) == len(ids) == task.subject.items
    assert set(task.items.column("document_id").to_pylist()) <= {f"n{number}" for number in range(len(rows))}
    assert all(task.read_answer(reference) == reference for reference in task.references)
    assert not any(
        value is None
        for name in ("input", "reference", "cluster")
        for value in task.items.column(name).to_pylist()
    )
