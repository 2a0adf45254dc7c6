"""Tasks whose gold people annotated: what is asked, what leaks nowhere, and what two systems reach on each."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pytest
import sacrebleu

from harness.core.errors import ConfigurationError, ExitCode, InputError, NoEvidenceError
from harness.core.schema import DOCUMENTS, RECORDS
from harness.evaluation.annotations.binding import Beside
from harness.evaluation.robustness import drops
from harness.evaluation.tasks import CorpusIdentity, derive, read_tasks
from harness.evaluation.texts.spans import span_f1
from harness.systems.registry import built_in_for
from harness.workflows.run import RunRequest, run

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures" / "annotations"
CORPUS = CorpusIdentity("fixture", "1.0.0", "c" * 64)
SCHEMA = pa.schema([*DOCUMENTS, pa.field("split", pa.string())])
ENTRIES = {
    "ner": 'annotations = "names.conll"\n',
    "question-answering": 'annotations = "questions.json"\n',
    "similarity": 'annotations = "pairs.tsv"\n',
    "translation": 'annotations = "english"\nlang = "en"\nunit = "line"\n',
}
KINDS = pytest.mark.parametrize("kind", ENTRIES)


def articles(**changed):
    """Read the fixture's articles as kept documents, the first half to learn from; change some by id."""
    lines = (FIXTURES / "articles.jsonl").read_text(encoding="utf-8").splitlines()
    rows = [json.loads(line) for line in lines][:14]
    return [
        {
            **row,
            "lang_declared": "ar",
            "cluster": row["id"],
            "split": "train" if number < 7 else "test",
            **changed.get(row["id"], {}),
        }
        for number, row in enumerate(rows)
    ]


def table_of(rows):
    """Make a documents table."""
    return pa.Table.from_pylist(rows, schema=SCHEMA)


def records():
    """Tell the article that the build dropped."""
    return pa.Table.from_pylist([{"id": "n15", "status": "rejected", "rule": "too-short"}], schema=RECORDS)


def tasks_file(tmp_path, kind, entry=None, more=""):
    """Write a tasks file whose annotations are the fixture's, unless told otherwise."""
    for name in FIXTURES.iterdir():
        if not (tmp_path / name.name).exists():
            (tmp_path / name.name).symlink_to(name)
    path = tmp_path / "tasks.toml"
    told = ENTRIES[kind] if entry is None else entry
    path.write_text(f'[[tasks]]\nkind = "{kind}"\n{told}{more}', encoding="utf-8")
    return path


def task_of(tmp_path, kind, *, rows=None, entry=None, more=""):
    """Derive a task of a kind on the fixture's articles."""
    path = tasks_file(tmp_path, kind, entry, more)
    beside = Beside(folder=tmp_path, records=records)
    return derive(read_tasks(path)[kind], table_of(articles() if rows is None else rows), CORPUS, beside)


def scores_of(tmp_path, kind, system, *, more="", on_missing="fail"):
    """Run a system; give its scores by metric."""
    request = RunRequest(
        corpus=CORPUS,
        documents=table_of(articles()),
        tasks_file=tasks_file(tmp_path, kind, more=more),
        runs=tmp_path / "runs",
        task=kind,
        system=system,
        on_missing=on_missing,
        records=records,
    )
    folder = run(request)
    return folder, {score.metric: score.value for score in folder.result.scores}


def predictions(tmp_path, task, answer):
    """Write a predictions file from a function of an item's row."""
    path = tmp_path / "predictions.jsonl"
    lines = [
        json.dumps({"id": row["item_id"], "output": answer(row)}, ensure_ascii=False)
        for row in task.items.to_pylist()
    ]
    path.write_text("\n".join(lines), encoding="utf-8")
    return f"preds:{path}"


@KINDS
def test_each_kind_is_run_by_two_systems_out_of_the_box(tmp_path, kind):
    """Offline, with a score from each for the primary metric."""
    values = {
        system: next(iter(scores_of(tmp_path, kind, system)[1].values())) for system in built_in_for(kind)
    }
    assert len(values) >= 2
    assert all(value is not None for value in values.values())


