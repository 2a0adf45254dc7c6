"""Our verdicts are Great Expectations' own: same success, same counts, and never a pass for want of evidence."""

import os
import subprocess
import sys
import warnings

import great_expectations as gx
import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from great_expectations.expectations.expectation_configuration import ExpectationConfiguration
from great_expectations.expectations.registry import (
    get_expectation_impl,
    list_registered_expectation_implementations,
)
from support.gates import (
    ROOT,
    entry,
    gate,
    judge,
    made_suite,
    metrics_row,
    shipped_suites,
    sound_documents,
    table_of,
)

from harness.core.errors import ConfigurationError, ExitCode
from harness.gates import library
from harness.gates.catalogue import ACCEPTED, DECLINED
from harness.gates.evaluate import evaluate
from harness.gates.library import build

BETWEEN = "column_values_to_be_between"
IS_AR = {"type": "comparison", "column": {"name": "lang"}, "operator": "==", "parameter": "ar"}
# Keywords of every expectation that say nothing about the data, or that only its own server sets.
ADMINISTRATIVE = {
    "id", "meta", "notes", "result_format", "description", "catch_exceptions", "rendered_content", "severity",
    "windows", "batch_id", "library_metadata",
}  # fmt: skip


def publicly(suite, frame):
    """Judge a suite by the library's public way: context, batch, validation; results by rule."""
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False}
    asset = context.data_sources.add_pandas("frames").add_dataframe_asset("frame")
    batch = asset.add_batch_definition_whole_dataframe("whole").get_batch({"dataframe": frame})
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        expectations = [
            ExpectationConfiguration(
                type=one.type, kwargs=dict(one.kwargs), meta={"rule": one.rule}, severity=one.severity
            ).to_domain_obj()
            for one in suite.expectations
        ]
        results = batch.validate(gx.ExpectationSuite(suite.name, expectations=expectations)).results
    return {result.expectation_config.meta["rule"]: result for result in results}


def test_every_expectation_of_the_library_is_accepted_or_declined():
    """A new version of the library cannot bring a type that nobody decided on."""
    assert set(list_registered_expectation_implementations()) == ACCEPTED.keys() | DECLINED.keys()
    assert not ACCEPTED.keys() & DECLINED.keys()


@pytest.mark.parametrize("name", sorted(ACCEPTED))
def test_the_keywords_of_an_expectation_are_the_library_s(name):
    """What the strict loader knows of a type is what the library's own class knows."""
    fields = get_expectation_impl(name).__fields__
    assert set(ACCEPTED[name].keywords) == fields.keys() - ADMINISTRATIVE
    needed = {keyword for keyword, field in fields.items() if field.required}
    assert needed <= set(ACCEPTED[name].required)


