"""What is measured in a text, and what is left unknown."""

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.core.recipe import DuplicateSettings
from harness.core.signals import SIGNAL_NAMES, SIGNALS
from harness.curation.signals import SignalContext
from harness.curation.signals import measure as measure_counted
from harness.curation.signatures import pass_over


def measure(decoded, published, context):
    """Count and measure, as the work on a chunk does."""
    return measure_counted(decoded, published, context, pass_over(published, DuplicateSettings()).counts)


def _context(rows, **changed):
    usual = {
        "lang": (["ar"], pa.string()),
        "lang_score": ([0.9], pa.float64()),
        "lang_margin": ([0.9], pa.float64()),
        "lang_second": ([None], pa.string()),
        "script": (["Arab"], pa.string()),
        "script_share": ([1.0], pa.float64()),
        "foreign_paragraph_share": ([0.0], pa.float64()),
        "lang_declared": (["ar"], pa.string()),
        "residue_hits": ([0], pa.int64()),
        "edits": ([0], pa.int64()),
        "decode_repairs": ([[]], pa.list_(pa.string())),
        "title": ([None], pa.string()),
        "author": ([None], pa.string()),
        "date_unread": ([False], pa.bool_()),
    }
    columns = {name: pa.array(values * rows, kind) for name, (values, kind) in usual.items()}
    return SignalContext(**columns | {name: pa.array(v, usual[name][1]) for name, v in changed.items()})


def _measured(published, decoded=None, **changed):
    texts = pa.array([published], pa.string())
    before = texts if decoded is None else pa.array([decoded], pa.string())
    return measure(before, texts, _context(1, **changed)).to_pylist()[0]


def test_columns_are_the_signals_in_their_order_and_of_their_types():
    """The table that rules and gates read is exactly the declared one."""
    batch = measure(pa.array(["نص"]), pa.array(["نص"]), _context(1))
    assert batch.schema.names == list(SIGNAL_NAMES)
    assert [field.type for field in batch.schema] == [signal.arrow_type for signal in SIGNALS]


@pytest.mark.parametrize(
    ("text", "signal", "expected"),
    [
        ("كتب\N{ARABIC FATHA}ـها في ١٢ يومًا", "words", 4),
        ("كـتا\N{ZERO WIDTH NON-JOINER}ب ــ كتاب", "words", 2),
        ("ok \N{HEAVY BLACK HEART}\N{VARIATION SELECTOR-16} ok", "words", 2),
        ("हिन्दी में", "words", 2),
        ("\N{OLD ITALIC LETTER A}\N{OLD ITALIC LETTER BE} x", "words", 2),
        ("سطر\n\n \nسطر\nسطر\n", "lines", 3),
        ("سطر\n\n \nسطر\nسطر\n", "paragraphs", 2),
        ("\N{NO-BREAK SPACE}\n\nسطر", "paragraphs", 1),
        ("𐌀", "chars", 1),
        ("كلمة abc", "arabic_share", 4 / 7),
        ("كلمة abc", "latin_share", 3 / 7),
        ("كلمة ١2", "digit_share", 2 / 6),
        ("سؤال, وجواب، ثم;", "latin_stops", 2),
        ("سؤال, وجواب، ثم;", "latin_stop_share", 2 / 3),
        ("كلمة ، كلمة", "spaced_punctuation", 1),
        ("ا\N{REPLACEMENT CHARACTER}ب\N{REPLACEMENT CHARACTER}", "replacement_chars", 2),
        ("\ue000\U00100000", "private_use_chars", 2),
        ("\N{RIGHT-TO-LEFT MARK}\N{RIGHT-TO-LEFT OVERRIDE}", "bidi_controls", 2),
        ("می\N{ZERO WIDTH NON-JOINER}رود", "zero_width_chars", 1),
        ("ال?اب", "lost_letters", 1),
        ("كـــتاب", "tatweel_chars", 3),
        ("كَتَب", "diacritic_chars", 2),
        ("علی", "farsi_yeh_chars", 1),
        ("انتهى.\n\n", "ends_with_stop", True),
        ("لم ينته", "ends_with_stop", False),
        ("Ø§Ù„Ø³Ù„Ø§Ù… Ø¹Ù„ÙŠÙƒÙ…\nسليم", "mojibake_lines", 1),
        ("للتواصل: news@example.org أو desk@example.org", "emails", 2),
        ("هاتف: ٠١٠٠١٢٣٤٥٦٧", "phones", 1),
        ("123-45-6789 \N{EN DASH} 2018-2019", "national_ids", 1),
        ("4111 1111 1111 1111", "payment_numbers", 1),
        (
            "نص الخبر.\nStar InactiveStar Inactive\nتتمة النص.\nFacebook\n\nTwitter | WhatsApp",
            "residue_lines",
            3,
        ),
    ],
)
def test_what_a_text_shows_is_counted(text, signal, expected):
    """One small text for each signal."""
    assert _measured(text)[signal] == expected


