"""Laws of comparing once: kept and read back, it gives the clusters of comparing anew, whoever takes part and ranks how."""

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import settings as how
from hypothesis import strategies as st

from harness.core.recipe import DuplicateSettings
from harness.curation import buckets, comparison
from harness.curation.comparison import Comparison, compare
from harness.curation.duplicates import find_clusters
from harness.curation.signatures import signatures

SETTINGS = DuplicateSettings(shingle_words=2, duplicate=0.6, contained=0.8, related=0.3)
# Pieces of a few long texts, equal ones and ones without words among them.
TEXTS = st.lists(
    st.one_of(
        st.tuples(st.integers(0, 2), st.integers(0, 6), st.integers(2, 12)).map(
            lambda part: " ".join(f"{part[0]}w{place}" for place in range(part[1], part[1] + part[2]))
        ),
        st.sampled_from(["!", "", "0W1 0w2"]),
    ),
    max_size=16,
)


def _table(texts):
    return pa.Table.from_batches([signatures(pa.array(texts, pa.string()), SETTINGS)])


def _told(found):
    columns = (found.cluster, found.survivor, np.nan_to_num(found.similarity, nan=-1), found.kind)
    return [column.tolist() for column in columns]


@how(deadline=None)  # the first call builds tables
@given(TEXTS, st.data(), st.sampled_from([1, 2, 32]))
def test_who_takes_part_and_ranks_how_needs_no_second_comparison(texts, data, representatives):
    """The clusters of some rows of a corpus are those of a corpus of these rows, also where buckets are crowded."""
    rows = np.array(sorted(data.draw(st.sets(st.integers(0, len(texts) - 1)))) if texts else [], np.int64)
    ranks = np.array(data.draw(st.permutations(range(len(rows)))), np.int64)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(buckets, "REPRESENTATIVES", representatives)
        table = _table(texts)
        kept = Comparison.of_tables(compare(table, SETTINGS).tables())
        found = find_clusters(table, ranks, SETTINGS, rows=rows, compared=kept)
        alone = find_clusters(_table([texts[row] for row in rows]), ranks, SETTINGS)
    assert _told(found) == _told(alone)
    assert found.compared <= len(rows) * (len(rows) - 1) / 2


@how(deadline=None)
@given(TEXTS, TEXTS, st.data(), st.sampled_from([1, 2, 32]))
def test_what_is_known_from_an_earlier_corpus_changes_nothing(earlier, later, data, representatives):
    """Texts that came, went or moved: the same rows, links, strangers and crowds as comparing anew, to the bit."""
    later = [*later, *data.draw(st.lists(st.sampled_from(earlier), max_size=8))] if earlier else later
    later = data.draw(st.permutations(later))
    moved = [data.draw(st.sampled_from([-1, later.index(text)])) if text in later else -1 for text in earlier]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(buckets, "REPRESENTATIVES", representatives)
        known = compare(_table(earlier), SETTINGS).moved(np.array(moved, np.int64))
        found = compare(_table(later), SETTINGS, before=known)
        anew = compare(_table(later), SETTINGS)
    assert {name: table.to_pydict() for name, table in found.tables().items()} == {
        name: table.to_pydict() for name, table in anew.tables().items()
    }


def test_pairs_that_are_known_are_not_compared_again(monkeypatch):
    """Of a corpus that grew by one text, only the pairs of that one are verified."""
    texts = [" ".join(f"w{place}" for place in range(start, start + 20)) for start in range(8)]
    known = compare(_table(texts[:7]), SETTINGS).moved(np.arange(7))
    verified = []
    related = comparison.related
    monkeypatch.setattr(
        comparison, "related", lambda pairs, *rest: verified.append(pairs) or related(pairs, *rest)
    )
    compare(_table(texts), SETTINGS, before=known)
    assert {*verified[0].second.tolist()} == {7}


def test_what_is_kept_is_what_was_found():
    """Every table with its rows; nothing is rounded or left out."""
    texts = [" ".join(f"w{place}" for place in range(start, start + 20)) for start in range(8)] + [
        "w1 w2"
    ] * 2
    compared = compare(_table(texts), SETTINGS)
    tables = compared.tables()
    assert {name: table.num_rows for name, table in tables.items()} == {
        "rows": 1, "equals": 1, "links": 28, "strangers": tables["strangers"].num_rows, "crowds": 0,
    }  # fmt: skip
    again = Comparison.of_tables(tables)
    assert again.leader.tolist() == [*range(9), 8]
    assert again.known.links.shared.tolist() == compared.known.links.shared.tolist()
    assert again.known.pairs.packed.tolist() == compared.known.pairs.packed.tolist()


def test_a_missing_table_is_no_comparison():
    """What a cache lost must not read as nothing in common."""
    tables = compare(_table(["a b", "a b c"]), SETTINGS).tables()
    with pytest.raises(KeyError):
        Comparison.of_tables({name: table for name, table in tables.items() if name != "links"})
