"""What kinds share that damage lines of text and ask for them as they were: punctuation and spelling."""

from collections.abc import Callable, Mapping
from typing import Any

import pyarrow as pa
from pydantic import Field

from harness.evaluation.draws import Draws
from harness.evaluation.metrics import Metric
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
from harness.evaluation.texts.doctor import require_sound
from harness.evaluation.texts.reading import TextMetric
from harness.text.language import UNDETERMINED
from harness.text.search_words import search_words

_FEWEST_WORDS = 5


class RestoringSettings(LearningSettings):
    """Settings of kinds that restore lines: at most `lines_per_document`, drawn, of five words or more."""

    lines_per_document: int = Field(default=8, ge=1)


Damage = Callable[[str, Draws, Any], str]


def restoring(
    gold: str, damage: Damage, metrics: tuple[Metric, ...]
) -> Callable[[Any, pa.Table, CorpusIdentity], Task]:
    """Make a kind's `derive`: lines are damaged, and are right as they stood.

    Args:
        gold: What is right, in a sentence.
        damage: Takes a line, draws and the settings, and gives the line damaged. A line that comes back as it was
            is no item.
        metrics: The primary one first.
    """

    def derive(settings: RestoringSettings, documents: pa.Table, corpus: CorpusIdentity) -> Task:
        """Damage lines of each document.

        Raises:
            NoEvidenceError: No line is long enough, or none could be damaged; or a metric cannot be trusted in
                one of the languages.
        """
        rows = [
            row for document in sampled(documents, settings) for row in _items(document, settings, damage)
        ]
        if not rows:
            raise no_gold(
                f"no line of {_FEWEST_WORDS} words or more could be damaged",
                corpus=corpus,
                task=settings.name,
                remedy="build a version with longer texts",
            )
        for language in sorted({row["lang"] for row in rows} - {UNDETERMINED, None}):
            for metric in metrics:
                if isinstance(metric, TextMetric):
                    require_sound(metric, language)
        return Task(
            subject=subject_of(settings, corpus, rows, gold=gold, pool=None),
            items=pa.Table.from_pylist(rows, schema=TASK_ITEMS),
            metrics=metrics,
            read_answer=read_line,
            read_reference=str,
        )

    return derive


def read_line(output: object) -> str | None:
    """Read one line of text; blanks around it say nothing."""
    line = output.strip() if isinstance(output, str) else ""
    return line if line and "\n" not in line else None


def _items(document: Mapping[str, Any], settings: RestoringSettings, damage: Damage) -> list[dict[str, Any]]:
    draws = Draws(settings.seed, document["id"], settings.kind)
    lines = [
        (number, line.strip())
        for number, line in enumerate(document["text"].split("\n"), start=1)
        if len(search_words(line)) >= _FEWEST_WORDS
    ]
    damaged = [
        (number, line, damage(line, draws, settings))
        for number, line in draws.sample(lines, settings.lines_per_document)
    ]
    return [
        {
            **shared_columns(document),
            "item_id": f"{document['id']}#L{number}",
            "input": spoilt,
            "reference": line,
        }
        for number, line, spoilt in damaged
        if spoilt not in {line, ""}
    ]
