"""`harness preview` says what a build would do, and leaves no trace."""

import json
import random

import pyarrow as pa
import pytest
from support.command import harness_inside, tree_bytes
from support.packages import needs_pycld2

from harness.core.schema import RAW
from harness.curation.sampling import first_records, spread_records
from harness.store.versions import VersionFolder

pytestmark = needs_pycld2

_RECIPE = """
name = "looked-at"
profile = "news-ar"

[[sources]]
name = "desk"
path = "raw/desk"
title_in_first_line = true

[[sources]]
name = "feed"
path = "raw/feed"

[[reject]]
rule = "too-short"
when = "words < 8"
"""
_SENTENCE = (
    "أعلنت الوزارة أمس أن موسم التمور في الوادي وفير هذا العام وقالت إن الأسواق تنتظر الشحنة الأولى قريبا"
)


def _article(number):
    dice = random.Random(number)  # noqa: S311 - invented text, no secret
    return (
        " ".join(dice.choices(_SENTENCE.split(), k=40))
        + f" , رقم {number} .\u00a0\n\nStar InactiveStar Inactive"
    )


@pytest.fixture(scope="module")
def corpus(tmp_path_factory):
    """Lay a corpus of two sources: articles, copies, short ones, damage, an empty file, a broken line."""
    home = tmp_path_factory.mktemp("preview") / "looked-at"
    desk, feed = home / "raw/desk", home / "raw/feed"
    desk.mkdir(parents=True)
    feed.mkdir(parents=True)
    (home / "recipe.toml").write_text(_RECIPE, encoding="utf-8")
    for number in range(12):
        (desk / f"a{number}.txt").write_text(f"عنوان {number}\n\n{_article(number % 10)}", encoding="utf-8")
    (desk / "b.txt").write_text("قصير جدا \x1b[2J\u202e", encoding="utf-8")
    (desk / "c.txt").write_bytes(f"عنوان\n\n{_article(20)}".encode("utf-16"))
    (desk / "d.txt").write_bytes(b"")
    (desk / "e.txt").write_bytes(f"عنوان\n\n{_article(21)}".encode()[:-1] + b"\xff" * 3)
    lines = [json.dumps({"id": f"f{number}", "text": _article(30 + number)}) for number in range(9)]
    (feed / "f.jsonl").write_text("\n".join([*lines[:4], "{broken", *lines[4:]]) + "\n", encoding="utf-8")
    return home


def _seen(corpus, *options):
    done = harness_inside("preview", corpus, "--format", "json", *options, cwd=corpus)
    assert done.code == 0, done.stderr
    return done.json


def test_with_every_record_it_tells_what_the_build_then_does(corpus, tmp_path):
    """Outcome, rule, encoding, language and every edit are the build's own, record by record."""
    done = harness_inside("build", corpus, "--out", tmp_path / "v", cwd=tmp_path)
    assert done.code == 0, done.stderr
    version = VersionFolder.open(tmp_path / "v")
    records = {row["locator"]: row for row in version.table("records").to_pylist()}
    edits = version.table("edits").to_pylist()
    lives = [life for sample in _seen(corpus, "--limit", "100")["samples"] for life in sample["records"]]
    assert [life["locator"] for life in lives] == list(records)
    assert {life["status"] for life in lives} == {"kept", "rejected", "error"}
    for life in lives:
        record = records[life["locator"]]
        assert all(life[name] == record[name] for name in ("id", "status", "rule", "encoding"))
        assert (life["signals"]["lang"], life["signals"]["edits"]) == (record["lang"], record["edits"])
        assert [(step["rule"], step["start"], step["before"], step["after"]) for step in life["edits"]] == [
            (row["rule"], row["start"], row["before"], row["after"])
            for row in edits
            if row["id"] == record["id"]
        ]


def test_nothing_is_written_anywhere(corpus, tmp_path):
    """Neither beside the recipe nor in the workspace, and the folder for temporary files is as it was."""
    before = tree_bytes(corpus), sorted(corpus.rglob("*"))
    scratch, home = tmp_path / "tmp", tmp_path / "home"
    scratch.mkdir()
    home.mkdir()
    done = harness_inside("preview", corpus, cwd=corpus, env={"TMPDIR": str(scratch), "HOME": str(home)})
    assert done.code == 0, done.stderr
    assert (tree_bytes(corpus), sorted(corpus.rglob("*"))) == before
    assert list(scratch.iterdir()) == []
    assert list(home.iterdir()) == []


def test_the_first_records_of_each_source_are_looked_at(corpus):
    """In canonical order, so many a source, and it is said whether there are more."""
    samples = _seen(corpus, "--limit", "3")["samples"]
    assert [[life["locator"] for life in sample["records"]] for sample in samples] == [
        ["a0.txt", "a1.txt", "a2.txt"], ["f.jsonl#L1", "f.jsonl#L2", "f.jsonl#L3"],
    ]  # fmt: skip
    assert all(sample["has_more"] for sample in samples)
    assert not any(sample["has_more"] for sample in _seen(corpus, "--limit", "16")["samples"])


