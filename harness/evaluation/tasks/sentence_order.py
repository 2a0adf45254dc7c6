"""Sentence order: some sentences that follow one another in a text, shuffled; in which order did they stand?"""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any, Literal

import pyarrow as pa
from pydantic import Field

from harness.core.fingerprints import canonical_json
from harness.evaluation.draws import Draws
from harness.evaluation.orders import order_metrics
from harness.evaluation.tasks.openings import without_headline
from harness.evaluation.tasks.task import (
    TASK_ITEMS,
    CorpusIdentity,
    LearningSettings,
    Task,
    TaskKind,
    no_gold,
    sampled,
    shared_columns,
    subject_of,
)
from harness.text.search_words import search_words
from harness.text.sentences import sentences

_FEWEST_WORDS = 3  # of a sentence; what is shorter is mostly a caption, a time or an end that is none
_NUMBER = re.compile(r"\d{1,4}")


class SentenceOrderSettings(LearningSettings):
    """Settings of `kind = "sentence-order"`: shuffled sentences, answered by their numbers in the right order.

    The input is a JSON list of `sentences` sentences that stand one behind the other in a text, in a drawn order. The
    answer lists the numbers of those shown, counted from 1, as they should be read: `["3", "1", "2"]`, or a text
    with these numbers and no others. Of each document at most `passages_per_document` passages are drawn, none of which
    overlaps another. Left out are passages with a sentence of fewer than three words, or with the same one twice.
    """

    kind: Literal["sentence-order"] = "sentence-order"
    sentences: int = Field(default=5, ge=2, le=20)
    passages_per_document: int = Field(default=3, ge=1)


def derive(settings: SentenceOrderSettings, documents: pa.Table, corpus: CorpusIdentity) -> Task:
    """Shuffle passages of each document.

    Raises:
        NoEvidenceError: No text has so many sentences.
    """
    rows = [row for document in sampled(documents, settings) for row in _items(document, settings)]
    if not rows:
        raise no_gold(
            f"no text has {settings.sentences} sentences of {_FEWEST_WORDS} words or more, one behind the other",
            corpus=corpus,
            task=settings.name,
            remedy="ask for fewer (sentences = 3), or build a version with longer texts",
        )
    return Task(
        subject=subject_of(settings, corpus, rows, gold="the order in which the sentences stand", pool=None),
        items=pa.Table.from_pylist(rows, schema=TASK_ITEMS),
        metrics=order_metrics(),
        read_answer=read_order,
        read_reference=lambda reference: tuple(json.loads(reference)),
        fits=lambda reference, answer: len(json.loads(reference)) == len(answer),
    )


def read_order(output: object) -> tuple[str, ...] | None:
    """Read numbers from 1, each once, from a list or from a text; None where they are not that."""
    if isinstance(output, str):
        numbers = _NUMBER.findall(output)
    elif isinstance(output, list | tuple) and all(isinstance(one, str) for one in output):
        numbers = [one.strip() for one in output]
    else:
        return None
    wanted = {str(number) for number in range(1, len(numbers) + 1)}
    return tuple(numbers) if numbers and set(numbers) == wanted else None


def read_sentences(text: str) -> list[str]:
    """Read an item's input: the sentences as they are shown."""
    shown: list[str] = json.loads(text)
    return shown


def in_order(shown: Sequence[str], order: str) -> list[str]:
    """Put sentences as they are shown into the order that a reference tells."""
    return [shown[int(number) - 1] for number in json.loads(order)]


def _items(document: Mapping[str, Any], settings: SentenceOrderSettings) -> list[dict[str, Any]]:
    draws = Draws(settings.seed, document["id"], settings.kind)
    cut = sentences(without_headline(document))
    starts = range(0, len(cut) - settings.sentences + 1, settings.sentences)
    passages = [(start, cut[start : start + settings.sentences]) for start in starts]
    fit = [(start, passage) for start, passage in passages if _is_fit(passage)]
    return [
        _item(document, start, passage, draws)
        for start, passage in draws.sample(fit, settings.passages_per_document)
    ]


def _is_fit(passage: Sequence[str]) -> bool:
    return len(set(passage)) == len(passage) and all(
        len(search_words(one)) >= _FEWEST_WORDS for one in passage
    )


def _item(document: Mapping[str, Any], start: int, passage: Sequence[str], draws: Draws) -> dict[str, Any]:
    shuffled = draws.shuffled(range(len(passage)))
    shown_at = {place: number for number, place in enumerate(shuffled, start=1)}
    return {
        **shared_columns(document),
        "item_id": f"{document['id']}#S{start + 1}",
        "input": canonical_json([passage[place] for place in shuffled]),
        "reference": canonical_json([str(shown_at[place]) for place in range(len(passage))]),
    }


KIND = TaskKind(
    name="sentence-order",
    settings=SentenceOrderSettings,
    derive=derive,
    learns=True,
    # Noise would hit the JSON of the list, and not the sentences.
    bears_noise=False,
    pitfalls=(
        "One order is called right where several may read well: news puts facts behind each other that could stand "
        "otherwise. Where sentences end is a rule's work, and a wrong cut tells two halves apart too easily. A lead's "
        "manner and a closing formula give first and last places away. Leaving everything as shown has a tau of 0 on "
        "average, and guessing puts one sentence in five in its place: read against `as-shown`."
    ),
)
