"""Suites are read strictly: what Great Expectations drops in silence is refused, with place and remedy."""

import json
import subprocess
import sys

import pytest
from support.gates import ROOT, entry, made_suite, shipped_suites, write_suite

from harness.core.errors import ConfigurationError, ExitCode, HarnessError, NoEvidenceError
from harness.gates.suites import load_suite, refuse_doubled_rules

BETWEEN = "column_values_to_be_between"
SOUND = entry(BETWEEN, column="words", min_value=1)


def refusals(path):
    """Load a suite that has to be refused, and give all that was said."""
    with pytest.raises(HarnessError) as caught:
        load_suite(path)
    assert caught.value.exit_code == ExitCode.WRONG_USE
    return list(getattr(caught.value, "errors", (caught.value,)))


def refusal(path):
    """Load a suite with one thing wrong, and give what was said about it."""
    (error,) = refusals(path)
    assert isinstance(error, ConfigurationError)
    assert error.remedy
    return error


def changed(**keys):
    """Give a sound expectation with some of its keys replaced."""
    return SOUND | keys


def test_a_suite_is_read_with_its_expectations_in_order(tmp_path):
    """What the file says arrives, and without a severity an expectation is critical."""
    second = {
        key: value
        for key, value in entry(BETWEEN, "TST002", column="chars", max_value=9).items()
        if key != "severity"
    }
    suite = made_suite(tmp_path, changed(severity="info", notes=["a", "b"]), second)
    assert [one.rule for one in suite.expectations] == ["TST001", "TST002"]
    assert [one.severity for one in suite.expectations] == ["info", "critical"]
    assert suite.expectations[0].notes == "a\nb"
    assert suite.identity.declared == 2


def test_the_hash_of_a_suite_ignores_layout_and_nothing_else(tmp_path):
    """Blanks and the order of keys do not make another suite; a changed bound does."""
    path = write_suite(tmp_path, SOUND)
    first = load_suite(path).sha256
    document = json.loads(path.read_text())
    path.write_text(json.dumps(dict(reversed(document.items())), indent=7))
    assert load_suite(path).sha256 == first
    document["expectations"][0]["kwargs"]["min_value"] = 2
    path.write_text(json.dumps(document))
    assert load_suite(path).sha256 != first


def test_an_unknown_expectation_is_refused_with_the_one_that_was_meant(tmp_path):
    """False green: Great Expectations logs it and judges the rest."""
    error = refusal(
        write_suite(tmp_path, SOUND, entry("column_values_to_be_betwen", "TST002", column="words"))
    )
    assert error.where.endswith("made.json: expectations[1].type")
    assert error.remedy == "did you mean 'expect_column_values_to_be_between'?"


def test_a_misspelt_severity_is_refused(tmp_path):
    """False green: Great Expectations drops the expectation."""
    error = refusal(write_suite(tmp_path, changed(severity="critcal")))
    assert error.where.endswith("expectations[0].severity")
    assert error.remedy == "did you mean 'critical'?"


def test_a_misspelt_keyword_is_refused(tmp_path):
    """False green: Great Expectations drops the expectation."""
    error = refusal(write_suite(tmp_path, entry(BETWEEN, column="words", min_value=1, mosty=0.5)))
    assert error.where.endswith("expectations[0].kwargs")
    assert error.remedy == "did you mean 'mostly'?"


def test_an_empty_suite_is_no_evidence(tmp_path):
    """False green: to Great Expectations it has passed."""
    with pytest.raises(NoEvidenceError) as caught:
        load_suite(write_suite(tmp_path))
    assert caught.value.exit_code == ExitCode.NO_EVIDENCE


@pytest.mark.parametrize(
    ("expectation", "said"),
    [
        (entry(BETWEEN, column="words"), "no bound"),
        (entry("column_mean_to_be_between", column="words"), "no bound"),
        (entry("table_row_count_to_be_between"), "no bound"),
        (entry(BETWEEN, column="words", min_value=1, mostly=0), "could only pass"),
        (entry("column_distinct_values_to_contain_set", column="lang", value_set=[]), "empty list"),
        (
            entry("column_values_to_not_be_in_set", column="words", value_set=["0"]),
            "can never be in a column",
        ),
        (entry("column_values_to_not_be_in_set", column="lang", value_set=[1]), "can never be in a column"),
        (entry("column_values_to_not_match_regex", column="lang", regex=""), "regular expression"),
    ],
)
def test_what_could_only_pass_is_refused(tmp_path, expectation, said):
    """False greens: each of these passes in Great Expectations whatever the data holds."""
    assert any(said in error.what for error in refusals(write_suite(tmp_path, expectation)))


