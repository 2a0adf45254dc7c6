"""Signals of users' own packages: measured in the build, a column like any other, judged without the package."""

import json

import pyarrow.parquet as pq
import pytest
from support.command import harness, harness_inside, tree_bytes
from support.gates import entry
from support.packages import needs_pycld2
from support.plug_ins import install_sentence_ends

pytestmark = needs_pycld2

_ARTICLES = {
    f"{number:02d}.txt": f"أعلنت بلدية وادي الزهر رقم {number} افتتاح مكتبة عامة جديدة في حي الميناء.\n"
    f"وتضم القاعة {number * 7} ألف كتاب و{number * 13} مقعدا للقراء. فمن يأتي اليوم؟"
    for number in range(6)
}
_ENDLESS = {"endless.txt": "وصل وفد من مدينة النور إلى الساحل مساء أمس في زيارة تستمر ثلاثة أيام"}
_RECIPE = """name = "desk"
gates = ["own"]
signals = ["sentence_ends"]
[[sources]]
name = "raw"
[[reject]]
rule = "no-sentence"
when = "sentence_ends < 1"
"""
_UNNAMED = 'name = "desk"\n[[sources]]\nname = "raw"\n'
_VERSION = "datasets/desk/builds/0.1.0"


def workspace(folder, recipe=_RECIPE, articles=_ARTICLES | _ENDLESS):
    """Make a workspace with one corpus, and a suite that asks for three ends of sentences at least."""
    raw = folder / "datasets" / "desk" / "raw"
    raw.mkdir(parents=True)
    for name, text in articles.items():
        (raw / name).write_text(text, encoding="utf-8")
    (raw.parent / "recipe.toml").write_text(recipe, encoding="utf-8")
    (folder / "expectations").mkdir()
    write_suite(folder, at_least=3)
    return folder


def write_suite(folder, *, at_least):
    """Write the suite `own` over the user's own signal, with a condition and a column to show."""
    asked = entry("column_values_to_be_between", "OWN1", column="sentence_ends", min_value=at_least)
    asked["kwargs"]["row_condition"] = "sentence_ends < 1000"
    asked["meta"]["show"] = ["sentence_ends"]
    suite = {"name": "own", "meta": {"table": "documents"}, "expectations": [asked]}
    (folder / "expectations" / "own.json").write_text(json.dumps(suite), encoding="utf-8")


def build(folder, env=None):
    """Build the corpus without keeping anything between builds."""
    return harness("build", "desk", "--no-cache", "--workers", "1", cwd=folder, env=env)


