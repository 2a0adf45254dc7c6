"""Retrieval: find the article that belongs to a headline, a lead or a copy."""

import json
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import pyarrow as pa
from pydantic import Field

from harness.core.fingerprints import canonical_json
from harness.evaluation.draws import Draws
from harness.evaluation.metrics import ranking_metrics
from harness.evaluation.tasks.altering import ALTERATIONS
from harness.evaluation.tasks.near_duplicates import Strangers
from harness.evaluation.tasks.openings import lead_and_rest, without_headline
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

_Document = Mapping[str, Any]
_CHANGED_SHARE = 0.1  # of words, where they are changed: as much as the build still takes for a copy


class RetrievalSettings(TaskSettings):
    """Settings of `kind = "retrieval"`: what asks, and how many candidates of a ranking count.

    `query` is the `headline`; the `lead`, a text's first paragraph, which is then taken out of all candidates; or
    a `copy` that the task makes of each text by the `seed`, respelt, with words changed or in another frame.
    """

    kind: Literal["retrieval"] = "retrieval"
    query: Literal["headline", "lead", "copy"] = "headline"
    top_k: int = Field(default=10, ge=1, le=1000)
    seed: int = Field(default=0, ge=0)


def derive(settings: RetrievalSettings, documents: pa.Table, corpus: CorpusIdentity) -> Task:
    """Ask the headline, lead or copy of each document of the texts of all chosen documents.

    Relevant are the document itself and the other documents of its cluster: who finds a kept copy or a
    related report is not wrong. A text that opens with its own headline is a candidate without it.

    Raises:
        NoEvidenceError: No document has a title; for `lead`, none has a second paragraph.
    """
    asking = _ASKING[settings.query]
    chosen = documents_as_rows(documents)
    members: dict[str, list[str]] = defaultdict(list)
    for document in chosen:
        members[shared_columns(document)["cluster"]].append(document["id"])
    queries = asking.queries(chosen, settings)
    rows = [
        _item(document, members, asking.mark) | query
        for document, query in zip(chosen, queries, strict=True)
        if query["input"]
    ]
    if not rows:
        raise no_gold(asking.lacking, corpus=corpus, task=settings.name, remedy=asking.remedy)
    pool = Pool(
        ids=tuple(document["id"] for document in chosen),
        texts=tuple(asking.candidate(document) for document in chosen),
        top_k=settings.top_k,
    )
    gold = f"{asking.gold}, and the kept members of its near-duplicate cluster"
    return Task(
        subject=subject_of(settings, corpus, rows, gold=gold, pool=[pool.ids, pool.texts]),
        items=pa.Table.from_pylist(rows, schema=TASK_ITEMS),
        metrics=ranking_metrics(settings.top_k),
        read_answer=_ranking_reader(frozenset(pool.ids)),
        read_reference=lambda reference: tuple(json.loads(reference)),
        pool=pool,
    )


def _item(document: _Document, members: Mapping[str, Sequence[str]], mark: str) -> dict[str, Any]:
    shared = shared_columns(document)
    others = [member for member in members[shared["cluster"]] if member != document["id"]]
    return {
        **shared,
        "item_id": f"{document['id']}#{mark}",
        "reference": canonical_json([document["id"], *others]),
    }


@dataclass(frozen=True)
class _Asking:
    """One way to ask.

    Args:
        mark: What stands behind the document's id in an item's.
        queries: Gives each document's `input` and `variant`; an empty input asks nothing.
        candidate: A document as it can be found.
        gold: What is right, as the beginning of a sentence.
        lacking: What is missing where no document can ask, and what to do.
        remedy: The same.
    """

    mark: str
    queries: Callable[[Sequence[_Document], RetrievalSettings], list[dict[str, str | None]]]
    candidate: Callable[[_Document], str]
    gold: str
    lacking: str
    remedy: str


def _headlines(documents: Sequence[_Document], _settings: RetrievalSettings) -> list[dict[str, str | None]]:
    return [{"input": (document["title"] or "").strip(), "variant": None} for document in documents]


def _leads(documents: Sequence[_Document], _settings: RetrievalSettings) -> list[dict[str, str | None]]:
    parted = [lead_and_rest(document) for document in documents]
    return [{"input": lead if rest else "", "variant": None} for lead, rest in parted]


def _copies(documents: Sequence[_Document], settings: RetrievalSettings) -> list[dict[str, str | None]]:
    strangers = Strangers(documents)
    made: list[dict[str, str | None]] = []
    for document in documents:
        draws = Draws(settings.seed, document["id"], "query")
        alteration = draws.pick(sorted(ALTERATIONS))
        other = strangers.of(document, draws) or {"text": ""}
        copy = ALTERATIONS[alteration](without_headline(document), other["text"], draws, _CHANGED_SHARE)
        made.append({"input": copy, "variant": alteration})
    return made


def _without_lead(document: _Document) -> str:
    _, rest = lead_and_rest(document)
    return rest or without_headline(document).strip()


_ASKING = {
    "headline": _Asking(
        "title", _headlines, without_headline, "the article that each headline stands over",
        "no document has a title",
        "map the title in the recipe (fields.title, or title_in_first_line = true) and build again",
    ),
    "lead": _Asking(
        "lead", _leads, _without_lead, "the article that each first paragraph opens",
        "no text has a second paragraph", 'ask by query = "headline" or "copy" in tasks.toml',
    ),
    "copy": _Asking(
        "copy", _copies, without_headline, "the article that the task itself copied",
        "no document has a text", "build a version that keeps documents",
    ),
}  # fmt: skip


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
        "Headlines and leads repeat words of their articles, which favours systems that match words. Two unrelated "
        "articles under one headline count each other as wrong. Copies are of the kinds that were thought of."
    ),
)