@pytest.mark.parametrize(
    ("kind", "better", "worse"),
    [
        ("ner", "known-names", "commonest-tag"),
        ("question-answering", "overlap-window", "first-sentence"),
        ("translation", "translation-memory", "copy-source"),
    ],
)
def test_who_looks_at_the_texts_beats_who_does_not(tmp_path, kind, better, worse):
    """What a baseline learnt, or found, shows in the primary metric."""
    values = [next(iter(scores_of(tmp_path, kind, system)[1].values())) for system in (better, worse)]
    assert values[0] > values[1]


@KINDS
def test_answers_that_are_the_annotations_score_the_best(tmp_path, kind):
    """Whatever the metric: TER and the like are 0, all others 1."""
    task = task_of(tmp_path, kind)

    def right(row):
        if kind == "question-answering":
            return next(iter(json.loads(row["reference"])["answers"]), "")
        return row["reference"].split() if kind == "ner" else row["reference"]

    _, values = scores_of(tmp_path, kind, predictions(tmp_path, task, right))
    assert {name: round(value, 9) for name, value in values.items()} == {
        metric.name: 1.0 if metric.higher_is_better else 0.0 for metric in task.metrics
    }


@pytest.mark.parametrize(
    ("kind", "item", "asked", "right"),
    [
        ("ner", "n10#S19", ["افتتح", "الوزير", "سامر", "الحداد"], "O O B-PER I-PER O O O O B-LOC O O"),
        ("question-answering", "n03#Qq03", "من سجل الهدف الأول؟", '{"answers":["سامر يونس","اللاعب سامر يونس"]}'),
        ("similarity", "n03#Pp05", "فاز نادي", "3.5"),
        ("translation", "n08#T1", "زار وزير الثقافة", "Culture minister Nader Khatib visited the Karma library on Sunday morning."),
    ],
)  # fmt: skip
def test_items_are_the_annotations_in_their_documents_place(tmp_path, kind, item, asked, right):
    """Named by the document, with its cluster, split and language."""
    rows = {row["item_id"]: row for row in task_of(tmp_path, kind).items.to_pylist()}
    told = rows[item]
    assert (told["document_id"], told["lang"], told["reference"]) == (item[:3], "ar", right)
    shown = json.loads(told["input"])[:4] if kind == "ner" else told["input"]
    assert shown == asked if kind == "ner" else asked in shown


@pytest.mark.parametrize("kind", ["ner", "translation"])
def test_nothing_is_learnt_from_a_cluster_that_is_asked_about(tmp_path, kind):
    """A document of train that is a copy of an asked one is not shown to anybody."""
    rows = articles(n01={"cluster": "n10"})
    shown, without = (
        {one.input for one in task_of(tmp_path, kind, rows=one).examples} for one in (None, rows)
    )
    lost = shown - without
    assert len(lost) == 2
    assert any("وزير" in text for text in lost)
    asked = set(task_of(tmp_path, kind, rows=rows).items.column("input").to_pylist())
    assert not asked & without


@pytest.mark.parametrize(
    ("kind", "told"),
    [
        (
            "ner",
            ['1 sentence left out, of documents that the build dropped (too-short): "names.conll: line',
             '1 sentence left out, of no document of the version: "names.conll: line'],
        ),
        ("question-answering", ['1 question left out, of documents that the build dropped (too-short): "questions.json: question q11"']),
        ("similarity", ['1 pair left out, of no document of the version: "pairs.tsv: line 22"']),
    ],
)  # fmt: skip
def test_annotations_that_cannot_be_asked_are_named_and_counted(tmp_path, kind, told):
    """By their place and why; and the gold's sentence counts all of the file."""
    task = task_of(tmp_path, kind)
    assert [note[: len(words)] for note, words in zip(task.notes, told, strict=True)] == told
    assert f"{task.items.num_rows} of " in task.subject.gold
    assert "left out:" in task.subject.gold


def test_annotations_of_other_splits_are_counted_as_such(tmp_path):
    """They are no loss: nobody asked for them."""
    gold = task_of(tmp_path, "question-answering", more='splits = ["train"]\n').subject.gold
    assert "6 of 11 questions asked; left out: 4 in documents that are not asked" in gold


