"""Systems of the user's own on the command line: named in a file, estimated, run, listed and scored anew."""

import json

import pytest
from support.command import harness_inside, tree_bytes
from support.line_corpus import line_corpus
from support.programs import labelling
from support.stand_in_model import completion, stand_in_model

_SYSTEMS = """
[[systems]]
name = "mine"
uri = "cmd:./mine"
timeout_s = 20

[[systems]]
name = "served"
uri = "{uri}"
concurrency = 2
prompts = {{ language-id = "Which language? {{input}}" }}
prices = {{ input_per_million = 2.0, output_per_million = 10.0 }}
"""


@pytest.fixture(scope="module")
def corpus(tmp_path_factory):
    """A built corpus beside a program that fails on one item."""
    root = tmp_path_factory.mktemp("workspace")
    folder = line_corpus(root, 12)
    labelling(root / "mine", "if item.startswith('n003'): sys.exit(1)")
    (folder / "systems.toml").write_text(_SYSTEMS.format(uri="openai:http://127.0.0.1:9/v1#m"))
    return folder


@pytest.fixture(scope="module")
def run_mine(corpus):
    """The run of that program, its failures counted as wrong."""
    options = ("--task", "language-id", "--system", "mine", "--on-missing", "wrong", "--format", "json")
    done = harness_inside("run", "tiny", *options, cwd=corpus.parents[1])
    assert done.code == 0, done.stderr
    return done.json[0]


def test_an_estimate_asks_nothing_and_writes_nothing(corpus):
    """Items, characters, tokens, and the price where one is given."""
    before = tree_bytes(corpus)
    options = ("--task", "language-id", "--system", "mine", "--system", "served", "--dry-run")
    told = harness_inside("run", "tiny", *options, "--format", "json", cwd=corpus.parents[1])
    assert told.code == 0, told.stderr
    mine, served = told.json
    assert (mine["items"], mine["output_tokens"], mine["cost"]) == (served["items"], None, None)
    assert served["output_tokens"] == served["items"] * 256
    expected = (served["input_tokens"] * 2.0 + served["output_tokens"] * 10.0) / 1e6
    assert served["cost"] == pytest.approx(expected)
    assert tree_bytes(corpus) == before
    assert "nothing was asked" in harness_inside("run", "tiny", *options, cwd=corpus.parents[1]).stdout


def test_without_a_policy_a_failure_is_bad_input_and_names_its_items(corpus):
    """Exit code 3."""
    done = harness_inside("run", "tiny", "--task", "language-id", "--system", "mine", cwd=corpus.parents[1])
    assert done.code == 3
    assert "crash: 2" in done.stderr
    assert '"n003#L1", "n003#L2"' in done.stderr


def test_failures_are_told_by_kind_in_every_form(corpus, run_mine):
    """In JSON, in the terminal, in the list of runs."""
    assert run_mine["failures"] == {"crash": 2}
    assert run_mine["scores"][0]["value"] == pytest.approx(22 / 24)
    options = ("--task", "language-id", "--system", "mine", "--on-missing", "wrong")
    assert "failures  crash 2" in harness_inside("run", "tiny", *options, cwd=corpus.parents[1]).stdout
    listed = harness_inside("ls", "runs", cwd=corpus.parents[1])
    assert run_mine["run_id"] in listed.stdout
    assert "failures 2 (wrong)" in listed.stdout


def test_scoring_anew_gives_the_same_run_and_asks_nothing(corpus, run_mine):
    """Byte for byte; the program may be gone by then."""
    folder = corpus / "runs" / run_mine["run_id"]
    before = tree_bytes(folder)
    program = corpus.parents[1] / "mine"
    program.rename(program.with_name("gone"))
    try:
        again = harness_inside("score", run_mine["run_id"], "--format", "json", cwd=corpus.parents[1])
        assert again.code == 0, again.stderr
        assert tree_bytes(folder) == before
        dropped = harness_inside(
            "score", run_mine["run_id"], "--on-missing", "drop", "--format", "json", cwd=corpus.parents[1]
        )
    finally:
        program.with_name("gone").rename(program)
    assert dropped.code == 0, dropped.stderr
    assert (dropped.json[0]["scores"][0]["value"], dropped.json[0]["scores"][0]["n"]) == (1.0, 22)
    assert dropped.json[0]["run_id"] != run_mine["run_id"]
    refused = harness_inside("score", run_mine["run_id"], "--on-missing", "fail", cwd=corpus.parents[1])
    assert refused.code == 3


