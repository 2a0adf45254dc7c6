"""Language tags: the shortest form, and which tags name one language."""

import pytest

from harness.text.tags import macrolanguage, primary, shortest_tag


@pytest.mark.parametrize(
    ("given", "shortest"),
    [
        ("ar", "ar"), ("arb", "ar"), ("ara", "ar"), ("ar-SA", "ar"), ("AR_eg", "ar"),
        ("fas", "fa"), ("per", "fa"), ("prs", "fa"), ("pes", "fa"),
        ("iw", "he"), ("heb", "he"), ("in", "id"), ("ind", "id"), ("jw", "jv"),
        ("ckb", "ckb"), ("ckb-Arab", "ckb"), ("snd-Arab", "sd"), ("uig", "ug"), ("msa", "ms"),
        ("zho-CN", "zh"), ("zh-Hans", "zh"), ("zh-TW", "zh-Hant"), ("zh_Hant", "zh-Hant"),
        ("", "und"), ("x", "und"), ("1a", "und"), ("und", "und"), ("zxx", "und"), ("mul", "und"),
    ],
)  # fmt: skip
def test_a_tag_is_written_in_its_shortest_usual_form(given, shortest):
    """Feeds and models write languages in many ways; the corpus knows one."""
    assert shortest_tag(given) == shortest


@pytest.mark.parametrize("tag", ["ckb", "zh-Hant", "ar", "fa", "und", "gsw"])
def test_a_shortest_tag_is_left_as_it_is(tag):
    """Shortening twice is shortening once."""
    assert shortest_tag(tag) == tag


@pytest.mark.parametrize(
    ("one", "other"), [("ckb", "ku"), ("id", "ms"), ("arz", "ar"), ("nb", "nn"), ("hr", "sr")]
)
def test_members_of_a_macrolanguage_count_as_one_language(one, other):
    """Label sets cut these differently, which says nothing about a text."""
    assert macrolanguage(one) == macrolanguage(other)
    assert primary(one) != primary(other)


@pytest.mark.parametrize(
    ("one", "other"), [("ar", "fa"), ("ur", "fa"), ("ps", "sd"), ("ckb", "fa"), ("ug", "uz")]
)
def test_languages_that_share_a_script_stay_apart(one, other):
    """To confuse these is the error that language identification is measured for."""
    assert macrolanguage(one) != macrolanguage(other)