WORDS = [3, 5, None, 8, 13, 13, 1, 40]
CHARS = [9, 5, None, 1, 60, 60, 5, 90]
LANG = ["ar", "ar", "fa", None, "ar", "en", "fa", "ar"]
AGREES = [True, False, None, None, True, True, True, False]
COLUMNS = {"words": WORDS, "chars": CHARS, "lang": LANG, "lang_agrees": AGREES}
PAIR = {"column_A": "words", "column_B": "chars"}
EXPECTATIONS = [
    entry(BETWEEN, "R01", column="words", min_value=4, mostly=0.5),
    entry(BETWEEN, "R02", column="words", max_value=13, strict_max=True),
    entry(BETWEEN, "R03", column="words", min_value=4, row_condition=IS_AR),
    entry(BETWEEN, "R04", column="words", min_value=4, row_condition='lang == "ar" and chars < 70'),
    entry("column_values_to_be_in_set", "R05", column="lang", value_set=["ar", "fa"], mostly=0.8),
    entry("column_values_to_be_in_set", "R06", column="lang_agrees", value_set=[True]),
    entry("column_values_to_not_be_in_set", "R07", column="lang", value_set=["en"]),
    entry("column_values_to_not_be_in_set", "R08", column="words", value_set=[13]),
    entry("column_values_to_be_null", "R09", column="lang"),
    entry("column_values_to_not_be_null", "R10", column="lang", mostly=0.8),
    entry("column_values_to_be_unique", "R11", column="words"),
    entry("column_values_to_be_increasing", "R12", column="words"),
    entry("column_values_to_be_decreasing", "R13", column="words", strictly=True),
    entry("column_values_to_match_regex", "R14", column="lang", regex="^a"),
    entry("column_values_to_not_match_regex", "R15", column="lang", regex="^e"),
    entry("column_values_to_match_regex_list", "R16", column="lang", regex_list=["^a", "r$"], match_on="all"),
    entry("column_values_to_not_match_regex_list", "R17", column="lang", regex_list=["^e"]),
    entry("column_values_to_match_strftime_format", "R18", column="lang", strftime_format="%Y"),
    entry("column_values_to_be_dateutil_parseable", "R19", column="lang"),
    entry("column_value_lengths_to_be_between", "R20", column="lang", max_value=2),
    entry("column_value_lengths_to_equal", "R21", column="lang", value=3),
    entry("column_value_z_scores_to_be_less_than", "R22", column="words", threshold=1, double_sided=True),
    entry("column_values_to_not_be_outliers", "R23", column="words", method="iqr", multiplier=1.5),
    entry("column_pair_values_to_be_equal", "R24", **PAIR),
    entry("column_pair_values_a_to_be_greater_than_b", "R25", **PAIR, or_equal=True, mostly=0.2),
    entry("column_pair_values_to_be_in_set", "R26", **PAIR, value_pairs_set=[[3, 9], [5, 5]]),
    entry("compound_columns_to_be_unique", "R27", column_list=["words", "chars"]),
    entry("select_column_values_to_be_unique_within_record", "R28", column_list=["words", "chars"]),
    entry("multicolumn_values_to_be_equal", "R29", column_list=["words", "chars"]),
    entry("multicolumn_sum_to_equal", "R30", column_list=["words", "chars"], sum_total=10),
    entry("column_min_to_be_between", "R31", column="words", min_value=2),
    entry("column_max_to_be_between", "R32", column="words", max_value=40, row_condition=IS_AR),
    entry("column_mean_to_be_between", "R33", column="words", max_value=20),
    entry("column_median_to_be_between", "R34", column="words", max_value=3),
    entry("column_stdev_to_be_between", "R35", column="words", min_value=1),
    entry("column_sum_to_be_between", "R36", column="words", max_value=83),
    entry("column_quantile_values_to_be_between", "R37", column="words",
          quantile_ranges={"quantiles": [0.5], "value_ranges": [[1, 9]]}),
    entry("column_unique_value_count_to_be_between", "R38", column="lang", max_value=2),
    entry("column_proportion_of_unique_values_to_be_between", "R39", column="words", min_value=0.9),
    entry("column_proportion_of_non_null_values_to_be_between", "R40", column="words", min_value=0.8),
    entry("column_distinct_values_to_be_in_set", "R41", column="lang", value_set=["ar", "fa", "en", "ur"]),
    entry("column_distinct_values_to_contain_set", "R42", column="lang", value_set=["ur"]),
    entry("column_distinct_values_to_equal_set", "R43", column="lang", value_set=["ar", "fa", "en"]),
    entry("column_most_common_value_to_be_in_set", "R44", column="lang", value_set=["ar"]),
    entry("table_row_count_to_be_between", "R45", min_value=9),
    entry("table_row_count_to_equal", "R46", value=4, row_condition=IS_AR),
]  # fmt: skip


@pytest.fixture(scope="module")
def both(tmp_path_factory):
    """Judge every accepted type of expectation our way and the library's public way."""
    suite = made_suite(tmp_path_factory.mktemp("suites"), *EXPECTATIONS)
    table = table_of("documents", **COLUMNS)
    ours = {one.rule: one for one in judge(suite, documents=table).gates}
    return ours, publicly(suite, table.select(list(COLUMNS)).to_pandas())


def test_the_comparison_covers_every_accepted_type():
    """No type is accepted whose result was never held against the library's."""
    assert {one["type"] for one in EXPECTATIONS} == ACCEPTED.keys()


