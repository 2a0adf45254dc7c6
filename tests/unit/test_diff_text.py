"""Word diffs in one line: the change is marked, hidden characters are shown, nothing outside is moved."""

from harness.reports.diff_text import COLOURED, PLAIN, diff_text
from harness.text.diff import Piece, word_diff

_CUT, _PUT = "\x1b[30;41m", "\x1b[30;42m"


def _plain(line):
    """Take our own isolates away."""
    return "".join(character for character in line if character not in "\u2066\u2067\u2068\u2069")


def test_marks_are_brackets_in_a_pipe():
    """Cut and put are told apart without a colour."""
    assert _plain(diff_text(word_diff("a cat sat", "a dog sat"))) == "a [-cat-]{+dog+} sat"


def test_marks_are_colours_on_a_terminal():
    """Backgrounds, so that a changed blank is seen."""
    line = _plain(diff_text(word_diff("a cat", "a dog"), COLOURED))
    assert line == f"a {_CUT}cat\x1b[0m{_PUT}dog\x1b[0m"


def test_a_text_cannot_bring_colours_or_directions_of_its_own():
    """Escapes and overrides of the text are spelled out in what stays and in what changes."""
    hostile = "\x1b[31m \u202e \u2069 \x07"
    for style in (PLAIN, COLOURED):
        for kind in ("same", "cut", "put"):
            line = diff_text((Piece(kind, hostile),), style)
            stripped = line.replace(_CUT, "").replace(_PUT, "").replace("\x1b[0m", "")
            assert not {"\x1b", "\u202e", "\x07"} & set(stripped)
            assert "[U+202E RIGHT-TO-LEFT OVERRIDE]" in line
            assert "[U+2069 POP DIRECTIONAL ISOLATE]" in line


def test_the_direction_is_that_of_most_letters():
    """An Arabic line with a Latin name in it runs from right to left."""
    assert diff_text(word_diff("قال الوزير في BBC أمس", "قال الوزير في CNN أمس")).startswith("\u2067")
    assert diff_text(word_diff("the minister said", "the king said")).startswith("\u2066")


def test_what_looks_alike_has_its_code_points_named():
    """A letter composed anew, which no eye can see, is told in numbers."""
    line = diff_text(word_diff("ا\u0654خر", "\u0623خر"))
    assert line.endswith("(U+0627 U+0654 → U+0623)")


def test_a_joiner_that_was_cut_is_spelled_out():
    """Zero-width characters are shown where they are what changed."""
    assert "[-[U+200D ZERO WIDTH JOINER]-]" in _plain(diff_text((Piece("cut", "\u200d"),)))


def test_a_long_piece_is_cut_in_its_middle():
    """Its beginning and its end stay, and how much was left out."""
    line = _plain(diff_text((Piece("cut", "a" * 500 + "z" * 500),)))
    assert len(line) < 260
    assert line.startswith("[-aaa")
    assert line.endswith("zzz-]")
    assert "(840 characters)" in line


def test_words_exchanged_in_a_row_are_one_change():
    """A line that was read anew is not cut into its words."""
    assert _plain(diff_text(word_diff("x aa bb cc y", "x dd ee ff y"))) == "x [-aa bb cc-]{+dd ee ff+} y"


def test_of_many_changes_the_first_are_shown():
    """One edit stays a line or two, and says that it goes on."""
    before = " same ".join(["old"] * 50)
    line = _plain(diff_text(word_diff(before, before.replace("old", "new"))))
    assert line.endswith(" …")
    assert line.count("[-old-]{+new+}") == 4
