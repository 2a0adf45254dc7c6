"""Metrics that tasks name: built in and of packages, tried on the task's language before they are trusted."""

import sys
from dataclasses import replace

import pyarrow as pa
import pytest
from support.plug_ins import install

from harness.core.errors import ConfigurationError, ExitCode, NoEvidenceError
from harness.core.schema import DOCUMENTS
from harness.evaluation.recounting import metric_again
from harness.evaluation.tasks import CorpusIdentity, derive, read_tasks
from harness.workflows.compare import compare_runs
from harness.workflows.run import RunRequest, run

CORPUS = CorpusIdentity("tiny", "1.0.0", "c" * 64)
SCHEMA = pa.schema([*DOCUMENTS, pa.field("split", pa.string())])
LINES = {
    "ar": "قالت الوزيرة {n}، إن العمل في الطريق الجديد يبدأ غدا؛ وتنتهي الأعمال بعد شهر.",
    "en": "The minister said, on day {n}, that work on the new road begins tomorrow; it ends in May.",
}
FIRST_WORD = '''"""Metrics of our desk."""

import numpy as np

from harness.evaluation.metrics import Metric
from harness.evaluation.resampling import mean_of_totals


def first_word(language):
    def statistics(references, answers):
        pairs = zip(references, answers, strict=True)
        return np.array([[{score}, 1.0] for right, said in pairs])

    return Metric("first_word", "first_word|v:1", statistics, mean_of_totals, is_mean=True)
'''
SOUND = "float((said or '').split() == right.split())"


def documents(*languages):
    """Make eight documents a language, half of them to learn from."""
    rows = [
        {
            "id": f"{tag}{number}",
            "cluster": f"{tag}{number}",
            "lang": tag,
            "lang_declared": tag,
            "text": LINES[tag].format(n=number),
            "split": "train" if number % 2 else "test",
        }
        for tag in languages
        for number in range(8)
    ]
    return pa.Table.from_pylist(rows, schema=SCHEMA)


def task_of(tmp_path, metrics, *languages, kind="spelling"):
    """Derive a task that names metrics."""
    path = tmp_path / "tasks.toml"
    path.write_text(f'[[tasks]]\nkind = "{kind}"\nmetrics = {metrics}\n', encoding="utf-8")
    return derive(read_tasks(path)[kind], documents(*languages), CORPUS)


@pytest.fixture
def first_word(tmp_path, monkeypatch):
    """Give a function that installs a package with the metric `first_word`."""

    def put(score=SOUND):
        place = install(
            tmp_path / "site",
            "desk_metrics",
            FIRST_WORD.format(score=score),
            ["first_word = desk_metrics:first_word"],
            group="harness.metrics",
        )
        monkeypatch.syspath_prepend(str(place))
        monkeypatch.delitem(sys.modules, "desk_metrics", raising=False)

    return put


def test_a_task_is_scored_by_the_metrics_that_it_names(tmp_path):
    """The first one is the primary metric; each says in its signature how it reads this language."""
    metrics = task_of(tmp_path, '["chrf", "bleu", "rouge-L", "exact-match", "token_f1", "cer"]', "ar").metrics
    assert [metric.name for metric in metrics] == ["chrf", "bleu", "rougeL", "exact_match", "token_f1", "cer"]
    assert all("norm:ar-light" in metric.signature for metric in metrics)
    assert "tok:words" in metrics[1].signature


def test_level_and_tokeniser_can_be_said(tmp_path):
    """In place of what the language is usually read by."""
    (metric,) = task_of(
        tmp_path, '[{ metric = "bleu", normaliser = "ar-heavy", tokeniser = "intl" }]', "ar"
    ).metrics
    assert "norm:ar-heavy|tok:intl.sacrebleu-" in metric.signature


def test_what_is_asked_stays_the_same_task(tmp_path):
    """So that a run's answers can be scored by other metrics without asking anybody again."""
    named = [task_of(tmp_path, metrics, "ar").subject for metrics in ('["chrf"]', '["wer"]')]
    assert named[0] == named[1]


def test_the_metrics_stand_in_the_run_with_n_and_interval(tmp_path):
    """As the kind's own do."""
    task_of(tmp_path, '["chrf", "wer"]', "ar")
    request = RunRequest(
        CORPUS, documents("ar"), tmp_path / "tasks.toml", tmp_path / "runs", "spelling", "as-is"
    )
    folder = run(request)
    assert [score.metric for score in folder.result.scores] == ["chrf", "wer"]
    assert folder.manifest.signatures == tuple(score.signature for score in folder.result.scores)
    assert all(score.n == 4 for score in folder.result.scores)