@pytest.mark.parametrize("rule", [one["meta"]["rule"] for one in EXPECTATIONS])
def test_success_and_counts_equal_the_library_s(both, rule):
    """For each accepted type our status, evaluated rows and unexpected rows are the library's."""
    ours, theirs = both[0][rule], both[1][rule]
    assert ours.status == ("passed" if theirs.success else "failed"), ours.detail
    if ours.unexpected is not None:
        said = theirs.result
        assert ours.unexpected == said["unexpected_count"]
        assert ours.evaluated == said["element_count"] - said.get("missing_count", 0)
        assert len(ours.findings) == ours.unexpected


def test_the_shipped_suites_count_as_the_library_does():
    """Over damaged tables, each shipped gate says what the library says of the same rows."""
    documents = sound_documents(
        50,
        replacement_chars=[7] * 2 + [0] * 48,
        lang=["und"] * 3 + ["ar"] * 47,
        lang_agrees=[None] * 3 + [False] * 4 + [True] * 43,
        raw_sha256=["0" * 64] * 2 + [f"{n:064x}" for n in range(1, 49)],
    )
    tables = {"documents": documents, "metrics": metrics_row(clusters_in_two_splits=1, error_share=0.2)}
    failed = set()
    for suite in shipped_suites():
        ours = {one.rule: one for one in judge(suite, **tables).gates}
        for name, table in tables.items():
            about = [one for one in suite.expectations if one.table == name]
            part = type(suite)(suite.name, name, tuple(about), suite.sha256)
            for rule, theirs in publicly(part, table.to_pandas()).items():
                assert ours[rule].status == ("passed" if theirs.success else "failed"), rule
                assert ours[rule].unexpected == theirs.result.get("unexpected_count"), rule
                failed |= {rule} if not theirs.success else set()
    assert failed == {"ENC001", "ENC008", "LANG002", "LANG003", "DUP001", "DUP006", "SPL001"}


def test_a_sound_corpus_passes_the_shipped_suites():
    """The gates do not cry wolf: a corpus with one damaged document in a hundred is published."""
    documents = sound_documents(100, replacement_chars=[1] + [0] * 99, mojibake_lines=[0] * 99 + [1])
    verdict = evaluate(
        shipped_suites(),
        {"documents": documents, "metrics": metrics_row(damaged_share=0.01)},
        ("n", "1.0.0", "h"),
    )
    assert verdict.exit_code == ExitCode.DONE
    assert {one.status for one in verdict.gates} == {"passed"}


def nothing_said(result, about):
    """Check that a gate is an error with its reason, and therefore blocks."""
    assert result.status == "error"
    assert result.blocks
    assert about in result.detail


SOUND = entry(BETWEEN, column="words", min_value=1)


def test_zero_rows_are_no_evidence(tmp_path):
    """False green: row-level expectations pass on a table without rows."""
    empty = table_of("documents", words=[])
    verdict = judge(
        made_suite(tmp_path, SOUND, entry("table_row_count_to_equal", "T2", value=0)), documents=empty
    )
    for one in verdict.gates:
        nothing_said(one, "has no rows")
    assert verdict.exit_code == ExitCode.NO_EVIDENCE


def test_an_all_null_column_is_no_evidence(tmp_path):
    """False green: row-level expectations pass where every value is null, and means of nothing too."""
    nothing_said(gate(tmp_path, SOUND, words=[None, None]), "'words' is null in all 2 documents")
    mean = entry("column_mean_to_be_between", column="words", min_value=1)
    nothing_said(gate(tmp_path, mean, words=[None, None]), "'words' is null in all 2 documents")
    pair = entry("column_pair_values_to_be_equal", **PAIR)
    nothing_said(gate(tmp_path, pair, words=[None], chars=[None]), "null in all documents")


