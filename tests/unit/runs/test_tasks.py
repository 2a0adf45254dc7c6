"""Tasks: what items are made of, what is right, and how a corpus without gold is told."""

import json

import pyarrow as pa
import pytest

from harness.core.errors import ConfigurationError, ExitCode, NoEvidenceError, SeveralErrors
from harness.evaluation.tasks import CorpusIdentity, derive, read_tasks

CORPUS = CorpusIdentity("tiny", "1.0.0", "c" * 64)
_SHORT = """[[tasks]]
name = "short"
kind = "language-id"
unit = "words"
words = {words}
windows_per_document = {most}
"""


def settings_from(tmp_path, text, name):
    """Read a tasks file and pick one task."""
    path = tmp_path / "tasks.toml"
    path.write_text(text, encoding="utf-8")
    return read_tasks(path)[name]


def default(tmp_path, name):
    """Give a kind's task in a corpus without a tasks file."""
    return read_tasks(tmp_path / "absent.toml")[name]


def without(documents, column):
    """Set a column to null."""
    position = documents.column_names.index(column)
    return documents.set_column(position, column, pa.nulls(documents.num_rows, pa.string()))


def test_a_corpus_without_a_tasks_file_has_every_kind_that_needs_no_setting(tmp_path):
    """Nothing has to be written to measure a system."""
    assert {"language-id", "retrieval", "topic", "source"} <= set(read_tasks(tmp_path / "absent.toml"))


def test_language_id_asks_each_line_for_its_documents_declared_language(documents, tmp_path):
    """Items are lines with enough letters, named by document and line number."""
    items = derive(default(tmp_path, "language-id"), documents, CORPUS).items.to_pylist()
    first = items[1]
    assert (first["item_id"], first["reference"], first["cluster"]) == ("a1#L2", "ar", "c1")
    assert first["input"] == documents.column("text")[0].as_py().split("\n")[1]
    assert len(items) == 10


def test_short_lines_are_not_asked(documents, tmp_path):
    """On a date or a lone name nobody can be right."""
    settings = settings_from(tmp_path, '[[tasks]]\nkind = "language-id"\nmin_letters = 60\n', "language-id")
    items = derive(settings, documents, CORPUS).items
    assert all(sum(map(str.isalpha, text)) >= 60 for text in items.column("input").to_pylist())
    assert 0 < items.num_rows < 10


def test_headlines_are_asked_as_lines_where_that_is_wanted(documents, tmp_path):
    """They stand apart from the text; a document without one asks none. Left out, the task is what it was."""
    with_them = settings_from(
        tmp_path, '[[tasks]]\nkind = "language-id"\nheadlines = true\nmin_letters = 1\n', "language-id"
    )
    items = derive(with_them, documents, CORPUS).items.to_pylist()
    assert [items[0]["item_id"], items[0]["input"]] == ["a1#title", documents.column("title")[0].as_py()]
    assert sum(item["item_id"].endswith("#title") for item in items) == 6
    with pytest.raises(ConfigurationError, match="belongs to unit"):
        settings_from(
            tmp_path, '[[tasks]]\nkind = "language-id"\nunit = "words"\nheadlines = true\n', "language-id"
        )


def test_language_id_by_document_asks_whole_texts(documents, tmp_path):
    """The unit is a setting; the item is then named like the document."""
    settings = settings_from(
        tmp_path, '[[tasks]]\nname = "docs"\nkind = "language-id"\nunit = "document"\n', "docs"
    )
    task = derive(settings, documents, CORPUS)
    assert task.items.column("item_id").to_pylist() == documents.column("id").to_pylist()
    assert task.subject.task == "docs"


def test_language_id_by_words_asks_windows_of_each_line(documents, tmp_path):
    """Windows follow each other without overlap, named by line and first word; a rest is not asked."""
    task = derive(settings_from(tmp_path, _SHORT.format(words=4, most=50), "short"), documents, CORPUS)
    windows = {row["item_id"]: row for row in task.items.to_pylist() if row["document_id"] == "a1"}
    assert list(windows) == ["a1#L1W1", "a1#L1W5", "a1#L2W1"]
    assert windows["a1#L1W5"]["input"] == "جديدة في وسط المدينة"
    assert {row["cluster"] for row in windows.values()} == {"c1"}
    assert {row["reference"] for row in windows.values()} == {"ar"}
    assert task.subject.gold.endswith("for every window of 4 words of it")


