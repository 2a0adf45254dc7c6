"""What is put into a split together beside a cluster: titles, and days of a source."""

import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from harness.curation.groups import joined_keys, same_source_day, same_title
from harness.curation.titles import title_keys

INSTANT = pa.timestamp("s", tz="UTC")


def _column(values, kind):
    return pa.chunked_array([pa.array(values, kind)])


def test_titles_are_equal_by_their_words():
    """Marks, kinds of alef, blanks and stops do not part two titles; no title equals none."""
    keys = title_keys(pa.array(["إِفتتاح المكتبة!", "افتتاح  المكتبه", "…", None, "اختتام المكتبة"]))
    numbers = same_title(pa.chunked_array([keys])).tolist()
    assert numbers[0] == numbers[1] != numbers[4]
    assert numbers[2:4] == [-1, -1]


def test_a_day_is_one_source_s_and_begins_at_midnight_of_utc():
    """Another source's articles of the day, and those without a date or a source, are apart."""
    day = 86_400
    seconds = [20 * day, 21 * day - 1, 21 * day, 20 * day, None, -1, -day]
    published = _column(seconds, pa.int64()).cast(INSTANT)
    source = _column(["a", "a", "a", "b", "a", "a", "a"], pa.string())
    numbers = same_source_day(source, published).tolist()
    assert numbers[0] == numbers[1]
    assert numbers[5] == numbers[6]
    assert len({numbers[0], numbers[2], numbers[3], numbers[5]}) == 4
    assert numbers[4] == -1
    assert same_source_day(_column([None], pa.string()), _column([0], pa.int64()).cast(INSTANT)).tolist() == [
        -1
    ]


GROUPINGS = st.integers(1, 30).flatmap(
    lambda rows: st.tuples(
        st.lists(st.integers(0, 9), min_size=rows, max_size=rows),
        st.lists(st.booleans(), min_size=rows, max_size=rows),
        st.lists(st.integers(-1, 5), min_size=rows, max_size=rows),
        st.lists(st.integers(-1, 5), min_size=rows, max_size=rows),
    )
)


@given(GROUPINGS)
def test_no_cluster_and_no_group_of_kept_documents_is_parted(made):
    """Whatever chains of clusters and groups there are; each is named by its first cluster."""
    clusters, kept, *together = made
    names = [f"c{number}" for number in clusters]
    keys = joined_keys(pa.array(names), np.array(kept), [np.array(one) for one in together]).to_pylist()
    for grouping in (clusters, *together):
        counted = grouping is clusters
        for group in set(grouping) - {-1}:
            rows = [row for row, one in enumerate(grouping) if one == group and (counted or kept[row])]
            assert len({keys[row] for row in rows}) <= 1
    for key in set(keys):
        assert names[keys.index(key)] == key


def test_nothing_is_joined_through_a_refused_document():
    """A refused article of the same title leaves two clusters apart."""
    keys = joined_keys(pa.array(["a", "b"]), np.array([True, False]), [np.array([0, 0])])
    assert keys.to_pylist() == ["a", "b"]


def test_without_more_to_keep_together_the_cluster_s_own_name_decides():
    """So that splits of corpora which were published stay as they were."""
    names = pa.array(["x", "y", "x"])
    assert joined_keys(names, np.array([True] * 3), []).to_pylist() == ["x", "y", "x"]
