"""What kinds share that ask for a label of a whole document: topic and source."""

from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

import pyarrow as pa
from pydantic import Field

from harness.evaluation.metrics import label_metrics
from harness.evaluation.tasks.task import (
    TASK_ITEMS,
    CorpusIdentity,
    LearningSettings,
    Task,
    TaskSettings,
    no_gold,
    sampled,
    shared_columns,
    subject_of,
)


class LabelledSettings(LearningSettings):
    """Settings of kinds that ask for a document's label.

    `max_chars` cuts each text behind so many characters, for systems that read no more; the default asks all.
    """

    max_chars: int | None = Field(default=None, ge=1)


def labelled(column: str, gold: str, *, remedy: str) -> Callable[[Any, pa.Table, CorpusIdentity], Task]:
    """Make a kind's `derive`: each document's text is asked for what one column of its metadata says.

    Args:
        column: `section` or `source`.
        gold: Where the label comes from, in a sentence.
        remedy: What to do where no two labels are there.
    """

    def derive(settings: LabelledSettings, documents: pa.Table, corpus: CorpusIdentity) -> Task:
        """Ask each document that has the label.

        Raises:
            NoEvidenceError: No document has one, or all have the same: there is nothing to tell apart.
        """
        rows = [_item(one, column, settings) for one in sampled(documents, settings) if _label(one, column)]
        if len(Counter(row["reference"] for row in rows)) < 2:
            found = (
                f"every document that has a {column} has the same" if rows else f"no document has a {column}"
            )
            raise no_gold(found, corpus=corpus, task=settings.name, remedy=remedy)
        return label_task(settings, rows, corpus, gold=gold)

    return derive


def label_task(
    settings: TaskSettings, rows: list[dict[str, Any]], corpus: CorpusIdentity, *, gold: str
) -> Task:
    """Put items with labels that are no languages into a task, scored by accuracy and macro F1."""
    return Task(
        subject=subject_of(settings, corpus, rows, gold=gold, pool=None),
        items=pa.Table.from_pylist(rows, schema=TASK_ITEMS),
        metrics=label_metrics("exact"),
        read_answer=read_label,
        read_reference=str,
    )


def read_label(output: object) -> str | None:
    """Read a label; blanks around it say nothing. A text over several lines is none."""
    label = output.strip() if isinstance(output, str) else ""
    return label if label and "\n" not in label else None


def _label(document: Mapping[str, Any], column: str) -> str:
    return (document[column] or "").strip()


def _item(document: Mapping[str, Any], column: str, settings: LabelledSettings) -> dict[str, Any]:
    return {
        **shared_columns(document),
        "item_id": document["id"],
        "input": document["text"][: settings.max_chars],
        "reference": _label(document, column),
    }