def test_a_spread_sample_is_drawn_from_all_over_and_stays_the_same(corpus):
    """Twice the same records, in canonical order, and not just the first."""
    drawn = [
        [life["locator"] for sample in _seen(corpus, "--limit", "4", "--spread")["samples"] for life in sample["records"]]
        for _ in range(2)
    ]  # fmt: skip
    assert drawn[0] == drawn[1]
    assert len(drawn[0]) == 8
    assert drawn[0][:4] != ["a0.txt", "a1.txt", "a2.txt", "a3.txt"]


def test_the_screen_tells_outcome_reason_encoding_language_and_edits(corpus):
    """Each record has its lines, the sum follows, and what copies were compared with is said."""
    said = harness_inside("preview", corpus, cwd=corpus).stdout
    assert "rejected  b.txt" in said
    assert "refused   by too-short: words = " in said
    assert "allowed is >= 8" in said
    assert "read      from utf-16-le; ar (" in said
    assert "not readable in the encoding" in said
    assert "error     empty in decode" in said
    assert "error     broken-json" in said
    assert "latin-stops at " in said
    assert "{+" in said
    assert "among these records alone" in said
    assert not {"\x1b", "\u202e"} & set(said)


def test_a_profile_can_be_tried_out(corpus):
    """`--profile safe` leaves the commas as they are."""
    assert "latin-stops" not in _seen(corpus, "--profile", "safe")["tally"]["edits"]
    assert "latin-stops" in _seen(corpus)["tally"]["edits"]


@pytest.mark.parametrize(
    ("recipe", "options"),
    [
        (_RECIPE + "colour = 1\n", ()),
        (_RECIPE.replace("words < 8", "wrods < 8"), ()),
        (_RECIPE.replace("raw/desk", "nowhere").replace("raw/feed", "nowhere-else"), ()),
        (_RECIPE + '\n[language]\nidentifier = "nobody"\n', ()),
        (_RECIPE.replace("raw/desk", "hollow").replace("raw/feed", "hollow"), ()),
        (_RECIPE, ("--profile", "saef")),
        (_RECIPE, ("--source", "raw")),
    ],
    ids=["unknown-key", "unknown-signal", "missing-sources", "unknown-identifier", "no-record", "profile", "source"],
)  # fmt: skip
def test_a_bad_recipe_fails_as_in_a_build(recipe, options, corpus, tmp_path):
    """The same words and the same exit code, and no result."""
    (tmp_path / "recipe.toml").write_text(recipe, encoding="utf-8")
    (tmp_path / "raw").symlink_to(corpus / "raw")
    (tmp_path / "hollow").mkdir()
    (tmp_path / "hollow" / "blank.jsonl").write_text("\n \n")
    looked, built = (
        harness_inside(verb, "recipe.toml", *options, cwd=tmp_path) for verb in ("preview", "build")
    )
    assert looked.code == built.code != 0
    assert looked.stdout == ""
    errors = [done.stderr[done.stderr.index("error: ") :] for done in (looked, built)]
    assert errors[0] == errors[1]


def test_a_source_without_a_file_is_told_as_an_error(tmp_path):
    """The record that stands for it has its place and its reason; looking at it is no failure."""
    recipe = _RECIPE.replace("raw/desk", "hollow").replace("raw/feed", "hollow")
    (tmp_path / "recipe.toml").write_text(recipe, encoding="utf-8")
    (tmp_path / "hollow").mkdir()
    done = harness_inside("preview", "recipe.toml", cwd=tmp_path)
    assert done.code == 0
    assert "error     nothing-matched in read" in done.stdout


def _batches(sizes):
    number = 0
    for size in sizes:
        rows = [{"locator": f"{number + row}.txt", "payload": b"x"} for row in range(size)]
        number += size
        yield pa.RecordBatch.from_pylist([{name: row.get(name) for name in RAW.names} for row in rows], RAW)


def test_the_first_records_need_no_more_than_their_batches():
    """A source of any length is left alone behind the sample."""

    def endless():
        yield from _batches([3, 3])
        raise AssertionError("read on")

    records, has_more = first_records(endless(), 4)
    assert records["locator"].to_pylist() == ["0.txt", "1.txt", "2.txt", "3.txt"]
    assert has_more


@pytest.mark.parametrize("sizes", [[100], [1] * 100, [7, 50, 43]])
def test_a_spread_sample_does_not_depend_on_batches(sizes):
    """However a source hands its records on, the same ones are drawn, in order."""
    records, has_more = spread_records(_batches(sizes), 10)
    assert records["locator"].to_pylist() == spread_records(_batches([100]), 10)[0]["locator"].to_pylist()
    numbers = [int(one.removesuffix(".txt")) for one in records["locator"].to_pylist()]
    assert numbers == sorted(numbers)
    assert max(numbers) > 50
    assert has_more
