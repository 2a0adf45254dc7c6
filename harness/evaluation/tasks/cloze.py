"""Cloze: which of four words of this text was taken out of the line?"""

import json
import re
from collections.abc import Mapping
from typing import Any, Literal

import pyarrow as pa
from pydantic import Field

from harness.core.fingerprints import canonical_json
from harness.evaluation.draws import Draws
from harness.evaluation.tasks.labelled import label_task
from harness.evaluation.tasks.task import (
    CorpusIdentity,
    LearningSettings,
    Task,
    TaskKind,
    no_gold,
    sampled,
    shared_columns,
)

GAP = "____"
_WORD = re.compile(r"\w{4,}")  # shorter words are mostly particles, which fit in too many places
_FEWEST_WORDS = 6
_OTHERS = 3


class ClozeSettings(LearningSettings):
    """Settings of `kind = "cloze"`: a line with a gap and four words, answered by the word that stood there.

    The input is a JSON object: `text`, the line with `____` in the word's place, and `options`. The other three words
    stand elsewhere in the same document, so that its subject does not tell them apart. Of each document at most
    `lines_per_document` lines of six words or more are asked.
    """

    kind: Literal["cloze"] = "cloze"
    lines_per_document: int = Field(default=4, ge=1)


def derive(settings: ClozeSettings, documents: pa.Table, corpus: CorpusIdentity) -> Task:
    """Take a word out of some lines of each document.

    Raises:
        NoEvidenceError: No document has a line long enough and three other words.
    """
    rows = [row for document in sampled(documents, settings) for row in _items(document, settings)]
    if not rows:
        raise no_gold(
            "no document has a line of six words and three other words besides",
            corpus=corpus,
            task=settings.name,
            remedy="build a version with longer texts",
        )
    return label_task(settings, rows, corpus, gold="the word that stood in the gap, taken out by a seed")


def read_question(text: str) -> tuple[str, tuple[str, ...]]:
    """Read an item's input: the line with its gap, and the words to choose from."""
    question = json.loads(text)
    return question["text"], tuple(question["options"])


def _items(document: Mapping[str, Any], settings: ClozeSettings) -> list[dict[str, Any]]:
    draws = Draws(settings.seed, document["id"], "cloze")
    words = sorted(set(_WORD.findall(document["text"])))
    lines = [
        (number, line.strip())
        for number, line in enumerate(document["text"].split("\n"), start=1)
        if len(line.split()) >= _FEWEST_WORDS and _WORD.search(line)
    ]
    rows = []
    for number, line in draws.sample(lines, settings.lines_per_document):
        gap = draws.pick(list(_WORD.finditer(line)))
        others = [word for word in words if word not in line]
        if len(others) < _OTHERS:
            continue
        options = draws.shuffled([gap.group(), *draws.shuffled(others)[:_OTHERS]])
        text = line[: gap.start()] + GAP + line[gap.end() :]
        rows.append(
            {
                **shared_columns(document),
                "item_id": f"{document['id']}#L{number}",
                "input": canonical_json({"text": text, "options": options}),
                "reference": gap.group(),
            }
        )
    return rows


KIND = TaskKind(
    name="cloze",
    settings=ClozeSettings,
    derive=derive,
    learns=True,
    # With noise the options would no longer hold the word that is right.
    bears_noise=False,
    pitfalls=(
        "Guessing earns a quarter. Endings and prefixes often tell which word fits, without any understanding; a second "
        "word of the four may fit as well. Macro F1 says little here: nearly every word is right once."
    ),
)
