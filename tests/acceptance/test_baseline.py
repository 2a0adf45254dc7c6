"""`harness baseline` and what `validate` and `publish` make of it, as a job in CI runs them."""

import json

import pytest
from support.command import harness_inside
from support.versions import RECIPE, small_version

from harness.core.schema import DOCUMENTS

_SUITE = {
    "name": "made",
    "meta": {"table": "documents"},
    "expectations": [
        {
            "type": "expect_column_values_to_be_between",
            "kwargs": {"column": "words", "min_value": 3, "mostly": 0.1},
            "severity": "warning",
            "meta": {"rule": "TST001", "title": "Long enough"},
        }
    ],
}
_GOOD = {"train": ("one two three four", "five six seven"), "validation": (), "test": ("Rain fell.",)}
_WORSE = {"train": ("one two three four", "five"), "validation": (), "test": ("Rain fell.",)}


@pytest.fixture
def workspace(tmp_path):
    """Make a repository with a suite of its own and two builds of one corpus, the second a little worse."""
    (tmp_path / "expectations").mkdir()
    (tmp_path / "expectations" / "made.json").write_text(json.dumps(_SUITE), encoding="utf-8")
    corpus = tmp_path / "datasets" / RECIPE.name
    corpus.mkdir(parents=True)
    (corpus / "recipe.toml").write_text('name = "tiny-news"\n[[sources]]\nname = "desk"\n', encoding="utf-8")
    recipe = RECIPE.model_copy(update={"gates": ("made",)})
    small_version(corpus / "builds" / "1.0.0", recipe, texts=_GOOD)
    small_version(corpus / "builds" / "1.1.0", recipe.model_copy(update={"version": "1.1.0"}), texts=_WORSE)
    return tmp_path


def test_a_value_that_got_worse_fails_the_job_though_its_suite_passes(workspace):
    """And the change is told by the same exit code, line and JSON as any gate."""
    assert DOCUMENTS.field("words")
    assert harness_inside("validate", "tiny-news@1.1.0", cwd=workspace).code == 0
    first = harness_inside("baseline", "set", "tiny-news@1.0.0", cwd=workspace)
    assert first.code == 0
    path = workspace / "datasets" / "tiny-news" / "baseline.json"
    committed = path.read_bytes()
    assert harness_inside("validate", "tiny-news@1.0.0", cwd=workspace).code == 0
    failed = harness_inside("validate", "tiny-news@1.1.0", "--format", "json", cwd=workspace)
    assert failed.code == 1
    gates = {gate["rule"]: gate for gate in failed.json["gates"]}
    assert gates["TST001"]["status"] == "passed"
    assert gates["BASE.TST001"]["status"] == "failed"
    assert gates["BASE.TST001"]["file"] == "datasets/tiny-news/baseline.json"
    assert path.read_bytes() == committed


def test_loosening_needs_a_reason_and_a_day_that_is_to_come(workspace):
    """Without them the file stays as it was, byte for byte."""
    path = workspace / "datasets" / "tiny-news" / "baseline.json"
    harness_inside("baseline", "set", "tiny-news@1.0.0", cwd=workspace)
    committed = path.read_bytes()
    worse = ("baseline", "update", "tiny-news@1.1.0")
    for more in ((), ("--accept-worse",), ("--accept-worse", "--reason", "x", "--until", "2020-01-01")):
        assert harness_inside(*worse, *more, cwd=workspace).code == 2
        assert path.read_bytes() == committed
    accepted = harness_inside(
        *worse, "--accept-worse", "--reason", "feed broke", "--until", "2999-01-01", cwd=workspace
    )
    assert accepted.code == 0
    assert harness_inside("validate", "tiny-news@1.1.0", cwd=workspace).code == 0
    assert "feed broke" in harness_inside("baseline", "show", "tiny-news", cwd=workspace).stdout
    assert harness_inside("baseline", "set", "tiny-news@1.0.0", cwd=workspace).code == 2


def test_publishing_asks_for_the_baseline_too(workspace):
    """A verdict from before the baseline was set does not tell about it."""
    version = workspace / "datasets" / "tiny-news" / "builds" / "1.0.0"
    plan = ("publish", "tiny-news@1.0.0", "--to", "acme/tiny", "--dry-run")
    harness_inside("validate", "tiny-news@1.0.0", cwd=workspace)
    assert harness_inside(*plan, cwd=workspace).code == 0
    harness_inside("baseline", "set", "tiny-news@1.0.0", cwd=workspace)
    refused = harness_inside(*plan, cwd=workspace)
    assert refused.code == 4
    assert "baseline" in refused.stderr
    harness_inside("validate", "tiny-news@1.0.0", cwd=workspace)
    assert harness_inside(*plan, cwd=workspace).code == 0
    assert (version / "gates.json").is_file()


def test_a_broken_baseline_is_named(workspace):
    """It is wrong use, not a pass."""
    path = workspace / "datasets" / "tiny-news" / "baseline.json"
    for content in ("{", "[]", '{"format": 2}'):
        path.write_text(content, encoding="utf-8")
        broken = harness_inside("validate", "tiny-news@1.0.0", cwd=workspace)
        assert broken.code == 2
        assert "baseline.json" in broken.stderr
