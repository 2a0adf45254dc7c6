"""The global pass: over small columns of all records, who is kept, refused or an error, and in which split."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from harness.core.columns import whole
from harness.core.recipe import SPLIT_NAMES, Recipe
from harness.core.schema import CLUSTERS, ERRORS, REJECTED
from harness.core.signals import Signal
from harness.curation import rules
from harness.curation.comparison import Comparison
from harness.curation.duplicates import DuplicateClusters, find_clusters
from harness.curation.groups import joined_keys, same_source_day, same_title
from harness.curation.ledger import DECIDED
from harness.curation.lists import nothing_to_release
from harness.curation.metrics import corpus_metrics
from harness.curation.processed import MEASURED
from harness.curation.record_ids import name_records
from harness.curation.splits import assign, empty_splits
from harness.curation.stars import KINDS
from harness.curation.survivors import RANKED_BY, survivor_rank

_RULE_OF = {
    "exact": "exact-duplicate",
    "near": "near-duplicate",
    "contained": "contained-duplicate",
}
# By the codes of kinds; null for those that are no copies.
_DUPLICATE_RULES = [_RULE_OF.get(kind) for kind in KINDS]
# What naming, ranking and counting look at, and what shards are cut and named by.
_ALWAYS_NEEDED = {
    "position", "mapped_id", "raw_sha256", "title", "source", "published", "lang_declared", "lang",
    "lang_agrees", "ends_with_stop", "replacement_chars", "mojibake_lines", "section", "text_bytes", "title_key",
    "first_line", "last_line", "digest",
}  # fmt: skip
_OF_METRICS = (
    "id", "source", "section", "published", "lang_declared", "status", "rule", "split", "lang", "lang_agrees",
    "replacement_chars", "title_key", "first_line", "last_line",
)  # fmt: skip


@dataclass(frozen=True)
class Corpus:
    """What the global pass sees of all chunks, rows in canonical order, `position` counted over the corpus.

    Args:
        documents: `columns_needed` of schema MEASURED, and PLACES.
        failed: Schemas FAILED and PLACES.
        signatures: One row for each row of `documents`; may be mapped from files, in any pieces.
        release: Gives back what was read of `signatures`; see `harness.curation.duplicates.find_clusters`.
        compared: What their texts have in common, if it is known.
        own: The user's own signals that the recipe names.
    """

    documents: pa.Table
    failed: pa.Table
    signatures: pa.Table
    release: Callable[[], None] = nothing_to_release
    compared: Comparison | None = None
    own: tuple[Signal, ...] = ()


@dataclass(frozen=True)
class Decisions:
    """What became of every record.

    Args:
        records: Schema DECIDED; the row is the record's position.
        ledger: The tables `rejected`, `errors`, `clusters` and `metrics`.
        remarks: For the builder.
    """

    records: pa.Table
    ledger: Mapping[str, pa.Table]
    remarks: tuple[str, ...]


class ConservationError(AssertionError):
    """A record was lost or counted twice: our bug, and no version may be written."""


def columns_needed(recipe: Recipe) -> list[str]:
    """Name the columns of schema MEASURED that deciding under a recipe takes; no text is among them."""
    needed = _ALWAYS_NEEDED | {rule.condition[0] for rule in recipe.reject}
    return [name for name in (*MEASURED.names, *recipe.signals) if name in needed]


def decide(recipe: Recipe, corpus: Corpus) -> Decisions:
    """Decide over every record: kept, rejected or an error, and in which cluster and split.

    Raises:
        ConservationError: The books do not balance.
        ConfigurationError: A rule of the recipe names an unknown signal.
    """
    ids, failed_ids, remarks = _named(corpus)
    documents = corpus.documents.append_column("id", ids)
    failed = corpus.failed.append_column("id", failed_ids)
    refused = _refused_by_rules(recipe, documents, corpus.own)
    clusters = _cluster(recipe, documents, refused, corpus)
    if recipe.duplicates.action == "drop":
        refused = _with_copies(refused, clusters, documents)
    cluster_ids = _cluster_ids(documents, clusters)
    kept = pc.is_null(refused["rule"])
    split_of = pc.if_else(
        kept, assign(_split_keys(recipe, documents, cluster_ids, kept), recipe.splits), None
    )
    told = {
        "status": pc.if_else(kept, "kept", "rejected"),
        "rule": refused["rule"],
        "split": split_of,
        "cluster": cluster_ids,
    }
    both = _both(documents, told, failed)
    ledger = {
        "rejected": _rejected(refused, documents),
        "errors": failed.select(ERRORS.names),
        "clusters": _clusters_table(documents, clusters),
    }
    ledger["metrics"] = corpus_metrics(
        both.select(_OF_METRICS), ledger["clusters"], [rule.rule for rule in recipe.reject]
    )
    records = both.select(["position", *DECIDED.names]).sort_by("position")
    _check_conservation(corpus, records, ledger)
    remarks += _empty_split_remarks(split_of, recipe)
    return Decisions(records.select(DECIDED.names).combine_chunks(), ledger, remarks)


def _both(documents: pa.Table, told: Mapping[str, pa.Array], failed: pa.Table) -> pa.Table:
    """Put documents, with what is told of them, and errors below each other."""
    for name, column in told.items():
        documents = documents.append_column(name, column)
    failed = failed.append_column("status", pa.array(["error"] * failed.num_rows, pa.string()))
    failed = failed.append_column("rule", failed["error"])
    columns = dict.fromkeys(("position", *DECIDED.names, *_OF_METRICS))
    return pa.concat_tables(
        [
            documents.select(list(columns)),
            failed.select([name for name in columns if name in failed.column_names]),
        ],
        promote_options="default",
    )


def _empty_split_remarks(split_of: pa.Array, recipe: Recipe) -> tuple[str, ...]:
    return tuple(
        f"the split '{name}' is empty: the corpus has too few clusters for its share"
        for name in empty_splits(split_of, recipe.splits)
    )


def _named(corpus: Corpus) -> tuple[pa.Array, pa.Array, tuple[str, ...]]:
    """Give every record its id: ids of the documents, ids of those that failed, remarks."""
    columns = ["position", "mapped_id", "raw_sha256", "locator"]
    named = name_records(
        pa.concat_tables([part.select(columns) for part in (corpus.documents, corpus.failed)])
    )
    cut = corpus.documents.num_rows
    return named.ids.slice(0, cut), named.ids.slice(cut), named.remarks


def _refused_by_rules(recipe: Recipe, documents: pa.Table, own: Sequence[Signal]) -> pa.Table:
    """Apply the recipe's rules; one row a document, `rule` null where none hits."""
    hits = rules.apply(recipe.reject, documents, own)
    rows = documents.num_rows
    reasons = {rule.rule: rule.why for rule in recipe.reject}
    names = pa.array(list(reasons), pa.string())
    evidence = pa.array(list(reasons.values()), pa.string()).take(pc.index_in(hits.rule, names))
    return pa.table(
        {
            "stage": pc.if_else(pc.is_valid(hits.rule), "rules", pa.scalar(None, pa.string())),
            "rule": hits.rule,
            "observed": hits.observed,
            "allowed": hits.allowed,
            "partner": pa.nulls(rows, pa.string()),
            "similarity": pa.nulls(rows, pa.float64()),
            "evidence": evidence,
        }
    )


