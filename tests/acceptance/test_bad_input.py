"""Bad input ends with what, where, remedy and the right exit code; nothing is lost or half-written."""

import json
import os
import stat
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from support.command import harness_inside

ARTICLE = (
    "أعلنت بلدية وادي الزهر افتتاح مكتبة عامة جديدة في حي الميناء، وتضم القاعة الكبرى عشرين ألف كتاب.\n\n" * 3
)


def _raw_folder(path: Path, **files: bytes | str) -> Path:
    path.mkdir()
    for name, content in files.items():
        payload = content.encode() if isinstance(content, str) else content
        (path / name.replace("_", ".")).write_bytes(payload)
    return path


def _errors(out: Path) -> list[dict]:
    return pq.read_table(out / "errors" / "00000.parquet").to_pylist()


def test_a_missing_folder_is_bad_input(tmp_path):
    """A path that is not there ends with 3, and nothing is written."""
    done = harness_inside("build", tmp_path / "nowhere", "--out", tmp_path / "out", cwd=tmp_path)
    assert done.code == 3
    assert "nowhere" in done.stderr
    assert "remedy" in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_pattern_on_the_command_line_is_built_and_one_that_matches_nothing_is_no_evidence(tmp_path):
    """Only what it names is read; an empty match ends with 4, not with an empty version."""
    raw = _raw_folder(tmp_path / "raw", good_txt=ARTICLE, other_md=ARTICLE)
    done = harness_inside("build", raw / "*.txt", "--out", tmp_path / "out", "--format", "json", cwd=tmp_path)
    assert (done.code, done.json["counts"]["read"]) == (0, 1)
    none = harness_inside("build", raw / "*.nothing", "--out", tmp_path / "none", cwd=tmp_path)
    assert none.code == 4
    assert "nothing-matched" in none.stderr
    assert not (tmp_path / "none").exists()


def test_an_unknown_name_is_wrong_use_with_a_suggestion(tmp_path):
    """A misspelt corpus ends with 2 and the name that was probably meant."""
    done = harness_inside("build", "demo-new", cwd=tmp_path)
    assert done.code == 2
    assert "did you mean 'demo-news'?" in done.stderr


def test_an_unknown_key_in_a_recipe_is_named_with_a_suggestion(tmp_path):
    """All mistakes of a recipe come at once, each with its place."""
    recipe = tmp_path / "recipe.toml"
    recipe.write_text(
        'name = "x"\nprofil = "safe"\n\n[[sources]]\nname = "a"\nexclud = ["b"]\n', encoding="utf-8"
    )
    done = harness_inside("build", recipe, cwd=tmp_path)
    assert done.code == 2
    assert "did you mean 'profile'?" in done.stderr
    assert "sources[0].exclud" in done.stderr
    assert "did you mean 'exclude'?" in done.stderr


def test_a_rule_over_an_unknown_signal_is_refused_before_anything_is_read(tmp_path):
    """A misspelt signal in a condition is a mistake in the recipe, not a rule that never hits."""
    recipe = tmp_path / "recipe.toml"
    recipe.write_text(
        'name = "x"\n[[sources]]\nname = "a"\npath = "not-there"\n[[reject]]\nrule = "r"\nwhen = "wods < 3"\n',
        encoding="utf-8",
    )
    done = harness_inside("build", recipe, cwd=tmp_path)
    assert done.code == 2
    assert "did you mean 'words'?" in done.stderr


def test_files_that_are_no_text_become_error_records_and_the_rest_is_built(tmp_path):
    """A binary and an empty file are named in the ledger; the article beside them is kept."""
    raw = _raw_folder(
        tmp_path / "raw", good_txt=ARTICLE, empty_txt=b"", binary_txt=bytes(range(256)) * 40 + b"\x00" * 512
    )
    done = harness_inside("build", raw, "--out", tmp_path / "out", "--format", "json", cwd=tmp_path)
    assert done.code == 0, done.stderr
    assert done.json["counts"]["kept"] == 1
    assert {row["locator"] for row in _errors(tmp_path / "out")} == {"empty.txt", "binary.txt"}


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read every file")
def test_an_unreadable_file_becomes_an_error_record(tmp_path):
    """Permission denied is an entry in the ledger, not the end of the build."""
    raw = _raw_folder(tmp_path / "raw", good_txt=ARTICLE, locked_txt=ARTICLE)
    (raw / "locked.txt").chmod(0)
    done = harness_inside("build", raw, "--out", tmp_path / "out", cwd=tmp_path)
    (raw / "locked.txt").chmod(stat.S_IRUSR)
    assert done.code == 0, done.stderr
    assert [row["locator"] for row in _errors(tmp_path / "out")] == ["locked.txt"]


