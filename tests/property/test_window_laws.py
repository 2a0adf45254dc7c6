"""Laws of windows of words, in a line and as items of a task."""

import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.core.schema import DOCUMENTS
from harness.evaluation.tasks import CorpusIdentity, derive, language_id
from harness.text.windows import word_windows

_TEXT = st.text(
    st.sampled_from("ab كلم 12.、市长\u200c\n") | st.characters(exclude_categories=["Cs"]), max_size=200
)
_WORDS = st.integers(1, 5)


def _items(texts, words, most):
    rows = [
        {"id": f"d{n}", "text": text, "lang_declared": "ar", "split": "train"} for n, text in enumerate(texts)
    ]
    schema = pa.schema([*DOCUMENTS, pa.field("split", pa.string())])
    # A document that always has items, so that no example is without any.
    rows.append({"id": "sure", "text": "كلمة " * 60, "lang_declared": "ar", "split": "train"})
    chosen = language_id.LanguageIdSettings(
        name="short", unit="words", words=words, windows_per_document=most, min_letters=1
    )
    table = pa.Table.from_pylist(rows, schema=schema)
    return derive(chosen, table, CorpusIdentity("tiny", "1.0.0", "c" * 64)).items.to_pylist()


@given(line=_TEXT, words=_WORDS)
def test_pieces_stand_in_the_line_in_order_without_overlap(line, words):
    """Nothing is made up, folded or joined: each piece is found after the end of the one before."""
    end = 0
    for _, piece in word_windows(line, words):
        start = line.index(piece, end)
        assert start >= end
        end = start + len(piece)


@given(line=_TEXT, words=_WORDS)
def test_pieces_hold_as_many_words_as_they_are_asked_to(line, words):
    """Cut into single words, a line gives the words of its pieces, and fewer than one more piece is left."""
    alone = word_windows(line, 1)
    pieces = word_windows(line, words)
    assert [first for first, _ in pieces] == [1 + words * place for place in range(len(alone) // words)]
    assert all(sum(map(str.isalpha, word)) > 0 for _, word in alone)


@given(texts=st.lists(_TEXT, max_size=3), words=_WORDS, most=st.integers(1, 9))
@settings(max_examples=60, deadline=None)
def test_every_document_gives_all_its_windows_or_as_many_as_it_may(texts, words, most):
    """The share of a document is bounded; ids differ; those kept are among all, in the same order."""
    few, every = _items(texts, words, most), _items(texts, words, 10_000)
    assert [row for row in every if row in few] == few
    assert len({row["item_id"] for row in every}) == len(every)
    for document in {row["document_id"] for row in every}:
        counts = [sum(row["document_id"] == document for row in rows) for rows in (few, every)]
        assert counts[0] == min(counts[1], most)
