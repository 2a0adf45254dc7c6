"""`harness why` tells one document's life, of kept, refused and unreadable records alike."""

import json

import pytest
from support.command import harness_inside
from support.packages import needs_pycld2

from harness.store.versions import VersionFolder

pytestmark = needs_pycld2

_TAIL = "\n\nStar InactiveStar InactiveStar InactiveStar InactiveStar Inactive"
_BODY = (
    "أعلنت وزارة الزراعة في مملكة النخيل موسما جديدا لحصاد التمور , وقال الوزير إن المحصول وفير .\n\n"
    "وأضاف الوزير\u00a0أن المزارعين بدأوا الحصاد في الوادي ، وأن الأسواق تنتظر الشحنة الأولى يوم الأحد المقبل."
)
_RECIPE = """
name = "why-news"
version = "1.0.0"
profile = "news-ar"
license = "CC0-1.0"
gates = ["encoding"]

[[sources]]
name = "desk"
license = "CC0-1.0"

[[reject]]
rule = "too-short"
when = "words < 10"
why = "a headline is no article"

[[reject]]
rule = "no-arabic"
when = "arabic_share < 0.1"
"""


@pytest.fixture(scope="module")
def version(tmp_path_factory):
    """Build a corpus with one record of every fate, and judge it."""
    home = tmp_path_factory.mktemp("why")
    raw = home / "raw"
    raw.mkdir()
    (home / "recipe.toml").write_text(_RECIPE, encoding="utf-8")
    (raw / "a.txt").write_bytes((_BODY + _TAIL).replace("\n", "\r\n").encode("utf-8-sig"))
    (raw / "b-copy.txt").write_text(_BODY, encoding="utf-8")
    (raw / "c-short.txt").write_text("Star , أعلنت , \x1b[2J\u202e أمس .", encoding="utf-8")
    (raw / "d-empty.txt").write_bytes(b"")
    line = {
        "id": "wire-1",
        "url": "https://news.example/1",
        "title": "\x1b]0;t\x07",
        "text": "فاز الفريق , " * 9,
    }
    (raw / "e.jsonl").write_text(json.dumps(line) + "\n", encoding="utf-8")
    assert harness_inside("build", home / "recipe.toml", "--out", home / "v", cwd=home).code == 0
    return home / "v"


def _why(version, wanted, *options):
    done = harness_inside("why", wanted, "--in", version, *options, cwd=version.parent)
    assert done.code == 0, done.stderr
    return done


def _told(version, wanted):
    return _why(version, wanted, "--format", "json").json


def test_id_url_and_locator_tell_the_same_life(version):
    """Whatever a record is called by, the answer is one."""
    by_locator = _why(version, "e.jsonl#L1").stdout
    assert _why(version, "wire-1").stdout == by_locator
    assert _why(version, "https://news.example/1").stdout == by_locator


def test_decoding_is_told_in_words(version):
    """A byte-order mark and other line ends are repairs that people can read."""
    said = _why(version, "a.txt").stdout
    assert "a byte-order mark of utf-8 stood before the text" in said
    assert "every line ended in CR LF" in said


def test_each_edit_is_a_word_diff_with_its_rule_and_its_surroundings(version):
    """The change is marked inside the words around it, and a blank that is none is spelled out."""
    lines = _why(version, "a.txt").stdout.splitlines()
    stop = next(line for line in lines if "latin-stops" in line and "[-" in line)
    assert "التمور" in stop
    assert "{+" in stop
    assert "وقال" in stop
    assert any("no-break-spaces" in line and "[U+00A0 NO-BREAK SPACE]" in line for line in lines)


def test_the_diffs_of_the_json_are_excerpts_of_the_text_as_it_was(version):
    """Taken back one by one from the published text, every diff stands there before and after its edit."""
    life = _told(version, "a.txt")
    assert life["has_context"]
    documents = VersionFolder.open(version).documents(["id", "text"]).to_pylist()
    text = next(row["text"] for row in documents if row["id"] == life["id"])
    assert len(life["edits"]) >= 4
    for step in reversed(life["edits"]):
        after, start = text, step["start"]
        text = after[:start] + step["before"] + after[start + len(step["after"]) :]
        assert "".join(piece["text"] for piece in step["diff"] if piece["kind"] != "put") in text
        assert "".join(piece["text"] for piece in step["diff"] if piece["kind"] != "cut") in after
    assert text == _BODY + _TAIL


def test_every_rule_shows_value_and_limit_and_one_decides(version):
    """Of a refused record each rule is told, and which one refused it."""
    rules = {check["rule"]: check for check in _told(version, "c-short.txt")["rules"]}
    assert rules["too-short"]["decides"]
    assert (rules["too-short"]["observed"], rules["too-short"]["allowed"]) == ("words = 4", ">= 10")
    assert not rules["no-arabic"]["hit"]
    said = _why(version, "c-short.txt").stdout
    assert "refuses  too-short: words = 4, allowed is >= 10 (a headline is no article)" in said
    assert "passes   no-arabic: arabic_share = " in said


def test_a_copy_names_its_survivor_with_similarity(version):
    """The refused copy and the survivor name each other."""
    copy, survivor = _told(version, "b-copy.txt"), _told(version, "a.txt")
    refused, kept = (copy, survivor) if copy["status"] == "rejected" else (survivor, copy)
    assert refused["survivor"] == kept["id"]
    assert refused["similarity"] > 0.9
    assert [kin["id"] for kin in kept["kin"]] == [refused["id"]]
    assert f"to the survivor {kept['id']}" in _why(version, refused["id"]).stdout


def test_a_record_that_could_not_be_read_says_so(version):
    """An error has its stage and its sentence, and no rule was asked."""
    life = _told(version, "d-empty.txt")
    assert (life["status"], life["rules"]) == ("error", [])
    assert "error     empty in decode" in _why(version, "d-empty.txt").stdout


def test_gates_that_read_its_columns_show_value_and_limit(version):
    """Before a validation that is said; after it, each gate has the document's own value."""
    assert "were not run on this content" in _why(version, "a.txt").stdout
    assert harness_inside("validate", version, cwd=version.parent).code in (0, 1)
    life = _told(version, "wire-1")
    gate = next(gate for gate in life["gates"] if "replacement_chars" in gate["values"])
    assert gate["values"]["replacement_chars"] == "0"
    assert "replacement_chars" in gate["allowed"]
    (version / "gates.json").unlink()


def test_hostile_text_does_not_reach_the_terminal(version):
    """No escape, no override, no control; the only direction marks are our own pairs of isolates."""
    for wanted in ("c-short.txt", "wire-1"):
        said = _why(version, wanted).stdout
        assert not {"\x1b", "\x07", "\u202e"} & set(said)
        for line in said.splitlines():
            opened = sum(line.count(mark) for mark in "\u2066\u2067\u2068")
            assert opened == line.count("\u2069")


def test_so_many_edits_are_shown_as_are_asked_for(version):
    """`--edits 0` counts them only; one shows one and says how to see the rest."""
    assert "[-" not in _why(version, "a.txt", "--edits", "0").stdout
    one = _why(version, "a.txt", "--edits", "1").stdout
    assert sum("[-" in line for line in one.splitlines()) == 1
    assert "shows all" in one


def test_an_unknown_word_names_the_version_that_was_searched(version):
    """Not found is bad input, with a place and a remedy."""
    done = harness_inside("why", "nothing", "--in", version, cwd=version.parent)
    assert done.code == 3
    assert "why-news@1.0.0" in done.stderr
    assert "locator" in done.stderr
