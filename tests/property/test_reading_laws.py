"""Laws of reading texts: the plain way, the compiled way and the slow reference give the same numbers."""

import os
import unicodedata
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.duplicates_reference import line_hashes, signature

from harness.core.recipe import DuplicateSettings
from harness.curation.kernels import reader
from harness.curation.kernels.characters import PIECE
from harness.curation.kernels.reader import count_defects_compiled, hash_compiled, read_compiled
from harness.curation.plain_pass import count_defects_plainly, hash_plainly, read_plainly
from harness.curation.reading import COUNTED, Plan
from harness.curation.signatures import SIGNATURES, pass_over, signatures
from harness.curation.utf8_texts import Utf8Texts

STRING = pa.string()
DATA = os.environ.get("HARNESS_DATA")
PLAN = Plan.for_settings(DuplicateSettings())
# Characters that patterns and folds ask about, so that short texts meet them side by side.
TELLING = (
    "سكهى?؟,،;؛.!:-\n\t \u00a0\u202f\"'»”)]\u064b\u0640\u0301\u200e\u200b\u200c\ufeffaZé1٣\u00c3\u00a9\u0080€ظ‡…。"
    "𐌀中ﷲﻻﬁ\ue000\ufffd\x0b\x1c\x85یẞ\U00100000"
)
TEXTS = st.lists(
    st.one_of(
        st.none(),
        st.text(st.sampled_from(TELLING), max_size=24),
        st.text(st.characters(codec="utf-8"), max_size=24),
    ),
    max_size=6,
)
# Of the older characters all versions of the database that the reference asks say the same.
KNOWN_TEXTS = st.lists(
    st.one_of(
        st.text(st.sampled_from(TELLING), max_size=24),
        st.text(st.characters(exclude_categories=["Cs", "Cn"], max_codepoint=0x1FFFF), max_size=24).filter(
            lambda text: all(
                unicodedata.ucd_3_2_0.category(char) == unicodedata.category(char) for char in text
            )
        ),
    ),
    max_size=6,
)


def _assert_both_ways_agree(column, plan=PLAN):
    """Compare them, and hashing alone either way; give what is compiled."""
    plain, compiled = read_plainly(column, plan), read_compiled(Utf8Texts.of(column), plan)
    for place, name in enumerate(COUNTED):
        assert plain.counts[:, place].tolist() == compiled.counts[:, place].tolist(), name
    for hashes in (compiled.hashes, hash_compiled(Utf8Texts.of(column), plan), hash_plainly(column, plan)):
        _assert_same_hashes(plain.hashes, hashes)
    defects = count_defects_compiled(Utf8Texts.of(column))
    assert np.array_equal(count_defects_plainly(column), defects)
    return compiled


def _assert_same_hashes(plain, compiled):
    for name in ("word_counts", "sequences"):
        assert np.array_equal(getattr(plain, name), getattr(compiled, name)), name
    for name in ("lines", "shingles", "keys"):
        one, other = getattr(plain, name), getattr(compiled, name)
        assert np.array_equal(one.offsets, other.offsets), name
        assert np.array_equal(one.values, other.values), name


@settings(deadline=None)  # the first call compiles
@given(TEXTS, st.integers(1, 5), st.booleans())
def test_both_ways_to_read_give_the_same_numbers(texts, shingle_words, is_large):
    """Whatever the text, its neighbours, the shingles' length and the width of offsets."""
    column = pa.array(texts, pa.large_string() if is_large else pa.string())
    _assert_both_ways_agree(column, Plan(shingle_words, PLAN.banding))


@settings(deadline=None)  # the first call compiles
@given(KNOWN_TEXTS)
def test_the_compiled_way_equals_the_slow_reference(texts):
    """Words, shingles, band keys and lines, text by text."""
    column = pa.array(texts, pa.string())
    compiled = hash_compiled(Utf8Texts.of(column), PLAN)
    for row, text in enumerate(texts):
        _, words, shingles, keys = signature(text, DuplicateSettings())
        assert compiled.word_counts[row] == words
        for rows, expected in (
            (compiled.shingles, shingles),
            (compiled.keys, keys),
            (compiled.lines, line_hashes(text)),
        ):
            assert rows.values[rows.offsets[row] : rows.offsets[row + 1]].tolist() == expected


