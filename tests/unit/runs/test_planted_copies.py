"""Copies that a task plants: what is changed, what is right, and which rules see through it."""

import pyarrow as pa
import pytest

from harness.core.errors import NoEvidenceError
from harness.core.schema import DOCUMENTS
from harness.evaluation.draws import Draws
from harness.evaluation.tasks import CorpusIdentity, derive, read_tasks
from harness.evaluation.tasks.altering import other_frame, other_spelling, other_words
from harness.evaluation.tasks.near_duplicates import read_pair
from harness.systems.pair_similarity import same_words, shingle_jaccard
from harness.workflows.run import RunRequest, run

CORPUS = CorpusIdentity("tiny", "1.0.0", "c" * 64)
_SCHEMA = pa.schema([*DOCUMENTS, pa.field("split", pa.string())])
_SENTENCES = [
    "أعلنت إدارة المدرسة الكبرى في القرية عن افتتاح مكتبة للأطفال قرب الحديقة يوم 12 آذار.",
    "وقالت المديرة إن أهالي القرية جمعوا الكتب إلى أن امتلأت الرفوف كلها في أسبوع واحد.",
    "وسيقرأ متطوعون القصص على الأطفال مساء كل أربعاء، ثم يختار كل طفل كتاباً يعيره أسبوعين.",
]
_OTHERS = [
    "The old ferry crossed the bay for the last time on Sunday, with bands on both of its decks.",
    "Its captain had worked on it for thirty years and says that he will miss the gulls most.",
    "A bridge takes its place, and the crossing that took an hour now takes four minutes by bus.",
]


def document(name, sentences, **columns):
    """Make a row of a documents table."""
    shared = {"id": name, "cluster": name, "lang": "ar", "section": "x", "split": "train"}
    return {**shared, "text": "\n".join(sentences), **columns}


def task_of(tmp_path, entry, rows):
    """Derive the one task of an entry."""
    path = tmp_path / "tasks.toml"
    path.write_text(f"[[tasks]]\n{entry}", encoding="utf-8")
    (settings,) = read_tasks(path).values()
    return derive(settings, pa.Table.from_pylist(rows, schema=_SCHEMA), CORPUS)


ROWS = [
    document("a", _SENTENCES),
    document("b", [sentence[::-1] for sentence in _SENTENCES]),
    document("c", _OTHERS, lang="en"),
]


def test_each_document_is_paired_with_a_copy_and_with_another_texts_copy(tmp_path):
    """For every alteration, as many copies as others, all of one cluster with the document."""
    task = task_of(tmp_path, 'kind = "near-duplicates"\n', ROWS)
    items = [item for item in task.items.to_pylist() if item["document_id"] == "a"]
    assert [(item["variant"], item["reference"]) for item in items] == [
        (alteration, label)
        for alteration in ("spelling", "words", "frame")
        for label in ("copy", "different")
    ]
    assert {item["cluster"] for item in items} == {"a"}
    assert all(read_pair(item["input"])[0] == ROWS[0]["text"] for item in items)


def test_another_text_is_of_the_same_language_where_there_is_one(tmp_path):
    """A pair of two languages would be told apart by its letters."""
    task = task_of(
        tmp_path, 'kind = "near-duplicates"\nalterations = ["words"]\nchanged_share = 0.01\n', ROWS
    )
    different = [item for item in task.items.to_pylist() if item["item_id"] == "a#words-different"]
    other = read_pair(different[0]["input"])[1]
    assert shingle_jaccard([other], [ROWS[1]["text"]])[0] > 0.8


def test_the_same_seed_plants_the_same_copies(tmp_path):
    """Another seed makes another task; another document changes no other document's own copies."""
    entry = 'kind = "near-duplicates"\nseed = {}\n'
    first, again, other = (task_of(tmp_path, entry.format(seed), ROWS).subject for seed in (1, 1, 2))
    assert first == again
    assert first.task_fingerprint != other.task_fingerprint