@dataclass(frozen=True)
class _Clustered:
    """Clusters over the rows that the rules let through; `rows` are their numbers in `documents`."""

    rows: np.ndarray
    found: DuplicateClusters


def _cluster(recipe: Recipe, documents: pa.Table, refused: pa.Table, corpus: Corpus) -> _Clustered:
    passed = pc.is_null(refused["rule"])
    rows = np.flatnonzero(passed.to_numpy())
    found = find_clusters(
        corpus.signatures,
        survivor_rank(documents.select(RANKED_BY).filter(passed)),
        recipe.duplicates,
        rows=rows,
        compared=corpus.compared,
        release=corpus.release,
    )
    return _Clustered(rows, found)


def _with_copies(refused: pa.Table, clusters: _Clustered, documents: pa.Table) -> pa.Table:
    """Enter the copies among the refusals, each with its survivor and the verified similarity."""
    found = clusters.found
    copies = np.flatnonzero(found.is_copy)
    is_copy = np.zeros(documents.num_rows, dtype=bool)
    is_copy[clusters.rows[copies]] = True
    survivor = pa.array(clusters.rows[found.survivor[copies]])
    similarity = found.similarity[copies]
    locators = documents["locator"].take(survivor)
    entries = {
        "stage": pa.array(["duplicates"] * len(copies), pa.string()),
        "rule": pa.array(_DUPLICATE_RULES, pa.string()).take(pa.array(found.kind_code[copies])),
        "observed": pa.array([f"similarity = {share:.4f}" for share in similarity], pa.string()),
        "allowed": pa.array(["no copy of a kept document"] * len(copies), pa.string()),
        "partner": documents["id"].take(survivor),
        "similarity": pa.array(similarity, pa.float64()),
        "evidence": pc.binary_join_element_wise("the survivor lies at ", locators, ""),
    }
    # Rows of clusters ascend, so that copies come in the order of the documents.
    return pa.table(
        {
            name: pc.replace_with_mask(whole(refused[name]), pa.array(is_copy), whole(values))
            for name, values in entries.items()
        }
    )


