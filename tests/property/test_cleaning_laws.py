"""Laws of cleaning: replay, undo, idempotence, and a column that says what single texts say."""

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.text.cleaning import PROFILES, Edit, ReplayError, clean, clean_batch, replay, undo

PIECES = st.sampled_from(
    ["قال", "الوزير", "في", "من", "روسيا", "، ", " ,", ", ", " ;", "?", " ؟", " .", ".", "\n", "\n\n", " ", "\t",
     "\r\n", "\r", "\0", "\x1a", "\f", "\x85", "\u00a0", "\u200b", "\u200c", "\ufeff", "\u200f", "\u2028",
     "\u0651\u064e", "\u064e", "e\u0301", "\u0627\u0654", "\ufefb", "\ufdfa", "\ufe8e", "Star Inactive", "Star Active",
     "\n\nStar InactiveStar Active", "Facebook ", "تويتر\n", "Telegram|", "\nاقرأ أيضا: خبر\n", "// انتهى // 10:15",
     "\n© 2020 site", "جميع الحقوق محفوظة", "السلام عليكم".encode().decode("latin-1"), "Ã", "©", "\u0099", "Ø§",
     "السلام عليكم ورحمة".encode("cp1256").decode("latin-1"), "ط§ظ„ط³", "(", ")", '"', "«", "1,2", "word",
     "وأعلنت البلدية أن الجسر سيفتح أمام السيارات صباح الأحد المقبل بعد ثلاثة أعوام من العمل المتواصل على ضفتي النهر",
     "\n\nوهذه فقرة تامة من الخبر طويلة بما يكفي لتشهد على عادة النص في الوقف.\n\n"]
)  # fmt: skip
TEXTS = st.lists(PIECES | st.characters(exclude_categories=["Cs"]), max_size=30).map("".join)


@settings(deadline=None, max_examples=300)
@given(TEXTS, st.sampled_from(list(PROFILES)))
def test_edits_lead_there_and_back(text, profile):
    """Decoded text plus edits is the cleaned text, and the cleaned text minus edits the decoded one."""
    cleaned, edits = clean(text, profile)
    assert replay(text, edits) == cleaned
    assert undo(cleaned, edits) == text
    assert all(edit.before != edit.after for edit in edits)


@settings(deadline=None, max_examples=300)
@given(TEXTS, st.sampled_from(list(PROFILES)))
def test_cleaning_twice_changes_nothing_more(text, profile):
    """A cleaned text is clean."""
    cleaned, _ = clean(text, profile)
    assert clean(cleaned, profile) == (cleaned, ())


@settings(deadline=None, max_examples=150)
@given(st.lists(st.none() | TEXTS, max_size=6), st.sampled_from(list(PROFILES)))
def test_a_column_says_what_single_texts_say(texts, profile):
    """The suspect patterns hide nothing: the columnar way equals the plain one, row by row."""
    found = clean_batch(pa.array(texts, pa.string()), profile)
    expected = [(None, ()) if text is None else clean(text, profile) for text in texts]
    assert found.text.to_pylist() == [text for text, _ in expected]
    rows = [(row, seq, edit) for row, (_, edits) in enumerate(expected) for seq, edit in enumerate(edits)]
    assert [
        (entry["row"], entry["seq"], Edit(entry["rule"], entry["start"], entry["before"], entry["after"]))
        for entry in found.edits.to_pylist()
    ] == rows


def _step_by_step(text, edits):
    for edit in edits:
        assert text[edit.start : edit.start + len(edit.before)] == edit.before
        text = text[: edit.start] + edit.after + text[edit.start + len(edit.before) :]
    return text


@settings(deadline=None, max_examples=150)
@given(TEXTS)
def test_replaying_in_runs_equals_replaying_one_by_one(text):
    """The quick replay is the slow one: each edit on the text that the one before left."""
    cleaned, edits = clean(text, "news-ar")
    assert _step_by_step(text, edits) == cleaned


def test_edits_of_another_text_are_refused():
    """Replay never writes over what an edit did not see."""
    with pytest.raises(ReplayError):
        replay("نص آخر", [Edit("controls", 0, "\0", "")])
