"""Translation: a document or a line of it, in the other language."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Literal, Self

import pyarrow as pa
from pydantic import Field, model_validator

from harness.core.errors import InputError, named
from harness.evaluation.annotations.binding import Beside
from harness.evaluation.annotations.files import fingerprint_of
from harness.evaluation.annotations.parallel import (
    Rendering,
    read_folder,
    read_json_lines,
    read_line_pairs,
)
from harness.evaluation.metrics import Metric
from harness.evaluation.tasks.annotated import annotated_gold, asked_of, bound, nothing_bound
from harness.evaluation.tasks.task import (
    TASK_ITEMS,
    CorpusIdentity,
    LearningSettings,
    Task,
    TaskKind,
    shared_columns,
    subject_of,
)
from harness.evaluation.texts.doctor import require_sound_on
from harness.evaluation.texts.known import text_metric

_LANGUAGE = r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$"
_Row = dict[str, Any]


class TranslationSettings(LearningSettings):
    """Settings of `kind = "translation"`: a text, answered by its translation into `lang`.

    `annotations` is the other side, from the folder of `tasks.toml`: a folder with a file a document (called like its
    id, or lying where its source lies), or `.jsonl` with `text` and the document's `id` (`locator`, `raw_sha256`) or the
    `source` that it renders; or, with `sources`, a text file whose lines render the lines of that one. `unit = "line"`
    asks line by line: a document and its translation then have as many lines, blank ones aside.
    """

    kind: Literal["translation"] = "translation"
    annotations: Path
    sources: Path | None = None
    lang: str = Field(pattern=_LANGUAGE)
    unit: Literal["document", "line"] = "document"

    @model_validator(mode="after")
    def _refuse_two_units(self) -> Self:
        if self.sources is not None and "unit" in self.model_fields_set and self.unit == "document":
            raise ValueError("'sources' aligns lines, so that unit = \"document\" says nothing: leave it out")
        return self

    @property
    def asks_lines(self) -> bool:
        """Whether items are lines, or sentences."""
        return self.unit == "line" or self.sources is not None


def read_annotations(settings: TranslationSettings, folder: Path) -> list[Rendering]:
    """Read the other side.

    Raises:
        NoEvidenceError: There is no such file, or nothing in the folder.
        InputError: It is broken, or two files are not aligned.
    """
    path = folder / settings.annotations
    if settings.sources is not None:
        return read_line_pairs(folder / settings.sources, path)
    return read_folder(path) if path.is_dir() else read_json_lines(path)


def derive(
    settings: TranslationSettings, documents: pa.Table, corpus: CorpusIdentity, beside: Beside
) -> Task:
    """Ask the documents, or their lines, that have another side.

    Raises:
        NoEvidenceError: There is no such file, nothing in it renders these documents, or a metric cannot be trusted
            in the other language.
        InputError: The sides are not aligned, or a file is broken.
    """
    path = beside.folder / settings.annotations
    renderings = read_annotations(settings, beside.folder)
    found = bound(
        [(one, (one.anchor,)) for one in renderings], "translation", asked_of(documents, settings), beside
    )
    rows = list(_rows(found.asked, settings, path))
    if not rows:
        raise nothing_bound(found.tally, path, corpus=corpus, task=settings.name)
    metrics = _metrics(settings)
    require_sound_on(metrics, {settings.lang: [row["reference"] for row in rows]})
    gold = annotated_gold(f"the other side in {settings.lang}", path, found.tally)
    files = [path] if settings.sources is None else [path, beside.folder / settings.sources]
    return Task(
        subject=subject_of(settings, corpus, rows, gold=gold, pool=[fingerprint_of(one) for one in files]),
        items=pa.Table.from_pylist(rows, schema=TASK_ITEMS),
        metrics=metrics,
        read_answer=_read_text,
        read_reference=str,
        reference_lang=settings.lang,
        notes=found.tally.notes,
    )


def _rows(
    asked: Sequence[tuple[Rendering, tuple[_Row, ...]]], settings: TranslationSettings, path: Path
) -> Iterator[_Row]:
    """Make the items; of a document that is asked line by line, both sides have as many.

    Raises:
        InputError: One has not.
    """
    uneven: list[str] = []
    numbers: dict[str, int] = {}
    whole: set[str] = set()
    for rendering, (document,) in asked:
        source, target = rendering.source or document["text"], rendering.text
        pairs = [(source, target)]
        if settings.unit == "line":
            sides = [_lines(source), _lines(target)]
            if len(sides[0]) != len(sides[1]):
                uneven.append(f"{document['id']} ({len(sides[0])} and {len(sides[1])})")
                continue
            pairs = list(zip(*sides, strict=True))
        if not rendering.source:
            _refuse_second(document["id"], whole, rendering, path)
        is_whole = settings.unit == "document" and not rendering.source
        for text, rendered in pairs:
            number = numbers[document["id"]] = numbers.get(document["id"], 0) + 1
            name = document["id"] if is_whole else f"{document['id']}#T{number}"
            yield {**shared_columns(document), "item_id": name, "input": text, "reference": rendered}
    if uneven:
        raise InputError(
            f"{len(uneven)} documents have other numbers of lines than their translations: {named(uneven)}",
            where=str(path),
            remedy='bring the same sentence to the same line, or ask whole documents (unit = "document")',
        )


def _refuse_second(document: str, seen: set[str], rendering: Rendering, path: Path) -> None:
    if document in seen:
        raise InputError(
            f"the document {named([document])} is translated twice, here by {named([rendering.anchor.place])}",
            where=str(path),
            remedy="keep one of the translations: scores are against a single reference",
        )
    seen.add(document)


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.split("\n") if line.strip()]


def _metrics(settings: TranslationSettings) -> tuple[Metric, ...]:
    """Give chrF and BLEU, and TER for lines: its search takes seconds for a long text."""
    names = ("chrf", "bleu", "ter") if settings.asks_lines else ("chrf", "bleu")
    return tuple(text_metric(name, settings.lang) for name in names)


def _read_text(output: object) -> str | None:
    """Read a translation; blanks around it say nothing, and an empty one is none."""
    return (output.strip() or None) if isinstance(output, str) else None


KIND = TaskKind(
    name="translation",
    settings=TranslationSettings,
    derive=derive,
    learns=True,
    read=read_annotations,
    asks_for_text=True,
    pitfalls=(
        "One translation of many that are right is the reference: the figures tell systems apart, and say little by "
        "themselves. Scores hold for one language, normaliser and tokeniser, all in the signature. Published parallel "
        "text stands in what models were trained on: `harness task overlap`. Where the side that is asked was itself "
        "translated, it is simpler than text that people write."
    ),
)
