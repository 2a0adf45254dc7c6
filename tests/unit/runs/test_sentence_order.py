"""Sentence order: what is asked, what counts as an answer, what orders score, and what the baselines do."""

import itertools
import json

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import kendalltau

from harness.core.errors import ConfigurationError, ExitCode, NoEvidenceError
from harness.core.schema import DOCUMENTS
from harness.evaluation.orders import kendall_tau, order_metrics
from harness.evaluation.tasks import CorpusIdentity, TaskBrief, derive, read_tasks
from harness.evaluation.tasks.sentence_order import in_order, read_order, read_sentences
from harness.systems.registry import built_in_for, open_system
from harness.systems.sentence_orderers import lexical_chain, word_precedence
from harness.text.sentences import sentences
from harness.workflows.run import RunRequest, run

SCHEMA = pa.schema([*DOCUMENTS, pa.field("split", pa.string())])
CORPUS = CorpusIdentity("tiny", "1.0.0", "c" * 64)
STORY = [
    "First the council met in the old hall.",
    "It chose a new harbour for the ferry.",
    "The ferry then needed another pier.",
    "Workers built the pier within a year.",
    "At last the ferry came to the pier.",
]


def document(name, split="test", lines=STORY, **changed):
    """Make a document of some sentences, a paragraph each."""
    return {
        "id": name, "cluster": name, "lang": "en", "split": split, "title": "A title", "text": "\n".join(lines), **changed,
    }  # fmt: skip


def task_of(tmp_path, rows, entry=""):
    """Derive the task from documents."""
    path = tmp_path / "tasks.toml"
    path.write_text(f'[[tasks]]\nkind = "sentence-order"\n{entry}', encoding="utf-8")
    return derive(read_tasks(path)["sentence-order"], pa.Table.from_pylist(rows, schema=SCHEMA), CORPUS)


def rows_of(number=6):
    """Make documents of which the last is asked about."""
    return [document(f"d{place}", "test" if place == number - 1 else "train") for place in range(number)]


def test_the_reference_puts_the_shown_sentences_back(tmp_path):
    """For every item, the numbers of the reference give the text's own order."""
    task = task_of(tmp_path, rows_of())
    items = task.items.to_pylist()
    assert [in_order(read_sentences(item["input"]), item["reference"]) for item in items] == [STORY]
    assert sorted(read_sentences(items[0]["input"])) == sorted(STORY)


def test_passages_do_not_overlap_and_are_drawn(tmp_path):
    """Of a long text so many passages as were asked for, no sentence in two of them."""
    lines = [f"This is sentence number {number} of many." for number in range(40)]
    task = task_of(tmp_path, [*rows_of(), document("long", lines=lines)], "passages_per_document = 4\n")
    long = [item for item in task.items.to_pylist() if item["document_id"] == "long"]
    shown = [one for item in long for one in read_sentences(item["input"])]
    assert len(long) == 4
    assert len(shown) == len(set(shown)) == 20


@pytest.mark.parametrize(
    ("lines", "why"),
    [
        (STORY[:4], "too few sentences"),
        ([*STORY[:4], "Yes."], "one of a single word"),
        ([*STORY[:4], STORY[0]], "one twice, so that two orders are right"),
    ],
)
def test_passages_without_one_right_order_are_left_out(tmp_path, lines, why):
    """Where nothing else is there, the task refuses, and says what it wants."""
    rows = [document(f"d{place}", split, lines) for place, split in enumerate(("train", "test"))]
    with pytest.raises(NoEvidenceError, match="no text has 5 sentences") as raised:
        task_of(tmp_path, rows)
    assert raised.value.exit_code == ExitCode.NO_EVIDENCE, why


def test_a_headline_that_the_text_repeats_is_no_sentence_of_it(tmp_path):
    """It stands first in every text, and would give that place away."""
    rows = [document(f"d{n}", split, ["A title", *STORY]) for n, split in enumerate(("train", "test"))]
    task = task_of(tmp_path, rows)
    assert "A title" not in read_sentences(task.items.column("input")[0].as_py())


@pytest.mark.parametrize(
    ("output", "order"),
    [
        (["3", "1", "2"], ("3", "1", "2")),
        (("2", " 1 "), ("2", "1")),
        ("3, 1, 2", ("3", "1", "2")),
        ("[2, 1]", ("2", "1")),
        (["1", "1"], None),
        (["1", "3"], None),
        (["0", "1"], None),
        (["a", "b"], None),
        ([1, 2], None),
        ([], None),
        ("", None),
        ("no idea", None),
        (None, None),
    ],
)
def test_an_answer_has_every_number_once(output, order):
    """From a list, or from a text as a chat model writes it."""
    assert read_order(output) == order


def test_an_order_of_fewer_sentences_is_no_answer(tmp_path):
    """It is unparsable for the item, whatever the others have."""
    task = task_of(tmp_path, rows_of())
    (item,) = task.items.to_pylist()
    assert task.read(item["item_id"], ["1", "2", "3"]) is None
    assert task.read(item["item_id"], ["1", "2", "3", "4", "5"]) is not None


