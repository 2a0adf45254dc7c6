"""Lead recovery, which is what `summary` measures: the first paragraph of an article, given the rest of it."""

from collections.abc import Mapping
from typing import Any, Literal

import pyarrow as pa
from pydantic import Field

from harness.evaluation.tasks.chosen_metrics import with_metrics
from harness.evaluation.tasks.openings import lead_and_rest
from harness.evaluation.tasks.task import (
    TASK_ITEMS,
    CorpusIdentity,
    LearningSettings,
    MetricChoice,
    Task,
    TaskKind,
    no_gold,
    sampled,
    shared_columns,
    subject_of,
)
from harness.evaluation.texts.known import scripts_of
from harness.text.search_words import search_words

_METRICS = ("rougeL", "rouge1", "rouge2", "chrf")


class SummarySettings(LearningSettings):
    """Settings of `kind = "summary"`: an article without its lead, answered by the lead.

    The lead is the first paragraph, behind a headline that the text repeats. It has to have at least `min_lead_words`
    words, and the rest at least `min_rest` times as many. Unless `metrics` names others, ROUGE-L, ROUGE-1, ROUGE-2 and
    chrF are counted, with the normaliser `ar-light` where a text of the task is in Arabic script.
    """

    kind: Literal["summary"] = "summary"
    min_lead_words: int = Field(default=8, ge=1)
    min_rest: float = Field(default=2.0, ge=1)


def derive(settings: SummarySettings, documents: pa.Table, corpus: CorpusIdentity) -> Task:
    """Take the lead off each document that is long enough.

    Raises:
        NoEvidenceError: None is; or a metric cannot be trusted in one of the languages.
    """
    rows = [row for document in sampled(documents, settings) for row in _items(document, settings)]
    if not rows:
        raise no_gold(
            f"no text has a first paragraph of {settings.min_lead_words} words with {settings.min_rest:g} times as many "
            "behind it",
            corpus=corpus,
            task=settings.name,
            remedy="build a version whose texts keep their paragraphs, or ask for less: min_lead_words, min_rest",
        )
    task = Task(
        subject=subject_of(settings, corpus, rows, gold="the lead of each article, as it stands", pool=None),
        items=pa.Table.from_pylist(rows, schema=TASK_ITEMS),
        metrics=(),
        read_answer=read_summary,
        read_reference=str,
    )
    return with_metrics(task, settings.metrics or _usual(task))


def read_summary(output: object) -> str | None:
    """Read a text; blanks around it say nothing, and of nothing else it is none."""
    text = output.strip() if isinstance(output, str) else ""
    return text or None


def _usual(task: Task) -> list[MetricChoice]:
    languages = task.items.column("lang").unique().to_pylist()
    is_arabic = any("Arab" in scripts_of(language) for language in languages if language)
    return [MetricChoice(metric=name, normaliser="ar-light" if is_arabic else "raw") for name in _METRICS]


def _items(document: Mapping[str, Any], settings: SummarySettings) -> list[dict[str, Any]]:
    lead, rest = lead_and_rest(document)
    words = len(search_words(lead))
    if words < settings.min_lead_words or len(search_words(rest)) < settings.min_rest * words:
        return []
    item_id = f"{document['id']}#lead"
    return [{**shared_columns(document), "item_id": item_id, "input": rest, "reference": lead}]


KIND = TaskKind(
    name="summary",
    settings=SummarySettings,
    derive=derive,
    learns=True,
    asks_for_text=True,
    pitfalls=(
        "This is lead recovery, not summarising: a lead opens an article, and is a summary only where editors write it "
        "as one. It tells what the rest does not repeat (who, where, when), so that nobody can have all of it. ROUGE and "
        "chrF count words and letters in common: a true sentence in other words scores low, a false one in the same "
        "words high. A system that is not above `rest-lead` has found no more than what happens to come next. A model "
        "that was trained on these articles knows their leads."
    ),
)