def test_presence_is_judged_on_an_all_null_column(tmp_path):
    """To ask whether a column is filled in, its nulls are the evidence."""
    title = entry("column_values_to_not_be_null", column="title")
    result = gate(tmp_path, title, title=["<b>x</b>", None])
    assert (result.status, result.unexpected) == ("failed", 1)
    assert result.findings[0].observed == "null"
    assert gate(tmp_path, title, title=[None, None]).status == "failed"
    absent = gate(tmp_path, entry("column_values_to_be_null", column="title"), title=["<b>x</b>", None])
    assert [one.observed for one in absent.findings] == ["present"]  # never the text itself


@pytest.mark.parametrize(
    "expectation",
    [
        entry(BETWEEN, column="words", min_value=1, row_condition='lang == "xx"'),
        entry("column_values_to_be_null", column="words", row_condition='lang == "xx"'),
        entry("table_row_count_to_equal", value=0, row_condition='lang == "xx"'),
        entry(
            "column_max_to_be_between",
            column="words",
            max_value=1,
            row_condition='lang == "xx" and words > 2',
        ),
    ],
)
def test_a_condition_that_matches_nothing_is_no_evidence(tmp_path, expectation):
    """False green: what holds of no row holds of all of them."""
    nothing_said(
        gate(tmp_path, expectation, words=[1, 2], lang=["ar", "fa"]), "no documents match the condition"
    )


def test_a_metric_that_raises_is_an_error_and_the_others_are_judged(tmp_path):
    """A raise says nothing of the data, so it is no failure, and it silences no other expectation."""
    patterns = entry(
        "column_pair_values_a_to_be_greater_than_b", "T2", column_A="words", column_B="published"
    )
    late = entry(BETWEEN, "T3", column="words", min_value=2)
    condition = entry(BETWEEN, "T4", column="words", min_value=2, row_condition="lang < 3")
    table = table_of("documents", words=[1, 2], published=[0, 1], lang=["ar", "fa"])
    verdict = judge(made_suite(tmp_path, patterns, late, condition), documents=table)
    assert [one.status for one in verdict.gates] == ["error", "failed", "error"]
    nothing_said(verdict.gates[0], "raised")
    nothing_said(verdict.gates[2], "row condition raised")
    assert verdict.exit_code == ExitCode.GATE_FAILED


HALF_A_PAIR = pa.Array.from_buffers(
    pa.string(),
    2,
    [None, pa.py_buffer(np.array([0, 3, 5], np.int32).tobytes()), pa.py_buffer(b"\xed\xa0\x80ar")],
)


@pytest.mark.parametrize(("column", "status"), [("lang", "error"), ("id", "failed")])
def test_half_a_surrogate_pair_ends_no_judging(tmp_path, column, status):
    """The library crashes on it; here its column cannot be judged, and as an id it is named as well as it can be."""
    table = table_of("documents", words=[0, 2], lang=["", ""])
    table = table.set_column(table.column_names.index(column), column, HALF_A_PAIR)
    about = (
        {"column": "lang", "value_set": ["ar"]} if column == "lang" else {"column": "words", "min_value": 1}
    )
    kind = "column_values_to_be_in_set" if column == "lang" else BETWEEN
    verdict = judge(
        made_suite(tmp_path, entry(BETWEEN, column="chars", min_value=0), entry(kind, "T2", **about)),
        documents=table.append_column("chars", pa.array([1, 1])),
    )
    assert [one.status for one in verdict.gates] == ["passed", status]
    if status == "failed":
        assert "\N{REPLACEMENT CHARACTER}" in verdict.gates[1].findings[0].id


def _of_library(*entries):
    """Let the library read a suite as it reads one from a file, and judge two sound rows by it."""
    frame = pd.DataFrame({"words": [1, 2], "nothing": [None, None], "lang": ["ar", "fa"]})
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False}
    asset = context.data_sources.add_pandas("frames").add_dataframe_asset("frame")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        suite = gx.ExpectationSuite(name="made", expectations=list(entries))
        return (
            asset.add_batch_definition_whole_dataframe("whole")
            .get_batch({"dataframe": frame})
            .validate(suite)
        )


WRONG = entry(BETWEEN, "T9", column="words", min_value=9)


