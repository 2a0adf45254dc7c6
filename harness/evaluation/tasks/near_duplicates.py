"""Near-duplicates: are these two texts copies of one another?"""

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Literal

import pyarrow as pa
from pydantic import Field, field_validator

from harness.core.fingerprints import canonical_json
from harness.evaluation.draws import Draws
from harness.evaluation.tasks.altering import ALTERATIONS
from harness.evaluation.tasks.labelled import label_task
from harness.evaluation.tasks.task import (
    CorpusIdentity,
    SampledSettings,
    Task,
    TaskKind,
    each_once,
    no_gold,
    sampled,
    shared_columns,
)

COPY, DIFFERENT = "copy", "different"
Alteration = Literal["spelling", "words", "frame"]
_EVERY: tuple[Alteration, ...] = ("spelling", "words", "frame")


class NearDuplicatesSettings(SampledSettings):
    """Settings of `kind = "near-duplicates"`: two texts, answered by `copy` or `different`.

    The input is a JSON list of the two. For each document and each of `alterations` there is one pair with a copy
    of it that the task makes, and one with a copy, made in the same way, of another document: so that no trace of
    the making tells them apart. `spelling` respells words; `words` drops, doubles or replaces a `changed_share` of
    them; `frame` puts foreign lines around the text and takes its last paragraph away.
    """

    kind: Literal["near-duplicates"] = "near-duplicates"
    alterations: tuple[Alteration, ...] = Field(default=_EVERY, min_length=1)
    changed_share: float = Field(default=0.1, gt=0, lt=1)

    _no_alteration_twice = field_validator("alterations")(each_once)


def derive(settings: NearDuplicatesSettings, documents: pa.Table, corpus: CorpusIdentity) -> Task:
    """Plant copies and pair them with their originals and with other documents.

    The other document is of another cluster and, where there is one, of the same language and section.

    Raises:
        NoEvidenceError: All documents are of one cluster: no two are different.
    """
    chosen = sampled(documents, settings)
    strangers = Strangers(chosen)
    rows = [row for document in chosen for row in _pairs(document, strangers, settings)]
    if not rows:
        raise no_gold(
            "there are no two documents of different clusters",
            corpus=corpus,
            task=settings.name,
            remedy="build a version with more documents",
        )
    gold = "copies that the task itself made by a seed; other pairs are of documents of different clusters"
    return label_task(settings, rows, corpus, gold=gold)


def read_pair(text: str) -> tuple[str, str]:
    """Read an item's input: two texts."""
    first, second = json.loads(text)
    return first, second


_Document = Mapping[str, Any]


class Strangers:
    """Finds other documents for a document: of other clusters, and else as like it as may be."""

    def __init__(self, documents: Sequence[_Document]) -> None:
        self._groups: dict[tuple[Any, ...], list[tuple[str, _Document]]] = defaultdict(list)
        for document in documents:
            for key in _keys(document):
                self._groups[key].append((cluster_of(document), document))

    def of(self, document: _Document, draws: Draws, *, but: str = "") -> _Document | None:
        """Draw a document of another cluster, and not of the cluster `but`; None where there is none."""
        barred = (cluster_of(document), but)
        for key in _keys(document):
            others = [one for cluster, one in self._groups[key] if cluster not in barred]
            if others:
                return draws.pick(others)
        return None


def cluster_of(document: _Document) -> str:
    """Give a document's cluster; one without is a cluster of its own."""
    cluster: str = document["cluster"] or document["id"]
    return cluster


def _keys(document: _Document) -> tuple[tuple[Any, ...], ...]:
    """Give the groups to look in, the likest first."""
    return (document["lang"], document["section"]), (document["lang"],), ()


def _pairs(
    document: _Document, strangers: Strangers, settings: NearDuplicatesSettings
) -> Iterator[dict[str, Any]]:
    for alteration in settings.alterations:
        draws = Draws(settings.seed, document["id"], alteration)
        other = strangers.of(document, draws)
        if other is None:
            continue
        # Words and frames come from a third text: with those of the first, a different text would be half a copy.
        third = strangers.of(document, draws, but=cluster_of(other)) or {"text": ""}
        for label, origin in ((COPY, document), (DIFFERENT, other)):
            made = ALTERATIONS[alteration](origin["text"], third["text"], draws, settings.changed_share)
            yield {
                **shared_columns(document),
                "item_id": f"{document['id']}#{alteration}-{label}",
                "variant": alteration,
                "input": canonical_json([document["text"], made]),
                "reference": label,
            }


KIND = TaskKind(
    name="near-duplicates",
    settings=NearDuplicatesSettings,
    derive=derive,
    pitfalls=(
        "Copies that were planted are copies of the kinds that were thought of; editors change texts in other ways, "
        "too. A pair of documents that the build did not recognise as copies counts as different. Half of the pairs "
        "are copies, while of all pairs of a corpus hardly any are: precision there is lower by orders of magnitude, "
        "so that errors on `different` weigh most. The build's own rule is one of the systems; its clusters decide "
        "which documents are paired as different, and so it is spared its own misses."
    ),
)