def test_every_code_point_is_what_it_is_in_both_ways():
    """All characters of all planes, each with an Arabic word, a blank and a stop around it."""
    characters = [chr(code) for code in range(0x11_0000) if not 0xD800 <= code <= 0xDFFF]
    whole = pa.array(["".join(characters[start : start + 500]) for start in range(0, len(characters), 500)])
    _assert_both_ways_agree(whole)
    _assert_both_ways_agree(pa.array([f"س{char} ,{char}\n\n{char}ة" for char in characters[:0x1_0000]]))


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "\n",
        "خ",
        "خ ب",
        "𐌀" * 3,
        "كلمة " * 70_000,
        "ا" * 300_000,
        "\n" * 70_000,
        "a\n" * 70_000,
        "𐌀 " * 70_000,
    ],
    ids=lambda text: f"{text[:2]!r} × {len(text)}",
)
def test_no_counter_is_too_narrow_and_no_text_too_short(text):
    """More words, letters and lines than 16 bits count; nothing, one word, and fewer shingles than minima."""
    compiled = _assert_both_ways_agree(pa.array(["قبل", text, "بعد"]))
    assert compiled.counts[1, COUNTED.index("chars")] == len(text)
    assert compiled.hashes.word_counts[1] == len(text.split())
    assert compiled.hashes.lines.lengths[1] == sum(bool(line.strip()) for line in text.split("\n"))


def test_a_word_may_have_any_length():
    """Letters beyond those whose powers are kept, ligatures that are several letters, at every place."""
    lengths = range(1, 140)
    texts = [
        " ".join(["س" * length, "a" * length + "ﷲ", "ﷲ" * length, "ﷲ" + "ب" * length]) for length in lengths
    ]
    _assert_both_ways_agree(pa.array([*texts, "\n".join(texts), "".join(texts)]))


@settings(deadline=None)  # the first call compiles
@given(st.lists(st.tuples(st.sampled_from("س aﷲ\n\u0640٣?"), st.integers(1, 300)), max_size=12))
def test_words_and_lines_go_on_wherever_a_block_ends(runs):
    """Runs of letters, blanks, ligatures, what is dropped, and line ends, around several blocks long."""
    _assert_both_ways_agree(pa.array(["".join(char * length for char, length in runs)]))


@pytest.mark.parametrize(
    "alphabet", [TELLING, "سبم كة.\n", "ab ,\n", "中国\n"], ids=["telling", "arabic", "latin", "han"]
)
def test_two_halves_counted_side_by_side_are_one_text(alphabet):
    """Texts of all lengths around a piece, made of characters that patterns ask about in any order."""
    rows = np.random.default_rng(7)
    lengths = [*range(2, 70), 1_000, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE + 70]
    texts = ["".join(rows.choice(list(alphabet), length)) for length in lengths]
    _assert_both_ways_agree(pa.array(texts))


@pytest.mark.parametrize("words", [1, 2, 3, 500, 2047, 2048, 2049, 2050, 5000])
@pytest.mark.parametrize("different", [1, 7, 6000])
def test_shingles_are_sorted_and_each_once_whatever_their_number(words, different):
    """Few and many, all different or the same ones again and again."""
    compiled = _assert_both_ways_agree(
        pa.array([" ".join(f"w{number % different}" for number in range(words))])
    )
    assert compiled.hashes.shingles.lengths[0] == max(min(words - 1, different), 1)


@settings(deadline=None)  # the first call compiles
@given(st.lists(st.one_of(st.binary(max_size=5), st.characters(codec="utf-8").map(str.encode)), max_size=6))
def test_exactly_what_is_utf_8_is_read(parts):
    """Bytes are refused where Python refuses them."""
    content = b"".join(parts)
    column = _column(b"\xd8" + content + b"\xb3", [1, 1 + len(content)])
    try:
        content.decode()
    except UnicodeDecodeError:
        with pytest.raises(ValueError, match="UTF-8"):
            read_compiled(Utf8Texts.of(column), PLAN)
    else:
        read_compiled(Utf8Texts.of(column), PLAN)