@pytest.mark.parametrize(("signal", "mark"), [("control_chars", "\x1a"), ("presentation_forms", "\ufe8d")])
def test_some_defects_are_counted_before_cleaning_removes_them(signal, mark):
    """The published text no longer shows them, the decoded one did."""
    assert _measured("نص", decoded=f"ن{mark}ص")[signal] == 1


def test_a_break_inside_a_sentence_is_suspected():
    """A paragraph of a sentence's length without an end, then a word that goes on."""
    sentence = "أعلنت الوزارة أن عدد المستفيدين من البرنامج الجديد ارتفع خلال العام الماضي إلى نحو ثلاثة آلاف"
    assert _measured(f"{sentence}\n\nالذين سجلوا أسماءهم.")["broken_paragraphs"] == 1
    assert _measured(f"{sentence}.\n\nوقال الوزير.")["broken_paragraphs"] == 0


def test_a_share_over_nothing_is_unknown():
    """Without letters there is no share of letters."""
    measured = _measured("…")
    assert [measured[name] for name in ("arabic_share", "latin_share", "latin_stop_share")] == [None] * 3
    assert _measured(" \n")["digit_share"] is None
    assert _measured(" \n")["ends_with_stop"] is None


def test_without_a_text_nothing_is_known():
    """A null text has no zeros, wherever the null stands."""
    texts, nulls = pa.array(["نص"]), pa.nulls(1, pa.string())
    for batch in (measure(nulls, texts, _context(1)), measure(texts, nulls, _context(1))):
        assert set(batch.to_pylist()[0].values()) == {None}


@pytest.mark.parametrize(
    ("measured", "declared", "agrees"),
    [
        ("ar", "ar", True),
        ("ar", "ar-EG", True),
        ("ar", "ara", True),
        ("ar", " AR_eg ", True),
        ("ar", "fa", False),
        ("und", "ar", None),
        ("ar", "und", None),
        ("ar", None, None),
        ("ar", "", None),
    ],
)
def test_languages_agree_by_their_primary_subtag(measured, declared, agrees):
    """A region is no other language; what is unknown neither agrees nor disagrees."""
    assert _measured("نص", lang=[measured], lang_declared=[declared])["lang_agrees"] is agrees


def test_what_was_measured_elsewhere_is_taken_over():
    """Residue and edits come from the ledger, repairs from decoding."""
    measured = _measured(
        "نص", residue_hits=[2], edits=[5], decode_repairs=[["bom-removed"]], lang_score=[0.5]
    )
    assert (measured["residue_hits"], measured["edits"], measured["lang_score"]) == (2, 5, 0.5)
    assert measured["decode_repaired"] is True
    assert _measured("نص")["decode_repaired"] is False


@settings(deadline=None)  # the first call builds tables
@given(st.lists(st.text(max_size=40), max_size=5))
def test_shares_lie_between_nothing_and_all_in_any_text(texts):
    """Whatever comes in, a share is a share and a count is not negative."""
    column = pa.array(texts, pa.string())
    for row in measure(column, column, _context(len(texts))).to_pylist():
        for signal in SIGNALS:
            value = row[signal.name]
            assert value is None or signal.kind != "share" or 0 <= value <= 1
            assert value is None or signal.kind != "count" or value >= 0
        assert row["paragraphs"] <= row["lines"] <= row["chars"]


def test_a_slice_of_a_column_is_measured_like_a_column_of_its_own():
    """Arrow arrays may begin in the middle of their buffers."""
    texts = pa.array(["الأول", "الثاني, هنا", None, "الرابع"])
    whole = measure(texts, texts, _context(4))
    assert measure(texts.slice(1, 2), texts.slice(1, 2), _context(2)).to_pylist() == whole.to_pylist()[1:3]


def test_persons_are_looked_for_in_all_that_is_published_in_words():
    """Feeds write addresses into the author's field; digits of text, title and author are not added up."""
    told = {"title": ["هاتف: 0501234567"], "author": ["Mariam <mariam@example.org>, mariam@example.net"]}
    measured = _measured("desk@example.org 12345", **told)
    assert (measured["emails"], measured["phones"], measured["title_chars"]) == (3, 1, 16)
    assert _measured("1234", title=["567"], author=["8901"])["phones"] == 0
