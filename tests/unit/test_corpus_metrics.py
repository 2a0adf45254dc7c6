"""The figures of a corpus and of its slices."""

from datetime import UTC, datetime

import pyarrow as pa
import pytest

from harness.core.schema import CLUSTERS, METRICS, RECORDS
from harness.curation.metrics import corpus_metrics
from harness.curation.titles import title_keys

DATED = {"published": datetime(2024, 1, 1, tzinfo=UTC)}
RECORDS_MADE = [
    {"id": "a", "status": "kept", "split": "train", "source": "one", "lang": "ar", "lang_agrees": True, "replacement_chars": 2, **DATED},
    {"id": "b", "status": "kept", "split": "test", "source": "one", "lang": "ar", "lang_agrees": False, "replacement_chars": 0},
    {"id": "c", "status": "kept", "split": "test", "source": "two", "lang": "und", "replacement_chars": 0, **DATED},
    {"id": "d", "status": "rejected", "rule": "exact-duplicate", "source": "two", "lang": "ar", "lang_agrees": True},
    {"id": "e", "status": "rejected", "rule": "near-duplicate", "source": "two", "lang": "ar"},
    {"id": "f", "status": "rejected", "rule": "contained-duplicate", "source": "two", "lang": "fa"},
    {"id": "g", "status": "rejected", "rule": "too-short", "source": "two", "lang": "fa"},
    {"id": "h", "status": "error", "rule": "undecodable", "lang_declared": "fa"},
]  # fmt: skip
CLUSTERS_MADE = [
    {"cluster": "a", "id": "a", "survivor": "a", "kind": "survivor"},
    {"cluster": "a", "id": "b", "survivor": "a", "kind": "near", "similarity": 0.8},
    {"cluster": "a", "id": "d", "survivor": "a", "kind": "exact", "similarity": 1.0},
    {"cluster": "c", "id": "c", "survivor": "c", "kind": "survivor"},
    {"cluster": "c", "id": "e", "survivor": "c", "kind": "near", "similarity": 0.8},
]


def _metrics(records=RECORDS_MADE, clusters=CLUSTERS_MADE):
    titles = pa.array([row.get("title") for row in records], pa.string())
    read = pa.Table.from_pylist(records, schema=RECORDS).append_column("title_key", title_keys(titles))
    for name in ("first_line", "last_line"):
        read = read.append_column(name, pa.array([row.get(name) for row in records], pa.uint64()))
    table = corpus_metrics(read, pa.Table.from_pylist(clusters, schema=CLUSTERS), ["too-short", "too-long"])
    assert table.schema == METRICS
    return {row["slice"]: row for row in table.to_pylist()}


def test_the_whole_corpus_is_counted_by_status_and_rule():
    """Copies are told apart from what other rules refused."""
    assert _metrics()["all"] == {
        "slice": "all",
        "kind": "all",
        "read": 8,
        "kept": 3,
        "rejected": 4,
        "errors": 1,
        "drop_share": 4 / 8,
        "error_share": 1 / 8,
        "exact_duplicate_share": 1 / 8,
        "near_duplicate_share": 2 / 8,
        "duplicate_share": 3 / 8,
        "damaged_share": 1 / 3,
        "undetermined_share": 1 / 3,
        "language_agreement_share": 1 / 2,
        "dated_share": 2 / 3,
        "sourced_share": 1.0,
        "sectioned_share": 0.0,
        "titled_share": 0.0,
        "repeated_title_share": 0.0,
        "repeated_edge_share": 0.0,
        "clusters": 2,
        "clusters_in_two_splits": 1,
        "titles_in_two_splits": 0,
        "source_days_in_two_splits": 0,
        "near_duplicates_kept": 1,
    }


def test_slices_are_named_and_ordered():
    """The whole first, then sources and languages by name, then the splits that have records, then all rules."""
    assert list(_metrics()) == [
        "all", "source=one", "source=two", "source=unknown", "lang=ar", "lang=fa", "lang=und", "split=train", "split=test",
        "rules", "rule=too-short", "rule=too-long", "rule=exact-duplicate", "rule=near-duplicate", "rule=contained-duplicate",
    ]  # fmt: skip


@pytest.mark.parametrize("kind", ["source", "lang"])
def test_slices_of_one_kind_add_up_to_the_whole(kind):
    """No record is outside of every slice, a missing source or language included."""
    rows = _metrics()
    for column in ("read", "kept", "rejected", "errors"):
        parts = [row[column] for name, row in rows.items() if name.startswith(f"{kind}=")]
        assert sum(parts) == rows["all"][column]


def test_an_error_record_counts_under_its_declared_language():
    """What was never measured is known by what was declared."""
    assert _metrics()["lang=fa"]["errors"] == 1