@pytest.mark.parametrize(
    ("expectation", "where", "said"),
    [
        (changed(meta={}), "expectations[0]", "no 'meta.rule'"),
        (changed(meta={"rule": "a\nb"}), "expectations[0].meta.rule", "is no code"),
        (
            changed(meta={"rule": "T1", "tabel": "records"}),
            "expectations[0].meta",
            "no key is called 'tabel'",
        ),
        (
            changed(meta={"rule": "T1", "table": "rejected"}),
            "expectations[0].meta.table",
            "no table is called",
        ),
        (changed(sverity="info"), "expectations[0]", "no key is called 'sverity'"),
        (changed(kwargs=None), "expectations[0].kwargs", "has to be an object"),
        (entry(BETWEEN, column="word", min_value=1), "kwargs.column", "has no column 'word'"),
        (entry(BETWEEN, column="text", min_value=1), "kwargs.column", "do not read 'text'"),
        (entry(BETWEEN, column="lang", min_value=1), "kwargs.column", "is a label"),
        (entry(BETWEEN, min_value=1), "expectations[0].kwargs", "'column' is missing"),
        (entry(BETWEEN, column="words", min_value=3, max_value=1), "kwargs.min_value", "above the greatest"),
        (entry(BETWEEN, column="words", min_value="3"), "kwargs.min_value", "is no number"),
        (entry(BETWEEN, column="words", min_value={"$PARAMETER": "n"}), "kwargs.min_value", "is no number"),
        (entry(BETWEEN, column="published", min_value="2026-01-01"), "kwargs.min_value", "is no instant"),
        (
            entry(BETWEEN, column="words", min_value=1, row_condition="lan == 'ar'"),
            "row_condition",
            "no column 'lan'",
        ),
        (entry("column_to_exist", column="words"), "expectations[0].type", "cannot be used here"),
        (changed(meta={"rule": "T1", "show": ["text"]}), "expectations[0].meta.show", "do not read 'text'"),
        (
            entry(
                "column_quantile_values_to_be_between", column="words", quantile_ranges={"quantile": [0.5]}
            ),
            "kwargs.quantile_ranges",
            "do not match",
        ),
        ("words > 1", "expectations[0]", "has to be an object"),
    ],
)
def test_each_mistake_is_told_with_its_place(tmp_path, expectation, where, said):
    """A mistake is named where it stands, and the rest of the suite does not hide it."""
    error = refusal(write_suite(tmp_path, expectation))
    assert error.where.endswith(where)
    assert said in error.what


@pytest.mark.parametrize(
    "condition",
    [
        "lang.str.len() > 1",
        "@pd.io.os.system('true') or words > 1",
        "__import__('os').system('true') == 0",
        "words > 1; chars",
        "1 < 2",
        {"type": "pass_through", "pass_through_filter": "words > 1"},
        {"type": "comparison", "column": {"name": "words"}, "operator": "=~", "parameter": 1},
        {"type": "comparison", "column": {"name": "words"}, "operator": "IN", "parameter": 1},
        {"type": "comparison", "column": {"name": "words"}, "operator": "==", "parameter": {"a": 1}},
    ],
)
def test_a_condition_that_could_run_code_is_refused(tmp_path, condition):
    """A string condition ends in pandas' evaluator, so only comparisons of columns get there."""
    error = refusal(
        write_suite(tmp_path, entry(BETWEEN, column="words", min_value=1, row_condition=condition))
    )
    assert error.where.endswith("kwargs.row_condition")


def test_all_mistakes_of_a_suite_come_together(tmp_path):
    """A suite is mended in one go, not one mistake a run."""
    errors = refusals(
        write_suite(
            tmp_path,
            changed(severity="fatal"),
            entry("column_values_to_be_nul", "TST002", column="words"),
            entry(BETWEEN, "TST001", column="wrods", max_value=2, mostly=5),
            expectatoins=[],
        )
    )
    assert len(errors) == 6


def test_a_rule_stands_for_one_expectation(tmp_path):
    """Results are known by their rule: in a suite and over suites it is given once."""
    error = refusal(write_suite(tmp_path, SOUND, SOUND))
    assert error.where.endswith("expectations[1].meta.rule")
    suite = made_suite(tmp_path, SOUND)
    with pytest.raises(ConfigurationError, match="already used"):
        refuse_doubled_rules([suite, suite])


@pytest.mark.parametrize(
    "document",
    [
        {"expectation_suite_name": "made", "expectations": []},
        {"name": "made", "expectations": [{"expectation_type": "expect_x", "kwargs": {}}]},
    ],
)
def test_a_suite_of_the_old_library_is_recognised(tmp_path, document):
    """Suites of 0.x are told apart from broken ones, with what to rename."""
    path = tmp_path / "made.json"
    path.write_text(json.dumps(document))
    error = refusal(path)
    assert "0.x" in error.what
    assert "'expectation_type' to 'type'" in error.remedy


@pytest.mark.parametrize(
    "content",
    [
        "{",
        "[]",
        '{"name": "made", "name": "made", "expectations": []}',
        '{"name": "made", "expectations": [], "meta": {"table": "documents", "x": NaN}}',
        '{"name": "made", "expectations": [], "meta": {"table": "documents", "x": 1e999}}',
        '{"name": "made", "expectations": [], "meta": {"table": "documents", "x": "\\ud800"}}',
        "[" * 100_000,
    ],
)
def test_what_is_not_one_clear_json_object_is_refused(tmp_path, content):
    """Doubled keys, of which readers keep the last in silence, count as broken too."""
    path = tmp_path / "made.json"
    path.write_text(content)
    assert refusal(path).where == str(path)


def test_a_missing_suite_is_wrong_use(tmp_path):
    """The path is named."""
    assert refusal(tmp_path / "none.json").where.endswith("none.json")


def test_a_suite_has_the_name_of_its_file(tmp_path):
    """Recipes name suites by file and verdicts by name, so they are the same."""
    assert "is called 'other'" in refusal(write_suite(tmp_path, SOUND, name="other")).what


def test_every_shipped_rule_says_why_it_is_there_and_what_it_wrongly_catches():
    """A threshold without a reason and a price is not shipped."""
    for suite in shipped_suites():
        for one in suite.expectations:
            assert one.title, one.rule
            assert "Wrongly catches" in one.notes, one.rule


def test_checking_suites_does_not_load_the_library():
    """A check of suites takes milliseconds because Great Expectations and pandas stay outside."""
    program = (
        "import sys; sys.path.insert(0, 'tests'); from support.gates import shipped_suites; shipped_suites();"
        "print([name for name in ('great_expectations', 'pandas') if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert done.stdout.strip() == "[]"