@KINDS
def test_the_file_is_part_of_what_the_task_is(tmp_path, kind):
    """A byte more in it, be it a comment, and scores are not compared with those of before."""
    before = task_of(tmp_path, kind).subject
    name = next(part for part in ENTRIES[kind].split('"') if (FIXTURES / part).exists())
    target = FIXTURES / name
    (tmp_path / name).unlink()
    if target.is_dir():
        (tmp_path / name).mkdir()
        for file in target.iterdir():
            (tmp_path / name / file.name).write_bytes(file.read_bytes() + b"\n")
    else:
        (tmp_path / name).write_bytes(target.read_bytes() + b"\n")
    after = task_of(tmp_path, kind).subject
    assert after.task_fingerprint != before.task_fingerprint
    assert after.items == before.items


@KINDS
def test_without_the_file_there_is_no_gold(tmp_path, kind):
    """Exit code 4, and in a corpus without a tasks file there is no such task."""
    entry = ENTRIES[kind].replace('annotations = "', 'annotations = "absent-')
    with pytest.raises(NoEvidenceError, match=r"annotations .absent-.* are not there") as raised:
        task_of(tmp_path, kind, entry=entry)
    assert raised.value.exit_code == ExitCode.NO_EVIDENCE
    assert kind not in read_tasks(tmp_path / "no-such.toml")


@KINDS
def test_annotations_of_another_corpus_are_no_gold(tmp_path, kind):
    """The refusal counts what was annotated, and says how documents are named."""
    strangers = [
        {**row, "id": f"x{number}", "cluster": f"x{number}", "text": f"خبر آخر رقم {number} لا صلة له بشيء."}
        for number, row in enumerate(articles())
    ]
    with pytest.raises(NoEvidenceError, match="annotates none of its documents: 0 of ") as raised:
        task_of(tmp_path, kind, rows=strangers)
    assert "by id, locator or raw_sha256" in raised.value.remedy


@KINDS
def test_the_key_annotations_has_to_be_there(tmp_path, kind):
    """There is no default place for somebody's work."""
    with pytest.raises(ConfigurationError, match="a key is missing"):
        task_of(tmp_path, kind, entry='lang = "en"\n' if kind == "translation" else "")


@pytest.mark.parametrize(
    "said", [["O"], "O", ["PER"] * 11, "Samer Haddad is a person", "[", 'O "O"', ["I-"] * 11, {"tags": "O"}]
)
def test_tags_that_are_not_one_bio_tag_a_token_are_unparsable(tmp_path, said):
    """Cut to length or padded, names would move to other words."""
    task = task_of(tmp_path, "ner")
    row = next(row for row in task.items.to_pylist() if row["item_id"] == "n10#S19")
    assert task.read(row["item_id"], said) is None
    assert task.read(row["item_id"], ["O"] * 11) == ("O",) * 11
    assert task.read(row["item_id"], "O " * 11) == task.read(row["item_id"], json.dumps(["O"] * 11))


@pytest.mark.parametrize("said", ["", "nan", "inf", "1_0", "sehr ähnlich", None, ["1"], "1,5"])
def test_what_is_no_number_is_no_similarity(tmp_path, said):
    """It is counted as unparsable."""
    assert task_of(tmp_path, "similarity").read_answer(said) is None
    assert task_of(tmp_path, "similarity").read_answer(" 2.5\n") == "2.5"


def test_an_empty_answer_says_that_the_text_does_not_tell(tmp_path):
    """Right where it does not, wrong where it does; no answer at all is never right."""
    task = task_of(tmp_path, "question-answering")
    folder, values = scores_of(
        tmp_path, "question-answering", predictions(tmp_path, task, lambda _row: ""), on_missing="fail"
    )
    assert values["exact_match"] == pytest.approx(2 / 10)
    missing = predictions(tmp_path, task, lambda row: None if row["variant"] == "unanswerable" else "x")
    _, values = scores_of(tmp_path, "question-answering", missing, on_missing="wrong")
    assert values["exact_match"] == 0
    right = folder.items().column("variant").to_pylist()
    assert right.count("unanswerable") == 2


