"""Language identification: which language is this line, or this document, in?"""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Literal

import pyarrow as pa
from pydantic import Field

from harness.evaluation.metrics import Comparing, label_metrics
from harness.evaluation.tasks.task import (
    TASK_ITEMS,
    CorpusIdentity,
    Task,
    TaskKind,
    TaskSettings,
    documents_as_rows,
    no_gold,
    shared_columns,
    subject_of,
)
from harness.text.language import UNDETERMINED
from harness.text.tags import shortest_tag

_TAG = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{1,8})*")


class LanguageIdSettings(TaskSettings):
    """Settings of `kind = "language-id"`.

    `min_letters` leaves out texts with fewer letters: on a date or a lone name nobody can be right. 20 is
    where the build, too, stops to measure a language. `compare` says when two tags count as one (see
    `harness.evaluation.metrics.label_metrics`).
    """

    kind: Literal["language-id"] = "language-id"
    unit: Literal["line", "document"] = "line"
    min_letters: int = Field(default=20, ge=1)
    compare: Comparing = "macrolanguage"


def derive(settings: LanguageIdSettings, documents: pa.Table, corpus: CorpusIdentity) -> Task:
    """Make one item of each line, or document, whose document declares its language.

    Raises:
        NoEvidenceError: No document declares a language, or no text is long enough.
    """
    declared = [
        (document, tag)
        for document in documents_as_rows(documents)
        if (tag := shortest_tag(document["lang_declared"] or UNDETERMINED)) != UNDETERMINED
    ]
    if not declared:
        raise no_gold(
            "no document declares its language (column lang_declared)",
            corpus=corpus,
            task=settings.name,
            remedy="map the language in the recipe (fields.lang_declared or defaults.lang_declared) and build again",
        )
    rows = [
        {
            **shared_columns(document),
            "item_id": item_id,
            "input": text,
            "reference": tag,
        }
        for document, tag in declared
        for item_id, text in _texts(document, settings)
        if _letters(text) >= settings.min_letters
    ]
    if not rows:
        raise no_gold(
            f"no {settings.unit} has {settings.min_letters} letters or more",
            corpus=corpus,
            task=settings.name,
            remedy="lower min_letters in tasks.toml",
        )
    gold = f"the language that each document's own metadata declares, for every {settings.unit} of it"
    return Task(
        subject=subject_of(settings, corpus, rows, gold=gold, pool=None),
        items=pa.Table.from_pylist(rows, schema=TASK_ITEMS),
        metrics=label_metrics(settings.compare),
        read_answer=read_tag,
        read_reference=str,
    )


def read_tag(output: object) -> str | None:
    """Read a language tag, or None where the output is not one (`und` is an answer, and a wrong one)."""
    return output if isinstance(output, str) and _TAG.fullmatch(output) else None


def _texts(document: Mapping[str, Any], settings: LanguageIdSettings) -> Iterator[tuple[str, str]]:
    if settings.unit == "document":
        yield document["id"], document["text"]
        return
    for number, line in enumerate(document["text"].split("\n"), start=1):
        yield f"{document['id']}#L{number}", line


def _letters(text: str) -> int:
    return sum(map(str.isalpha, text))


KIND = TaskKind(
    name="language-id",
    settings=LanguageIdSettings,
    derive=derive,
    pitfalls=(
        "A line in another language than its document (a quotation, a caption) counts against whoever tells "
        "it rightly. Lines of one document are resampled together."
    ),
)
