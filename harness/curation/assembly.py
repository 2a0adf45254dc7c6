"""The global pass: from measured records to kept documents, refusals and a ledger that adds up."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from harness.core.fingerprints import sha256_of
from harness.core.recipe import SPLIT_NAMES, Recipe
from harness.core.schema import CLUSTERS, DOCUMENTS, EDITS, ERRORS, RECORDS, REJECTED
from harness.curation import rules
from harness.curation.duplicates import DuplicateClusters, find_clusters
from harness.curation.metrics import corpus_metrics
from harness.curation.splits import assign, empty_splits
from harness.curation.survivors import survivor_rank

_DUPLICATE_RULES = {
    "exact": "exact-duplicate",
    "near": "near-duplicate",
    "contained": "contained-duplicate",
}


@dataclass(frozen=True)
class Processed:
    """All chunks joined, rows in canonical order: schemas PROCESSED, FAILED, EDITED, and dedup signatures.

    `signatures` has one row for each row of `documents`.
    """

    documents: pa.Table
    failed: pa.Table
    edited: pa.Table
    signatures: pa.Table


@dataclass(frozen=True)
class Assembled:
    """A version's tables: documents by split, the ledger by name, and remarks for the builder."""

    splits: Mapping[str, pa.Table]
    ledger: Mapping[str, pa.Table]
    remarks: tuple[str, ...]


class ConservationError(AssertionError):
    """A record was lost or counted twice: our bug, and no version may be written."""


def assemble(recipe: Recipe, processed: Processed) -> Assembled:
    """Decide over every record: kept, rejected or an error, and in which cluster and split.

    Raises:
        ConservationError: The books do not balance.
        ConfigurationError: A rule of the recipe names an unknown signal.
    """
    ids, remarks = _assign_ids(processed)
    documents = processed.documents.append_column("id", ids["documents"])
    refused = _refused_by_rules(recipe, documents)
    clusters = _cluster(recipe, documents, refused, processed.signatures)
    if recipe.duplicates.action == "drop":
        refused = _with_copies(refused, clusters, documents)
    cluster_ids = _cluster_ids(documents, clusters)
    split_of = assign(cluster_ids, recipe.splits)
    kept = pc.is_null(refused["rule"])
    split_of = pc.if_else(kept, split_of, None)
    published = documents.append_column("cluster", cluster_ids)
    ledger = {
        "records": _records(published, refused, split_of, processed.failed, ids["failed"]),
        "rejected": _rejected(refused, documents),
        "edits": _edits(processed.edited, documents),
        "errors": processed.failed.append_column("id", ids["failed"]).select(ERRORS.names),
        "clusters": _clusters_table(documents, clusters),
    }
    ledger["metrics"] = corpus_metrics(ledger["records"], ledger["clusters"])
    splits = {
        name: published.filter(pc.fill_null(pc.equal(split_of, name), False)).select(DOCUMENTS.names)
        for name in SPLIT_NAMES
        if getattr(recipe.splits, name) > 0
    }
    _check_conservation(processed, splits, ledger)
    return Assembled(splits, ledger, tuple(remarks) + _empty_split_remarks(split_of, recipe))


def _empty_split_remarks(split_of: pa.Array, recipe: Recipe) -> tuple[str, ...]:
    return tuple(
        f"the split '{name}' is empty: the corpus has too few clusters for its share"
        for name in empty_splits(split_of, recipe.splits)
    )


def _assign_ids(processed: Processed) -> tuple[dict[str, pa.Array], list[str]]:
    """Give every record its id: its own where mapped, else from its bytes; repeats get ~2, ~3 in order."""
    parts = [processed.documents, processed.failed]
    position = np.concatenate([part["position"].to_numpy() for part in parts])
    wanted = pa.chunked_array(
        [chunk for part in parts for chunk in _wanted_ids(part).chunks], pa.string()
    ).combine_chunks()
    mapped = np.concatenate([pc.is_valid(part["mapped_id"]).to_numpy(zero_copy_only=False) for part in parts])
    names = np.asarray(wanted.to_pylist(), dtype=object)
    taken = set(names)
    doubled: list[str] = []
    seen: dict[str, int] = {}
    # Only names that occur more than once need a walk; the rest stay as they are.
    counts = pc.value_counts(wanted)
    repeated = {entry["values"] for entry in counts.to_pylist() if entry["counts"] > 1}
    for row in np.argsort(position, kind="stable"):
        name = names[row]
        if name not in repeated:
            continue
        seen[name] = seen.get(name, 0) + 1
        if seen[name] > 1:
            names[row] = _free_name(name, seen, taken)
            if mapped[row]:
                doubled.append(name)
    ids = pa.array(names.tolist(), pa.string())
    cut = processed.documents.num_rows
    return {"documents": ids.slice(0, cut), "failed": ids.slice(cut)}, _doubled_remarks(doubled)


def _free_name(name: str, seen: dict[str, int], taken: set[str]) -> str:
    while (candidate := f"{name}~{seen[name]}") in taken:
        seen[name] += 1
    taken.add(candidate)
    return candidate


def _wanted_ids(part: pa.Table) -> pa.ChunkedArray:
    """Take the mapped id, else the record's bytes; a record whose bytes nobody could read has its place left."""
    unread = pc.is_null(part["raw_sha256"]).to_numpy()
    places = pa.array([sha256_of(one) for one in part["locator"].filter(unread).to_pylist()], pa.string())
    spread = places.take(pa.array(np.cumsum(unread) - 1, mask=~unread))
    named_by = pc.coalesce(part["raw_sha256"], spread)
    return pc.coalesce(part["mapped_id"], pc.utf8_slice_codeunits(named_by, 0, 16))