def test_a_run_on_a_task_that_was_changed_is_not_scored_anew(corpus, run_mine):
    """Its answers are to other questions: exit code 4."""
    tasks = corpus / "tasks.toml"
    tasks.write_text('[[tasks]]\nkind = "language-id"\nmin_letters = 5\n')
    try:
        done = harness_inside("score", run_mine["run_id"], cwd=corpus.parents[1])
    finally:
        tasks.unlink()
    assert done.code == 4
    assert "changed after the run" in done.stderr


def test_what_there_is_is_listed_and_what_is_damaged_is_named(corpus, run_mine):
    """A broken run does not hide the others."""
    root = corpus.parents[1]
    broken = corpus / "runs" / "broken"
    broken.mkdir()
    (broken / "manifest.json").write_text("{")
    try:
        rows = harness_inside("ls", "runs", "tiny", "--format", "json", cwd=root).json
    finally:
        (broken / "manifest.json").unlink()
        broken.rmdir()
    by_name = {row["name"]: row for row in rows}
    assert "no complete run" in by_name["broken"]["damage"]
    assert by_name[run_mine["run_id"]]["facts"]["failures"] == {"crash": 2}
    (version,) = harness_inside("ls", "versions", "tiny", "--format", "json", cwd=root).json
    assert (version["name"], version["facts"]["kept"]) == ("tiny@1.0.0", 12)
    corpora = {
        row["name"]: row["facts"]
        for row in harness_inside("ls", "corpora", "--format", "json", cwd=root).json
    }
    assert corpora["tiny"]["versions"] == 1
    assert "demo-news" in corpora
    assert harness_inside("ls", "runs", "tinny", cwd=root).code == 2


def test_a_served_model_is_run_from_the_file_and_its_tokens_are_told(corpus):
    """Its own prompt is what is sent."""
    with stand_in_model(lambda *_: completion("ar")) as model:
        (corpus / "systems.toml").write_text(_SYSTEMS.format(uri=model.uri))
        options = ("--task", "language-id", "--system", "served")
        done = harness_inside("run", "tiny", *options, cwd=corpus.parents[1])
    assert done.code == 0, done.stderr
    assert "tokens  264 of prompts, 48 of answers" in done.stdout
    assert all(prompt.startswith("Which language? ") for prompt in model.asked)


def test_gc_prunes_answers_that_no_run_was_made_from(corpus, run_mine):
    """`harness gc` finds them beside the runs; those of a run that stands stay."""
    (kept,) = {json.loads(path.read_text())["answers"] for path in corpus.glob("runs/*mine*/manifest.json")}
    stray = corpus / "runs" / ".answers" / f"{'a' * 32}.jsonl"
    stray.write_text("{}\n")
    options = ("--older-than-days", "0", "--format", "json")
    done = harness_inside("gc", *options, cwd=corpus.parents[1])
    assert done.code == 0, done.stderr
    assert not stray.exists()
    assert (stray.parent / f"{kept}.jsonl").exists()
    assert any(one["root"].endswith(".answers") and one["entries"] >= 1 for one in done.json)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("timeout = 3", "did you mean 'timeout_s'?"),
        ("concurrency = 4", "says nothing to cmd:PROGRAM"),
        ("timeout_s = -1", "above 0"),
        ('prompts = { topic = "no place" }', "no place for the text"),
        ('api_key_variable = "PATH"', "does not have the form"),
    ],
)
def test_mistakes_in_the_file_of_systems_are_wrong_use(corpus, line, said):
    """Exit code 2, with the place and what to write."""
    (corpus / "systems.toml").write_text(f'[[systems]]\nname = "mine"\nuri = "cmd:./mine"\n{line}\n')
    done = harness_inside("run", "tiny", "--task", "language-id", "--system", "mine", cwd=corpus.parents[1])
    assert done.code == 2
    assert said in done.stderr
    assert "systems.toml" in done.stderr


def test_a_system_named_in_a_file_runs_only_when_it_is_named(corpus):
    """A file that came with a corpus starts no program by itself."""
    marker = corpus.parents[1] / "started"
    labelling(corpus.parents[1] / "evil", f"open({str(marker)!r}, 'w')")
    (corpus / "systems.toml").write_text('[[systems]]\nname = "evil"\nuri = "cmd:./evil"\n')
    options = ("--task", "language-id", "--format", "json")
    done = harness_inside("run", "tiny", *options, cwd=corpus.parents[1])
    assert done.code == 0, done.stderr
    assert not marker.exists()
    assert all("evil" not in json.dumps(row["system"]) for row in done.json)