@given(
    st.permutations([str(number) for number in range(7)]),
    st.permutations([str(number) for number in range(7)]),
)
def test_tau_is_scipys(one, other):
    """On any two orders."""
    right = kendalltau([one.index(entry) for entry in one], [other.index(entry) for entry in one]).statistic
    assert kendall_tau(one, other) == pytest.approx(right, abs=1e-12)


@pytest.mark.parametrize(
    ("answer", "tau", "places", "exact"),
    [
        (("1", "2", "3"), 1.0, 1.0, 1.0),
        (("3", "2", "1"), -1.0, 1 / 3, 0.0),
        (("2", "1", "3"), 1 / 3, 1 / 3, 0.0),
        (("1", "2"), -1.0, 0.0, 0.0),
        (None, -1.0, 0.0, 0.0),
        ('["1","2","3"]', 1.0, 1.0, 1.0),
    ],
)
def test_scores_of_orders_worked_out_by_hand(answer, tau, places, exact):
    """No answer scores what the worst one does; stored answers read as fresh ones."""
    scores = [metric.statistics([("1", "2", "3")], [answer])[0, 0] for metric in order_metrics()]
    assert scores == pytest.approx([tau, places, exact])


def test_guessing_has_a_tau_of_zero():
    """Over all orders of four sentences the mean is nothing, and one place in four is right."""
    orders = list(itertools.permutations("1234"))
    means = [
        metric.statistics([tuple("1234")] * len(orders), orders)[:, 0].mean()
        for metric in order_metrics()[:2]
    ]
    assert means == pytest.approx([0.0, 0.25])


@pytest.mark.parametrize("system", built_in_for("sentence-order"))
def test_every_baseline_answers_on_any_text(tmp_path, system):
    """A run comes about, with a score for every metric."""
    path = tmp_path / "tasks.toml"
    path.write_text('[[tasks]]\nkind = "sentence-order"\n', encoding="utf-8")
    request = RunRequest(
        CORPUS,
        pa.Table.from_pylist(rows_of(), schema=SCHEMA),
        path,
        tmp_path / "runs",
        "sentence-order",
        system,
    )
    scores = run(request).result.scores
    assert [score.metric for score in scores] == ["kendall_tau", "position_accuracy", "exact_order"]
    assert all(score.value is not None for score in scores)


def test_what_came_first_in_train_comes_first():
    """Words that opened the passages learnt from open new ones."""
    order = word_precedence([STORY] * 3)
    shown = ["At last the train came too.", "First the mayor met us.", "Workers built it."]
    assert [shown[place] for place in order(shown)] == [shown[1], shown[2], shown[0]]


def test_a_chain_goes_on_to_the_sentence_with_most_words_in_common():
    """From the most central one; words that all passages have weigh less."""
    order = lexical_chain([["unrelated lines here", "other lines there"]])
    shown = ["green apples and pears", "pears rot in rain", "apples and green pears and rain clouds"]
    assert order(shown) == [2, 0, 1]


def test_a_system_that_learns_refuses_a_task_without_examples():
    """It would answer by nothing."""
    with pytest.raises(ConfigurationError, match="learns from examples"):
        open_system("word-precedence", kind="sentence-order").prepare(TaskBrief("sentence-order", ("a",)))


@pytest.mark.parametrize(
    ("text", "cut"),
    [
        ("One came. Two went! Who? Nobody…", ["One came.", "Two went!", "Who?", "Nobody…"]),
        (
            "قال د. أحمد إن العمل بدأ. وأضاف: هل نبدأ؟ نعم",
            ["قال د. أحمد إن العمل بدأ.", "وأضاف: هل نبدأ؟", "نعم"],
        ),
        ("یہ ایک جملہ ہے۔ دوسرا بھی۔", ["یہ ایک جملہ ہے۔", "دوسرا بھی۔"]),
        ("他来了。我走了！", ["他来了。", "我走了！"]),
        ("It rose by 3.5 percent to 4. Then it fell.", ["It rose by 3.5 percent to 4.", "Then it fell."]),
        ("J. Smith said “Yes.” He left... and came.", ["J. Smith said “Yes.”", "He left... and came."]),
        ("a line\n\nanother line", ["a line", "another line"]),
        ("", []),
    ],
)
def test_sentences_end_where_the_script_says_so(text, cut):
    """At marks before a blank, but not behind an initial or before a small letter; and at the end of a line."""
    assert sentences(text) == cut


@given(st.text())
def test_cutting_loses_nothing_but_blanks(text):
    """Whatever the text: the sentences put together are its characters."""
    assert "".join("".join(sentences(text)).split()) == "".join(text.split())


def test_references_are_json_lists(tmp_path):
    """As docs say, so that a file of predictions can be made from them."""
    task = task_of(tmp_path, rows_of())
    (reference,) = task.items.column("reference").to_pylist()
    assert sorted(json.loads(reference)) == ["1", "2", "3", "4", "5"]