def _doubled_remarks(doubled: list[str]) -> list[str]:
    if not doubled:
        return []
    named = sorted(set(doubled))
    shown = ", ".join(named[:5]) + (", …" if len(named) > 5 else "")
    return [f"{len(named)} ids stand for more than one record and got ~2, ~3: {shown}"]


def _refused_by_rules(recipe: Recipe, documents: pa.Table) -> pa.Table:
    """Apply the recipe's rules; one row a document, `rule` null where none hits."""
    hits = rules.apply(recipe.reject, documents)
    rows = documents.num_rows
    reasons = {rule.rule: rule.why for rule in recipe.reject}
    evidence = [reasons.get(rule, "") if rule else None for rule in hits.rule.to_pylist()]
    return pa.table(
        {
            "stage": pc.if_else(pc.is_valid(hits.rule), "rules", pa.scalar(None, pa.string())),
            "rule": hits.rule,
            "observed": hits.observed,
            "allowed": hits.allowed,
            "partner": pa.nulls(rows, pa.string()),
            "similarity": pa.nulls(rows, pa.float64()),
            "evidence": pa.array(evidence, pa.string()),
        }
    )


@dataclass(frozen=True)
class _Clustered:
    """Clusters over the rows that the rules let through; `rows` are their numbers in `documents`."""

    rows: np.ndarray
    found: DuplicateClusters


def _cluster(recipe: Recipe, documents: pa.Table, refused: pa.Table, signatures: pa.Table) -> _Clustered:
    passed = pc.is_null(refused["rule"])
    # Without the texts, which the ranks do not need and which are nearly all of the memory.
    candidates = documents.drop_columns(["text"]).filter(passed)
    found = find_clusters(signatures.filter(passed), survivor_rank(candidates), recipe.duplicates)
    return _Clustered(np.flatnonzero(passed.to_numpy()), found)


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
        "rule": pa.array([_DUPLICATE_RULES[str(kind)] for kind in found.kind[copies]], pa.string()),
        "observed": pa.array([f"similarity = {share:.4f}" for share in similarity], pa.string()),
        "allowed": pa.array(["no copy of a kept document"] * len(copies), pa.string()),
        "partner": documents["id"].take(survivor),
        "similarity": pa.array(similarity, pa.float64()),
        "evidence": pc.binary_join_element_wise("the survivor lies at ", locators, ""),
    }
    # Rows of clusters ascend, so that copies come in the order of the documents.
    return pa.table(
        {
            name: pc.replace_with_mask(_whole(refused[name]), pa.array(is_copy), _whole(values))
            for name, values in entries.items()
        }
    )


def _whole(column: pa.Array | pa.ChunkedArray) -> pa.Array:
    return column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column


def _cluster_ids(documents: pa.Table, clusters: _Clustered) -> pa.Array:
    """Name each document's cluster by its first member, which later articles do not change.

    The split hangs on the name. A document that a rule refused is its own cluster.
    """
    representative = np.arange(documents.num_rows)
    representative[clusters.rows] = clusters.rows[clusters.found.first_row]
    return documents["id"].combine_chunks().take(pa.array(representative))


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
            "kind": pa.array([str(kind) for kind in found.kind[members]], pa.string()),
        },
        schema=CLUSTERS,
    )


def _records(
    documents: pa.Table, refused: pa.Table, split_of: pa.Array, failed: pa.Table, failed_ids: pa.Array
) -> pa.Table:
    """List everything that was read, in canonical order."""
    read = documents.append_column(
        "status", pc.if_else(pc.is_null(refused["rule"]), "kept", "rejected")
    ).append_column("rule", refused["rule"])
    read = read.append_column("split", split_of)
    lost = failed.append_column("id", failed_ids)
    lost = lost.append_column("status", pa.array(["error"] * failed.num_rows, pa.string()))
    lost = lost.append_column("rule", failed["error"])
    order = ["position", *RECORDS.names]
    both = pa.concat_tables(
        [read.select(order), lost.select([name for name in order if name in lost.column_names])],
        promote_options="default",
    )
    return both.sort_by("position").select(RECORDS.names)


def _rejected(refused: pa.Table, documents: pa.Table) -> pa.Table:
    named = refused.append_column("id", documents["id"]).append_column("locator", documents["locator"])
    return named.filter(pc.is_valid(named["rule"])).select(REJECTED.names)


def _edits(edited: pa.Table, documents: pa.Table) -> pa.Table:
    """Name the edited documents; edits of a record that failed later have no document to belong to."""
    places = pc.index_in(edited["position"], documents["position"].combine_chunks())
    named = edited.append_column("id", documents["id"].take(places))
    return named.select(EDITS.names)


def _check_conservation(
    processed: Processed, splits: Mapping[str, pa.Table], ledger: Mapping[str, pa.Table]
) -> None:
    read = processed.documents.num_rows + processed.failed.num_rows
    kept = sum(table.num_rows for table in splits.values())
    told = kept + ledger["rejected"].num_rows + ledger["errors"].num_rows
    distinct = pc.count_distinct(ledger["records"]["id"]).as_py()
    if not read == told == ledger["records"].num_rows == distinct:
        raise ConservationError(
            f"{read} records were read; kept, rejected and errors come to {told}, "
            f"records to {ledger['records'].num_rows} with {distinct} ids"
        )