def test_one_cluster_alone_holds_no_two_different_texts(tmp_path):
    """Without a stranger there is no gold for `different`."""
    rows = [{**row, "cluster": "one"} for row in ROWS]
    with pytest.raises(NoEvidenceError, match="no two documents of different clusters"):
        task_of(tmp_path, 'kind = "near-duplicates"\n', rows)


def test_another_spelling_keeps_every_word(tmp_path):
    """Folded as the build folds, the respelt text is the same; to lightly folded words it is another."""
    text = "\n".join(_SENTENCES)
    respelt = other_spelling(text, "", Draws(0, "x"), 0.0)
    assert respelt != text
    assert len(respelt.split()) == len(text.split())
    assert shingle_jaccard([text], [respelt])[0] == 1.0
    assert same_words([text], [respelt])[0] == 0.0


def test_accents_and_capitals_of_latin_texts_are_respelt():
    """Each on its own draws: some words keep them."""
    text = " ".join(["Café", "Élan", "naïve", "Zoë"] * 20)
    respelt = other_spelling(text, "", Draws(0, "x"), 0.0)
    assert {"Café", "Cafe", "café", "cafe"} & set(respelt.split()) > {"Café"}


@pytest.mark.parametrize("share", [0.1, 0.5])
def test_about_the_share_of_words_is_changed(share):
    """Words are dropped, doubled or replaced, and nothing else."""
    text = " ".join(f"word{number}" for number in range(1000))
    kept = set(other_words(text, "new words", Draws(0, "x"), share).split()) & set(text.split())
    # A word with one put beside it stays: two of three changes take it away.
    assert abs(1000 - len(kept) - 1000 * share * 2 / 3) < 60


def test_another_frame_keeps_the_middle():
    """A foreign line before and after; of three paragraphs the last goes, of two none."""
    text = "\n".join(_SENTENCES)
    framed = other_frame(text, "\n".join(_OTHERS), Draws(0, "x"), 0.0).split("\n")
    assert framed[1:-1] == _SENTENCES[:2]
    assert {framed[0], framed[-1]} <= set(_OTHERS)
    short = other_frame("\n".join(_SENTENCES[:2]), "\n".join(_OTHERS), Draws(0, "x"), 0.0)
    assert short.split("\n")[1:-1] == _SENTENCES[:2]


@pytest.mark.parametrize(
    ("system", "least", "most"), [("shingle-jaccard", 0.8, 1.0), ("same-words", 0.5, 0.5)]
)
def test_a_rule_that_folds_sees_through_spelling_and_the_same_words_do_not(tmp_path, system, least, most):
    """`same-words` calls everything different, which is half of the pairs."""
    path = tmp_path / "tasks.toml"
    path.write_text('[[tasks]]\nkind = "near-duplicates"\nalterations = ["spelling"]\n', encoding="utf-8")
    table = pa.Table.from_pylist(ROWS[:2], schema=_SCHEMA)
    done = run(RunRequest(CORPUS, table, path, tmp_path / "runs", "near-duplicates", system))
    assert least <= done.result.scores[0].value <= most


def test_a_lead_asks_for_the_rest_of_its_text(tmp_path):
    """The first paragraph is in no candidate; a text of one paragraph asks nothing but can be found."""
    rows = [*ROWS, document("d", ["One paragraph alone."])]
    task = task_of(tmp_path, 'kind = "retrieval"\nquery = "lead"\n', rows)
    assert task.items.column("input").to_pylist() == [row["text"].split("\n")[0] for row in ROWS]
    assert task.pool.texts == (
        *("\n".join(row["text"].split("\n")[1:]) for row in ROWS),
        "One paragraph alone.",
    )


def test_a_copy_asks_for_its_original(tmp_path):
    """The text that is asked is never the text that is found."""
    task = task_of(tmp_path, 'kind = "retrieval"\nquery = "copy"\n', ROWS)
    asked = task.items.to_pylist()
    assert [item["reference"] for item in asked] == ['["a"]', '["b"]', '["c"]']
    assert not set(task.pool.texts) & {item["input"] for item in asked}
    assert {item["variant"] for item in asked} <= {"spelling", "words", "frame"}