def test_a_long_document_gives_no_more_windows_than_it_may(documents, tmp_path):
    """They are spread over all of it, and keep the names that they have among all windows."""
    text = "\n".join(f"line{n} alpha{n} beta{n} gamma{n} delta{n} omega{n}" for n in range(1, 101))
    long = documents.set_column(1, "text", pa.array([text, *documents.column("text").to_pylist()[1:]]))
    few = derive(settings_from(tmp_path, _SHORT.format(words=3, most=4), "short"), long, CORPUS)
    every = derive(settings_from(tmp_path, _SHORT.format(words=3, most=500), "short"), long, CORPUS)
    asked = [item for item in few.items.column("item_id").to_pylist() if item.startswith("a1#")]
    assert asked == ["a1#L13W4", "a1#L38W4", "a1#L63W4", "a1#L88W4"]
    text_of = dict(zip(*(every.items.column(name).to_pylist() for name in ("item_id", "input")), strict=True))
    assert len(text_of) > 200
    assert [text_of[item] for item in asked] == few.items.column("input").to_pylist()[:4]


def test_windows_of_short_words_are_not_held_to_the_length_of_lines(documents, tmp_path):
    """Two letters a word are asked for by default; `min_letters` overrides it, as for lines."""
    strict = _SHORT.format(words=3, most=50) + "min_letters = 15\n"
    items = derive(settings_from(tmp_path, strict, "short"), documents, CORPUS).items
    loose = derive(settings_from(tmp_path, _SHORT.format(words=3, most=50), "short"), documents, CORPUS).items
    letters = [sum(map(str.isalpha, text)) for text in loose.column("input").to_pylist()]
    assert 6 <= min(letters) < 15
    assert items.num_rows == sum(number >= 15 for number in letters)


def test_settings_of_windows_are_refused_where_there_are_none(tmp_path):
    """`words = 3` beside `unit = "line"` would be a wish that nobody hears."""
    with pytest.raises(ConfigurationError, match='belongs to unit = "words"') as raised:
        settings_from(tmp_path, '[[tasks]]\nkind = "language-id"\nwords = 3\n', "language-id")
    assert raised.value.where.endswith("tasks.toml: tasks[0]")


def test_the_gold_is_the_declared_language_not_the_measured_one(documents, tmp_path):
    """A task whose gold came from an identifier would measure agreement with it."""
    position = documents.column_names.index("lang")
    measured = documents.set_column(position, "lang", pa.array(["xx"] * documents.num_rows))
    references = derive(default(tmp_path, "language-id"), measured, CORPUS).references
    assert set(references) == {"ar", "fa", "en"}


def test_retrieval_counts_the_document_and_its_cluster_as_relevant(documents, tmp_path):
    """Who finds a related report is not wrong; a document without a title asks nothing but is searched."""
    task = derive(default(tmp_path, "retrieval"), documents, CORPUS)
    reference_of = dict(zip(task.items.column("document_id").to_pylist(), task.references, strict=True))
    assert reference_of["a1"] == ("a1", "a2")
    assert reference_of["a2"] == ("a2", "a1")
    assert reference_of["a3"] == ("a3",)
    assert "e2" not in reference_of
    assert task.pool.ids == tuple(documents.column("id").to_pylist())


def test_a_text_that_opens_with_its_headline_is_searched_without_it(documents, tmp_path):
    """Otherwise the task would be to find a line that stands in the text word for word."""
    position = documents.column_names.index("text")
    texts = [
        f"{row['title']}\n\n{row['text']}" if row["title"] else row["text"] for row in documents.to_pylist()
    ]
    opened = documents.set_column(position, "text", pa.array(texts))
    pool = derive(default(tmp_path, "retrieval"), opened, CORPUS).pool
    assert list(pool.texts) == documents.column("text").to_pylist()


def test_a_task_over_one_split_sees_nothing_of_the_others(documents, tmp_path):
    """`splits` narrows items and candidates alike."""
    settings = settings_from(tmp_path, '[[tasks]]\nkind = "retrieval"\nsplits = ["test"]\n', "retrieval")
    task = derive(settings, documents, CORPUS)
    assert task.pool.ids == ("e2", "e3")
    assert task.subject.splits == ("test",)