def test_translations_score_what_sacrebleu_gives(tmp_path):
    """BLEU, chrF and TER over the other side's lines, by sacrebleu's own defaults."""
    folder, values = scores_of(tmp_path, "translation", "translation-memory")
    said, right = (folder.items().column(name).to_pylist() for name in ("output", "reference"))
    assert values["bleu"] * 100 == pytest.approx(sacrebleu.corpus_bleu(said, [right]).score)
    assert values["chrf"] * 100 == pytest.approx(sacrebleu.corpus_chrf(said, [right]).score)
    assert values["ter"] * 100 == pytest.approx(sacrebleu.corpus_ter(said, [right]).score)
    assert "tok:13a" in folder.manifest.signatures[1]  # English is read as English, though Arabic was asked


def test_a_whole_document_is_one_item_unless_lines_are_asked(tmp_path):
    """Named like the document; without TER, whose search takes seconds on long texts."""
    task = task_of(tmp_path, "translation", entry='annotations = "english"\nlang = "en"\n')
    assert task.items.column("item_id").to_pylist() == [f"n{number:02}" for number in range(8, 15)]
    assert [metric.name for metric in task.metrics] == ["chrf", "bleu"]


def test_lines_of_two_files_are_bound_by_the_text_of_the_source(tmp_path):
    """As parallel corpora come: the same line of both; sentences stand in their documents."""
    pairs = [
        (row["text"].split("\n"), (FIXTURES / "english" / f"{row['id']}.txt").read_text().split("\n"))
        for row in articles()
    ]
    for name, side in (("all.ar", 0), ("all.en", 1)):
        lines = [line for pair in pairs for line in pair[side][:2]]
        (tmp_path / name).write_text("\n".join([*lines, "؟" if side == 0 else "?"]), encoding="utf-8")
    entry = 'annotations = "all.en"\nsources = "all.ar"\nlang = "en"\n'
    task, by_folder = task_of(tmp_path, "translation", entry=entry), task_of(tmp_path, "translation")
    assert task.items.column("reference").to_pylist() == by_folder.items.column("reference").to_pylist()
    assert task.notes == ('1 translation left out, of no document of the version: "all.en: line 29"',)


def test_documents_whose_sides_have_other_numbers_of_lines_are_refused(tmp_path):
    """Named with both numbers; as whole documents they can be asked."""
    rows = articles(n09={"text": "سطر واحد فقط في هذا الخبر."})
    with pytest.raises(InputError, match=r'"n09 \(1 and 2\)"') as raised:
        task_of(tmp_path, "translation", rows=rows)
    assert 'unit = "document"' in raised.value.remedy
    assert task_of(tmp_path, "translation", rows=rows, entry='annotations = "english"\nlang = "en"\n')


def test_a_document_that_is_translated_twice_is_refused(tmp_path):
    """Scores are against one reference; which of them is meant, nobody said."""
    lines = [json.dumps({"id": "n08", "text": text}) for text in ("A minister came.", "He came.")]
    (tmp_path / "twice.jsonl").write_text("\n".join(lines), encoding="utf-8")
    with pytest.raises(InputError, match='"n08" is translated twice'):
        task_of(tmp_path, "translation", entry='annotations = "twice.jsonl"\nlang = "en"\n')


def test_pairs_that_share_a_document_are_drawn_together(tmp_path):
    """However indirectly: their scores rise and fall with the same texts."""
    lines = [row["text"].split("\n")[0] for row in articles()]
    pairs = [(0, 1, 1), (1, 2, 2), (5, 6, 3), (8, 9, 4)]
    rows = [f"{lines[one]}\t{lines[other]}\t{score}" for one, other, score in pairs]
    (tmp_path / "few.tsv").write_text("\n".join(["first\tsecond\tscore", *rows]), encoding="utf-8")
    task = task_of(tmp_path, "similarity", entry='annotations = "few.tsv"\n')
    assert task.items.column("cluster").to_pylist() == ["n01", "n01", "n06", "n09"]


def test_a_pair_across_the_border_of_what_is_asked_is_not_asked(tmp_path):
    """One of its texts belongs to a split that was left out."""
    rows = articles(n03={"split": "test"})
    task = task_of(tmp_path, "similarity", rows=rows, more='splits = ["test"]\n')
    assert task.items.column("item_id").to_pylist() == ["n03#Pp05", "n03#Pp06", "n09#Pp15"]
    assert "17 in documents that are not asked" in task.subject.gold


