"""No evidence, no pass: each way in which a suite passes without looking ends a job, with the code that says whose fault it is."""

import json

import pytest
from support.command import harness, harness_inside
from support.gates import entry, write_suite

PARAGRAPH = (
    "أعلنت البلدية افتتاح المكتبة العامة في حي الميناء بعد أعمال ترميم استمرت عامين كاملين بكلفة عالية."
)
BETWEEN = "column_values_to_be_between"
SOUND = entry(BETWEEN, column="words", min_value=1)


@pytest.fixture(scope="module")
def version(tmp_path_factory):
    """Build one article, whose id, title and source hold half a surrogate pair."""
    root = tmp_path_factory.mktemp("false-greens")
    row = {
        "id": "a\ud800b",
        "title": "عنوان\udfff",
        "source": "x\ud83d",
        "text": f"{PARAGRAPH}\ud800\n\n{PARAGRAPH}",
    }
    (root / "a.jsonl").write_text(json.dumps(row), encoding="ascii")
    done = harness("build", root / "a.jsonl", "--out", root / "version", cwd=root)
    assert done.code == 0, done.stderr
    return root / "version"


WRONG_SUITES = {
    "an unknown expectation": [SOUND, entry("column_values_to_be_betwen", "T2", column="words", min_value=1)],
    "a misspelt severity": [SOUND | {"severity": "critcal"}],
    "a misspelt keyword": [entry(BETWEEN, column="words", min_value=1, mosty=0.5)],
    "a misspelt column": [entry(BETWEEN, column="wrods", min_value=1)],
    "a key of ours misspelt": [SOUND | {"meta": {"rule": "T1", "tabel": "records"}}],
    "a limit that only passes": [entry(BETWEEN, column="words", min_value=1, mostly=0)],
    "the old format": [{"expectation_type": "expect_column_values_to_be_between", "kwargs": {}}],
}
NO_EVIDENCE = {
    "an empty suite": [],
    "a column of nulls": [SOUND, entry(BETWEEN, "T2", column="published", min_value="2020-01-01T00:00:00+00:00")],
    "a condition that matches nothing": [SOUND, entry(BETWEEN, "T2", column="words", min_value=1, row_condition='lang == "xx"')],
    "a metric that raises": [SOUND, entry(BETWEEN, "T2", column="words", min_value=1, row_condition="lang < 3")],
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG_SUITES)
def test_what_is_wrong_in_a_suite_is_wrong_use(version, tmp_path, name):
    """Exit code 2, with the place in the file, and no verdict."""
    suite = write_suite(tmp_path, *WRONG_SUITES[name])
    done = harness_inside("validate", version, "--suite", suite, cwd=tmp_path)
    assert done.code == 2, done.stdout + done.stderr
    assert "made.json" in done.stderr
    assert "remedy:" in done.stderr
    assert done.stdout == ""


@pytest.mark.parametrize("name", NO_EVIDENCE)
def test_missing_evidence_has_its_own_exit_code(version, tmp_path, name):
    """Exit code 4: neither passed nor failed, though another gate of the suite passed."""
    suite = write_suite(tmp_path, *NO_EVIDENCE[name])
    report = tmp_path / "gates.xml"
    done = harness_inside("validate", version, "--suite", suite, "--report", f"junit={report}", cwd=tmp_path)
    assert done.code == 4, done.stdout + done.stderr
    if name != "an empty suite":
        written = report.read_text(encoding="utf-8")
        assert "<error" in written
        assert "<failure" not in written


def test_half_a_surrogate_pair_in_the_data_is_judged_like_any_text(version, tmp_path):
    """It was replaced when the record was read, and every default suite says so without a crash."""
    done = harness_inside("validate", version, "--format", "json", cwd=tmp_path)
    assert done.code == 1, done.stdout + done.stderr
    failed = {gate["rule"] for gate in done.json["gates"] if gate["status"] == "failed"}
    assert "ENC001" in failed
    assert not [gate for gate in done.json["gates"] if gate["status"] == "error"]