def test_the_same_documents_give_the_same_fingerprint_and_another_text_another(documents, tmp_path):
    """The fingerprint is the key under which runs are found again."""
    settings = default(tmp_path, "language-id")
    first = derive(settings, documents, CORPUS).subject
    assert derive(settings, documents, CORPUS).subject == first
    texts = documents.column("text").to_pylist()
    changed = documents.set_column(1, "text", pa.array([*texts[:-1], texts[-1] + " Again."]))
    assert derive(settings, changed, CORPUS).subject.task_fingerprint != first.task_fingerprint


def test_a_candidate_that_is_no_item_is_in_the_fingerprint_too(documents, tmp_path):
    """Another distractor makes another task."""
    settings = default(tmp_path, "retrieval")
    texts = documents.column("text").to_pylist()
    texts[5] += " More."
    changed = documents.set_column(1, "text", pa.array(texts))
    fingerprints = {
        derive(settings, table, CORPUS).subject.task_fingerprint for table in (documents, changed)
    }
    assert len(fingerprints) == 2


@pytest.mark.parametrize(
    ("task", "column", "words"),
    [("language-id", "lang_declared", "declares its language"), ("retrieval", "title", "has a title")],
)
def test_a_corpus_without_gold_is_no_evidence(documents, tmp_path, task, column, words):
    """The error names what is missing; nothing is guessed in its place."""
    with pytest.raises(NoEvidenceError, match=words) as raised:
        derive(default(tmp_path, task), without(documents, column), CORPUS)
    assert raised.value.exit_code == ExitCode.NO_EVIDENCE
    assert raised.value.remedy


def test_an_empty_split_is_no_evidence(documents, tmp_path):
    """A task over no document says so."""
    settings = settings_from(tmp_path, '[[tasks]]\nkind = "language-id"\nsplits = ["test"]\n', "language-id")
    with pytest.raises(NoEvidenceError, match="no document in the splits test"):
        derive(settings, documents.slice(0, 4), CORPUS)


def test_every_mistake_in_a_tasks_file_is_told_at_once(tmp_path):
    """An unknown key and an unknown kind each come with the word that was meant."""
    path = tmp_path / "tasks.toml"
    path.write_text(
        '[[tasks]]\nkind = "language-id"\nmin_leters = 3\n[[tasks]]\nkind = "retreival"\n'
        '[[tasks]]\nname = "x"\nkind = "retrieval"\n[[tasks]]\nname = "x"\nkind = "retrieval"\n',
        encoding="utf-8",
    )
    with pytest.raises(SeveralErrors) as raised:
        read_tasks(path)
    remedies = [error.remedy for error in raised.value.errors]
    assert remedies[:2] == ["did you mean 'min_letters'?", "did you mean 'retrieval'?"]
    assert "two tasks are called 'x'" in str(raised.value)
    assert raised.value.exit_code == ExitCode.WRONG_USE


@pytest.mark.parametrize(
    ("entry", "sentence"),
    [
        ('splits = "test"', r"there has to be a list: \[a, b\]"),
        ('top_k = "ten"', "has to be a whole number"),
        ("top_k = nan", "has to be a number that is neither infinite nor nan"),
        ("name = 3", "has to be a text in quotes"),
    ],
)
def test_a_value_of_the_wrong_type_is_told_in_the_words_of_the_file(tmp_path, entry, sentence):
    """Lists, texts and numbers are what a TOML file holds; tuples and inputs are not."""
    with pytest.raises(ConfigurationError, match=sentence) as raised:
        settings_from(tmp_path, f'[[tasks]]\nkind = "retrieval"\n{entry}\n', "retrieval")
    assert raised.value.where.endswith(f"tasks.toml: tasks[0]: {entry.split()[0]}")
    assert raised.value.remedy


def test_a_misspelt_table_is_refused(tmp_path):
    """`[[task]]` would otherwise be a file without tasks."""
    path = tmp_path / "tasks.toml"
    path.write_text('[[task]]\nkind = "retrieval"\n', encoding="utf-8")
    with pytest.raises(ConfigurationError, match="'task'"):
        read_tasks(path)


def test_a_system_is_told_no_reference_beforehand(documents, tmp_path):
    """What a system may know of a task holds ids, candidates and texts, and no gold of an item."""
    brief = derive(default(tmp_path, "language-id"), documents, CORPUS).brief
    assert set(vars(brief)) == {"kind", "item_ids", "pool", "inputs", "examples", "answer_lang"}
    assert (brief.examples, brief.answer_lang) == ((), "")
    assert json.dumps(brief.item_ids).count('"ar"') == 0