@settings(deadline=None)  # the first call compiles
@given(TEXTS, st.integers(1, 40))
def test_how_compiled_texts_are_batched_changes_nothing(texts, size):
    """One batch a text, or one for all; from the middle of a column."""
    column = pa.array(["قبل كل شيء", *texts, "بعد"], pa.string()).slice(1, len(texts))
    whole = read_compiled(Utf8Texts.of(column), PLAN)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reader, "_BATCH_BYTES", size)
        parts = read_compiled(Utf8Texts.of(column), PLAN)
    assert np.array_equal(whole.counts, parts.counts)
    for name in ("lines", "shingles", "keys"):
        assert np.array_equal(getattr(whole.hashes, name).values, getattr(parts.hashes, name).values)
        assert np.array_equal(getattr(whole.hashes, name).offsets, getattr(parts.hashes, name).offsets)


def _column(content, offsets, kind=STRING):
    width = np.int64 if kind == pa.large_string() else np.int32
    buffers = [None, pa.py_buffer(np.array(offsets, width)), pa.py_buffer(content)]
    return pa.Array.from_buffers(kind, len(offsets) - 1, buffers)


@pytest.mark.parametrize("kind", [pa.string(), pa.large_string()])
@pytest.mark.parametrize("offsets", [[0, 9], [-1, 3], [2, 1, 3], [0, 4, 3], [1 << 30, (1 << 30) + 1]])
def test_offsets_outside_of_the_buffer_are_refused(kind, offsets):
    """Memory that is not the column's is never read."""
    with pytest.raises(ValueError, match="offset"):
        pass_over(_column(b"abc", offsets, kind), DuplicateSettings())


@pytest.mark.parametrize(
    "content",
    [
        b"\x80", b"\xc0\x80", b"\xc3", b"\xd8", b"\xe2\x82", b"\xf0\x9f\x98",  # stray, too long, cut off
        b"\xe0\x80\x80", b"\xed\xa0\x80", b"\xf0\x80\x80\x80", b"\xf4\x90\x80\x80", b"\xff",
    ],
)  # fmt: skip
def test_what_is_not_utf_8_is_refused_both_ways(content):
    """Also where a character is cut off by the text's end and goes on in the next one."""
    column = _column(b"ab" + content + b"\xa9\xa9", [0, 2, 2 + len(content), 4 + len(content)])
    with pytest.raises(ValueError, match=r"(?i)utf-8"):
        read_compiled(Utf8Texts.of(column), PLAN)
    with pytest.raises(ValueError, match=r"(?i)utf-8"):
        hash_compiled(Utf8Texts.of(column), PLAN)
    with pytest.raises(ValueError, match=r"(?i)utf-8"):
        read_plainly(column, PLAN)


def test_only_columns_of_text_are_read():
    """A column of numbers is a mistake of the caller."""
    with pytest.raises(TypeError, match="int64"):
        pass_over(pa.array([1]), DuplicateSettings())


def test_no_texts_are_no_rows():
    """An empty column has the schema and nothing else."""
    read = pass_over(pa.array([], pa.string()), DuplicateSettings())
    assert (read.counts.num_rows, read.signatures.num_rows, read.signatures.schema) == (0, 0, SIGNATURES)


def test_blanks_are_what_arrow_trims():
    """A text is blank, and has no hash of its own, if nothing is left of it without the blanks around it."""
    column = pa.array([chr(code) for code in range(0x3100)])
    read = pass_over(column, DuplicateSettings()).signatures
    is_trimmed = pc.equal(pc.utf8_length(pc.utf8_trim_whitespace(column)), 0)
    assert pc.is_null(read["exact_hash"]).equals(is_trimmed)


@settings(deadline=None)
@given(TEXTS)
def test_signatures_alone_are_those_of_the_whole_pass(texts):
    """Blank texts, null ones and such without a word included."""
    column = pa.array(texts, pa.string())
    assert signatures(column, DuplicateSettings()).equals(pass_over(column, DuplicateSettings()).signatures)


@pytest.mark.needs_data
@pytest.mark.skipif(DATA is None, reason="HARNESS_DATA does not say where the real text lies")
def test_both_ways_agree_on_real_text():
    """News in twenty languages, line by line and twelve lines to a text."""
    for path in sorted((Path(DATA) / "ntrex").glob("newstest2019-*.txt")):
        lines = path.read_text(encoding="utf-8-sig").split("\n")
        together = ["\n\n".join(lines[start : start + 12]) for start in range(0, len(lines), 12)]
        _assert_both_ways_agree(pa.array([*lines, *together]))
