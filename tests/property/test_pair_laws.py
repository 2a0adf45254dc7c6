"""Laws of pairs: what many rows share is counted exactly, and who stays is what going through them by rank gives."""

import itertools

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.curation import intersect, lists
from harness.curation.buckets import REPRESENTATIVES, pairs_in_buckets
from harness.curation.intersect import compiled_shared_counts, shared_counts
from harness.curation.lists import ListColumn
from harness.curation.precedence import staying
from harness.curation.ragged import Ragged, offsets_of

# Few upper halves and few lower ones: numbers that differ in their last bits only are frequent.
NUMBERS = st.tuples(st.integers(0, 3), st.integers(0, 3)).map(lambda parts: (parts[0] << 60) + parts[1])
ROWS = st.lists(st.sets(NUMBERS, max_size=8).map(sorted), min_size=1, max_size=6)


def _ragged(rows):
    return Ragged(
        np.array([number for row in rows for number in row], np.uint64),
        offsets_of(np.array([len(row) for row in rows], np.int64)),
    )


def _keep():
    """Memory is nothing to give back to."""


def _sides(pairs):
    return (np.array([pair[side] for pair in pairs], np.int64) for side in (0, 1))


@pytest.mark.parametrize("count", [shared_counts, compiled_shared_counts])
@settings(deadline=None)  # the first call compiles
@given(ROWS, st.data())
def test_shared_numbers_are_counted_exactly(count, rows, data):
    """Also where numbers agree in all but their last bits, rows are empty or a row is paired with itself."""
    number = st.integers(0, len(rows) - 1)
    pairs = data.draw(st.lists(st.tuples(number, number), max_size=12))
    left, right = _sides(pairs)
    expected = [len(set(rows[one]) & set(rows[other])) for one, other in pairs]
    assert count(_ragged(rows), left, right, np.zeros(len(pairs), np.int64)).tolist() == expected


@pytest.mark.parametrize("count", [shared_counts, compiled_shared_counts])
@settings(deadline=None)  # the first call compiles
@given(ROWS, st.data())
def test_only_pairs_that_share_less_than_wanted_are_given_up(count, rows, data):
    """What is told of them is less than wanted, too."""
    number = st.integers(0, len(rows) - 1)
    pairs = data.draw(st.lists(st.tuples(number, number, st.integers(0, 9)), max_size=12))
    left, right = _sides(pairs)
    least = np.array([pair[2] for pair in pairs], np.int64)
    told = count(_ragged(rows), left, right, least).tolist()
    for (one, other, wanted), counted in zip(pairs, told, strict=True):
        shared = len(set(rows[one]) & set(rows[other]))
        assert counted == shared or (counted < wanted and shared < wanted)


@given(st.lists(st.integers(0, 9), max_size=20), st.integers(1, 12), st.integers(1, 5))
def test_blocks_are_as_large_as_they_may_be(sizes, most, most_things):
    """Nothing is left out or comes twice; only what is larger by itself is larger."""
    cut = [sizes[some] for some in intersect.blocks(np.array(sizes, np.int64), most, most_things)]
    assert [size for block in cut for size in block] == sizes
    assert all(len(block) == 1 or (sum(block) <= most and len(block) <= most_things) for block in cut)
    for block, after in itertools.pairwise(cut):
        assert len(block) == most_things or sum(block) + after[0] > most


@given(st.integers(1, 12), st.sets(st.tuples(st.integers(0, 11), st.integers(0, 11)), max_size=30))
def test_who_stays_is_what_going_through_by_rank_gives(size, pairs):
    """A text goes if, and only if, a better copy of it stays."""
    pairs = sorted(
        {(min(pair) % size, max(pair) % size) for pair in pairs if min(pair) % size < max(pair) % size}
    )
    stays = [True] * size
    for text in range(size):
        stays[text] = not any(stays[better] for better, worse in pairs if worse == text)
    assert staying(size, *_sides(pairs)).tolist() == stays


def test_a_long_chain_of_copies_is_decided_like_a_short_one():
    """Each the copy of the one before it: every other one stays."""
    stays = staying(4000, np.arange(3999), np.arange(1, 4000))
    assert stays.tolist() == [True, False] * 2000


@given(st.lists(st.lists(st.integers(0, 4), min_size=9, max_size=9), max_size=4))
def test_every_two_texts_in_a_bucket_are_one_pair(columns):
    """However many columns they meet in."""
    keys = [np.array(column, np.uint64) << np.uint64(32) for column in columns]
    found = pairs_in_buckets(keys)
    expected = {
        (one, other)
        for column in columns
        for other in range(9)
        for one in range(other)
        if column[one] == column[other]
    }
    assert list(zip(found.first.tolist(), found.second.tolist(), strict=True)) == sorted(expected)
    assert len(found.packed) == len(expected)


def test_a_text_in_a_huge_bucket_meets_the_best_of_it():
    """The first so many of the bucket, by rank, are met by all that come after them."""
    found = pairs_in_buckets([np.full(100, 7 << 40, np.uint64)])
    expected = [(one, other) for one in range(REPRESENTATIVES) for other in range(one + 1, 100)]
    assert list(zip(found.first.tolist(), found.second.tolist(), strict=True)) == expected


@settings(deadline=None)  # the first call loads what Arrow loads
@given(
    st.lists(st.lists(st.one_of(st.none(), st.lists(NUMBERS, max_size=4)), max_size=4), max_size=4), st.data()
)
def test_lists_in_pieces_are_read_as_if_they_were_one(pieces, data):
    """Rows by number, with nulls and empty pieces among them."""
    column = pa.chunked_array(pieces, pa.list_(pa.uint64()))
    whole = [row or [] for piece in pieces for row in piece]
    chosen = sorted(data.draw(st.sets(st.integers(0, len(whole) - 1)))) if whole else []
    lying = ListColumn.of(column, _keep)
    assert lying.lengths.tolist() == [len(row) for row in whole]
    size = data.draw(st.integers(0, 20))
    found, buffer = lying.rows(np.array(chosen, np.int64), np.full(size, 99, np.uint64))
    assert len(buffer) == max(size, len(found.values))
    assert found.values.tolist() == [number for row in chosen for number in whole[row]]
    assert found.lengths.tolist() == [len(whole[row]) for row in chosen]


@given(st.lists(st.lists(st.booleans(), max_size=4), max_size=4), st.data())
def test_columns_of_lists_are_the_same_however_many_are_laid_out_at_once(pieces, data):
    """Empty rows are skipped; the order of rows is the caller's."""
    rows = [
        [[number * 3 + place for place in range(3)] if full else [] for number, full in enumerate(piece)]
        for piece in pieces
    ]
    whole = [row for piece in rows for row in piece]
    filled = [number for number, row in enumerate(whole) if row]
    chosen = data.draw(st.permutations(filled))
    lying = ListColumn.of(pa.chunked_array(rows, pa.list_(pa.uint64())), _keep)
    expected = [[whole[number][place] for number in chosen] for place in range(3)]
    for at_once in (1, 1 << 20):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(lists, "_GROUP_BYTES", at_once)
            assert [column.tolist() for column in lying.columns(3, np.array(chosen, np.int64))] == expected
