"""Figures of a whole corpus and of its slices, for gates to judge: how much was dropped, doubled, damaged, parted."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from harness.core.recipe import SPLIT_NAMES
from harness.core.schema import METRICS
from harness.curation.edges import repeated_edges
from harness.curation.groups import same_source_day, same_title
from harness.text.language import UNDETERMINED

EXACT_RULE = "exact-duplicate"
NEAR_RULES = ("near-duplicate", "contained-duplicate")
DUPLICATE_RULES = (EXACT_RULE, *NEAR_RULES)
_COPY_KINDS = ("exact", "near", "contained")
# A record without a source is counted too: the slices of one kind add up to `all`.
_NO_SOURCE = "unknown"
_COUNTED = (
    "kept", "rejected", "error", "exact", "near", "damaged", "undetermined", "comparable", "agrees", "dated",
    "sourced", "sectioned", "titled", "title_repeated", "edge_repeated", "copy_of_kept",
)  # fmt: skip


def corpus_metrics(records: pa.Table, clusters: pa.Table, rules: Sequence[str] = ()) -> pa.Table:
    """Measure a corpus, one row a slice: `all`, `source=…`, `lang=…`, `split=…`, `rules`, `rule=…`.

    A rule's row counts over everything that was read. A record's language is `lang`, or `lang_declared` where that is null (an error record), or `und`.
    Whether a cluster, title or day lies in two splits, or a kept document is a copy of another kept one, is
    looked up in the whole corpus; a slice counts those that touch it. A share over nothing is null.

    Args:
        records: Everything read: of schema `harness.core.schema.RECORDS` what is no signal, the signals `lang`,
            `lang_agrees`, `replacement_chars`, `title_key` of `harness.curation.titles` and the columns of
            `harness.curation.edges.edge_lines`.
        clusters: Members of clusters (schema CLUSTERS); a record that is not listed is its own cluster.
        rules: The recipe's; those of duplicates have their rows in any case.

    Returns:
        Schema `harness.core.schema.METRICS`; the slice `all` comes first, the others sorted by name,
        splits in the order train, validation, test, rules in the order in which they decide, all of the
        recipe's together before each.
    """
    facts = _facts(records, clusters)
    rows = [row for slices in _slices(records) for row in _rows(facts, slices)]
    rows += _rule_rows(records["rule"].filter(pa.array(facts.rejected)), records.num_rows, rules)
    return pa.Table.from_pylist(rows, schema=METRICS)


@dataclass(frozen=True)
class _Facts:
    """What is known of each record; arrays of shape (records,), bool but for groups (int64, -1 for none).

    What is `*_parted` lies, with its group, in two splits. `damaged` and `undetermined` are of kept records; a pair of languages is `comparable` where both are known.
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
    sourced: np.ndarray
    sectioned: np.ndarray
    titled: np.ndarray
    title_repeated: np.ndarray
    edge_repeated: np.ndarray
    cluster: np.ndarray
    cluster_parted: np.ndarray
    title: np.ndarray
    title_parted: np.ndarray
    source_day: np.ndarray
    source_day_parted: np.ndarray
    copy_of_kept: np.ndarray


def _facts(records: pa.Table, clusters: pa.Table) -> _Facts:
    kept = _true(pc.equal(records["status"], "kept"))
    rejected = _true(pc.equal(records["status"], "rejected"))
    member = _number_in(records["id"], clusters["id"].combine_chunks())
    cluster = _cluster_numbers(member, clusters)
    title = same_title(records["title_key"])
    source_day = same_source_day(records["source"], records["published"])
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
        sourced=kept & _true(pc.is_valid(records["source"])),
        sectioned=kept & _true(pc.is_valid(records["section"])),
        titled=kept & (title >= 0),
        title_repeated=_repeated(title, kept),
        edge_repeated=_edge_repeated(records, cluster, kept),
        cluster=cluster,
        cluster_parted=_parted(cluster, kept, records["split"]),
        title=title,
        title_parted=_parted(title, kept, records["split"]),
        source_day=source_day,
        source_day_parted=_parted(source_day, kept, records["split"]),
        copy_of_kept=_copies_of_kept(member, kept, clusters),
    )


