"""Tasks split by time: who learns has seen nothing of what is asked, and undated documents are told of."""

from datetime import UTC, datetime, timedelta

import pyarrow as pa
import pytest

from harness.core.errors import ConfigurationError, ExitCode, NoEvidenceError
from harness.core.schema import DOCUMENTS
from harness.evaluation.tasks import CorpusIdentity, derive, read_tasks

CORPUS = CorpusIdentity("tiny", "1.0.0", "c" * 64)
SCHEMA = pa.schema([*DOCUMENTS, pa.field("split", pa.string())])
FIRST = datetime(2026, 1, 1, 12, tzinfo=UTC)


def documents(dated=10, undated=0, **changed):
    """Make documents that appeared a day apart, of two sections in turn, split at random by the recipe."""
    rows = [
        {
            "id": f"d{number}",
            "cluster": f"d{number}",
            "lang": "en",
            "section": ("sports", "economy")[number % 2],
            "source": ("wire", "desk")[number % 2],
            "text": f"words of the article with the number {number}",
            "published": FIRST + timedelta(days=number) if number < dated else None,
            "split": ("test", "train")[number % 3 == 0],
        }
        | {name: values[number] for name, values in changed.items()}
        for number in range(dated + undated)
    ]
    return pa.Table.from_pylist(rows, schema=SCHEMA)


def task_of(tmp_path, table, more="", kind="topic"):
    """Derive a task that is split by time."""
    path = tmp_path / "tasks.toml"
    path.write_text(f'[[tasks]]\nkind = "{kind}"\nsplit = "time"\n{more}', encoding="utf-8")
    return derive(read_tasks(path)[kind], table, CORPUS)


def asked(task):
    """Name the documents that are asked about."""
    return task.items.column("document_id").to_pylist()


def learnt(task):
    """Tell the numbers of the documents that may be learnt from."""
    return [int(example.input.rpartition(" ")[2]) for example in task.examples]


@pytest.mark.parametrize("kind", ["topic", "source"])
def test_nothing_that_is_learnt_from_appeared_after_what_is_asked(tmp_path, kind):
    """The stated day parts them, whatever the recipe's splits are; the gold says which day."""
    task = task_of(tmp_path, documents(), "since = 2026-01-08\n", kind)
    assert asked(task) == ["d7", "d8", "d9"]
    assert learnt(task) == list(range(7))
    assert "appeared before 2026-01-08" in task.subject.gold
    assert task.subject.splits == ("test",)
    assert set(task.items.column("split").to_pylist()) == {"test"}


def test_without_a_day_four_fifths_of_the_dated_documents_are_learnt_from(tmp_path):
    """And the day is told."""
    task = task_of(tmp_path, documents())
    assert (asked(task), len(task.examples)) == (["d8", "d9"], 8)
    assert "2026-01-09" in task.subject.gold


def test_documents_without_a_date_take_no_part_and_are_counted(tmp_path):
    """Neither learnt from nor asked about: nobody knows whether they were there before."""
    task = task_of(tmp_path, documents(undated=3))
    assert (asked(task), learnt(task)) == (["d8", "d9"], list(range(8)))
    assert "3 without a date take no part" in task.subject.gold


def test_an_early_copy_of_what_is_asked_about_is_not_learnt_from(tmp_path):
    """Clusters are kept apart by time, too."""
    clusters = [f"c{number}" for number in range(10)]
    clusters[9] = clusters[2]
    assert 2 not in learnt(task_of(tmp_path, documents(cluster=clusters)))


@pytest.mark.parametrize(
    ("table", "more", "said"),
    [
        (documents(dated=0, undated=4), "", "no document says when it appeared"),
        (documents(), "since = 2025-01-01\n", "appeared on or after 2025-01-01"),
        (documents(undated=2), "since = 2027-01-01\n", "2 of 12 documents have no date.*before 2027-01-01"),
        (documents(published=[FIRST] * 10), "", "appeared on or after 2026-01-01"),
    ],
)
def test_what_no_day_parts_is_no_evidence(tmp_path, table, more, said):
    """Exit code 4, with what to do."""
    with pytest.raises(NoEvidenceError, match=said) as raised:
        task_of(tmp_path, table, more)
    assert raised.value.exit_code == ExitCode.NO_EVIDENCE
    assert raised.value.remedy


@pytest.mark.parametrize(
    "more", ['split = "time"\nsplits = ["test"]\n', "since = 2026-01-01\n", 'split = "random"\n']
)
def test_settings_that_say_nothing_are_refused(tmp_path, more):
    """Exit code 2."""
    (tmp_path / "tasks.toml").write_text(f'[[tasks]]\nkind = "topic"\n{more}', encoding="utf-8")
    with pytest.raises(ConfigurationError):
        read_tasks(tmp_path / "tasks.toml")


def test_a_task_by_the_recipes_splits_is_what_it_was(tmp_path):
    """A setting that is left out has no part in a task's fingerprint; another day makes another task."""
    one = task_of(tmp_path, documents(), "since = 2026-01-08\n")
    other = task_of(tmp_path, documents(), "since = 2026-01-07\n")
    assert one.subject.task_fingerprint != other.subject.task_fingerprint
