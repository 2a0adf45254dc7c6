"""Validation binds a verdict to what was judged: the version's content and each suite as it was."""

import json

import pytest
from support.gates import entry, made_suite
from support.versions import small_version

from harness.core.errors import ExitCode, GateFailedError, InputError, NoEvidenceError
from harness.gates.suites import load_suite
from harness.workflows.publish import plan_publication
from harness.workflows.validate import validate

PRESENT = entry("column_values_to_not_be_null", "T1", column="source")
IN_SPLITS = entry("column_values_to_be_in_set", "T2", column="split", value_set=["train", "test"])
FEW_ERRORS = entry("column_values_to_be_between", "T3", column="errors", max_value=0)
FEW_ERRORS["meta"]["table"] = "metrics"
KEPT = entry("column_values_to_be_in_set", "T4", column="status", value_set=["kept", "rejected"])
KEPT["meta"]["table"] = "records"


@pytest.fixture
def version(tmp_path):
    """A finished version of three documents."""
    return small_version(tmp_path / "version")


@pytest.fixture
def suite(tmp_path):
    """A suite over all three tables, which the version passes."""
    return made_suite(tmp_path, PRESENT, IN_SPLITS, FEW_ERRORS, KEPT)


def publishing(version, suites):
    """Plan to publish a version that has to pass these suites."""
    return plan_publication(version, [suite.identity for suite in suites], "acme/tiny-news")


def no_evidence(version, suites):
    """Say why there is no evidence that the version passed."""
    with pytest.raises(NoEvidenceError) as caught:
        publishing(version, suites)
    return caught.value.what


def test_a_version_that_passes_may_be_published(version, suite):
    """All three tables are read, the verdict names what was judged, and nothing stands in the way."""
    verdict = validate(version, [suite])
    assert [(one.status, one.evaluated) for one in verdict.gates] == [
        ("passed", 3), ("passed", 3), ("passed", 1), ("passed", 4),
    ]  # fmt: skip
    assert verdict.content_hash == version.manifest.content_hash
    assert verdict.suites == (suite.identity,)
    assert publishing(version, [suite]).gates == "4 passed (made)"


def test_judging_again_writes_the_same_bytes(version, suite):
    """No clock and no chance is in `gates.json`, so that it can be compared and kept."""
    path = version.path / "gates.json"
    validate(version, [suite])
    first = path.read_bytes()
    validate(version, [suite])
    assert path.read_bytes() == first
    assert str(version.path) not in first.decode()


def test_a_version_that_was_never_judged_may_not_be_published(version, suite):
    """No evidence, no pass."""
    assert no_evidence(version, [suite]) == "the gates were never run on this version"


def test_a_version_without_suites_may_not_be_published(version, suite):
    """A recipe that names no gate does not open the door, and validating by none is an error."""
    validate(version, [suite])
    assert "names no suite" in no_evidence(version, [])
    with pytest.raises(NoEvidenceError):
        validate(version, [])


def test_a_failed_gate_keeps_the_version_in(version, tmp_path):
    """The rule that failed is named; the verdict is written all the same."""
    suite = made_suite(tmp_path, PRESENT, entry("column_values_to_be_null", "T9", column="source"))
    assert validate(version, [suite]).exit_code == ExitCode.GATE_FAILED
    with pytest.raises(GateFailedError, match="T9"):
        publishing(version, [suite])


def test_a_gate_without_evidence_keeps_the_version_in(version, tmp_path):
    """What could not be judged did not pass."""
    suite = made_suite(tmp_path, PRESENT, entry("column_values_to_be_unique", "T9", column="author"))
    assert validate(version, [suite]).exit_code == ExitCode.NO_EVIDENCE
    assert no_evidence(version, [suite]) == 'gates could not be judged: "T9"'


def test_a_suite_that_changed_or_was_not_run_keeps_the_version_in(version, suite, tmp_path):
    """A verdict is worth something only for the suites as they are now."""
    validate(version, [suite])
    changed = made_suite(tmp_path, PRESENT)
    assert no_evidence(version, [changed]) == "the suite 'made' was changed after it was run"
    (tmp_path / "other").mkdir()
    path = tmp_path / "other" / "second.json"
    path.write_text(json.dumps({"name": "second", "meta": {"table": "documents"}, "expectations": [PRESENT]}))
    assert no_evidence(version, [suite, load_suite(path)]) == "the suite 'second' was not run"


def rewritten(version, change):
    """Change `gates.json` by hand."""
    content = version.gates()
    change(content)
    version.write_gates(content)


def test_a_verdict_on_other_content_keeps_the_version_in(version, suite):
    """A verdict copied from another version says nothing of this one."""
    validate(version, [suite])
    rewritten(version, lambda verdict: verdict.update(content_hash="f" * 64))
    assert no_evidence(version, [suite]) == "the gates were run on other content"


def test_a_verdict_that_lost_a_gate_keeps_the_version_in(version, suite):
    """A result that is missing is not a pass, whatever the summary says."""
    validate(version, [suite])
    rewritten(version, lambda verdict: verdict["gates"].pop())
    assert "declares 4 expectations, and 3 were judged" in no_evidence(version, [suite])


def test_the_summary_of_a_verdict_is_not_believed(version, tmp_path):
    """Whether it passed follows from the gates, so `"passed": true` beside a failed one changes nothing."""
    suite = made_suite(tmp_path, entry("column_values_to_be_null", "T9", column="source"))
    validate(version, [suite])
    rewritten(version, lambda verdict: verdict.update(passed=True, exit_code=0))
    with pytest.raises(GateFailedError, match="T9"):
        publishing(version, [suite])


def test_a_file_that_is_no_verdict_is_bad_input(version, suite):
    """Neither a pass nor a crash."""
    version.write_gates({"passed": True})
    with pytest.raises(InputError, match="no verdict"):
        publishing(version, [suite])


def test_an_altered_version_is_not_judged(version, suite):
    """A verdict bound to a content hash is given only to that content."""
    (version.path / "data" / "train" / "00000.parquet").write_bytes(b"other")
    with pytest.raises(InputError, match="data/train"):
        validate(version, [suite])
    assert version.gates() is None
