"""Language identification: which language is this document, this line, or this handful of words in?"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Literal, Self

import pyarrow as pa
from pydantic import Field, model_validator

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
from harness.text.windows import word_windows

_MIN_LETTERS = 20
_LETTERS_A_WORD = 2
_WORDS = 3
_WINDOWS_PER_DOCUMENT = 8
_TAG = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{1,8})*")


class LanguageIdSettings(TaskSettings):
    """Settings of `kind = "language-id"`.

    `unit` says what an item is: each line, each document, or `words`: consecutive windows of so many words
    of each line, at most `windows_per_document` of them, spread evenly, so that long documents do not
    outweigh short ones. Lines and documents of news are easy for any identifier; titles, messages and
    queries are as short as three words.

    `min_letters` leaves out texts with fewer letters: on a date or a lone name nobody can be right. The
    default is 20, where the build, too, stops to measure a language; for windows it is two letters a word,
    which leaves out one in fifty (measured on NTREX, 19 languages, 2 to 5 words).

    `headlines = true` asks headlines as lines, too; without it they are left out where they stand apart from the text.

    `compare` says when two tags count as one (see `harness.evaluation.metrics.label_metrics`).
    """

    kind: Literal["language-id"] = "language-id"
    unit: Literal["line", "document", "words"] = "line"
    words: int = Field(default=_WORDS, ge=1, le=100)
    windows_per_document: int = Field(default=_WINDOWS_PER_DOCUMENT, ge=1)
    min_letters: int | None = Field(default=None, ge=1)
    headlines: bool = False
    compare: Comparing = "macrolanguage"

    @model_validator(mode="after")
    def _refuse_idle_settings(self) -> Self:
        idle = sorted({"words", "windows_per_document"} & self.model_fields_set)
        if idle and self.unit != "words":
            raise ValueError(f"'{idle[0]}' says nothing about a {self.unit}: it belongs to unit = \"words\"")
        if self.headlines and self.unit != "line":
            raise ValueError(f"'headlines' says nothing about a {self.unit}: it belongs to unit = \"line\"")
        return self

    @property
    def fewest_letters(self) -> int:
        """Letters that a text needs to be asked about."""
        if self.min_letters is not None:
            return self.min_letters
        return _LETTERS_A_WORD * self.words if self.unit == "words" else _MIN_LETTERS


def derive(settings: LanguageIdSettings, documents: pa.Table, corpus: CorpusIdentity) -> Task:
    """Make items of each document that declares its language: of all of it, its lines, or some of its words.

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
        for item_id, text in _UNITS[settings.unit](document, settings)
    ]
    if not rows:
        raise no_gold(
            f"no {_unit_in_words(settings)} has {settings.fewest_letters} letters or more",
            corpus=corpus,
            task=settings.name,
            remedy="lower min_letters in tasks.toml",
        )
    gold = (
        f"the language that each document's own metadata declares, for every {_unit_in_words(settings)} of it"
    )
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


_Texts = Iterable[tuple[str, str]]


def _document(document: Mapping[str, Any], settings: LanguageIdSettings) -> _Texts:
    return _long_enough([(document["id"], document["text"])], settings)


def _lines(document: Mapping[str, Any], settings: LanguageIdSettings) -> _Texts:
    lines = enumerate(document["text"].split("\n"), start=1)
    headline = [(f"{document['id']}#title", document["title"] or "")] if settings.headlines else []
    numbered = [(f"{document['id']}#L{number}", line) for number, line in lines]
    return _long_enough([*headline, *numbered], settings)


def _windows(document: Mapping[str, Any], settings: LanguageIdSettings) -> _Texts:
    """Take windows from the middles of equal stretches of all that the document has."""
    lines = enumerate(document["text"].split("\n"), start=1)
    cut = [
        (f"{document['id']}#L{number}W{first}", window)
        for number, line in lines
        for first, window in word_windows(line, settings.words)
    ]
    fit = _long_enough(cut, settings)
    taken = min(len(fit), settings.windows_per_document)
    return [fit[(2 * place + 1) * len(fit) // (2 * taken)] for place in range(taken)]


def _long_enough(texts: Sequence[tuple[str, str]], settings: LanguageIdSettings) -> list[tuple[str, str]]:
    return [(item_id, text) for item_id, text in texts if _letters(text) >= settings.fewest_letters]


def _letters(text: str) -> int:
    return sum(map(str.isalpha, text))


_UNITS: dict[str, Callable[[Mapping[str, Any], LanguageIdSettings], _Texts]] = {
    "document": _document,
    "line": _lines,
    "words": _windows,
}


def _unit_in_words(settings: LanguageIdSettings) -> str:
    return f"window of {settings.words} words" if settings.unit == "words" else settings.unit


KIND = TaskKind(
    name="language-id",
    settings=LanguageIdSettings,
    derive=derive,
    pitfalls=(
        "A line in another language than its document (a quotation, a caption) counts against whoever tells "
        "it rightly. Lines of one document are resampled together. A window of a few words may be all names, or "
        "words that several languages share, as those in Arabic script share many: there the declared language "
        "is one right answer of several, and no system can reach 100 %. In scripts without blanks two characters "
        "count as a word."
    ),
)