@pytest.mark.parametrize(
    "entries",
    [
        pytest.param([], id="an empty suite"),
        pytest.param([WRONG | {"type": "expect_column_values_to_be_betwen"}], id="an unknown expectation"),
        pytest.param([WRONG | {"severity": "critcal"}], id="a misspelt severity"),
        pytest.param([entry(BETWEEN, column="nothing", min_value=9)], id="an all-null column"),
        pytest.param(
            [entry(BETWEEN, column="words", min_value=9, row_condition='lang == "xx"', condition_parser="pandas")],
            id="a condition that matches nothing",
        ),
    ],
)  # fmt: skip
def test_the_library_itself_is_green_on_nothing(entries):
    """Why the strict loader and the guards are there: when this fails, the library has mended it."""
    assert _of_library(*entries).success


def test_a_result_that_the_library_leaves_out_is_an_error(tmp_path, monkeypatch):
    """Fewer results than expectations: the missing one is named, never passed over."""
    run = library.JudgedFrame._run
    monkeypatch.setattr(library.JudgedFrame, "_run", lambda *given: run(*given)[1:])
    suite = made_suite(tmp_path, SOUND, entry(BETWEEN, "TST002", column="words", max_value=9))
    verdict = judge(suite, documents=table_of("documents", words=[1, 2]))
    assert sorted(one.status for one in verdict.gates) == ["error", "passed"]
    assert verdict.exit_code == ExitCode.NO_EVIDENCE


def test_a_success_over_fewer_rows_than_there_are_is_an_error(tmp_path, monkeypatch):
    """What the library says it looked at has to be what there is to look at."""
    read = library._as_judged
    fewer = library.Judged(success=True, looked_at=1, unexpected=0)
    monkeypatch.setattr(library, "_as_judged", lambda result: fewer if read(result).success else read(result))
    nothing_said(gate(tmp_path, SOUND, words=[1, 2]), "1 of 2 rows")


def test_a_table_or_column_that_is_missing_is_an_error(tmp_path):
    """A version without the table or column that a gate is about was not judged by it."""
    nothing_said(judge(made_suite(tmp_path, SOUND)).gates[0], "is not there")
    nothing_said(gate(tmp_path, SOUND, chars=[1]), "no column 'words'")


def test_what_only_the_library_can_refuse_is_wrong_use(tmp_path):
    """The last word on an expectation is the library's, with the place in the suite."""
    bad = entry("column_pair_values_to_be_in_set", **PAIR, value_pairs_set=[1])
    with pytest.raises(ConfigurationError) as caught:
        build(made_suite(tmp_path, bad).expectations)
    assert caught.value.where.endswith("expectations[0]")


def test_a_warning_fails_without_blocking(tmp_path):
    """Severity decides what a failure does: the version may still be published."""
    suite = made_suite(tmp_path, entry(BETWEEN, column="words", min_value=2) | {"severity": "warning"})
    verdict = judge(suite, documents=table_of("documents", words=[1]))
    assert verdict.gates[0].status == "failed"
    assert verdict.exit_code == ExitCode.DONE


def test_results_say_what_was_observed_and_allowed(tmp_path):
    """The words of a result, for each kind of question that suites ask."""
    slices = table_of("metrics", slice=["all", "source=a", "source=b"], drop_share=[0.31, 0.5, 0.45])
    documents = table_of("documents", **COLUMNS)
    is_all = {"type": "comparison", "column": {"name": "slice"}, "operator": "==", "parameter": "all"}
    share = entry(BETWEEN, "T1", column="drop_share", max_value=0.4, row_condition=is_all)
    shares = entry(BETWEEN, "T2", column="drop_share", max_value=0.4)
    expectations = [
        share | {"meta": {"rule": "T1", "table": "metrics"}},
        shares | {"meta": {"rule": "T2", "table": "metrics"}},
        entry(BETWEEN, "T3", column="words", min_value=4, strict_max=True, max_value=40, mostly=0.975),
        entry(BETWEEN, "T4", column="words", min_value=4, row_condition='lang == "ar"'),
        entry("column_values_to_be_in_set", "T5", column="lang", value_set=["ar", "fa"]),
        entry("column_mean_to_be_between", "T6", column="words", max_value=5),
        entry("column_distinct_values_to_equal_set", "T7", column="lang", value_set=["ar"]),
        entry("table_row_count_to_be_between", "T8", min_value=9),
    ]
    verdict = judge(made_suite(tmp_path, *expectations), documents=documents, metrics=slices)
    assert [(one.observed, one.allowed) for one in verdict.gates] == [
        ("drop_share 0.31 for all", "<= 0.4"),
        ("drop_share 0.5 for source=a, 0.45 for source=b", "<= 0.4"),
        ("3 of 7 documents: words < 4 or >= 40", "words >= 4 and < 40 in at least 97.5 %"),
        ('1 of 4 documents where lang == "ar": words < 4', "words >= 4"),
        ("1 of 7 documents: lang not in {ar, fa}", "lang in {ar, fa}"),
        ("mean words 11.8571", "<= 5"),
        ("values of lang {ar, en, fa}", "exactly {ar}"),
        ("8 documents", ">= 9"),
    ]


