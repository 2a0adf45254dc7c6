"""Scripts of letters, scripts of languages, and the passages that texts are cut into."""

import unicodedata
from itertools import pairwise

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.curation import passages as passages_module
from harness.curation.first_passages import first_passages
from harness.curation.oddness import oddness
from harness.curation.passages import PASSAGE_CHARS, cut_compiled, cut_passages, cut_plainly, main_scripts
from harness.curation.passes import Meter
from harness.curation.ragged import Ragged
from harness.text.scripts import may_be_written_in, script_by_code_point, script_names, written_in


def _script(character):
    return script_names()[int(script_by_code_point()[ord(character)])]


@pytest.mark.parametrize(
    ("character", "script"),
    [
        ("a", "Latn"), ("É", "Latn"), ("ش", "Arab"), ("\ufe8d", "Arab"), ("ب", "Arab"), ("ж", "Cyrl"), ("中", "Hani"),
        ("ひ", "Hira"), ("א", "Hebr"), ("म", "Deva"), ("አ", "Ethi"), ("한", "Hang"), ("º", "Latn"), ("µ", "Zyyy"),
        ("1", ""), ("،", ""), (" ", ""), ("\N{ARABIC TATWEEL}", "Zyyy"), ("\N{ARABIC FATHA}", ""), ("😀", ""),
    ],
)  # fmt: skip
def test_letters_have_scripts_and_other_characters_none(character, script):
    """By the Unicode Character Database."""
    assert _script(character) == script


def test_every_letter_that_this_python_knows_has_a_script():
    """The table is newer than any Python that we run on, so it lacks none of its letters."""
    letters = [code for code in range(0x110000) if unicodedata.category(chr(code))[0] == "L"]
    assert (script_by_code_point()[letters] != 0).all()


@pytest.mark.parametrize(
    ("tag", "script", "may"),
    [
        ("ar", "Arab", True), ("ar", "Latn", False), ("ckb", "Arab", True), ("sr", "Cyrl", True), ("sr", "Latn", True),
        ("zh-Hant", "Hani", True), ("ja", "Hira", True), ("en", "Cyrl", False), ("en", "Zyyy", True), ("qaa", "Arab", True),
    ],
)  # fmt: skip
def test_languages_are_written_in_their_scripts(tag, script, may):
    """A language that the table does not know may be written in any."""
    assert may_be_written_in(tag, script) is may


def test_the_table_knows_the_languages_of_the_corpus():
    """Every tag that the shipped recipes declare has scripts."""
    assert all(written_in(tag) for tag in ("ar", "fa", "ur", "ps", "sd", "ug", "ckb", "en", "id", "sw", "am"))


def _pieces(text):
    (cut,) = cut_passages(pa.array([text]))
    return [cut.excerpt(n, len(text)) for n in range(len(cut.start))]


def test_lines_are_passages_and_long_ones_are_several():
    """Nothing is lost on the way."""
    text = "أول\n\nsecond\n" + "x" * (2 * PASSAGE_CHARS + 1)
    assert _pieces(text) == ["أول\n", "\n", "second\n", "x" * PASSAGE_CHARS, "x" * PASSAGE_CHARS, "x"]


@given(st.lists(st.one_of(st.none(), st.text("اب中a𐌀é\n 1", max_size=30)), max_size=6))
def test_passages_hold_all_of_every_text_and_count_its_letters(texts):
    """Equal to counting character by character, whatever the boundaries."""
    cut = list(cut_passages(pa.array(texts, pa.string())))
    seen = []
    for passages in cut:
        for n in range(len(passages.bounds) - 1):
            own = range(passages.bounds[n], passages.bounds[n + 1])
            text = "".join(passages.excerpt(p, PASSAGE_CHARS) for p in own)
            counts = dict(
                zip(passages.scripts, passages.letters[list(own)].sum(axis=0).tolist(), strict=True)
            )
            assert {s: c for s, c in counts.items() if c} == _counted(text)
            seen.append(text)
    assert seen == [text or "" for text in texts]