@dataclass(frozen=True)
class _Slices:
    """Slices of one kind, which do not overlap: their names, and each record's, shape (records,), -1 for none."""

    kind: str
    names: list[str]
    number: np.ndarray

    def counts(self, mask: np.ndarray) -> list[int]:
        """Count the records under a mask in each slice."""
        inside = self.number[mask & (self.number >= 0)]
        return [int(count) for count in np.bincount(inside, minlength=len(self.names))]

    def groups(self, mask: np.ndarray, group: np.ndarray) -> list[int]:
        """Count the groups that have records under a mask in each slice; every one of these is in a group."""
        chosen = np.flatnonzero(mask & (self.number >= 0))
        span = int(group.max(initial=0)) + 1
        both = np.sort(self.number[chosen] * span + group[chosen])
        is_first = np.ones(len(both), dtype=bool)
        is_first[1:] = both[1:] != both[:-1]
        return [int(count) for count in np.bincount(both[is_first] // span, minlength=len(self.names))]


def _rows(facts: _Facts, slices: _Slices) -> Iterator[dict[str, str | float | int | None]]:
    """Count everything in all slices of a kind at once: a pass over the records a figure, not a slice."""
    counted = {field: slices.counts(getattr(facts, field)) for field in _COUNTED}
    counted["read"] = slices.counts(np.ones(len(slices.number), dtype=bool))
    counted["clusters"] = slices.groups(facts.kept, facts.cluster)
    counted["clusters_in_two_splits"] = slices.groups(facts.cluster_parted, facts.cluster)
    counted["titles_in_two_splits"] = slices.groups(facts.title_parted, facts.title)
    counted["source_days_in_two_splits"] = slices.groups(facts.source_day_parted, facts.source_day)
    for number, name in enumerate(slices.names):
        measures = _measures({field: counts[number] for field, counts in counted.items()})
        yield {"slice": name, "kind": slices.kind, **measures}


def _rule_rows(refused_by: pa.ChunkedArray, read: int, rules: Sequence[str]) -> Iterator[dict[str, Any]]:
    """Say how many of all records the recipe's rules refused, together and each, and those of duplicates."""
    taken = {entry["values"]: entry["counts"] for entry in pc.value_counts(refused_by).to_pylist()}
    by_rule = {f"rule={rule}": taken.get(rule, 0) for rule in rules}
    copies = {f"rule={rule}": taken.get(rule, 0) for rule in DUPLICATE_RULES}
    for kind, counted in (("rule", {"rules": sum(by_rule.values())} | by_rule), ("duplicates", copies)):
        for name, count in counted.items():
            share = _share(count, read)
            yield {"slice": name, "kind": kind, "read": read, "rejected": count, "drop_share": share}


def _measures(counted: dict[str, int]) -> dict[str, float | int | None]:
    read, kept = counted["read"], counted["kept"]
    return {
        "read": read,
        "kept": kept,
        "rejected": counted["rejected"],
        "errors": counted["error"],
        "drop_share": _share(counted["rejected"], read),
        "error_share": _share(counted["error"], read),
        "exact_duplicate_share": _share(counted["exact"], read),
        "near_duplicate_share": _share(counted["near"], read),
        "duplicate_share": _share(counted["exact"] + counted["near"], read),
        "damaged_share": _share(counted["damaged"], kept),
        "undetermined_share": _share(counted["undetermined"], kept),
        "language_agreement_share": _share(counted["agrees"], counted["comparable"]),
        "dated_share": _share(counted["dated"], kept),
        "sourced_share": _share(counted["sourced"], kept),
        "sectioned_share": _share(counted["sectioned"], kept),
        "titled_share": _share(counted["titled"], kept),
        "repeated_title_share": _share(counted["title_repeated"], kept),
        "repeated_edge_share": _share(counted["edge_repeated"], kept),
        "clusters": counted["clusters"],
        "clusters_in_two_splits": counted["clusters_in_two_splits"],
        "titles_in_two_splits": counted["titles_in_two_splits"],
        "source_days_in_two_splits": counted["source_days_in_two_splits"],
        "near_duplicates_kept": counted["copy_of_kept"],
    }


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def _true(flags: pa.ChunkedArray) -> np.ndarray:
    """Give flags as numpy bool; what is unknown does not hold."""
    return np.asarray(pc.fill_null(flags, False).to_numpy(), dtype=bool)


def _slices(records: pa.Table) -> Iterator[_Slices]:
    """Name the slices that have records, kind by kind."""
    yield _Slices("all", ["all"], np.zeros(records.num_rows, np.int64))
    lang = pc.coalesce(records["lang"], records["lang_declared"], pa.scalar(UNDETERMINED))
    for kind, column in (("source", pc.fill_null(records["source"], _NO_SOURCE)), ("lang", lang)):
        values = sorted(pc.unique(column).to_pylist())
        yield _Slices(kind, [f"{kind}={value}" for value in values], _number_in(column, values))
    filled = set(pc.unique(records["split"]).to_pylist())
    splits = [split for split in SPLIT_NAMES if split in filled]
    yield _Slices("split", [f"split={split}" for split in splits], _number_in(records["split"], splits))


def _number_in(column: pa.ChunkedArray, values: Sequence[str] | pa.Array) -> np.ndarray:
    """Give the place of each value among some, -1 for none, shape (records,), dtype int64."""
    place = pc.fill_null(pc.index_in(column, pa.array(values, pa.string())), -1)
    return np.asarray(place.to_numpy().astype(np.int64))


def _cluster_numbers(member: np.ndarray, clusters: pa.Table) -> np.ndarray:
    """Number the clusters of records, shape (records,), dtype int64; those not listed get their own."""
    named = clusters["cluster"].combine_chunks().dictionary_encode()
    number = np.arange(len(member)) + len(named.dictionary)
    number[member >= 0] = named.indices.to_numpy()[member[member >= 0]]
    return number


def _parted(group: np.ndarray, kept: np.ndarray, split: pa.ChunkedArray) -> np.ndarray:
    """Mark kept records whose group has kept members in more than one split."""
    splits = _number_in(split, SPLIT_NAMES)
    placed = kept & (splits >= 0) & (group >= 0)
    size = int(group.max(initial=-1)) + 1
    first = np.full(size, len(SPLIT_NAMES))
    last = np.full(size, -1)
    np.minimum.at(first, group[placed], splits[placed])
    np.maximum.at(last, group[placed], splits[placed])
    placed[placed] = first[group[placed]] < last[group[placed]]
    return placed


def _edge_repeated(records: pa.Table, cluster: np.ndarray, kept: np.ndarray) -> np.ndarray:
    """Mark kept records whose first or last line their source repeats."""
    first, last = (
        repeated_edges(records["source"], records[name], cluster, kept)
        for name in ("first_line", "last_line")
    )
    return np.asarray(first | last)


def _repeated(group: np.ndarray, kept: np.ndarray) -> np.ndarray:
    """Mark kept records whose group has another kept member."""
    inside = kept & (group >= 0)
    inside[inside] = np.bincount(group[inside])[group[inside]] > 1
    return inside


def _copies_of_kept(member: np.ndarray, kept: np.ndarray, clusters: pa.Table) -> np.ndarray:
    """Mark kept records that are a copy (exact, near, contained) of a survivor that is kept too."""
    is_copy = _true(pc.is_in(clusters["kind"], pa.array(_COPY_KINDS)))
    survivor = _number_in(clusters["survivor"], clusters["id"].combine_chunks())
    member_kept = np.zeros(clusters.num_rows, dtype=bool)
    member_kept[member[kept & (member >= 0)]] = True
    # Nobody's member, -1, looks up the last place.
    doubles = np.append(is_copy & (survivor >= 0) & member_kept[survivor], False)
    return np.asarray(kept & doubles[member])