def test_a_metric_that_the_doctor_does_not_trust_on_the_language_is_refused(tmp_path):
    """BLEU's usual tokeniser leaves ، on the word: exit code 4, with the promise that it breaks."""
    with pytest.raises(NoEvidenceError, match="13a parts the script's punctuation") as raised:
        task_of(tmp_path, '[{ metric = "bleu", tokeniser = "13a" }]', "ar")
    assert raised.value.exit_code == ExitCode.NO_EVIDENCE
    assert task_of(tmp_path, '[{ metric = "bleu", tokeniser = "13a" }]', "en").metrics


def test_languages_that_a_metric_reads_differently_have_to_be_read_alike(tmp_path):
    """One number over two readings is none; said once for all it is."""
    with pytest.raises(ConfigurationError, match="texts in ar, en in several ways") as raised:
        task_of(tmp_path, '["bleu"]', "ar", "en")
    assert "normaliser" in raised.value.remedy
    alike = '[{ metric = "bleu", normaliser = "ar-light", tokeniser = "words" }]'
    assert len(task_of(tmp_path, alike, "ar", "en").metrics) == 1


@pytest.mark.parametrize(
    ("metrics", "what"),
    [
        ('["blue"]', "no metric of texts is called 'blue'"),
        ('["chrf", "chrf"]', "named twice"),
        ('["span_f1"]', "compares tags"),
        ('[{ metric = "chrf", tokeniser = "words" }]', "no use for 'words'"),
        ('[{ metric = "bleu", tokeniser = "spaces" }]', "no tokeniser is called 'spaces'"),
    ],
)
def test_a_metric_that_cannot_be_meant_is_refused(tmp_path, metrics, what):
    """By name, with what there is."""
    with pytest.raises(ConfigurationError, match=what):
        task_of(tmp_path, metrics, "en")


@pytest.mark.parametrize("kind", ["language-id", "retrieval", "topic", "cloze", "residue"])
def test_kinds_whose_answers_are_no_texts_take_none(tmp_path, kind):
    """A ranking has no words to count."""
    with pytest.raises(ConfigurationError, match="are no texts"):
        task_of(tmp_path, '["chrf"]', "en", kind=kind)


def test_a_metric_of_a_package_is_tried_and_taken(tmp_path, first_word):
    """By the entry point's group `harness.metrics`, under the name that it gives itself."""
    first_word()
    (metric,) = task_of(tmp_path, '["first_word"]', "ar").metrics
    assert metric.signature == "first_word|v:1"


@pytest.mark.parametrize(
    ("score", "promise"),
    [
        ("1.0", "no answer scores the worst"),
        ("float((said or '').isascii())", "an answer that is the reference scores the best"),
        ("right.missing", "it gives a score"),
    ],
)
def test_a_metric_of_a_package_that_breaks_a_promise_is_refused(tmp_path, first_word, score, promise):
    """With the promise, before any system is asked."""
    first_word(score)
    with pytest.raises(NoEvidenceError, match=promise):
        task_of(tmp_path, '["first_word"]', "ar")
    with pytest.raises(ConfigurationError, match="its package's business"):
        task_of(tmp_path, '[{ metric = "first_word", normaliser = "raw" }]', "ar")


CORPUS_METRIC = '''"""A corpus metric: words of all references over words of all answers."""

import numpy as np

from harness.evaluation.metrics import Metric


def shared_words(language):
    def statistics(references, answers):
        pairs = zip(references, answers, strict=True)
        words = [(set(right.split()), set((said or "").split())) for right, said in pairs]
        return np.array([[2 * len(one & other), len(one) + len(other)] for one, other in words], float)

    signature = f"shared_words|v:1|{language}"
    return Metric("shared_words", signature, statistics, lambda sums: sums[:, 0] / sums[:, 1], is_mean=False)
'''


def test_a_corpus_metric_of_a_package_is_compared_too(tmp_path, monkeypatch):
    """With n and an interval of its own, and paired by what the runs kept; without the package it is passed over."""
    place = install(
        tmp_path / "site",
        "desk_sums",
        CORPUS_METRIC,
        ["shared = desk_sums:shared_words"],
        group="harness.metrics",
    )
    with monkeypatch.context() as patch:
        patch.syspath_prepend(str(place))
        task_of(tmp_path, '["shared_words"]', "en")
        base = RunRequest(
            CORPUS, documents("en"), tmp_path / "tasks.toml", tmp_path / "runs", "spelling", "as-is"
        )
        folders = [run(replace(base, system=system)) for system in ("as-is", "known-words")]
        (score,) = folders[0].result.scores
        assert (score.metric, score.n, score.signature) == ("shared_words", 4, "shared_words|v:1|en")
        (difference,) = compare_runs(folders).differences
        values = {folder.result.run_id: folder.result.scores[0].value for folder in folders}
        assert difference.metric == "shared_words"
        assert difference.difference == pytest.approx(
            values[difference.candidate] - values[difference.baseline]
        )
    monkeypatch.delitem(sys.modules, "desk_sums", raising=False)
    assert metric_again(score.signature) is None
