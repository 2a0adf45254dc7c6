"""Tasks that systems learn for: what may be learnt from, what is asked, and what the baselines reach."""

import pyarrow as pa
import pytest

from harness.core.errors import ConfigurationError, ExitCode, NoEvidenceError
from harness.core.schema import DOCUMENTS
from harness.evaluation.tasks import CorpusIdentity, TaskBrief, derive, read_tasks
from harness.systems.registry import open_system
from harness.workflows.run import RunRequest, run

SCHEMA = pa.schema([*DOCUMENTS, pa.field("split", pa.string())])
CORPUS = CorpusIdentity("tiny", "1.0.0", "c" * 64)
SPORTS = ["the team won the match", "the goal came late", "a coach left the team", "fans saw the final match"]
ECONOMY = [
    "the bank raised its rate",
    "prices fell again",
    "a bank sold its shares",
    "shares and prices rose",
]
SPLITS = ["train", "train", "train", "test"]


def rows(**changed):
    """Make eight documents of two sections; the last of each is asked about."""
    return [
        {
            "id": f"{section}{number}",
            "cluster": f"{section}{number}",
            "lang": "en",
            "section": section,
            "source": "wire" if number % 2 else "desk",
            "text": text,
            "split": split,
            **changed,
        }
        for section, texts in (("sports", SPORTS), ("economy", ECONOMY))
        for number, (text, split) in enumerate(zip(texts, SPLITS, strict=True))
    ]


def table(documents):
    """Make a documents table of them."""
    return pa.Table.from_pylist(documents, schema=SCHEMA)


def task_of(tmp_path, kind="topic", documents=None, entry=""):
    """Derive a task of a kind from the documents."""
    path = tmp_path / "tasks.toml"
    path.write_text(f'[[tasks]]\nkind = "{kind}"\n{entry}', encoding="utf-8")
    return derive(read_tasks(path)[kind], table(rows() if documents is None else documents), CORPUS)


def test_a_topic_is_the_section_that_the_metadata_names(tmp_path):
    """One item a document of the splits that are asked, with its whole text."""
    items = task_of(tmp_path).items.to_pylist()
    assert [(item["item_id"], item["input"], item["reference"]) for item in items] == [
        ("sports3", SPORTS[3], "sports"),
        ("economy3", ECONOMY[3], "economy"),
    ]


def test_systems_learn_from_train_alone(tmp_path):
    """Examples are made like items, of documents that are not asked about."""
    task = task_of(tmp_path)
    assert [(one.input, one.reference) for one in task.brief.examples] == [
        (text, section) for section, texts in (("sports", SPORTS), ("economy", ECONOMY)) for text in texts[:3]
    ]


def test_a_copy_of_what_is_asked_is_not_learnt_from(tmp_path):
    """A document of train in a cluster with an asked one would give its label away."""
    documents = rows()
    documents[0]["cluster"] = "sports3"
    examples = task_of(tmp_path, documents=documents).examples
    assert SPORTS[0] not in [one.input for one in examples]
    assert len(examples) == 5


def test_examples_are_in_the_fingerprint(tmp_path):
    """Who learnt from other texts took another test."""
    documents = rows()
    documents[0]["text"] += " at last"
    fingerprints = {task_of(tmp_path, documents=one).subject.task_fingerprint for one in (rows(), documents)}
    assert len(fingerprints) == 2


def test_what_is_learnt_from_cannot_be_asked(tmp_path):
    """`splits = ["train"]` would measure memory."""
    with pytest.raises(ConfigurationError, match="learn from 'train'"):
        task_of(tmp_path, entry='splits = ["train", "test"]\n')


def test_a_corpus_without_train_is_no_evidence(tmp_path):
    """There is nothing to learn from, and the error says so."""
    documents = [row for row in rows() if row["split"] == "test"]
    with pytest.raises(NoEvidenceError, match="nothing to learn from") as raised:
        task_of(tmp_path, documents=documents)
    assert raised.value.exit_code == ExitCode.NO_EVIDENCE


@pytest.mark.parametrize(("section", "words"), [(None, "no document has a section"), ("one", "has the same")])
def test_labels_that_tell_nothing_apart_are_no_gold(tmp_path, section, words):
    """No section, or one for all: there is no task."""
    with pytest.raises(NoEvidenceError, match=words):
        task_of(tmp_path, documents=rows(section=section))


def test_of_a_large_corpus_documents_are_drawn_by_seed(tmp_path):
    """The same ones each time, others by another seed, in the corpus' order."""
    documents = [{**row, "id": f"{row['id']}-{copy}"} for row in rows() for copy in range(20)]
    drawn = [
        task_of(tmp_path, documents=documents, entry=f"max_documents = 12\nseed = {seed}\n").items.column(
            "item_id"
        )
        for seed in (1, 1, 2)
    ]
    assert drawn[0].to_pylist() == drawn[1].to_pylist() != drawn[2].to_pylist()
    order = [row["id"] for row in documents]
    assert sorted(drawn[0].to_pylist(), key=order.index) == drawn[0].to_pylist()
    assert len(drawn[0]) == 12


@pytest.mark.parametrize(("system", "accuracy"), [("tfidf-svc", 1.0), ("majority", 0.5)])
def test_words_tell_sections_and_the_commonest_section_does_not(tmp_path, system, accuracy):
    """Two systems of which one learnt something."""
    (tmp_path / "tasks.toml").write_text('[[tasks]]\nkind = "topic"\n', encoding="utf-8")
    request = RunRequest(CORPUS, table(rows()), tmp_path / "tasks.toml", tmp_path / "runs", "topic", system)
    assert run(request).result.scores[0].value == accuracy


@pytest.mark.parametrize("system", ["tfidf-svc", "majority"])
def test_a_system_that_learns_refuses_a_task_without_examples(system):
    """It would answer by nothing."""
    with pytest.raises(ConfigurationError, match="learns from examples"):
        open_system(system, kind="topic").prepare(TaskBrief("topic", ("a",)))


def test_one_label_in_train_is_nothing_to_learn(tmp_path):
    """Whoever learns from one section knows one answer; the error names the split."""
    documents = [row for row in rows() if row["section"] == "sports" or row["split"] == "test"]
    with pytest.raises(NoEvidenceError, match=r"learn from in the split train: .* has the same"):
        task_of(tmp_path, documents=documents)
