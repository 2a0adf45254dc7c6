"""What is counted in a text is counted as it is meant, by the engine that counts columns."""

import sys
import unicodedata

import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.text import patterns
from harness.text.characters import presentation_letters
from harness.text.rules.glyphs import nfc

RLM, ZWNJ = "\N{RIGHT-TO-LEFT MARK}", "\N{ZERO WIDTH NON-JOINER}"


def _count(pattern, text):
    return pc.count_substring_regex(pa.array([text]), pattern=pattern)[0].as_py()


@pytest.mark.parametrize(
    ("name", "text", "count"),
    [
        ("ANY_LETTER_PATTERN", "سab字1 ", 4),
        ("ARABIC_LETTER_PATTERN", "سلاَم، ٣ ab گڕ ـ", 6),
        ("LATIN_LETTER_PATTERN", "abé س", 3),
        ("DIGIT_PATTERN", "1٣۴", 3),
        ("DIACRITIC_PATTERN", "أَيًّا e\u0301", 3),
        ("PRESENTATION_FORM_PATTERN", "\ufefb \ufdfa \ufdf2", 1),
        ("TATWEEL_PATTERN", "عـــام", 3),
        ("FARSI_YEH_PATTERN", "علی", 1),
        ("CONTROL_PATTERN", "a\0\r\x1a\x85\t\n", 4),
        ("BIDI_CONTROL_PATTERN", f"{RLM}a\u202e\u2069", 3),
        ("ZERO_WIDTH_PATTERN", f"{ZWNJ}a\u200b\ufeff\u2060{RLM}", 4),
        ("PRIVATE_USE_PATTERN", "\ue000a\U000f0000", 2),
        ("REPLACEMENT_PATTERN", "a\ufffd\ufffd", 2),
        ("LATIN_STOP_PATTERN", "روسيا , ويزداد; هل؟ نعم? a, 1,2 ا?س", 3),
        ("ARABIC_STOP_PATTERN", "روسيا ، ويزداد؛ هل؟ a، 1،2", 3),
        ("LOST_LETTER_PATTERN", "ا?سر هل? نعم a?b", 1),
        ("SPACED_PUNCTUATION_PATTERN", "روسيا ، ويزداد , هل . نعم ... ثم .5 .NET", 3),
    ],
)
def test_a_pattern_counts_what_its_name_says(name, text, count):
    """Each pattern is valid RE2 and counts its own kind and no other."""
    assert _count(getattr(patterns, name), text) == count


@pytest.mark.parametrize(
    ("text", "ends"),
    [
        ("تمت.", True),
        ('قال "نعم".', True),
        ('قال "نعم."', True),
        ("تمت؟\n", True),
        ("تمت", False),
        ("أ، ب،", False),
    ],
)
def test_the_end_of_a_sentence_is_seen_behind_quotes_and_blanks(text, ends):
    """Closing signs behind the stop do not hide it."""
    assert bool(_count(patterns.ENDS_WITH_STOP_PATTERN, text)) is ends


def test_every_arabic_letter_is_counted_and_nothing_else():
    """The ranges are those of Unicode: letters of the script but tatweel, forms that are letters alone."""
    for code in [*range(0x0600, 0x0700), *range(0x0750, 0x0780), *range(0x0870, 0x0900)]:
        char = chr(code)
        if unicodedata.category(char) == "Cn":
            continue
        is_letter = unicodedata.category(char) in {"Lo", "Lm"} and char != patterns.TATWEEL_PATTERN
        assert bool(_count(patterns.ARABIC_LETTER_PATTERN, char)) is is_letter, f"U+{code:04X}"
        is_mark = unicodedata.category(char) == "Mn"
        assert bool(_count(patterns.DIACRITIC_PATTERN, char)) is is_mark, f"U+{code:04X}"


def test_presentation_forms_are_letters_and_their_marks_only():
    """No form in the table stands for a blank, a tatweel or a word."""
    for form in presentation_letters():
        plain = unicodedata.normalize("NFKC", form)
        assert {unicodedata.category(char) for char in plain} <= {"Lo", "Mn"}, f"U+{ord(form):04X}"
        assert len(plain) <= 3


def test_no_text_outside_nfc_is_hidden_from_the_rule():
    """Every code point that NFC changes, alone or composed with its mark, is suspected."""
    every = [chr(code) for code in range(sys.maxunicode + 1) if not 0xD800 <= code < 0xE000]
    changed = [
        form
        for char in every
        for form in (char, unicodedata.normalize("NFD", char))
        if not unicodedata.is_normalized("NFC", form)
    ]
    assert len(changed) > 10_000
    assert pc.all(pc.match_substring_regex(pa.array(changed), nfc.suspect)).as_py()


@pytest.mark.parametrize(
    ("line", "is_mojibake"),
    [
        ("السلام عليكم".encode().decode("latin-1"), True),
        ("خبر " + "السلام عليكم".encode().decode("latin-1"), True),
        ("السلام عليكم".encode("cp1256").decode("cp1252") + " 字", True),
        ("السلام عليكم", False), ("L'été, «CAFÉ®»", False), ("Größe Äpfel", False), ("", False),
    ],
)  # fmt: skip
def test_misread_lines_are_told_from_sound_ones(line, is_mojibake):
    """A line that is misread, wholly or in part, is flagged; accents are not."""
    assert patterns.looks_like_mojibake(line) is is_mojibake


LONG = "أعلنت بلدية المدينة اليوم أن جسر النهر الجديد سيفتح أمام السيارات والشاحنات"


@pytest.mark.parametrize(
    ("text", "places"),
    [
        (f"{LONG}\n\nفي صباح الأحد", [len(LONG)]),
        (f"{LONG}،\n \nوصباح الأحد", [len(LONG) + 1]),
        (f"{LONG} من\n\n\nصباح الأحد", [len(LONG) + 3]),
        (f"{LONG} منْ\n\nصباح", [len(LONG) + 4]),
        (f"{LONG}\n\nفِي صباح الأحد", [len(LONG)]),
        (f"{LONG.replace(LONG[0], 'b')}\n\nand so on", [len(LONG)]),
        (f"{LONG}.\n\nفي صباح الأحد", []),
        (f"{LONG}\n\nوصباح الأحد", []),
        (f"{LONG}\nفي صباح الأحد", []),
        ("عنوان قصير\n\nفي صباح الأحد", []),
    ],
)
def test_a_blank_line_inside_a_sentence_is_suspected(text, places):
    """Length, an open end and a word that goes on, or a word that cannot end, make a suspect."""
    assert patterns.suspected_breaks(text) == places


@given(
    st.lists(
        st.sampled_from(
            [LONG, " في", "في", "فِي", " من", "،", ".", "\n", "\n\n", "\n \n", RLM, "a", " ", "كلمة", "أن"]
        ),
        max_size=12,
    ).map("".join)
)
def test_the_suspect_pattern_hides_no_break(text):
    """Whatever the function flags, the cheap pattern matches."""
    if patterns.suspected_breaks(text):
        assert _count(patterns.BROKEN_PARAGRAPH_SUSPECT_PATTERN, text)


def test_the_suspect_pattern_hides_no_small_letter():
    """After a line with an open end, every character that Python calls small goes on the sentence."""
    small = [char for char in map(chr, range(sys.maxunicode + 1)) if char.islower()]
    texts = pa.array([f"{LONG}\n\n{char}" for char in small])
    assert len(small) > 2_000
    assert pc.all(pc.match_substring_regex(texts, patterns.BROKEN_PARAGRAPH_SUSPECT_PATTERN)).as_py()
