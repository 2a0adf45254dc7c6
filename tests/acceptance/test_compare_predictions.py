"""`harness compare` with predictions files: answers from anywhere, scored on a version's task without keeping a run."""

import json
import subprocess
import sys

import pytest
from support.command import harness_inside
from support.line_corpus import line_corpus

_ARTICLES = 12
_HEAVY = {
    "datasets", "great_expectations", "pandas", "sklearn", "scipy", "numba", "jinja2", "trafilatura",
    "harness.evaluation.tasks", "harness.systems.registry",
}  # fmt: skip


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """Give a workspace with a corpus, a stored run, and predictions files of four kinds."""
    root = tmp_path_factory.mktemp("predictions")
    corpus = line_corpus(root, _ARTICLES)
    done = harness_inside("run", "tiny", "--task", "language-id", "--system", "pycld2", cwd=root)
    assert done.code == 0, done.stderr
    (run,) = (corpus / "runs").glob("language-id--*")
    answers = [json.loads(line) for line in (run / "outputs.jsonl").read_text(encoding="utf-8").splitlines()]
    _write(root / "right.jsonl", [{"id": one["id"], "output": "ar"} for one in answers])
    _write(
        root / "wrong.jsonl",
        [{"id": one["id"], "output": "fa" if row % 2 else "ar"} for row, one in enumerate(answers)],
    )
    _write(root / "short.jsonl", [{"id": one["id"], "output": "ar"} for one in answers[1:]])
    _write(root / "foreign.jsonl", [{"id": "nobody", "output": "ar"}])
    return root, run.name


def _write(path, rows):
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")


def test_predictions_are_compared_with_a_stored_run_that_says_what_they_answer(place):
    """Task and version are those of the run; slices and clusters are the version's; no run is left behind."""
    root, run = place
    before = sorted((root / "datasets" / "tiny" / "runs").iterdir())
    told = harness_inside("compare", run, "wrong.jsonl", "--format", "json", cwd=root)
    assert told.code == 0, told.stderr
    (comparison,) = told.json
    assert {one["system"]["name"] for one in comparison["runs"]} == {"pycld2", "wrong"}
    assert comparison["subject"]["task"] == "language-id"
    assert comparison["slices"]
    assert not comparison["are_independent"]
    assert sorted((root / "datasets" / "tiny" / "runs").iterdir()) == before


def test_runs_that_match_are_compared_whole_whatever_is_allowed(place):
    """Narrowing takes away what is no mean over items, such as macro F1: not where nothing has to be narrowed."""
    root, run = place
    words = ("compare", run, "wrong.jsonl", "--format", "json")
    assert harness_inside(*words, "--allow-mismatch", cwd=root).json == harness_inside(*words, cwd=root).json


def test_predictions_alone_need_to_be_told_what_they_answer(place):
    """Two files: wrong use without a version and a task, whichever is lacking; compared with both."""
    root, _ = place
    files = ("right.jsonl", "wrong.jsonl")
    refused = harness_inside("compare", *files, cwd=root)
    assert refused.code == 2
    assert "which version and task it answers" in refused.stderr
    refused = harness_inside("compare", *files, "--version", "tiny", cwd=root)
    assert refused.code == 2
    assert "which task it answers" in refused.stderr
    told = harness_inside("compare", *files, "--version", "tiny", "--task", "language-id", cwd=root)
    assert told.code == 0, told.stderr
    assert "right is better than wrong by" in told.stdout


def test_predictions_are_the_same_system_however_they_come(place):
    """A stored run of the same file is the same run, and comparing the two with each other is wrong use."""
    root, _ = place
    kept = harness_inside(
        "run", "tiny", "--task", "language-id", "--system", "preds:right.jsonl", "--format", "json", cwd=root
    )
    run_id = kept.json[0]["run_id"]
    told = harness_inside("compare", "right.jsonl", run_id, cwd=root)
    assert told.code == 2
    assert "given twice" in told.stderr