def _cluster_ids(documents: pa.Table, clusters: _Clustered) -> pa.Array:
    """Name each document's cluster by its first member, which later articles do not change.

    The split hangs on the name. A document that a rule refused is its own cluster.
    """
    representative = np.arange(documents.num_rows)
    representative[clusters.rows] = clusters.rows[clusters.found.first_row]
    return documents["id"].combine_chunks().take(pa.array(representative))


def _split_keys(recipe: Recipe, documents: pa.Table, cluster_ids: pa.Array, kept: pa.Array) -> pa.Array:
    """Name what each document is put into a split with: its cluster, and what the recipe keeps together with it."""
    groups = {
        "title": lambda: same_title(documents["title_key"]),
        "source-day": lambda: same_source_day(documents["source"], documents["published"]),
    }
    together = [groups[name]() for name in recipe.splits.together]
    return joined_keys(cluster_ids, np.asarray(kept), together)


def _clusters_table(documents: pa.Table, clusters: _Clustered) -> pa.Table:
    """List the members of all clusters of two and more, cluster by cluster in canonical order."""
    found = clusters.found
    first = found.first_row
    members = np.flatnonzero(np.bincount(first, minlength=len(first))[first] > 1)
    members = members[np.lexsort((members, first[members]))]
    ids = documents["id"].combine_chunks()
    return pa.table(
        {
            "cluster": ids.take(pa.array(clusters.rows[first[members]])),
            "id": ids.take(pa.array(clusters.rows[members])),
            "survivor": ids.take(pa.array(clusters.rows[found.survivor[members]])),
            "similarity": pa.array(found.similarity[members], pa.float64(), from_pandas=True),
            "kind": pa.array(KINDS, pa.string()).take(pa.array(found.kind_code[members])),
        },
        schema=CLUSTERS,
    )


def _rejected(refused: pa.Table, documents: pa.Table) -> pa.Table:
    named = refused.append_column("id", documents["id"]).append_column("locator", documents["locator"])
    return named.filter(pc.is_valid(named["rule"])).select(REJECTED.names)


def _check_conservation(corpus: Corpus, records: pa.Table, ledger: Mapping[str, pa.Table]) -> None:
    read = corpus.documents.num_rows + corpus.failed.num_rows
    kept = pc.sum(pc.equal(records["status"], "kept")).as_py() or 0
    placed = pc.sum(pc.is_in(records["split"], pa.array(SPLIT_NAMES))).as_py() or 0
    told = kept + ledger["rejected"].num_rows + ledger["errors"].num_rows
    distinct = pc.count_distinct(records["id"]).as_py()
    in_order = np.array_equal(records["position"].to_numpy(), np.arange(read))
    if not (read == told == records.num_rows == distinct and kept == placed and in_order):
        raise ConservationError(
            f"{read} records were read; kept, rejected and errors come to {told}, records to "
            f"{records.num_rows} with {distinct} ids, and {placed} of {kept} that are kept have a split"
        )
