"""Laws of signs: the machine over a text knows every defect that a rule of cleaning finds in it."""

import itertools

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.curation import passes
from harness.curation.signs import SIGNED_RULES, signs_of_defects
from harness.text.cleaning import PROFILES, clean_batch

RULES = {rule.name: rule for rules in PROFILES.values() for rule in rules}
# Characters that rules ask about, so that short texts meet them side by side.
TELLING = (
    "سكهىو؟,،;؛.!:?-\n\n\n\t  \u00a0\u202f\"'»”)]\u064b\u064e\u0651\u0651\u0640\u0301\u200e\u200b\u200c\ufeffaZé1٣\u00c3\u00a9"
    "\u0080€ظ‡…。\x0c\r\x85\u2028ﷲﻻ"
)
LINES = ("\nاقرأ أيضا: خبر\n", "\n| Facebook Twitter X", "\n© 2020 جريدة", "\n// انتهى //")
PIECES = st.sampled_from([*TELLING, *LINES, "كلمة من", "على", "قال ", "x" * 60, "جملة طويلة جدا " * 10])
TEXTS = st.lists(st.none() | st.lists(PIECES, max_size=24).map("".join), max_size=8)


@pytest.fixture(autouse=True)
def _compiled(monkeypatch):
    monkeypatch.setattr(passes.Meter, "is_worth_compiling", lambda _self, _size: True)


def _told(texts):
    return signs_of_defects(pa.array(texts, pa.string()))


def test_every_signed_rule_is_a_rule():
    """A rule that is renamed does not lose its sign without a word."""
    assert set(SIGNED_RULES) <= set(RULES)


@settings(deadline=None)  # the first call compiles
@given(TEXTS)
def test_where_a_rule_finds_something_its_sign_is_found(texts):
    """No defect goes unseen; that more is suspected costs a look."""
    told = _told(texts)
    for name in SIGNED_RULES:
        for text, sign in zip(texts, told[name].tolist(), strict=True):
            assert sign or not list(RULES[name].find(text or "")), (name, text)


def test_no_character_hides_a_defect():
    """All characters, alone and between letters, marks, blanks and stops, by the rules that look at characters."""
    characters = [chr(code) for code in range(0x3_0000) if not 0xD800 <= code <= 0xDFFF]
    texts = [*(f"س{char}\u064b{char}{char} ,{char}؟{char} .{char}" for char in characters)]
    told = _told(texts)
    for name in ("newlines", "controls", "zero-width", "no-break-spaces", "presentation-forms", "nfc"):
        unseen = [text for text, sign in zip(texts, told[name].tolist(), strict=True) if not sign]
        assert not any(list(RULES[name].find(text)) for text in unseen), name


def test_no_order_of_marks_hides_a_defect():
    """Marks of Arabic and of Latin, three in a row in every order: NFC changes none that was not told."""
    marks = "\u064b\u064c\u064d\u064e\u064f\u0650\u0651\u0652\u0653\u0654\u0655\u0656\u0670\u06d6\u06e1\u0301\u0327"
    texts = [f"س{''.join(three)}" for three in itertools.product(marks, repeat=3)]
    signs = _told(texts)["nfc"].tolist()
    assert not any(list(RULES["nfc"].find(text)) for text, sign in zip(texts, signs, strict=True) if not sign)


def test_a_vowel_and_its_shadda_in_order_are_no_defect():
    """Most of vocalised text has no other marks in a row, and is not looked into."""
    vowels = "\u064b\u064c\u064d\u064e\u064f\u0650"
    assert not _told([f"سر{vowel}\u0651 ف{vowel}" for vowel in vowels])["nfc"].any()
    assert _told([f"سر\u0651{vowel}" for vowel in vowels])["nfc"].all()


@pytest.mark.parametrize("profile", sorted(PROFILES))
@settings(deadline=None)  # the first call compiles
@given(TEXTS)
def test_signs_change_nothing_but_the_time(profile, texts):
    """Texts and edits are those of cleaning by patterns alone, where one rule lays a defect bare for another, too."""
    column = pa.array(texts, pa.string())
    by_signs, by_patterns = clean_batch(column, profile, (), signs_of_defects), clean_batch(column, profile)
    assert by_signs.text.equals(by_patterns.text)
    assert by_signs.edits.equals(by_patterns.edits)
