"""The kind `summary`: the lead from the rest of an article, and systems that take sentences out of the rest."""

import pyarrow as pa
import pytest

from harness.core.errors import ConfigurationError, ExitCode, NoEvidenceError
from harness.core.schema import DOCUMENTS
from harness.evaluation.tasks import CorpusIdentity, Example, TaskBrief, derive, read_tasks
from harness.evaluation.tasks.summary import read_summary
from harness.systems.registry import built_in_for, open_system
from harness.systems.summarisers import text_rank
from harness.systems.system import Request
from harness.text.sentences import sentences
from harness.workflows.run import RunRequest, derive_task, run

SCHEMA = pa.schema([*DOCUMENTS, pa.field("split", pa.string())])
CORPUS = CorpusIdentity("tiny", "1.0.0", "c" * 64)
LEAD = "The town opened a new bridge over the river on Monday."
REST = (
    "The bridge over the river took two years of work. Drivers had used another road.\n"
    "A school orchestra played for the guests of the town. The mayor thanked all workers of the bridge."
)
ARABIC = (
    "افتتحت البلدية مكتبة عامة جديدة في وسط المدينة صباح اليوم.\n"
    "وتضم المكتبة الجديدة قاعة للأطفال وأخرى للباحثين. وحضر الافتتاح جمع من أهل المدينة والطلاب والباحثين.\n"
    "وقالت البلدية إن المكتبة مفتوحة كل يوم."
)


def document(name, split, text=f"{LEAD}\n{REST}", **changed):
    """Make a document; by default one whose text does not repeat its title."""
    return {
        "id": name,
        "cluster": name,
        "lang": "en",
        "split": split,
        "title": "Bridge",
        "text": text,
        **changed,
    }


def rows_of(text=f"{LEAD}\n{REST}", **changed):
    """Make documents of which the last is asked about."""
    return [
        document(f"d{place}", split, text, **changed)
        for place, split in enumerate(("train", "train", "test"))
    ]


def task_of(tmp_path, rows, entry=""):
    """Derive the task from documents."""
    path = tmp_path / "tasks.toml"
    path.write_text(f'[[tasks]]\nkind = "summary"\n{entry}', encoding="utf-8")
    return derive(read_tasks(path)["summary"], pa.Table.from_pylist(rows, schema=SCHEMA), CORPUS)


def test_the_lead_is_asked_for_and_not_shown(tmp_path):
    """The input is the rest, as it stands."""
    (item,) = task_of(tmp_path, rows_of()).items.to_pylist()
    assert (item["item_id"], item["input"], item["reference"]) == ("d2#lead", REST, LEAD)


def test_a_headline_that_the_text_repeats_is_no_lead(tmp_path):
    """The paragraph behind it is."""
    (item,) = task_of(tmp_path, rows_of(f"Bridge\n\n{LEAD}\n{REST}")).items.to_pylist()
    assert (item["input"], item["reference"]) == (REST, LEAD)


@pytest.mark.parametrize(
    "text",
    [LEAD, f"Short lead.\n{REST}", f"{LEAD}\nA rest that is short."],
    ids=["no-rest", "short", "no-more"],
)
def test_without_a_lead_and_enough_behind_it_there_is_no_task(tmp_path, text):
    """One paragraph, a byline, a caption: nothing to recover; the error says what is wanted."""
    with pytest.raises(NoEvidenceError, match="no text has a first paragraph of 8 words") as raised:
        task_of(tmp_path, rows_of(text))
    assert raised.value.exit_code == ExitCode.NO_EVIDENCE


@pytest.mark.parametrize(
    ("text", "lang", "level"), [(f"{LEAD}\n{REST}", "en", "raw"), (ARABIC, "ar", "ar-light")]
)
def test_metrics_read_as_the_script_needs_it(tmp_path, text, lang, level):
    """The level stands in each signature."""
    metrics = task_of(tmp_path, rows_of(text, lang=lang)).metrics
    assert [metric.name for metric in metrics] == ["rougeL", "rouge1", "rouge2", "chrf"]
    assert all(f"|norm:{level}|" in metric.signature for metric in metrics)


def test_metrics_can_be_named(tmp_path):
    """By the key that all kinds share whose answers are texts."""
    task = task_of(tmp_path, rows_of(), 'metrics = [{ metric = "chrf", normaliser = "nfkc" }]\n')
    assert [metric.name for metric in task.metrics] == ["chrf"]


def test_a_language_in_which_rouge_cannot_be_trusted_is_refused(tmp_path):
    """The doctor tries every metric before it is used: in Thai, unrelated sentences share most of their letters."""
    lead = "เทศบาลเปิดสะพานใหม่ข้ามแม่น้ำในเช้าวันจันทร์ที่ผ่านมา"
    text = f"{lead}\n{lead} และชาวเมืองมาร่วมงาน\n{lead} มีดนตรีและการแสดงของนักเรียน"
    with pytest.raises(NoEvidenceError, match="cannot be trusted on texts in 'th'"):
        task_of(tmp_path, rows_of(text, lang="th"))


@pytest.mark.parametrize(
    ("output", "text"), [(" a lead\nof two lines ", "a lead\nof two lines"), ("  ", None), (["a"], None)]
)
def test_a_lead_may_have_several_lines(output, text):
    """Blanks around it say nothing, and blanks alone are no answer."""
    assert read_summary(output) == text


@pytest.mark.parametrize("system", built_in_for("summary"))
def test_a_baseline_takes_whole_sentences_about_as_long_as_leads(tmp_path, system):
    """In the order of the text, and as many words as come nearest to the median of leads."""
    path = tmp_path / "tasks.toml"
    path.write_text('[[tasks]]\nkind = "summary"\n', encoding="utf-8")
    request = RunRequest(
        CORPUS, pa.Table.from_pylist(rows_of(), schema=SCHEMA), path, tmp_path / "runs", "summary", system
    )
    folder = run(request)
    said = folder.answers()["d2#lead"]
    assert said
    assert [sentence for sentence in sentences(REST) if sentence in said] == sentences(said)
    assert abs(len(said.split()) - len(LEAD.split())) <= 3
    assert folder.result.scores[0].metric == "rougeL"
    assert derive_task(request).subject.items == 1


def test_the_rests_own_lead_is_its_first_sentence(tmp_path):
    """A hand-made case: 11 words are wanted, and the first sentence has 10."""
    system = open_system("rest-lead", kind="summary")
    system.prepare(TaskBrief("summary", (), examples=(Example(REST, LEAD),)))
    assert (
        system.answer([Request("a", REST)])[0].output == "The bridge over the river took two years of work."
    )


def test_textrank_puts_the_central_sentence_first():
    """That which shares words with most others; one that shares none comes last."""
    cut = [
        "Nothing else is like this.",
        "The bridge crosses the wide river.",
        "The wide river floods the bridge and the old mill.",
        "An old mill grinds wheat.",
    ]
    ranked = text_rank(cut)
    assert ranked[0] == 2
    assert ranked[-1] == 0


def test_textrank_of_sentences_without_words_keeps_their_order():
    """No division by nothing: dashes, dots and an empty text."""
    assert text_rank(["—", "…", "."]) == [0, 1, 2]
    assert text_rank([]) == []


def test_a_system_that_learns_refuses_a_task_without_examples():
    """It would not know how long leads are."""
    with pytest.raises(ConfigurationError, match="learns from examples"):
        open_system("textrank", kind="summary").prepare(TaskBrief("summary", ("a",)))