def manifest(folder):
    """Read the manifest of the built version."""
    return json.loads((folder / _VERSION / "manifest.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """The environment of a process that finds the package."""
    return install_sentence_ends(tmp_path_factory.mktemp("site"))


@pytest.fixture(scope="module")
def desk(tmp_path_factory, installed):
    """A workspace whose corpus was built with the package; what comes after goes without it."""
    folder = workspace(tmp_path_factory.mktemp("desk"))
    outcome = build(folder, installed)
    assert outcome.code == 0, outcome.stderr
    return folder


def test_a_version_shows_the_signal_in_its_documents_and_records(desk):
    """With the values measured, null for nothing that was measured; the manifest says what it is."""
    documents = [pq.read_table(path) for path in sorted((desk / _VERSION / "data").rglob("*.parquet"))]
    assert {value for table in documents for value in table["sentence_ends"].to_pylist()} == {3}
    records = pq.read_table(desk / _VERSION / "records")
    assert records.column_names[-1] == "sentence_ends"
    assert sorted(records["sentence_ends"].to_pylist()) == [0, *[3] * len(_ARTICLES)]
    told = manifest(desk)
    assert told["signals"] == [
        {"name": "sentence_ends", "kind": "count", "meaning": "Full stops | and *marks*.", "version": "1"}
    ]
    assert told["stages"]["signal sentence_ends"] == "count 1"


def test_a_rule_of_the_recipe_refuses_by_it(desk):
    """With what was seen and what would have passed."""
    (row,) = pq.read_table(desk / _VERSION / "rejected").to_pylist()
    told = {name: row[name] for name in ("locator", "rule", "observed", "allowed")}
    assert told == {
        "locator": "endless.txt", "rule": "no-sentence", "observed": "sentence_ends = 0", "allowed": ">= 1",
    }  # fmt: skip


def test_the_version_loads_and_its_card_tells_the_column_without_obeying_it(desk, tmp_path):
    """`load_dataset` takes the features of the card; the meaning's marks are escaped."""
    from datasets import load_dataset  # noqa: PLC0415 - takes seconds to import

    loaded = load_dataset(str(desk / _VERSION), "records", split="train", cache_dir=str(tmp_path))
    assert set(loaded["sentence_ends"]) == {0, 3}
    card = (desk / _VERSION / "README.md").read_text(encoding="utf-8")
    assert "`sentence_ends`" in card
    assert "Full stops | and *marks*" not in card


def test_gates_judge_the_signal_without_the_package(desk):
    """The manifest says what the column is: a limit that holds passes, one that does not fails by name."""
    passed = harness_inside("validate", "desk", "--format", "json", cwd=desk)
    assert passed.code == 0, passed.stderr
    write_suite(desk, at_least=4)
    failed = harness_inside("validate", "desk", "--format", "json", cwd=desk)
    write_suite(desk, at_least=3)
    assert failed.code == 1, failed.stderr
    (gate,) = failed.json["gates"]
    assert (gate["rule"], gate["unexpected"]) == ("OWN1", len(_ARTICLES))


def test_a_life_tells_the_signal_without_the_package(desk):
    """Its value, and the rule that refused by it."""
    told = harness_inside("why", "endless.txt", "--format", "json", cwd=desk)
    assert told.code == 0, told.stderr
    assert told.json["signals"]["sentence_ends"] == 0
    assert [(rule["observed"], rule["decides"]) for rule in told.json["rules"]] == [
        ("sentence_ends = 0", True)
    ]


def test_a_build_without_the_package_says_what_is_missing(desk):
    """Exit code 2, before anything is read; the version that stands there is left alone."""
    before = tree_bytes(desk / _VERSION)
    outcome = build(desk)
    assert outcome.code == 2
    assert "no installed package brings the signal 'sentence_ends'" in outcome.stderr
    assert tree_bytes(desk / _VERSION) == before


def test_a_check_of_recipes_and_suites_needs_the_package_and_says_so(desk, installed):
    """With it the suite's column is known; without it the missing package is named beside the column."""
    assert harness("check", "config", cwd=desk, env=installed).code == 0
    lacking = harness_inside("check", "config", "expectations/own.json", cwd=desk)
    assert lacking.code == 2
    assert "no column 'sentence_ends'" in lacking.stderr
    assert "no installed package brings the signal 'sentence_ends'" in lacking.stderr


def test_the_schema_for_editors_knows_it(desk, installed):
    """In a workspace whose recipe names it, and where it is installed."""
    known = harness("schema", "suite", cwd=desk, env=installed).stdout
    assert '"sentence_ends"' in known
    assert '"sentence_ends"' not in harness_inside("schema", "suite", cwd=desk).stdout


def test_a_preview_measures_it(desk, installed):
    """As a build does, and refuses by it."""
    outcome = harness("preview", "desk", "--format", "json", cwd=desk, env=installed)
    assert outcome.code == 0, outcome.stderr
    assert "sentence_ends = 0" in outcome.stdout


def test_explain_tells_what_it_measures(desk, installed):
    """Beside the built-in signals, of what the workspace's recipes name; and rules over it are no riddle."""
    told = harness("explain", "sentence_ends", "--format", "json", cwd=desk, env=installed)
    assert "Full stops" in told.stdout
    assert "OWN1" in harness("explain", "OWN1", "--format", "json", cwd=desk, env=installed).stdout


def test_a_package_that_no_recipe_names_changes_no_byte(tmp_path, installed):
    """Installed or not, the same version."""
    folders = [workspace(tmp_path / name, _UNNAMED) for name in ("with", "without")]
    for folder, env in zip(folders, (installed, None), strict=True):
        outcome = build(folder, env)
        assert outcome.code == 0, outcome.stderr
    first, second = (tree_bytes(folder / _VERSION) for folder in folders)
    assert first == second
    assert not any(b"sentence_ends" in content for content in first.values())


def test_another_version_of_the_signal_is_another_version_of_the_corpus(tmp_path, desk):
    """Though every value is the same: nobody knows that of the texts to come."""
    folder = workspace(tmp_path / "desk")
    outcome = build(folder, install_sentence_ends(tmp_path / "site", version="2"))
    assert outcome.code == 0, outcome.stderr
    assert manifest(folder)["content_hash"] != manifest(desk)["content_hash"]


def test_workers_and_chunks_do_not_show(tmp_path, desk, installed):
    """Two workers, chunks of a few records: the same bytes."""
    folder = workspace(tmp_path / "desk")
    outcome = harness("build", "desk", "--workers", "2", "--chunk-kib", "1", cwd=folder, env=installed)
    assert outcome.code == 0, outcome.stderr
    assert tree_bytes(folder / _VERSION / "data") == tree_bytes(desk / _VERSION / "data")
    assert tree_bytes(folder / _VERSION / "records") == tree_bytes(desk / _VERSION / "records")


def test_a_text_that_it_raises_on_is_an_error_record(tmp_path):
    """The others are measured; the books tell the kind of failure and no text."""
    body = 'assert "النور" not in "".join(texts.to_pylist()); return pc.utf8_length(texts)'
    folder = workspace(tmp_path / "desk")
    outcome = build(folder, install_sentence_ends(tmp_path / "site", body=body))
    assert outcome.code == 0, outcome.stderr
    (row,) = pq.read_table(folder / _VERSION / "errors").to_pylist()
    assert (row["locator"], row["error"], row["detail"]) == ("endless.txt", "poison-record", "AssertionError")
    assert manifest(folder)["counts"]["kept"] == len(_ARTICLES)


def test_a_signal_that_breaks_its_promise_stops_the_build(tmp_path):
    """Fewer values than texts could belong to any of them: exit code 2, no version, and the way to mend it."""
    folder = workspace(tmp_path / "desk")
    body = "return pc.utf8_length(texts).slice(1)"
    outcome = build(folder, install_sentence_ends(tmp_path / "site", body=body))
    assert outcome.code == 2, outcome.stderr
    assert "the signal 'sentence_ends' gave 6 values for 7 texts" in outcome.stderr
    assert not (folder / _VERSION).exists()
