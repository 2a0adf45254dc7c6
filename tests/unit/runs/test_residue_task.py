"""Planted residue: where the lines stand, what is right, and what the build's own rules find of it."""

import json

import pyarrow as pa
import pytest

from harness.core.errors import NoEvidenceError
from harness.core.schema import DOCUMENTS
from harness.evaluation.tasks import CorpusIdentity, TaskBrief, derive, read_tasks
from harness.systems.registry import open_system
from harness.systems.system import Request
from harness.text.language_data import language_table

CORPUS = CorpusIdentity("tiny", "1.0.0", "c" * 64)
_SCHEMA = pa.schema([*DOCUMENTS, pa.field("split", pa.string())])
_TEXT = "First paragraph of the text.\n\nSecond paragraph,\nof two lines.\n\nThird paragraph, the last."


def task_of(tmp_path, *, entry="", documents=60, text=_TEXT):
    """Derive the task from as many documents of one text."""
    path = tmp_path / "tasks.toml"
    path.write_text(f'[[tasks]]\nkind = "residue"\n{entry}', encoding="utf-8")
    rows = [
        {"id": f"d{number}", "lang": "en", "title": f"Title {number}", "text": text, "split": "train"}
        for number in range(documents)
    ]
    return derive(read_tasks(path)["residue"], pa.Table.from_pylist(rows, schema=_SCHEMA), CORPUS)


@pytest.mark.parametrize("text", [_TEXT, _TEXT.replace("\n\n", "\n"), "One line."])
def test_without_the_named_lines_the_text_is_the_authors(tmp_path, text):
    """The reference names the planted lines and no other, wherever they stand."""
    for item in task_of(tmp_path, text=text).items.to_pylist():
        planted = set(map(int, json.loads(item["reference"])))
        lines = item["input"].split("\n")
        assert all(lines[number - 1].strip() for number in planted)
        kept = [line for number, line in enumerate(lines, start=1) if line and number not in planted]
        assert kept == [line for line in text.split("\n") if line]
        assert bool(planted) == (item["variant"] != "none")


def test_lines_stand_at_the_end_more_often_than_elsewhere_and_some_texts_have_none(tmp_path):
    """Places and clean texts come in about the stated shares."""
    placed = task_of(tmp_path, documents=400).items.column("variant").to_pylist()
    shares = {place: placed.count(place) / 400 for place in set(placed)}
    expected = {"none": 0.25, "end": 0.375, "between": 0.25, "start": 0.125}
    assert {place: pytest.approx(share, abs=0.07) for place, share in expected.items()} == shares


def test_another_articles_headline_is_never_the_texts_own(tmp_path):
    """A link to the article itself stands on no page."""
    items = task_of(tmp_path, documents=200).items.to_pylist()
    related = [item for item in items if "Related story: " in item["input"]]
    assert related
    assert all(f"Related story: {item['title']}\n" not in item["input"] + "\n" for item in related)


def test_texts_that_all_stay_as_they_are_hold_no_gold(tmp_path):
    """One text that is left clean asks for nothing."""
    with pytest.raises(NoEvidenceError, match="no line was planted"):
        task_of(tmp_path, entry="clean_share = 0.999\n", documents=2)


def test_a_language_without_lines_of_its_own_gets_english_ones():
    """Every language named has some, and the one that stands in for the rest is among them."""
    lines = language_table("planted_residue")["lines"]
    assert set(lines) == {"ar", "en", "fa", "ur"}
    assert all(len(set(of_language)) == len(of_language) >= 10 for of_language in lines.values())


def found(name, text, inputs=()):
    """Have a system name the residue of a text."""
    system = open_system(name, kind="residue")
    system.prepare(TaskBrief("residue", ("x",), inputs=(text, *inputs)))
    return system.answer([Request("x", text)])[0].output


def test_cleaning_cuts_at_the_end_and_patterns_match_anywhere():
    """The build's rules spare what might be an author's line in the middle."""
    text = "All rights reserved.\nThe author's words.\nStar Inactive\nAll rights reserved."
    assert found("cleaning-safe", text) == ("3", "4")
    assert found("residue-patterns", text) == ("1", "3", "4")


def test_links_to_other_articles_are_found_by_the_profile_for_arabic_news_alone():
    """What the profiles differ in, the systems differ in."""
    text = "قال الكاتب كلاماً.\nاقرأ أيضاً: عنوان آخر\nثم قال كلاماً آخر."
    assert found("cleaning-news-ar", text) == ("2",)
    assert found("cleaning-safe", text) == ()


def test_lines_that_come_back_are_named_with_their_numbers_aside():
    """In three texts; twice in one text is once."""
    text = "Own words.\nViewed 12 times\nViewed 13 times"
    assert found("repeated-lines", text, ["Viewed 7 times"]) == ()
    assert found("repeated-lines", text, ["Viewed 7 times", "viewed 99 times"]) == ("2", "3")
