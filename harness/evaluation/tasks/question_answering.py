"""Questions: which words of the text answer it, or does it not say?"""

import json
from pathlib import Path
from typing import Literal

import pyarrow as pa

from harness.core.fingerprints import canonical_json
from harness.evaluation.annotations.binding import Beside
from harness.evaluation.annotations.files import fingerprint_of
from harness.evaluation.annotations.squad import Question, read_squad
from harness.evaluation.metrics import Metric
from harness.evaluation.tasks.annotated import annotated_gold, asked_of, bound, nothing_bound
from harness.evaluation.tasks.task import (
    TASK_ITEMS,
    CorpusIdentity,
    SampledSettings,
    Task,
    TaskKind,
    shared_columns,
    subject_of,
)
from harness.evaluation.texts.known import scripts_of, text_metric
from harness.text.language import UNDETERMINED

_ARABIC, _LATIN = "ar", "en"  # whose texts are read as all in their script are


class QuestionSettings(SampledSettings):
    """Settings of `kind = "question-answering"`: a text and a question, answered by words of the text.

    The input is a JSON object, `context` and `question`; the answer is a text, and an empty one says that the context
    does not tell. `annotations` is a file in SQuAD's JSON, version 1 or 2, from the folder of `tasks.toml`. A
    paragraph may name its document by `id`, `locator` or `raw_sha256`; without that, its context tells.
    """

    kind: Literal["question-answering"] = "question-answering"
    annotations: Path


def read_annotations(settings: QuestionSettings, folder: Path) -> list[Question]:
    """Read the annotated questions.

    Raises:
        NoEvidenceError: There is no such file.
        InputError: It is no SQuAD, or an answer does not stand where it says.
    """
    return read_squad(folder / settings.annotations)


def derive(settings: QuestionSettings, documents: pa.Table, corpus: CorpusIdentity, beside: Beside) -> Task:
    """Ask the questions about the documents.

    Raises:
        NoEvidenceError: There is no such file, or none of its questions is about these documents.
        InputError: The file is no SQuAD, or an answer does not stand where it says.
    """
    path = beside.folder / settings.annotations
    questions = [(one, (one.anchor,)) for one in read_annotations(settings, beside.folder)]
    found = bound(questions, "question", asked_of(documents, settings), beside)
    rows = [
        {
            **shared_columns(document),
            "item_id": f"{document['id']}#Q{question.id}",
            "input": canonical_json({"context": question.context, "question": question.question}),
            "reference": canonical_json({"answers": list(question.answers)}),
            "variant": "answered" if question.answers else "unanswerable",
        }
        for question, (document,) in found.asked
    ]
    if not rows:
        raise nothing_bound(found.tally, path, corpus=corpus, task=settings.name)
    gold = annotated_gold("the accepted answers", path, found.tally)
    return Task(
        subject=subject_of(settings, corpus, rows, gold=gold, pool=fingerprint_of(path)),
        items=pa.Table.from_pylist(rows, schema=TASK_ITEMS),
        metrics=_metrics({row["lang"] or UNDETERMINED for row in rows}),
        read_answer=lambda output: output.strip() if isinstance(output, str) else None,
        read_reference=read_answers,
        notes=found.tally.notes,
    )


def read_question(text: str) -> tuple[str, str]:
    """Read an item's input: the context and the question."""
    asked = json.loads(text)
    return asked["context"], asked["question"]


def read_answers(reference: str) -> tuple[str, ...]:
    """Read what is accepted; an empty text where the context does not answer."""
    return tuple(json.loads(reference)["answers"]) or ("",)


def _metrics(languages: set[str]) -> tuple[Metric, ...]:
    """Read every language as Arabic script is read where one is written in it: one number needs one reading."""
    is_arabic = any("Arab" in scripts_of(language) for language in languages)
    return tuple(text_metric(name, _ARABIC if is_arabic else _LATIN) for name in ("exact_match", "token_f1"))


KIND = TaskKind(
    name="question-answering",
    settings=QuestionSettings,
    derive=derive,
    read=read_annotations,
    asks_for_text=True,
    # Noise in the context would leave no place where the answer still stands.
    bears_noise=False,
    pitfalls=(
        "An answer in other words than the accepted ones counts as wrong: token F1 is kinder, and still no reading. "
        "In Arabic, و and ال stay on the word, so that «الوزير» is not «وزير». Questions that were written "
        "with the text in view repeat its words, which favours matching them. Where questions cannot be answered, "
        "saying nothing earns their share: read the slices of `variant` apart."
    ),
)
