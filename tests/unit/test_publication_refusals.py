"""A version that may not be published is refused before any request, with place, remedy and exit code."""

import json

import pytest
from support.versions import RECIPE, judged, small_version

from harness.core.errors import (
    ConfigurationError,
    ExitCode,
    GateFailedError,
    HarnessError,
    InputError,
    NoEvidenceError,
)
from harness.core.recipe import Defaults, SourceSettings
from harness.hub.rights import HubLicense, hub_license
from harness.workflows.publish import plan_publication

REPO = "acme/tiny-news"


def _refusal(version, suites, repo_id=REPO):
    with pytest.raises(HarnessError) as caught:
        plan_publication(version, suites, repo_id)
    assert caught.value.where
    assert caught.value.remedy
    return caught.value


@pytest.fixture
def version(tmp_path):
    """Write a version that was not judged yet."""
    return small_version(tmp_path / "version")


def test_a_judged_version_is_planned_with_all_its_files(version):
    """The plan holds every file of the manifest, the manifest, the card and the gates, with their sizes."""
    plan = plan_publication(version, judged(version), REPO)
    assert {file.path for file in plan.files} == {
        *version.manifest.files,
        "README.md",
        "manifest.json",
        "gates.json",
    }
    assert plan.total_bytes == sum((version.path / file.path).stat().st_size for file in plan.files)
    assert (plan.tag, plan.name, plan.license) == ("1.0.0", "tiny-news", "CC0-1.0")


def test_a_version_that_was_never_validated_is_refused(version):
    """No `gates.json` is no evidence."""
    suites = judged(version)
    (version.path / "gates.json").unlink()
    refusal = _refusal(version, suites)
    assert isinstance(refusal, NoEvidenceError)
    assert refusal.remedy == f"harness validate {version.path}"


def test_a_failed_gate_is_refused_by_name(version):
    """A critical failure ends with exit code 1 and names its rules."""
    refusal = _refusal(version, judged(version, status="failed"))
    assert isinstance(refusal, GateFailedError)
    assert refusal.exit_code == ExitCode.GATE_FAILED
    assert "encoding-1" in refusal.what


def test_a_gate_that_could_not_be_judged_is_no_pass(version):
    """An error of a gate is no evidence, not a failure."""
    refusal = _refusal(version, judged(version, status="error"))
    assert isinstance(refusal, NoEvidenceError)
    assert "could not be judged" in refusal.what


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        (lambda gates: gates | {"content_hash": "0" * 64}, "other content"),
        (lambda gates: gates | {"suites": gates["suites"][1:]}, "'encoding' was not run"),
        (lambda gates: gates | {"gates": gates["gates"][1:]}, "declares 1"),
        (lambda gates: gates | {"gates": []}, "declares 1"),
    ],
)
def test_gates_of_another_content_or_in_part_are_no_evidence(version, changed, said):
    """What was judged has to be this content, by each suite, with each of its expectations."""
    suites = judged(version)
    version.write_gates(changed(json.loads((version.path / "gates.json").read_text(encoding="utf-8"))))
    refusal = _refusal(version, suites)
    assert isinstance(refusal, NoEvidenceError)
    assert said in refusal.what


def test_a_suite_that_changed_after_it_was_run_has_to_be_run_again(version):
    """A pass of yesterday's thresholds is not a pass of today's; nor is yesterday's failure one of today's."""
    for status in ("passed", "failed"):
        first, *others = judged(version, status=status)
        refusal = _refusal(version, [first.model_copy(update={"sha256": "1" * 64}), *others])
        assert isinstance(refusal, NoEvidenceError)
        assert "'encoding' was changed" in refusal.what


def test_a_pass_is_derived_and_not_believed(version):
    """Writing "passed" over a failed verdict does not publish it."""
    suites = judged(version, status="failed")
    written = json.loads((version.path / "gates.json").read_text(encoding="utf-8"))
    version.write_gates(written | {"passed": True, "exit_code": 0})
    assert isinstance(_refusal(version, suites), GateFailedError)


def test_a_recipe_without_suites_publishes_nothing(version):
    """Where nothing is asked, nothing is passed."""
    judged(version)
    assert isinstance(_refusal(version, []), NoEvidenceError)


@pytest.mark.parametrize("content", ["", "[", "{}", "[1]", '{"gates": 3}'])
def test_broken_gates_are_bad_input(version, content):
    """A file of gates that cannot be read is told as that."""
    suites = judged(version)
    (version.path / "gates.json").write_text(content, encoding="utf-8")
    assert isinstance(_refusal(version, suites), InputError)


def test_a_table_that_changed_after_the_build_is_named(version):
    """The manifest's hashes are checked before anything else."""
    suites = judged(version)
    (version.path / "data/test/00000.parquet").write_bytes(b"other bytes")
    refusal = _refusal(version, suites)
    assert isinstance(refusal, InputError)
    assert "data/test/00000.parquet" in refusal.what


@pytest.mark.parametrize("name", ["../secret", "/etc/hostname", "data/../../secret"])
def test_a_manifest_cannot_name_files_outside_its_folder(version, tmp_path, name):
    """A version from elsewhere cannot make its publisher upload other files."""
    (tmp_path / "secret").write_text("x", encoding="utf-8")
    suites = judged(version)
    files = version.manifest.files | {name: next(iter(version.manifest.files.values()))}
    hostile = type(version)(version.path, version.manifest.model_copy(update={"files": files}))
    refusal = _refusal(hostile, suites)
    assert isinstance(refusal, InputError)
    assert name in refusal.what


def test_every_source_and_the_whole_have_to_state_a_licence(tmp_path):
    """All that lacks one is named at once, by its place in the recipe."""
    sources = (
        SourceSettings(name="wire"),
        SourceSettings(name="desk", license="CC0-1.0"),
        SourceSettings(name="blog", license="  "),
        SourceSettings(name="feed", defaults=Defaults(license="CC-BY-4.0")),
    )
    version = small_version(
        tmp_path / "version", RECIPE.model_copy(update={"license": None, "sources": sources})
    )
    with pytest.raises(HarnessError) as caught:
        plan_publication(version, judged(version), REPO)
    assert caught.value.exit_code == ExitCode.WRONG_USE
    assert [error.where for error in caught.value.errors] == [
        "recipe of tiny-news: license", "recipe of tiny-news: sources[0].license", "recipe of tiny-news: sources[2].license",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "repo_id",
    [
        "tiny-news",
        "acme/tiny/news",
        "acme/",
        "/news",
        "acme/a b",
        "acme/..",
        "acme/a--b",
        "-a/b",
        "a/b.git",
        "a/b\n",
        "آ/ب",
    ],
)
def test_what_is_no_repository_name_is_refused(version, repo_id):
    """The name follows the Hub's own rule."""
    assert isinstance(_refusal(version, judged(version), repo_id), ConfigurationError)


@pytest.mark.parametrize(
    ("stated", "expected"),
    [
        ("CC0-1.0", HubLicense("cc0-1.0")),
        ("CC BY-SA 4.0", HubLicense("cc-by-sa-4.0")),
        ("Apache-2.0", HubLicense("apache-2.0")),
        ("ODbL-1.0", HubLicense("odbl")),
        ("our own terms", HubLicense("other", "our own terms")),
    ],
)
def test_licences_are_stated_as_the_hub_knows_them(stated, expected):
    """SPDX identifiers are mapped; an unknown licence keeps its name."""
    assert hub_license(stated) == expected
