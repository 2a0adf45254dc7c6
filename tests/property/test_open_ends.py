"""Laws of lines that end open: what the compiled look tells is what lines and blank lines, cut one by one, tell."""

import textwrap

import pyarrow as pa
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from harness.curation import line_signs
from harness.curation.signs import signs_of_defects
from harness.text.breaks import (
    CONTINUING_WORDS,
    EDGE_CHARS,
    ENDS_NO_LINE_OPEN,
    HANGING_WORDS,
    SMALL_LETTERS,
    first_word,
    gaps,
    last_word,
    suspected_breaks,
)
from harness.text.rules.joins import broken_paragraph
from harness.text.rules.wrapped import wrapped_lines
from harness.text.wrapping import MAX_WIDTH, line_ends

WORDS = sorted(CONTINUING_WORDS | HANGING_WORDS)
SENTENCE = "وأعلنت البلدية أن الجسر سيفتح صباح الأحد المقبل. وقالت إن الأعمال تمت في موعدها"
PIECES = st.sampled_from(
    [*WORDS, *".,،؛:»)_…aZéñ1٣ه\u064b\u0651\u200f\u061c\u202e\u2069\u200c", "\n", "\n\n", " \n \t\n ", " ", "\t", "\r", "—",
     "\U0001f600", "و" * 9, "س" * (MAX_WIDTH - 1), "\u064b" * (EDGE_CHARS - 1), SENTENCE, f"{SENTENCE}.\n\n"]
)  # fmt: skip
TEXTS = st.lists(PIECES | st.just("\n"), max_size=24).map("".join)
# What nobody sees at a blank line.
UNSEEN = st.sampled_from(["", " ", "\t", "\u200f", "\u064e", "\u202e\u0651"])


@pytest.fixture(autouse=True, scope="module")
def _compiled():
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(line_signs, "is_compiling", lambda: True)
        yield


def _signs(*texts):
    return line_signs.line_signs(pa.array(texts, pa.string()))


def _told(rule, *texts):
    return signs_of_defects(pa.array(texts, pa.string()))[rule.name].tolist()


def _ends_open(line):
    return not any(low <= ord(line[-1]) <= high for low, high in ENDS_NO_LINE_OPEN)


def _goes_on(gap):
    word_tells = last_word(gap.before) in HANGING_WORDS or first_word(gap.after) in CONTINUING_WORDS
    return _ends_open(gap.before) and (gap.before[-1] in ",،" or word_tells)


def _is_suspected(gap):
    is_small = any(low <= ord(gap.after[0]) <= high for low, high in SMALL_LETTERS)
    return _goes_on(gap) or (_ends_open(gap.before) and is_small)


def _narrow_lines(text):
    return sum(len(end.before) <= MAX_WIDTH and _ends_open(end.before) for end in line_ends(text))


@settings(deadline=None, max_examples=300)  # the first call compiles
@given(st.lists(st.none() | TEXTS, max_size=4))
@example(
    [
        "كلمة في\n\nكلمة",
        "كلمة\n\nفيه كلمة",
        "كلمة كفي\n\nكلمة",
        "كلمة\n\nفيهم كلمة",
        "كلمة،\n\n",
        "\n\n في",
        None,
    ]
)
@example(
    [
        "  a\nb\nc\n",
        " \n\na\nb",
        "a" * MAX_WIDTH + "\na\n.",
        "س" * (MAX_WIDTH + 1) + "\na\n.",
        "A\n\na\n\nÿ\n\nÀ",
    ]
)
def test_what_is_counted_is_what_cutting_the_texts_gives(texts):
    """Narrow lines that end open, and blank lines at which a sentence goes on: neither more nor fewer."""
    signs, known = _signs(*texts), [text or "" for text in texts]
    assert signs.narrow.tolist() == [_narrow_lines(text) for text in known]
    assert signs.going_on.tolist() == [sum(map(_goes_on, gaps(text))) for text in known]
    assert signs.suspected.tolist() == [sum(map(_is_suspected, gaps(text))) for text in known]


@settings(deadline=None, max_examples=300)
@given(
    st.lists(TEXTS, max_size=4),
    st.sampled_from([*WORDS, "then", "été", "затем", "Then", ""]),
    UNSEEN,
    st.booleans(),
)
def test_a_break_that_is_counted_was_told(texts, word, unseen, in_latin):
    """Whether a word, a comma or a small letter tells it."""
    line = "The bridge opens to all cars on Sunday morning, the town said in a note" if in_latin else SENTENCE
    texts = [*texts, f"{line}{unseen}\n\n{word} {line}.", f"{line} {word}\n\n{unseen}{line}."]
    counted = [len(suspected_breaks(text)) for text in texts]
    assert (_signs(*texts).suspected >= counted).all()


def test_no_small_letter_hides_a_break():
    """All characters that Python calls small, each at the beginning of a paragraph."""
    small = [chr(code) for code in range(0x11_0000) if chr(code).islower()]
    texts = [f"{SENTENCE}\n\n{letter}" for letter in small]
    assert all(map(suspected_breaks, texts))
    assert (_signs(*texts).suspected == 1).all()


@settings(deadline=None, max_examples=300)
@given(TEXTS, st.sampled_from(WORDS), UNSEEN, UNSEEN)
def test_a_sentence_that_is_joined_was_told(text, word, end, start):
    """Whichever word it hangs on, and whatever stands unseen at its blank line."""
    gap = f"{end}\n\n{start}"
    for broken in (f"{text}{SENTENCE} {word}{gap}{SENTENCE}.", f"{text}{SENTENCE}{gap}{word} {SENTENCE}."):
        assert _told(broken_paragraph, broken) == [True] or not list(broken_paragraph.find(broken))


@pytest.mark.parametrize("word", WORDS)
def test_each_word_joins_and_is_told(word):
    """So the law above is no law about nothing."""
    broken = (
        f"{SENTENCE} {word}\n\n{SENTENCE}." if word in HANGING_WORDS else f"{SENTENCE}\n\n{word} {SENTENCE}."
    )
    assert list(broken_paragraph.find(broken))
    assert _told(broken_paragraph, broken) == [True]


@pytest.mark.parametrize("width", [50, 60, 70, 90, 100])
def test_lines_that_are_joined_were_told(width):
    """What a program has wrapped shows as many narrow lines that end open as the rule asks for."""
    text = "\n".join(textwrap.wrap(f"{SENTENCE}. {SENTENCE}، " * 6, width))
    assert list(wrapped_lines.find(text))
    assert _told(wrapped_lines, text) == [True]
