"""Drift: a version against the release that is tracked before it, from a clone that holds no earlier build."""

import json
import shutil

import pyarrow.compute as pc
import pytest
from support.command import harness, harness_inside
from support.versions import RECIPE, made_manifest, rows, small_version

from harness.core.schema import RECORDS
from harness.core.signals import SIGNALS
from harness.core.workspace import Workspace
from harness.curation.releases import drift_table, release_of
from harness.workflows.release import drift_since_release, write_release

_MANY = tuple(f"word{number} " * 40 for number in range(10))
_BEFORE = {"train": _MANY, "validation": (), "test": ("Rain fell.",)}
_SHORT = {"train": tuple(f"word{number}" for number in range(10)), "validation": (), "test": ("Rain fell.",)}


@pytest.fixture
def workspace(tmp_path):
    """Make a repository whose corpus has a tracked release and no build of it."""
    corpus = tmp_path / "datasets" / RECIPE.name
    corpus.mkdir(parents=True)
    (corpus / "recipe.toml").write_text('name = "tiny-news"\n[[sources]]\nname = "desk"\n', encoding="utf-8")
    first = small_version(corpus / "builds" / "1.0.0", RECIPE, texts=_BEFORE)
    write_release(Workspace(tmp_path), first)
    shutil.rmtree(first.path)
    return tmp_path


def _next_version(workspace, texts, version="1.1.0"):
    recipe = RECIPE.model_copy(update={"version": version, "gates": ("drift",)})
    return small_version(workspace / "datasets" / RECIPE.name / "builds" / version, recipe, texts=texts)


def test_the_same_again_passes(workspace):
    """Growing by a few documents does not count as drift either."""
    grown = {**_BEFORE, "train": (*_MANY, "word10 " * 40)}
    _next_version(workspace, grown)
    done = harness_inside("validate", "tiny-news", "--format", "json", cwd=workspace)
    assert done.code == 0, done.stdout
    assert {gate["rule"] for gate in done.json["gates"]} == {f"DRF{number:03}" for number in range(1, 9)}


def test_texts_that_are_cut_off_fail_with_the_number_and_what_moved(workspace):
    """The length of texts is judged by the share of documents that fall into another class."""
    _next_version(workspace, _SHORT)
    done = harness_inside("validate", "tiny-news", "--format", "json", cwd=workspace)
    assert done.code == 1
    (gate,) = [gate for gate in done.json["gates"] if gate["rule"] == "DRF005"]
    assert gate["status"] == "failed"
    assert gate["observed"].startswith("change 0.9")
    assert "responsible" in gate["findings"][0]["observed"]


def test_without_an_earlier_release_nothing_is_said_and_nothing_passes(workspace):
    """The first version has nothing to drift from: exit 4, with the way out."""
    _next_version(workspace, _BEFORE, version="0.9.0")
    done = harness_inside("validate", "tiny-news@0.9.0", cwd=workspace)
    assert done.code == 4
    assert "build --release" in done.stdout


def test_a_released_number_stands_for_one_content(workspace):
    """The same content writes the same bytes again; another one is refused."""
    path = workspace / "datasets" / RECIPE.name / "versions" / "1.0.0.json"
    committed = path.read_bytes()
    built = _next_version(workspace, _BEFORE, version="1.0.0")
    write_release(Workspace(workspace), built)
    assert path.read_bytes() == committed
    other = _next_version(workspace, _SHORT, version="1.0.0")
    with pytest.raises(Exception, match="other content"):
        write_release(Workspace(workspace), other)
    assert path.read_bytes() == committed


def test_the_newest_lower_number_is_compared_not_the_newest_word(workspace):
    """1.10 comes after 1.9."""
    versions = workspace / "datasets" / RECIPE.name / "versions"
    text = (versions / "1.0.0.json").read_text(encoding="utf-8")
    for number, kept in (("1.9.0", 500), ("1.10.0", 700)):
        content = json.loads(text)
        content["counts"]["kept"] = kept
        (versions / f"{number}.json").write_text(json.dumps(content), encoding="utf-8")
    drift = drift_since_release(Workspace(workspace), _next_version(workspace, _BEFORE, version="1.11.0"))
    assert drift.filter(pc.equal(drift["measure"], "documents"))["before"].to_pylist() == [700]


def test_a_build_is_released_by_a_word(tmp_path):
    """The file lies beside the recipe, is the same on every machine, and a folder without a recipe has none."""
    harness_inside("init", ".", "--name", "test-news", "--ci", "none", cwd=tmp_path)
    tracked = tmp_path / "datasets" / "test-news" / "versions" / "0.1.0.json"
    assert harness_inside("build", "test-news", "--release", cwd=tmp_path).code == 0
    first = tracked.read_bytes()
    assert harness("build", "test-news", "--release", "--workers", "1", "--no-cache", cwd=tmp_path).code == 0
    assert tracked.read_bytes() == first
    raw = tmp_path / "datasets" / "test-news" / "raw"
    refused = harness_inside("build", str(raw), "--out", "out", "--release", cwd=tmp_path)
    assert refused.code == 2
    assert not (tmp_path / "out").exists()


def test_every_bin_holds_what_its_name_says():
    """Counts by powers of two, shares by twentieths, labels by themselves, and nothing is lost."""
    values = {"words": [0, 1, 2, 3, 4, 1023, 1024, None], "digit_share": [0.0, 0.05, 0.15, 0.999, 1.0, None]}
    values["lang"] = ["ar", "ar", None]
    values["lang_agrees"] = [True, False, None]
    for name, given in values.items():
        records = rows(RECORDS, [{"status": "kept", name: value} for value in given])
        release = release_of(made_manifest(), records)
        assert sum(release.histograms[name].values()) == len(given)
    words = release_of(
        made_manifest(), rows(RECORDS, [{"status": "kept", "words": value} for value in values["words"]])
    ).histograms["words"]
    assert words == {"0": 1, "1": 1, "2": 2, "4": 1, "512": 1, "1024": 1, "null": 1}
    assert set(release.histograms) == {signal.name for signal in SIGNALS}


def test_drift_from_itself_is_nothing():
    """Every change is zero, or not told where nothing was measured."""
    release = release_of(made_manifest(), rows(RECORDS, [{"status": "kept", "words": 3, "source": "a"}]))
    assert set(drift_table(release, release)["change"].to_pylist()) <= {0.0, None}