def _counted(text):
    counts = {}
    for script in filter(None, map(_script, text)):
        counts[script] = counts.get(script, 0) + 1
    return counts


@settings(deadline=None)  # the first call compiles
@given(st.lists(st.one_of(st.none(), st.text("اب中a𐌀é\n 1", max_size=30)), max_size=6), st.integers(1, 9))
def test_the_compiled_pass_cuts_as_the_plain_one_does(texts, columns):
    """Whatever the scripts, also more of them than were reckoned with, and of a slice of a column too."""
    column = pa.array(["x", *(text or "" for text in texts)]).slice(1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passages_module, "PASSAGE_CHARS", 4)
        patch.setattr(passages_module, "LOOKED_AT_CHARS", 20)
        patch.setattr(passages_module, "_FIRST_COLUMNS", columns)
        plain, compiled = cut_plainly(column), cut_compiled(column)
    assert plain.scripts == compiled.scripts
    np.testing.assert_array_equal(plain.letters, compiled.letters)
    np.testing.assert_array_equal(plain.bounds, compiled.bounds)
    assert _excerpts(plain) == _excerpts(compiled)


def _excerpts(passages):
    numbers = np.arange(len(passages.start))
    together = [passages.excerpts(numbers, np.full(len(numbers), limit)) for limit in (1, 2, 10)]
    alone = [[passages.excerpt(n, limit).encode() for n in numbers.tolist()] for limit in (1, 2, 10)]
    assert together == alone
    return together


@settings(deadline=None)  # the first call compiles
@given(st.lists(st.lists(st.binary(max_size=40), max_size=5), max_size=5))
def test_the_compiled_pass_finds_passages_as_odd_as_the_plain_one_does(texts):
    """To the last digit, whatever the bytes, empty passages and texts without one included."""
    lengths = np.array([len(passage) for text in texts for passage in text], np.int64)
    data = np.frombuffer(b"".join(passage for text in texts for passage in text), np.uint8)
    stop = np.cumsum(lengths)
    ends = np.cumsum(np.array([len(text) for text in texts], np.int64))
    one, other = (oddness(data, stop - lengths, stop, ends, compiled=compiled) for compiled in (False, True))
    np.testing.assert_array_equal(one, other)


def test_the_odd_one_out_is_the_one_in_another_language():
    """Not the one with a rare word: four lines of English, one of them with a Polish name, and one of Turkish."""
    lines = [
        b"the bridge over the river was opened on monday",
        b"two years of repairs had kept it closed to everyone",
        b"\xc5\x81ukasz from the town hall cut the ribbon himself",
        b"belediye yeni kutuphaneyi bu sabah halka acti ve konustu",
        b"after that there were speeches and music for children",
    ]
    stop = np.cumsum([len(line) for line in lines])
    start = np.concatenate([[0], stop[:-1]])
    odd = oddness(np.frombuffer(b"".join(lines), np.uint8), start, stop, np.array([5]), compiled=False)
    assert odd.argmax() == 3


def _chosen(texts, read_first=4, odd_from=1.9):
    (cut,) = cut_passages(pa.array(texts))
    enough = Ragged(np.arange(len(cut.start)), cut.bounds)
    chosen = first_passages(cut, enough, read_first, np.full(len(cut.start), odd_from))
    return [chosen.values[begin:end].tolist() for begin, end in pairwise(chosen.offsets.tolist())]


_LIKE = ["the bridge was opened again on monday morning", "and two years of repairs had come to an end"] * 4
_RUSSIAN, _TURKISH = "новый мост открыли в понедельник утром", "belediye yeni kütüphaneyi bu sabah halka açtı"


def test_the_first_passage_the_last_and_odd_ones_between_are_read():
    """Whatever stands beside the text."""
    lines = [*_LIKE[:2], _RUSSIAN, *_LIKE[3:5], _TURKISH, *_LIKE[6:]]
    assert _chosen(["a\nb\nc", "\n".join(lines), "", "a"]) == [[0, 2], [3, 5, 8, 10], [], [11]]