def test_a_parted_cluster_is_seen_in_each_slice_it_touches():
    """The split's own slice would otherwise never show that its cluster reaches into another."""
    rows = _metrics()
    assert rows["split=train"]["clusters_in_two_splits"] == 1
    assert rows["split=test"]["clusters_in_two_splits"] == 1
    assert rows["source=two"]["clusters_in_two_splits"] == 0


def test_a_share_over_nothing_is_null():
    """No kept document, no share of kept documents."""
    row = _metrics()["lang=fa"]
    assert row["kept"] == 0
    assert {row[name] for name in ("damaged_share", "dated_share", "language_agreement_share")} == {None}


def test_an_empty_corpus_has_one_row_of_zeros_and_nulls():
    """Gates see that nothing was there instead of seeing no row."""
    rows = _metrics([], [])
    assert [name for name, row in rows.items() if row["kind"] not in ("rule", "duplicates")] == ["all"]
    assert rows["all"]["read"] == 0
    assert rows["all"]["drop_share"] is None


def test_records_without_clusters_are_clusters_of_their_own():
    """No member is listed where nothing repeats anything."""
    row = _metrics(clusters=[])["all"]
    assert (row["clusters"], row["clusters_in_two_splits"], row["near_duplicates_kept"]) == (3, 0, 0)


def test_a_copy_whose_survivor_was_not_kept_is_no_kept_duplicate():
    """Only two kept documents can double each other."""
    records = [
        row | ({"status": "rejected", "split": None} if row["id"] == "a" else {}) for row in RECORDS_MADE
    ]
    assert _metrics(records)["all"]["near_duplicates_kept"] == 0


def test_every_rule_has_its_share_of_all_that_was_read():
    """A rule that refused nothing has a row, so that a gate on rules always has something to look at."""
    rows = _metrics()
    assert (rows["rule=too-short"]["rejected"], rows["rule=too-short"]["drop_share"]) == (1, 1 / 8)
    assert (rows["rule=too-long"]["rejected"], rows["rule=too-long"]["drop_share"]) == (0, 0.0)
    assert rows["rule=too-short"]["kept"] is None
    copies = [row["drop_share"] for row in rows.values() if row["kind"] == "duplicates"]
    assert sum(copies) + rows["rules"]["drop_share"] == rows["all"]["drop_share"]


TITLED = [
    {"id": "a", "status": "kept", "split": "train", "source": "one", "title": "إِفتتاح المكتبة!", **DATED},
    {"id": "b", "status": "kept", "split": "test", "source": "one", "title": "افتتاح  المكتبة", "section": "x", **DATED},
    {"id": "c", "status": "kept", "split": "test", "source": "two", "title": "…", **DATED},
    {"id": "d", "status": "kept", "split": "train", "source": "two"},
    {"id": "e", "status": "rejected", "rule": "too-short", "source": "two", "title": "عنوان", **DATED},
    {"id": "f", "status": "kept", "split": "train", "source": "two", "title": "عنوان"},
]  # fmt: skip


def test_titles_and_days_in_two_splits_are_counted_over_kept_documents():
    """Titles by their words, whatever their spelling; one without a word is none, and an unknown day, too."""
    rows = _metrics(TITLED, [])
    row = rows["all"]
    assert (row["titles_in_two_splits"], row["source_days_in_two_splits"]) == (1, 1)
    assert (row["titled_share"], row["repeated_title_share"]) == (3 / 5, 2 / 5)
    assert (row["sectioned_share"], row["sourced_share"]) == (1 / 5, 1.0)
    assert (rows["source=one"]["titles_in_two_splits"], rows["source=two"]["titles_in_two_splits"]) == (1, 0)


def test_lines_that_a_source_repeats_at_its_edges_are_counted_by_cluster():
    """Three independent articles that end alike; a copy counts once, and another source's line apart."""
    kept = [
        {"id": str(n), "status": "kept", "source": "one", "last_line": 7, "first_line": n} for n in range(3)
    ]
    other = [{"id": "o", "status": "kept", "source": "two", "last_line": 7}, {"id": "p", "status": "kept"}]
    refused = [{"id": "r", "status": "rejected", "source": "two", "last_line": 7}]
    assert _metrics([*kept, *other, *refused], [])["all"]["repeated_edge_share"] == 3 / 5
    assert _metrics([*kept[:2], *other, *refused], [])["all"]["repeated_edge_share"] == 0
    copies = [{"cluster": "0", "id": str(n), "survivor": "0", "kind": "related"} for n in range(2)]
    assert _metrics([*kept, *other], copies)["all"]["repeated_edge_share"] == 0
    many = [{"id": f"m{n}", "status": "kept", "source": "one", "last_line": 100 + n} for n in range(200)]
    assert _metrics([*kept, *many], [])["all"]["repeated_edge_share"] == 0