def test_findings_name_the_first_rows_and_are_data(tmp_path):
    """Ids are given as they are, hostile or not, twenty at most, with what the rule asks to show."""
    hostile = [
        "<script>alert(1)</script>",
        "\N{RIGHT-TO-LEFT OVERRIDE}gpj.exe",
        "\x1b[2J",
        "=1+1",
        *"abcdefghijklmnopqrstuv",
    ]
    shown = entry("column_values_to_be_in_set", column="lang_agrees", value_set=[True])
    shown["meta"]["show"] = ["lang"]
    result = gate(tmp_path, shown, id=hostile, lang_agrees=[False] * 26, lang=["en"] * 26)
    assert result.unexpected == 26
    assert [one.id for one in result.findings] == hostile[:20]
    assert {one.observed for one in result.findings} == {"false (lang = en)"}


def test_the_index_of_a_file_s_metadata_does_not_move_findings(tmp_path):
    """Rows are numbered by place: pandas metadata in a Parquet file cannot point findings elsewhere."""
    table = table_of("documents", words=[5, 0, 5], id=["a", "b", "c"])
    indexed = pa.Table.from_pandas(table.to_pandas().set_index("words"))
    verdict = judge(made_suite(tmp_path, SOUND), documents=indexed)
    assert [one.id for one in verdict.gates[0].findings] == ["b"]


def test_instants_are_compared_with_instants(tmp_path):
    """A bound with an offset is understood, and a date in the future is found."""
    bound = entry(BETWEEN, column="published", max_value="2026-01-01T00:00:00+00:00")
    result = gate(tmp_path, bound, published=[0, 2_000_000_000, None])
    assert (result.evaluated, result.unexpected) == (2, 1)
    assert result.findings[0].observed == "2033-05-18T03:33:20+00:00"


PRINTS_NOTHING = """
import logging, warnings
logging.basicConfig()
from pathlib import Path
from harness.gates.library import quietly
from support.gates import entry, judge, made_suite, table_of

asked = entry("column_values_to_be_between", column="words", min_value=1, row_condition='lang == "ar"')
folder = Path({folder!r})
verdict = judge(made_suite(folder, asked), documents=table_of("documents", words=[1, 2], lang=["ar", "fa"]))
assert verdict.passed
with quietly():
    warnings.warn("of the library")
    logging.getLogger("great_expectations.validator").warning("of the library")
"""


def test_nothing_is_printed(tmp_path):
    """No progress bar, warning or log of the library reaches a stream, with every warning switched on."""
    program = PRINTS_NOTHING.format(folder=str(tmp_path))
    done = subprocess.run(
        [sys.executable, "-W", "always", "-c", program],
        capture_output=True, check=True, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT / "tests")},
    )  # fmt: skip
    assert (done.stdout, done.stderr) == (b"", b"")


def test_the_same_tables_give_the_same_verdict():
    """Nothing of the clock, of ids that the library makes up, or of its order of results is in it."""
    tables = {"documents": sound_documents(30, words=[0] * 30), "metrics": metrics_row()}
    first, second = (evaluate(shipped_suites(), tables, ("n", "1.0.0", "h")).as_json() for _ in range(2))
    assert first == second