def test_of_odd_passages_the_oddest_are_read():
    """Two of three at most, and as many more as may be read."""
    lines = [_LIKE[0], _TURKISH[:20], _RUSSIAN, *_LIKE, _TURKISH * 2, _LIKE[1]]
    assert _chosen(["\n".join(lines)]) == [[0, 2, 11, 12]]
    assert _chosen(["\n".join(lines)], 5) == [[0, 1, 2, 11, 12]]


def test_of_passages_that_are_alike_none_between_the_first_and_the_last_is_read():
    """It would be told as these are, however many there are."""
    assert _chosen(["the same\n" * 2000, "\n".join(_LIKE)]) == [[0, 1999], [2000, 2007]]


def test_of_passages_equally_odd_the_first_are_read():
    """Ties are broken in one way, and of a very long text not all passages are compared."""
    assert _chosen(["the same\n" * 2000], 5, -1) == [[0, 1, 3, 5, 1999]]


@pytest.mark.parametrize(
    "lines", [[_LIKE[0], *[_TURKISH] * 9, _LIKE[1]], [_LIKE[0], *[_TURKISH, _LIKE[1]] * 5]]
)
def test_much_in_another_language_is_as_odd_as_little(lines):
    """Passages are compared with those that are read anyway: the many are not the measure."""
    (chosen,) = _chosen(["\n".join(lines)])
    assert len(chosen) == 4
    assert {lines[number] for number in chosen[1:3]} == {_TURKISH}


@pytest.mark.parametrize(
    ("own", "others"),
    [
        (
            ["La escuela abrirá en otoño tras las obras, dijo ayer el director.", "Los niños estudian en otro edificio."],
            "A escola abrirá no outono depois das obras, disse ontem o diretor.",
        ),
        (
            ["Die Schule wird im Herbst nach dem Umbau wieder geöffnet.", "Die Kinder lernen bis dahin in einem Haus daneben."],
            "De school gaat in het najaar na de verbouwing weer open, zei men.",
        ),
    ],
    ids=["Portuguese in Spanish", "Dutch in German"],
)  # fmt: skip
def test_a_near_neighbour_of_a_language_is_odd_enough_to_be_read(own, others):
    """Languages that no benchmark at hand has."""
    (chosen,) = _chosen(["\n".join([*own, others, *own])])
    assert 2 in chosen


def test_a_column_is_cut_up_in_blocks_without_a_seam(monkeypatch):
    """Memory does not grow with the column, and a text of any size is looked at in its beginning."""
    monkeypatch.setattr(passages_module, "_METER", Meter())  # as in a process that has read nothing yet
    monkeypatch.setattr(passages_module, "_PLAIN_BYTES", 10)
    monkeypatch.setattr(passages_module, "_COMPILED_BYTES", 10)
    monkeypatch.setattr(passages_module, "LOOKED_AT_CHARS", 15)
    texts = ["abc", "", "defghij", "k" * 40, "l"]
    cut = list(cut_passages(pa.array(texts)))
    assert [bytes(one.content) for one in cut] == [b"abcdefghij", b"k" * 15, b"l"]


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ((10, 0, 0), ("Arab",)),
        ((10, 2, 0), ("Arab",)),
        ((10, 5, 0), ("Arab", "Latn")),
        ((5, 10, 0), ("Latn", "Arab")),
        ((1, 0, 99), ("Arab",)),
        ((0, 0, 3), ("Zyyy",)),
        ((0, 0, 0), ()),
    ],
)
def test_a_passage_is_in_the_scripts_of_much_of_its_letters(counts, expected):
    """Shared letters decide only where there are no others."""
    places, lists = main_scripts(np.array([counts]), ("Arab", "Latn", "Zyyy"))
    assert lists[places[0]] == expected
