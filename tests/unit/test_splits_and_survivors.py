"""Which split a cluster goes to, and which of several copies stays."""

import hashlib
from datetime import UTC, datetime

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.core.recipe import SplitSettings
from harness.curation.splits import assign, empty_splits
from harness.curation.survivors import survivor_rank

KEYS = st.lists(st.text(max_size=8), max_size=40)


@settings(deadline=None)  # the first call loads the kernels
@given(KEYS, KEYS)
def test_adding_articles_moves_no_cluster_and_parts_none(before, added):
    """A split depends on the cluster's key alone."""
    settings = SplitSettings()
    alone = dict(zip(before, assign(pa.array(before, pa.string()), settings).to_pylist(), strict=True))
    both = added + before
    together = assign(pa.chunked_array([added, before], pa.string()), settings).to_pylist()
    for key, split in zip(both, together, strict=True):
        assert alone.setdefault(key, split) == split


def test_shares_hold_within_their_sampling_error():
    """Of 20,000 clusters each split gets its share to within five standard errors."""
    keys = pa.array([f"c{number}" for number in range(20_000)])
    found = np.array(assign(keys, SplitSettings()).to_pylist())
    for name, share in (("train", 0.8), ("validation", 0.1), ("test", 0.1)):
        error = np.sqrt(share * (1 - share) / len(keys))
        assert abs(np.mean(found == name) - share) < 5 * error


@given(st.text(max_size=8), st.text(max_size=8))
def test_a_split_is_where_the_salted_hash_falls(key, salt):
    """Written out for one key: what is published once must not move with a faster way to the same hash."""
    digest = hashlib.blake2b(f"{len(salt)}:{salt}{key}".encode(), digest_size=8).digest()
    place = (int.from_bytes(digest, "big") >> 11) / 2**53
    expected = "train" if place < 0.5 else "validation" if place < 0.75 else "test"
    settings = SplitSettings(train=0.5, validation=0.25, test=0.25, salt=salt)
    assert assign(pa.array([key]), settings).to_pylist() == [expected]


def test_another_salt_is_another_draw():
    """Half of the clusters or so change place between two halves."""
    keys = pa.array([f"c{number}" for number in range(1000)])
    halves = {"train": 0.5, "validation": 0, "test": 0.5}
    one, two = (np.array(assign(keys, SplitSettings(salt=salt, **halves)).to_pylist()) for salt in "ab")
    assert 0.4 < np.mean(one != two) < 0.6


def test_a_split_without_a_share_gets_nothing_and_is_not_called_empty():
    """Only a split that was promised something can be missing it."""
    settings = SplitSettings(train=1, validation=0, test=0)
    assigned = assign(pa.array(["a", "b", None]), settings)
    assert assigned.to_pylist() == ["train", "train", None]
    assert empty_splits(assigned, settings) == ()
    assert empty_splits(assigned, SplitSettings()) == ("validation", "test")


COMPLETE = {
    "title": "A title",
    "published": datetime(2023, 5, 1, tzinfo=UTC),
    "ends_with_stop": True,
    "replacement_chars": 0,
    "mojibake_lines": 0,
    "recipe_source": 0,
}


def _table(*rows):
    schema = pa.schema(
        [
            ("title", pa.string()),
            ("published", pa.timestamp("s", tz="UTC")),
            ("ends_with_stop", pa.bool_()),
            ("replacement_chars", pa.int64()),
            ("mojibake_lines", pa.int64()),
            ("recipe_source", pa.int32()),
            ("position", pa.int64()),
        ]
    )
    listed = [{**COMPLETE, "position": place, **row} for place, row in enumerate(rows)]
    return pa.Table.from_pylist(listed, schema=schema)


@pytest.mark.parametrize(
    "worse",
    [
        {"title": " "},
        {"title": None},
        {"published": None},
        {"published": datetime(2023, 5, 2, tzinfo=UTC)},
        {"ends_with_stop": False},
        {"replacement_chars": 1},
        {"mojibake_lines": 1},
        {"recipe_source": 1},
        {"position": 9},
    ],
)
def test_the_better_document_comes_first_whatever_the_order_of_rows(worse):
    """Every step of the stated order decides where all else is equal."""
    other = {"position": 0} | worse
    assert survivor_rank(_table({"position": 1}, other)).tolist() == [0, 1]
    assert survivor_rank(_table(other, {"position": 1})).tolist() == [1, 0]


def test_completeness_comes_before_date_and_date_before_source():
    """An early fragment does not outlive the whole article; an early copy outlives the preferred source's."""
    early = datetime(2020, 1, 1, tzinfo=UTC)
    table = _table(
        {"published": early, "ends_with_stop": False}, {}, {"published": early, "recipe_source": 3}
    )
    assert survivor_rank(table).tolist() == [2, 1, 0]


def test_ranks_are_each_given_once():
    """Equal documents are told apart by their position."""
    assert sorted(survivor_rank(_table(*[{}] * 5)).tolist()) == [0, 1, 2, 3, 4]


def test_no_documents_have_no_ranks():
    """An empty table is a table."""
    assert survivor_rank(_table()).tolist() == []
