"""Names: which tokens of a sentence name a person, a place, an organisation?"""

from pathlib import Path
from typing import Literal

import pyarrow as pa

from harness.core.fingerprints import canonical_json
from harness.evaluation.annotations.binding import Beside
from harness.evaluation.annotations.conll import Scheme, Sentence, read_conll
from harness.evaluation.annotations.files import fingerprint_of
from harness.evaluation.tasks.annotated import annotated_gold, asked_of, bound, nothing_bound
from harness.evaluation.tasks.task import (
    TASK_ITEMS,
    CorpusIdentity,
    LearningSettings,
    Task,
    TaskKind,
    no_gold,
    shared_columns,
    subject_of,
)
from harness.evaluation.texts.spans import read_tags, span_f1


class NerSettings(LearningSettings):
    """Settings of `kind = "ner"`: a sentence's tokens, as a JSON list, answered by one BIO tag a token.

    `annotations` is a CoNLL file, from the folder of `tasks.toml`: a token a line with its tag last, a blank line
    behind each sentence. `scheme` says how its tags mark names: `bio` (an I only behind a B or I of its kind), `iob1`,
    `iobes`; asked and answered are BIO tags. `# newdoc id = ID` above a sentence names its document (also `# locator`,
    `# raw_sha256`); without that, its words tell.
    """

    kind: Literal["ner"] = "ner"
    annotations: Path
    scheme: Scheme = "bio"


def read_annotations(settings: NerSettings, folder: Path) -> list[Sentence]:
    """Read the annotated sentences.

    Raises:
        NoEvidenceError: There is no such file.
        InputError: It is no CoNLL of the scheme.
    """
    return read_conll(folder / settings.annotations, settings.scheme)


def derive(settings: NerSettings, documents: pa.Table, corpus: CorpusIdentity, beside: Beside) -> Task:
    """Ask the annotated sentences of the documents.

    Raises:
        NoEvidenceError: There is no such file, none of its sentences is of these documents, or none names anything.
        InputError: The file is no CoNLL of the scheme.
    """
    path = beside.folder / settings.annotations
    sentences = [(one, (one.anchor,)) for one in read_annotations(settings, beside.folder)]
    found = bound(sentences, "sentence", asked_of(documents, settings), beside)
    rows = [
        {
            **shared_columns(document),
            "item_id": f"{document['id']}#S{sentence.number}",
            "input": canonical_json(list(sentence.tokens)),
            "reference": " ".join(sentence.tags),
        }
        for sentence, (document,) in found.asked
    ]
    if not rows:
        raise nothing_bound(found.tally, path, corpus=corpus, task=settings.name)
    if all(set(row["reference"].split()) == {"O"} for row in rows):
        raise no_gold(
            f"the sentences of {path.name} that are asked name nothing",
            corpus=corpus,
            task=settings.name,
            remedy="annotate documents of these splits",
        )
    gold = annotated_gold("the names' spans and kinds", path, found.tally)
    return Task(
        subject=subject_of(settings, corpus, rows, gold=gold, pool=fingerprint_of(path)),
        items=pa.Table.from_pylist(rows, schema=TASK_ITEMS),
        metrics=(span_f1(),),
        read_answer=read_tags,
        read_reference=lambda tags: tuple(tags.split()),
        fits=lambda reference, answer: len(answer) == len(reference.split()),
        notes=found.tally.notes,
    )


KIND = TaskKind(
    name="ner",
    settings=NerSettings,
    derive=derive,
    learns=True,
    read=read_annotations,
    pitfalls=(
        "Tokens are the annotators': a system that cuts words otherwise loses names by it. A name counts only whole, "
        "in its place and of its kind, so that a clitic on either side costs all of it. Names that stand in train too "
        "can be had by a list: compare with `known-names`. One kind that is common hides what happens to rare ones."
    ),
)