def test_a_dangling_link_becomes_an_error_record(tmp_path):
    """What cannot be opened for any reason is named; even root cannot read what is not there."""
    raw = _raw_folder(tmp_path / "raw", good_txt=ARTICLE)
    (raw / "gone.txt").symlink_to(tmp_path / "nowhere.txt")
    done = harness_inside("build", raw, "--out", tmp_path / "out", cwd=tmp_path)
    assert done.code == 0, done.stderr
    assert [row["locator"] for row in _errors(tmp_path / "out")] == ["gone.txt"]


def test_error_records_fail_a_strict_build_and_nothing_is_written(tmp_path):
    """`--strict` turns any error record into exit code 3."""
    raw = _raw_folder(tmp_path / "raw", good_txt=ARTICLE, empty_txt=b"")
    done = harness_inside("build", raw, "--out", tmp_path / "out", "--strict", cwd=tmp_path)
    assert done.code == 3
    assert "empty.txt" in done.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == ["raw"]


def test_an_empty_corpus_is_no_evidence(tmp_path):
    """A folder without files ends with 4, not with an empty version."""
    raw = _raw_folder(tmp_path / "raw")
    done = harness_inside("build", raw, "--out", tmp_path / "out", cwd=tmp_path)
    assert done.code == 4
    assert not (tmp_path / "out").exists()


def test_a_corpus_of_which_nothing_is_kept_is_no_evidence(tmp_path):
    """Everything refused is not a success."""
    raw = _raw_folder(tmp_path / "raw", empty_txt=b"", zeros_txt=b"\x00" * 4096)
    done = harness_inside("build", raw, "--out", tmp_path / "out", cwd=tmp_path)
    assert done.code == 4
    assert "none of the 2 records was kept" in done.stderr
    assert not (tmp_path / "out").exists()


def test_a_folder_that_is_no_version_is_never_replaced(tmp_path):
    """`--out` pointing to somebody's folder must not cost them their files."""
    raw = _raw_folder(tmp_path / "raw", good_txt=ARTICLE)
    precious = _raw_folder(tmp_path / "precious", thesis_txt="years of work")
    done = harness_inside("build", raw, "--out", precious, cwd=tmp_path)
    assert done.code == 2
    assert (precious / "thesis.txt").read_text() == "years of work"


def test_a_suite_with_a_misspelt_expectation_is_wrong_use(small_corpus, tmp_path):
    """Great Expectations would drop it and pass; here it is exit code 2 with its place."""
    suite = tmp_path / "mine.json"
    expectation = {
        "type": "expect_column_values_to_be_betwen",
        "kwargs": {"column": "words", "min_value": 1},
        "severity": "critical",
        "meta": {"rule": "MY001"},
    }
    suite.write_text(
        json.dumps({"name": "mine", "meta": {"table": "documents"}, "expectations": [expectation]}),
        encoding="utf-8",
    )
    done = harness_inside("validate", small_corpus, "--suite", suite, cwd=tmp_path)
    assert done.code == 2
    assert "expectations[0]" in done.stderr
    assert "expect_column_values_to_be_between" in done.stderr
    assert not (small_corpus / "gates.json").exists()


def test_an_empty_suite_is_no_evidence(small_corpus, tmp_path):
    """A suite without expectations never passes."""
    suite = tmp_path / "mine.json"
    suite.write_text('{"name": "mine", "meta": {"table": "documents"}, "expectations": []}', encoding="utf-8")
    done = harness_inside("validate", small_corpus, "--suite", suite, cwd=tmp_path)
    assert done.code == 4


@pytest.fixture
def small_corpus(tmp_path):
    """Build a version of three short articles."""
    raw = tmp_path / "articles"
    raw.mkdir()
    for number, word in enumerate(("المكتبة", "الملعب", "المتحف")):
        text = f"عنوان عن {word} رقم {number}\n\n" + ARTICLE.replace("مكتبة", word)
        (raw / f"{number}.txt").write_text(text, encoding="utf-8")
    done = harness_inside("build", raw, "--out", tmp_path / "version", cwd=tmp_path)
    assert done.code == 0, done.stderr
    return tmp_path / "version"