def test_scores_that_are_all_the_same_are_no_gold(tmp_path):
    """Nothing can go with them."""
    text = (FIXTURES / "pairs.tsv").read_text(encoding="utf-8").splitlines()
    same = ["\t".join([*line.split("\t")[:3], "2"]) for line in text[1:]]
    (tmp_path / "same.tsv").write_text("\n".join([text[0], *same]), encoding="utf-8")
    with pytest.raises(NoEvidenceError, match="all have one score"):
        task_of(tmp_path, "similarity", entry='annotations = "same.tsv"\n')


def test_names_that_nobody_annotated_are_no_gold(tmp_path):
    """F1 of no name at all is undefined, and not 0."""
    text = (FIXTURES / "names.conll").read_text(encoding="utf-8")
    outside = "\n".join(f"{line.split(chr(9))[0]}\tO" if "\t" in line else line for line in text.split("\n"))
    (tmp_path / "outside.conll").write_text(outside, encoding="utf-8")
    with pytest.raises(NoEvidenceError, match="name nothing"):
        task_of(tmp_path, "ner", entry='annotations = "outside.conll"\n')


def test_noise_leaves_each_token_its_tag(tmp_path):
    """Words are spoilt inside the list: as many come back, with the same reference."""
    task = task_of(
        tmp_path, "ner", more='noise = ["typing", "diacritics", "presentation-forms", "mojibake"]\n'
    )
    rows = task.items.to_pylist()
    assert {row["variant"] for row in rows} == {
        "clean",
        "typing",
        "diacritics",
        "presentation-forms",
        "mojibake",
    }
    assert all(len(json.loads(row["input"])) == len(row["reference"].split()) for row in rows)
    assert all(task.read(row["item_id"], row["reference"]) is not None for row in rows)


def test_names_of_another_document_than_the_sentence_stands_in_are_told(tmp_path):
    """They are asked, since texts are cleaned after they were annotated; but somebody has to look."""
    text = (FIXTURES / "names.conll").read_text(encoding="utf-8")
    (tmp_path / "moved.conll").write_text(
        text.replace("newdoc id = n10", "newdoc id = n11"), encoding="utf-8"
    )
    notes = task_of(tmp_path, "ner", entry='annotations = "moved.conll"\n').notes
    assert any(
        note.startswith("2 sentences asked, though the document that they name does not") for note in notes
    )


def test_noise_is_told_by_its_cost_in_span_f1(tmp_path):
    """A metric that is no mean over items, from the counts that the run kept: both values are F1 of the pairs."""
    more = 'noise = ["diacritics", "typing"]\nnoise_share = 1\n'
    folder, _ = scores_of(tmp_path, "ner", "known-names", more=more)
    told = {drop.noise: drop for drop in drops(folder.result, folder.items(), seed=0, counts=folder.counts())}
    assert set(told) == {"diacritics", "typing"}
    assert told["diacritics"].difference == 0  # vowel signs are folded away before names are looked up
    assert told["typing"].noisy < told["typing"].clean
    assert told["typing"].difference == told["typing"].noisy - told["typing"].clean
    rows = [row for row in folder.items().to_pylist() if row["variant"] == "typing"]
    right, said = (
        [tuple(json.loads(row["output"])) if key == "output" else tuple(row[key].split()) for row in rows]
        for key in ("reference", "output")
    )
    metric = span_f1()
    assert (
        told["typing"].noisy == metric.formula(metric.statistics(right, said).sum(axis=0, keepdims=True))[0]
    )


def test_by_time_what_was_annotated_later_is_asked_and_nothing_is_lost(tmp_path):
    """Of an undated document the annotations are not asked; it is a document of the version all the same."""
    rows = [
        {**row, "published": datetime(2026, 1, number + 1, tzinfo=UTC) if number else None}
        for number, row in enumerate(articles())
    ]
    task = task_of(tmp_path, "ner", rows=rows, more='split = "time"\nsince = 2026-01-11\n')
    assert set(task.items.column("document_id").to_pylist()) == {"n11", "n12", "n13", "n14"}
    assert len(task.examples) == 2 * 9
    assert "8 of 30 sentences asked; left out: 20 in documents that are not asked; 1" in task.subject.gold
