"""Figures of a whole corpus and of its slices, for gates to judge: how much was dropped, doubled, damaged, parted."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from harness.core.recipe import SPLIT_NAMES
from harness.core.schema import METRICS
from harness.text.language import UNDETERMINED

EXACT_RULE = "exact-duplicate"
NEAR_RULES = ("near-duplicate", "contained-duplicate")
_COPY_KINDS = ("exact", "near", "contained")
# A record without a source is counted too: the slices of one kind add up to `all`.
_NO_SOURCE = "unknown"


def corpus_metrics(records: pa.Table, clusters: pa.Table) -> pa.Table:
    """Measure a corpus, one row a slice: `all`, `source=…`, `lang=…`, `split=…`.

    A record's language is `lang`, or `lang_declared` where that is null (an error record), or `und`.
    Whether a cluster lies in two splits, or a kept document is a copy of another kept one, is looked up in
    the whole corpus; a slice counts those that touch it. A share over nothing is null.

    Args:
        records: Everything read (schema `harness.core.schema.RECORDS`).
        clusters: Members of clusters (schema CLUSTERS); a record that is not listed is its own cluster.

    Returns:
        Schema `harness.core.schema.METRICS`; the slice `all` comes first, the others sorted by name,
        splits in the order train, validation, test.
    """
    facts = _facts(records, clusters)
    rows = [{"slice": name, **_measures(facts, inside)} for name, inside in _slices(records)]
    return pa.Table.from_pylist(rows, schema=METRICS)


@dataclass(frozen=True)
class _Facts:
    """What is known of each record; arrays of shape (records,), bool but for `cluster` (int64).

    `damaged` and `undetermined` are of kept records; a pair of languages is `comparable` where both are known.
    """

    kept: np.ndarray
    rejected: np.ndarray
    error: np.ndarray
    exact: np.ndarray
    near: np.ndarray
    damaged: np.ndarray
    undetermined: np.ndarray
    comparable: np.ndarray
    agrees: np.ndarray
    dated: np.ndarray
    cluster: np.ndarray
    parted: np.ndarray
    copy_of_kept: np.ndarray


def _facts(records: pa.Table, clusters: pa.Table) -> _Facts:
    kept = _true(pc.equal(records["status"], "kept"))
    rejected = _true(pc.equal(records["status"], "rejected"))
    cluster = _cluster_numbers(records, clusters)
    return _Facts(
        kept=kept,
        rejected=rejected,
        error=_true(pc.equal(records["status"], "error")),
        exact=rejected & _true(pc.equal(records["rule"], EXACT_RULE)),
        near=rejected & _true(pc.is_in(records["rule"], pa.array(NEAR_RULES))),
        damaged=kept & _true(pc.greater(records["replacement_chars"], 0)),
        undetermined=kept & _true(pc.equal(records["lang"], UNDETERMINED)),
        comparable=kept & _true(pc.is_valid(records["lang_agrees"])),
        agrees=kept & _true(records["lang_agrees"]),
        dated=kept & _true(pc.is_valid(records["published"])),
        cluster=cluster,
        parted=_parted(cluster, kept, records["split"]),
        copy_of_kept=_copies_of_kept(records["id"], kept, clusters),
    )


def _measures(facts: _Facts, inside: np.ndarray) -> dict[str, float | int | None]:
    def count(mask: np.ndarray) -> int:
        return int(np.count_nonzero(mask & inside))

    read, kept, comparable = int(np.count_nonzero(inside)), count(facts.kept), count(facts.comparable)
    exact, near = count(facts.exact), count(facts.near)
    return {
        "read": read,
        "kept": kept,
        "rejected": count(facts.rejected),
        "errors": count(facts.error),
        "drop_share": _share(count(facts.rejected), read),
        "error_share": _share(count(facts.error), read),
        "exact_duplicate_share": _share(exact, read),
        "near_duplicate_share": _share(near, read),
        "duplicate_share": _share(exact + near, read),
        "damaged_share": _share(count(facts.damaged), kept),
        "undetermined_share": _share(count(facts.undetermined), kept),
        "language_agreement_share": _share(count(facts.agrees), comparable),
        "dated_share": _share(count(facts.dated), kept),
        "clusters": len(np.unique(facts.cluster[facts.kept & inside])),
        "clusters_in_two_splits": len(np.unique(facts.cluster[facts.parted & inside])),
        "near_duplicates_kept": count(facts.copy_of_kept),
    }


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def _true(flags: pa.ChunkedArray) -> np.ndarray:
    """Give flags as numpy bool; what is unknown does not hold."""
    return np.asarray(pc.fill_null(flags, False).to_numpy(), dtype=bool)


def _slices(records: pa.Table) -> Iterator[tuple[str, np.ndarray]]:
    """Name the slices that have records, each with the mask of its records."""
    yield "all", np.ones(records.num_rows, dtype=bool)
    lang = pc.coalesce(records["lang"], records["lang_declared"], pa.scalar(UNDETERMINED))
    for kind, column in (("source", pc.fill_null(records["source"], _NO_SOURCE)), ("lang", lang)):
        for value in sorted(pc.unique(column).to_pylist()):
            yield f"{kind}={value}", _true(pc.equal(column, value))
    for split in SPLIT_NAMES:
        inside = _true(pc.equal(records["split"], split))
        if inside.any():
            yield f"split={split}", inside


def _cluster_numbers(records: pa.Table, clusters: pa.Table) -> np.ndarray:
    """Number the clusters of records, shape (records,), dtype int64; those not listed get their own."""
    entry = pc.index_in(records["id"], clusters["id"].combine_chunks())
    named = clusters["cluster"].combine_chunks().dictionary_encode()
    number = named.indices.take(entry.combine_chunks()).cast(pa.int64())
    alone = pa.array(np.arange(records.num_rows) + len(named.dictionary), pa.int64())
    return np.asarray(pc.coalesce(number, alone).to_numpy())


def _parted(cluster: np.ndarray, kept: np.ndarray, split: pa.ChunkedArray) -> np.ndarray:
    """Mark kept records whose cluster has kept members in more than one split."""
    splits = pc.index_in(split, pa.array(SPLIT_NAMES)).fill_null(-1).to_numpy()
    placed = kept & (splits >= 0)
    size = int(cluster.max(initial=-1)) + 1
    first = np.full(size, len(SPLIT_NAMES))
    last = np.full(size, -1)
    np.minimum.at(first, cluster[placed], splits[placed])
    np.maximum.at(last, cluster[placed], splits[placed])
    return np.asarray(placed & (first[cluster] < last[cluster]))


def _copies_of_kept(ids: pa.ChunkedArray, kept: np.ndarray, clusters: pa.Table) -> np.ndarray:
    """Mark kept records that are a copy (exact, near, contained) of a survivor that is kept too."""
    copies = clusters.filter(pc.is_in(clusters["kind"], pa.array(_COPY_KINDS)))
    kept_ids = ids.filter(pa.array(kept)).combine_chunks()
    both = copies.filter(pc.is_in(copies["survivor"], kept_ids))
    return np.asarray(kept & _true(pc.is_in(ids, both["id"].combine_chunks())))