def test_missing_predictions_are_an_error_until_a_policy_is_named(place):
    """Exit code 3 with the items' names; counted as wrong, or left out of the pairs, on demand."""
    root, run = place
    refused = harness_inside("compare", run, "short.jsonl", cwd=root)
    assert refused.code == 3
    assert "1 of " in refused.stderr
    assert "--on-missing" in refused.stderr
    told = harness_inside("compare", run, "short.jsonl", "--on-missing", "drop", cwd=root)
    assert told.code == 0, told.stderr
    assert "1 items without an answer were left out" in told.stdout
    assert harness_inside("compare", run, "short.jsonl", "--on-missing", "skip", cwd=root).code == 2


def test_stored_runs_are_compared_without_what_builds_judges_and_learns(place):
    """No evaluator of suites, no data frames, no learner, no template engine and no kind of task is imported."""
    root, run = place
    kept = harness_inside(
        "run", "tiny", "--task", "language-id", "--system", "py3langid", "--format", "json", cwd=root
    )
    ids = [run, kept.json[0]["run_id"]]
    code = (
        "import sys\n"
        "from harness.cli.app import main\n"
        f"code = main(['compare', *{ids!r}, '--format', 'quiet'])\n"
        f"print(code, sorted({_HEAVY!r} & set(sys.modules)))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True)
    assert done.stdout.split("\n")[-2] == "0 []"


def test_a_task_with_one_run_alone_is_passed_over(place):
    """It keeps nobody from comparing the others, in `compare` and `report`; it is told, and alone it is refused."""
    root, _ = place
    assert harness_inside("run", "tiny", "--task", "language-id", "--system", "py3langid", cwd=root).code == 0
    assert (
        harness_inside("run", "tiny", "--task", "near-duplicates", "--system", "same-words", cwd=root).code
        == 0
    )
    told = harness_inside("compare", "tiny", "--format", "json", cwd=root)
    assert told.code == 0, told.stderr
    assert [one["subject"]["task"] for one in told.json] == ["language-id"]
    assert "near-duplicates: passed over, since it has one run alone" in told.stderr
    assert harness_inside("report", "tiny", "--out", "pages", cwd=root).code == 0
    alone = harness_inside("compare", "tiny", "--task", "near-duplicates", cwd=root)
    assert alone.code == 2
    assert "two runs or more" in alone.stderr


def test_clusters_beside_stored_runs_are_refused(place):
    """They would change nothing, and whoever gives them should know."""
    root, run = place
    (root / "clusters.csv").write_text("id,cluster\n", encoding="utf-8")
    refused = harness_inside("compare", run, "wrong.jsonl", "--clusters", "clusters.csv", cwd=root)
    assert refused.code == 2
    assert "--clusters would change nothing" in refused.stderr


def test_predictions_for_other_items_are_named(place):
    """Exit code 3: the file does not belong to this task."""
    root, run = place
    refused = harness_inside("compare", run, "foreign.jsonl", cwd=root)
    assert refused.code == 3
    assert "nobody" in refused.stderr


def test_a_predictions_file_can_be_the_baseline_and_be_kept_as_one(place):
    """`--baseline FILE` compares with it alone; `--save-baseline` keeps it with its scores."""
    root, run = place
    told = harness_inside("compare", run, "--baseline", "wrong.jsonl", "--format", "json", cwd=root)
    assert told.code == 0, told.stderr
    assert told.json[0]["baseline"] in {one["run_id"] for one in told.json[0]["runs"]}
    named = ("--version", "tiny", "--task", "language-id")
    kept = harness_inside("compare", "wrong.jsonl", *named, "--save-baseline", "kept.jsonl", cwd=root)
    assert kept.code == 0, kept.stderr
    again = harness_inside("compare", run, "--baseline", "kept.jsonl", "--format", "json", cwd=root)
    assert again.code == 0, again.stderr
    assert again.json[0]["differences"] == told.json[0]["differences"]
