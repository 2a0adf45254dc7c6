"""Similarity: how alike are two texts, on a scale on which people scored them?"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal, Self

import pyarrow as pa
from pydantic import Field, model_validator

from harness.core.fingerprints import canonical_json
from harness.evaluation.annotations.binding import Beside
from harness.evaluation.annotations.files import fingerprint_of
from harness.evaluation.annotations.pairs import ScoredPair, read_pairs
from harness.evaluation.correlation import correlation_metrics, read_number
from harness.evaluation.tasks.annotated import annotated_gold, asked_of, bound, nothing_bound
from harness.evaluation.tasks.task import (
    TASK_ITEMS,
    CorpusIdentity,
    SampledSettings,
    Task,
    TaskKind,
    no_gold,
    shared_columns,
    subject_of,
)


class SimilaritySettings(SampledSettings):
    """Settings of `kind = "similarity"`: two texts, as a JSON list, answered by a number, greater where more alike.

    `annotations` is a file of pairs, from the folder of `tasks.toml`: TSV whose header names `first`, `second` and
    `score` (and `id`, `first_id`, `second_id` where known), or `.jsonl` with these keys. Scores lie between `lowest`
    and `highest`. Any number is an answer, on whatever scale: it is the order and the distances that count.
    """

    kind: Literal["similarity"] = "similarity"
    annotations: Path
    lowest: float = Field(default=0, allow_inf_nan=False)
    highest: float = Field(default=5, allow_inf_nan=False)

    @model_validator(mode="after")
    def _require_a_range(self) -> Self:
        if self.lowest >= self.highest:
            raise ValueError("'lowest' has to be below 'highest'")
        return self


def read_annotations(settings: SimilaritySettings, folder: Path) -> list[ScoredPair]:
    """Read the scored pairs.

    Raises:
        NoEvidenceError: There is no such file.
        InputError: A line is no pair with a score in the range.
    """
    return read_pairs(folder / settings.annotations, lowest=settings.lowest, highest=settings.highest)


def derive(settings: SimilaritySettings, documents: pa.Table, corpus: CorpusIdentity, beside: Beside) -> Task:
    """Ask the pairs of which both texts are of the documents.

    Raises:
        NoEvidenceError: There is no such file, none of its pairs is of these documents, or all have one score.
        InputError: A line is no pair with a score in the range.
    """
    path = beside.folder / settings.annotations
    pairs = read_annotations(settings, beside.folder)
    found = bound([(pair, pair.anchors) for pair in pairs], "pair", asked_of(documents, settings), beside)
    clusters = _joined([[shared_columns(one)["cluster"] for one in both] for _, both in found.asked])
    rows = [
        {
            **_shared(both),
            "cluster": cluster,
            "item_id": f"{both[0]['id']}#P{pair.id}",
            "input": canonical_json(list(pair.texts)),
            "reference": repr(pair.score),
        }
        for (pair, both), cluster in zip(found.asked, clusters, strict=True)
    ]
    if not rows:
        raise nothing_bound(found.tally, path, corpus=corpus, task=settings.name)
    if len({row["reference"] for row in rows}) < 2:
        raise no_gold(
            f"the pairs of {path.name} that are asked all have one score: nothing can go with it",
            corpus=corpus,
            task=settings.name,
            remedy="annotate pairs that are alike, and pairs that are not",
        )
    gold = annotated_gold("the scores that people gave", path, found.tally)
    return Task(
        subject=subject_of(settings, corpus, rows, gold=gold, pool=fingerprint_of(path)),
        items=pa.Table.from_pylist(rows, schema=TASK_ITEMS),
        metrics=correlation_metrics(),
        read_answer=read_number,
        read_reference=str,
        notes=found.tally.notes,
    )


def _shared(both: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Take over from the first document what the second agrees with; its name and its place from the first."""
    first, second = map(shared_columns, both)
    of_both = ("lang", "source", "section")
    return first | {name: first[name] if first[name] == second[name] else None for name in of_both}


def _joined(groups: Sequence[Sequence[str]]) -> list[str]:
    """Name each pair's cluster: pairs that share one, however indirectly, rise and fall together."""
    parent: dict[str, str] = {}

    def root(cluster: str) -> str:
        while parent.setdefault(cluster, cluster) != cluster:
            parent[cluster] = cluster = parent[parent[cluster]]
        return cluster

    for first, second in groups:
        one, other = sorted((root(first), root(second)))
        parent[other] = one
    return [root(first) for first, _ in groups]


KIND = TaskKind(
    name="similarity",
    settings=SimilaritySettings,
    derive=derive,
    read=read_annotations,
    pitfalls=(
        "People differ on such scores, and no system can agree with them more than they do with each other. Pearson's r "
        "is first because its sums say exactly what chance may do to it; it wants distances right, Spearman's rho the "
        "order alone. Pairs that share an article hang together: drawn from a few articles, they may form one cluster, "
        "and then there is no interval. Corpora with many unrelated pairs are easy for words in common."
    ),
)
