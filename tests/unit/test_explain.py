"""Every code has its page: rules of suites, of cleaning and of recipes, errors, signals, exit codes."""

import json
import re

import pytest
from support.command import harness_inside
from support.gates import ROOT, entry, write_suite

from harness.core.errors import ConfigurationError, ExitCode
from harness.core.explanation import explanations
from harness.core.signals import SIGNAL_NAMES
from harness.core.workspace import Workspace
from harness.gates.baselines import DATASET_RULE, SLICES_RULE
from harness.workflows.explain import all_pages, explain

SHIPPED = sorted((ROOT / "expectations").glob("*.json"))
HOUSE = Workspace(ROOT)


def _rules(path):
    return [one["meta"]["rule"] for one in json.loads(path.read_text(encoding="utf-8"))["expectations"]]


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_every_shipped_rule_has_a_complete_page(path):
    """What, why, example, how to mend it, what it wrongly catches, and where it stands."""
    for rule in _rules(path):
        (page,) = explain(HOUSE, rule).pages
        assert page.kind == "rule"
        for part in ("title", "what", "why", "example", "fix", "wrongly"):
            assert len(getattr(page, part)) > 5, f"{rule}: {part}"
        assert re.fullmatch(rf"expectations/{path.stem}\.json:\d+", page.where)


def test_every_page_has_its_rule():
    """What was written for a rule that is gone is taken out."""
    assert explanations("rules").keys() == {rule for path in SHIPPED for rule in _rules(path)}


def test_every_code_of_an_error_that_our_code_gives_is_explained():
    """Codes stand in the sources as they are written into tables."""
    given = set()
    for path in [*(ROOT / "harness" / "sources").rglob("*.py"), *(ROOT / "harness" / "text").glob("de*.py")]:
        source = path.read_text(encoding="utf-8")
        given |= set(
            re.findall(
                r'(?:RawError|NotTextError|Problem|_RefusedError)\(\s*(?:[\w.]+,\s*)?"([a-z-]+)"', source
            )
        )
    listed = re.findall(r"^\| (`.*?) \|", (ROOT / "docs" / "sources.md").read_text(encoding="utf-8").split("## Codes of errors")[1], re.MULTILINE)  # fmt: skip
    given |= {code for row in listed for code in re.findall(r"`([a-z-]+)`", row)}
    assert len(given) > 20
    assert given <= explanations("codes")["errors"].keys()


def test_codes_of_every_kind_are_found():
    """Rules of cleaning, of recipes and of duplicates, signals and exit codes."""
    pages = {page.code: page for page in all_pages(HOUSE).pages}
    kinds = {"latin-stops": "cleaning rule", "residue-copyright": "cleaning rule", "too-short": "reject rule", "near-duplicate": "duplicate rule", "timed-out": "error code", "4": "exit code"}  # fmt: skip
    assert {code: pages[code].kind for code in kinds} == kinds
    assert {code for code, page in pages.items() if page.kind == "signal"} == set(SIGNAL_NAMES)
    assert {page.code for page in pages.values() if page.kind == "exit code"} == {str(int(one)) for one in ExitCode}  # fmt: skip
    for page in pages.values():
        assert page.title, page.code


def test_a_rule_of_the_user_s_own_is_told_in_words(tmp_path):
    """From its notes and its expectation; and it comes before the package's suite of the same name."""
    (tmp_path / "expectations").mkdir()
    expectation = entry("column_values_to_be_between", "OWN1", column="words", min_value=7, mostly=0.5)
    expectation["notes"] = "Seven words make a sentence. Wrongly catches haiku."
    write_suite(tmp_path / "expectations", expectation)
    (page,) = explain(Workspace(tmp_path), "own1").pages
    assert page.what == "documents: words >= 7 in at least 50 % (critical)"
    assert (page.why, page.wrongly) == ("Seven words make a sentence.", "Haiku.")


def test_gates_of_a_baseline_are_told_with_the_rule_that_they_hold():
    """Their codes stand in verdicts like any rule's."""
    held, rule = explain(HOUSE, "BASE.ENC001").pages
    assert held.title == "ENC001 is not worse than it was"
    assert (held.kind, rule.code) == ("gate of a baseline", "ENC001")
    assert explain(HOUSE, SLICES_RULE).pages[0].fix
    assert explain(HOUSE, DATASET_RULE).pages[0].fix
    with pytest.raises(ConfigurationError):
        explain(HOUSE, "BASE.ENC00")


def test_a_suite_that_cannot_be_read_hides_no_other_code(tmp_path):
    """It is named instead."""
    (tmp_path / "expectations").mkdir()
    (tmp_path / "expectations" / "mine.json").write_text("{", encoding="utf-8")
    explained = explain(Workspace(tmp_path), "ENC001")
    assert explained.pages[0].title == "No letters lost"
    assert explained.unread == ("expectations/mine.json",)


@pytest.mark.parametrize(("word", "remedy"), [("ENC01", "did you mean 'ENC001'?"), ("near-duplicat", "did you mean 'near-duplicate'?"), ("zzzz", "'harness explain' lists every code")])  # fmt: skip
def test_a_misspelt_code_is_wrong_use_with_the_one_that_was_meant(word, remedy):
    """Never an empty page."""
    with pytest.raises(ConfigurationError) as caught:
        explain(HOUSE, word)
    assert caught.value.remedy == remedy


def test_hostile_notes_reach_the_terminal_as_visible_signs(tmp_path):
    """A suite that came with a corpus may hold escapes."""
    (tmp_path / "expectations").mkdir()
    expectation = entry("column_values_to_be_between", "OWN1", column="words", min_value=7)
    expectation["notes"] = "a\x1b[31mb\N{RIGHT-TO-LEFT OVERRIDE}c"
    write_suite(tmp_path / "expectations", expectation)
    done = harness_inside("explain", "OWN1", cwd=tmp_path, env={"HARNESS_WORKSPACE": str(tmp_path)})
    assert done.code == 0
    assert "\x1b" not in done.stdout
    assert "\N{RIGHT-TO-LEFT OVERRIDE}" not in done.stdout


def test_the_command_lists_and_tells(tmp_path):
    """Without a code every one in a line; with one its page; a wrong one ends with 2."""
    listed = harness_inside("explain", cwd=tmp_path)
    assert listed.code == 0
    assert "  SPL002 " in listed.stdout
    told = harness_inside("explain", "SPL002", "--format", "json", cwd=tmp_path)
    assert told.json[0]["code"] == "SPL002"
    assert harness_inside("explain", "SPL02", cwd=tmp_path).code == 2
