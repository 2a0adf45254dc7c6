"""Retrieval: find the article that belongs to a headline."""

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, Literal

import pyarrow as pa
from pydantic import Field

from harness.core.fingerprints import canonical_json
from harness.evaluation.metrics import ranking_metrics
from harness.evaluation.tasks.task import (
    TASK_ITEMS,
    CorpusIdentity,
    Pool,
    Task,
    TaskKind,
    TaskSettings,
    documents_as_rows,
    no_gold,
    shared_columns,
    subject_of,
)


class RetrievalSettings(TaskSettings):
    """Settings of `kind = "retrieval"`: how many candidates of a ranking count."""

    kind: Literal["retrieval"] = "retrieval"
    top_k: int = Field(default=10, ge=1, le=1000)


def derive(settings: RetrievalSettings, documents: pa.Table, corpus: CorpusIdentity) -> Task:
    """Ask each headline of the texts of all chosen documents.

    Relevant are the document itself and the other documents of its cluster: who finds a kept copy or a
    related report is not wrong. A text that opens with its own headline is a candidate without it.

    Raises:
        NoEvidenceError: No document has a title.
    """
    chosen = documents_as_rows(documents)
    members: dict[str, list[str]] = defaultdict(list)
    for document in chosen:
        members[shared_columns(document)["cluster"]].append(document["id"])
    rows = [_item(document, members) for document in chosen if (document["title"] or "").strip()]
    if not rows:
        raise no_gold(
            "no document has a title",
            corpus=corpus,
            task=settings.name,
            remedy="map the title in the recipe (fields.title, or title_in_first_line = true) and build again",
        )
    pool = Pool(
        ids=tuple(document["id"] for document in chosen),
        texts=tuple(_without_headline(document) for document in chosen),
        top_k=settings.top_k,
    )
    gold = "the article that each headline stands over, and the kept members of its near-duplicate cluster"
    return Task(
        subject=subject_of(settings, corpus, rows, gold=gold, pool=[pool.ids, pool.texts]),
        items=pa.Table.from_pylist(rows, schema=TASK_ITEMS),
        metrics=ranking_metrics(settings.top_k),
        read_answer=_ranking_reader(frozenset(pool.ids)),
        read_reference=lambda reference: tuple(json.loads(reference)),
        pool=pool,
    )


def _item(document: Mapping[str, Any], members: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    shared = shared_columns(document)
    others = [member for member in members[shared["cluster"]] if member != document["id"]]
    return {
        **shared,
        "item_id": f"{document['id']}#title",
        "input": document["title"].strip(),
        "reference": canonical_json([document["id"], *others]),
    }


def _without_headline(document: Mapping[str, Any]) -> str:
    text: str = document["text"]
    first, _, rest = text.partition("\n")
    repeats = first.strip() == (document["title"] or "").strip()
    return rest.lstrip("\n") if repeats and rest.strip() else text


def _ranking_reader(known: frozenset[str]) -> Any:
    def read_ranking(output: object) -> tuple[str, ...] | None:
        """Read a list of different candidates' ids, best first; None where it is no such list."""
        if not isinstance(output, list | tuple) or not all(isinstance(entry, str) for entry in output):
            return None
        return tuple(output) if len(set(output)) == len(output) and known.issuperset(output) else None

    return read_ranking


KIND = TaskKind(
    name="retrieval",
    settings=RetrievalSettings,
    derive=derive,
    pitfalls=(
        "Headlines repeat words of their articles, which favours systems that match words. Two unrelated "
        "articles under one headline count each other as wrong."
    ),
)
