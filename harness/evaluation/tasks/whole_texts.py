"""What kinds share that hand a system whole texts and measure what it makes of them: tokenizer and bits-per-byte."""

from collections.abc import Callable
from typing import Any

import pyarrow as pa

from harness.evaluation.metrics import Metric, Value
from harness.evaluation.tasks.task import (
    TASK_ITEMS,
    CorpusIdentity,
    LearningSettings,
    Task,
    no_gold,
    sampled,
    shared_columns,
    subject_of,
)


def text_task(
    gold: str, metrics: Callable[[], tuple[Metric, ...]], read_answer: Callable[[object], Value | None]
) -> Callable[[Any, pa.Table, CorpusIdentity], Task]:
    """Make a kind's `derive`: each document's text is an item, and its own reference.

    Args:
        gold: What an answer is held against, in a sentence.
        metrics: Gives the metrics, the primary one first.
        read_answer: Reads a system's output.
    """

    def derive(settings: LearningSettings, documents: pa.Table, corpus: CorpusIdentity) -> Task:
        """Ask each document that is not blank.

        Raises:
            NoEvidenceError: All are blank.
        """
        rows = [
            {
                **shared_columns(document),
                "item_id": document["id"],
                "input": document["text"],
                "reference": document["text"],
            }
            for document in sampled(documents, settings)
            if document["text"].strip()
        ]
        if not rows:
            raise no_gold(
                "every text is blank", corpus=corpus, task=settings.name, remedy="build a version with texts"
            )
        return Task(
            subject=subject_of(settings, corpus, rows, gold=gold, pool=None),
            items=pa.Table.from_pylist(rows, schema=TASK_ITEMS),
            metrics=metrics(),
            read_answer=read_answer,
            read_reference=str,
        )

    return derive
