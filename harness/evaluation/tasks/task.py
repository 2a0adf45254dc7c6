"""What a task is: items with a stated gold, the pool to choose from, and how answers are read and scored."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any, Literal, Self, TypeVar

import pyarrow as pa
from pydantic import Field, field_validator, model_validator

from harness.core.errors import NoEvidenceError
from harness.core.fingerprints import fingerprint, sha256_of
from harness.core.settings import Settings
from harness.evaluation.items import TASK_ITEMS as TASK_ITEMS  # noqa: PLC0414 - part of this door
from harness.evaluation.metrics import Metric, Value
from harness.evaluation.results import Subject
from harness.text.language import UNDETERMINED
from harness.text.tags import shortest_tag

# Settings that say all that they do by the items and examples that they make, which are hashed: where they are left
# out, a task is what it was before they were known. Metrics say what answers are scored by, not what is asked, and
# stand in their signatures. Of files the content is hashed, as the pool.
_SEEN_IN_ITEMS = {
    "noise",
    "noise_share",
    "noise_seed",
    "headlines",
    "split",
    "since",
    "metrics",
    "annotations",
    "sources",
}

SplitName = Literal["train", "validation", "test"]
NoiseName = Literal["mojibake", "presentation-forms", "ocr-dots", "typing", "diacritics", "digits"]
_ALL_SPLITS: tuple[SplitName, ...] = ("train", "validation", "test")


_Name = TypeVar("_Name", bound=str)


def each_once(names: tuple[_Name, ...]) -> tuple[_Name, ...]:
    """Refuse a name that a setting holds twice: its items would be asked twice, under the same ids."""
    doubled = next((name for name in names if names.count(name) > 1), None)
    if doubled is not None:
        raise ValueError(f"'{doubled}' is named twice: keep one of them")
    return names


class MetricChoice(Settings):
    """A metric of texts: its name, and how it reads where that is not what its language is read by.

    `normaliser` is a level (`raw`, `nfkc`, `ar-light`, `ar-heavy`), `tokeniser` one of `13a`, `intl`, `words`, `terms`,
    `char`, `space`, `edges`, `answer`; see docs/metrics.md.
    """

    metric: str = Field(min_length=1)
    normaliser: str = ""
    tokeniser: str = ""


class TaskSettings(Settings):
    """What every kind of task can be told in `tasks.toml`.

    Systems that learned nothing from the corpus may be scored on all of it; `splits` narrows that.

    `noise` asks each item once more with each noise that is named, so that a system's robustness shows: text read
    in a wrong encoding, presentation forms, letters with other dots, typing errors, vowel signs, other digits. Hit is
    `noise_share` of the words (of the lines, for mojibake; digits all), drawn by `noise_seed`.

    `metrics` names metrics of texts to score by in place of the kind's own, the primary one first, each as a name
    or as `{ metric, normaliser, tokeniser }`; for kinds whose answers are texts.
    """

    name: str = Field(pattern=r"^[a-z0-9][a-z0-9.-]{0,63}$")
    kind: str
    splits: tuple[SplitName, ...] = Field(default=_ALL_SPLITS, min_length=1)
    noise: tuple[NoiseName, ...] = ()
    noise_share: float = Field(default=0.3, gt=0, le=1)
    noise_seed: int = Field(default=0, ge=0)
    metrics: tuple[str | MetricChoice, ...] = ()

    _each_once = field_validator("splits", "noise")(each_once)


class SampledSettings(TaskSettings):
    """Settings of a kind that draws: where damage is planted, which documents are asked about.

    `seed` fixes every draw. Of a corpus with more than `max_documents` in the chosen splits so many are drawn;
    which ones depends on their ids and the seed alone.
    """

    seed: int = Field(default=0, ge=0)
    max_documents: int = Field(default=1000, ge=1)


class LearningSettings(SampledSettings):
    """Settings of a kind whose systems may learn first: from items made the same way of the split `train`.

    No document of `train`, and none of a cluster that is asked about, is both learnt from and asked about. Of
    `train`, at most `max_examples` documents are drawn.

    `split = "time"` takes the place of the recipe's splits: learnt is from documents that appeared before the day
    `since` (in UTC; by default the day before which four fifths of the dated ones appeared), asked about those that
    appeared since. Documents without a date take no part, which the task's gold tells.
    """

    splits: tuple[SplitName, ...] = Field(default=("validation", "test"), min_length=1)
    max_examples: int = Field(default=10_000, ge=1)
    split: Literal["recipe", "time"] = "recipe"
    since: date | None = None

    @field_validator("splits")
    @classmethod
    def _refuse_train(cls, splits: tuple[SplitName, ...]) -> tuple[SplitName, ...]:
        if "train" in splits:
            raise ValueError("systems learn from 'train', so that they cannot be asked about it")
        return splits

    @model_validator(mode="after")
    def _refuse_idle_splits(self) -> Self:
        if self.split == "time" and "splits" in self.model_fields_set:
            raise ValueError("with split = \"time\" the day parts the documents: 'splits' says nothing")
        if self.split != "time" and self.since is not None:
            raise ValueError("'since' belongs to split = \"time\"")
        return self


@dataclass(frozen=True)
class CorpusIdentity:
    """Which version of which corpus a task is derived from."""

    dataset: str
    version: str
    content_hash: str


@dataclass(frozen=True)
class Pool:
    """What a retrieval system searches: candidates' ids and texts, in one order, and how many to return."""

    ids: tuple[str, ...]
    texts: tuple[str, ...]
    top_k: int


@dataclass(frozen=True)
class Example:
    """An item of the split `train` with its reference, for systems that learn. It is never asked about.

    `reference` has the form of the items' column: a label, a text, or a JSON list.
    """

    input: str
    reference: str


@dataclass(frozen=True)
class TaskBrief:
    """All that a system may know of a task before it is asked: never a reference of an item.

    Args:
        kind: The kind of task.
        item_ids: The items, in order.
        pool: The candidates, for kinds that choose among some.
        inputs: What will be asked, in the order of `item_ids`; for systems that look at all texts at once.
        examples: What may be learnt from, for kinds that have it.
        answer_lang: Tag of the language that answers are to be in, for kinds that ask for another than the text's.
    """

    kind: str
    item_ids: tuple[str, ...]
    pool: Pool | None = None
    inputs: tuple[str, ...] = ()
    examples: tuple[Example, ...] = ()
    answer_lang: str = ""


@dataclass(frozen=True)
class Task:
    """A task as derived from one version.

    Args:
        subject: What it is, for results; its fingerprint covers items, pool, settings and gold.
        items: Columns of TASK_ITEMS, one row an item, in the order of documents and lines.
        metrics: The primary one first.
        read_answer: Reads a system's output, or gives None where it is no answer to this kind of task.
        read_reference: Reads the `reference` column.
        pool: The candidates, for kinds that choose among some.
        examples: What systems may learn from, of other documents and clusters than the items.
        fits: Tells whether an answer can be one to the item with this `reference`, such as one tag a token; None
            where any that can be read is.
        reference_lang: BCP-47 tag of all references, where it is not the items' own.
        notes: What was left out of the task, by name.
    """

    subject: Subject
    items: pa.Table
    metrics: tuple[Metric, ...]
    read_answer: Callable[[object], Value | None]
    read_reference: Callable[[str], Value]
    pool: Pool | None = None
    examples: tuple[Example, ...] = ()
    fits: Callable[[str, Value], bool] | None = None
    reference_lang: str = ""
    notes: tuple[str, ...] = ()

    @property
    def brief(self) -> TaskBrief:
        """What a system gets to see beforehand."""
        return TaskBrief(
            self.subject.kind,
            tuple(self.items.column("item_id").to_pylist()),
            self.pool,
            inputs=tuple(self.items.column("input").to_pylist()),
            examples=self.examples,
            answer_lang=self.reference_lang,
        )

    @property
    def references(self) -> list[Value]:
        """What is right, in the order of the items."""
        return [self.read_reference(reference) for reference in self.items.column("reference").to_pylist()]

    def read(self, item_id: str, output: object) -> Value | None:
        """Read a system's output to an item; None where it is no answer to it."""
        answer = self.read_answer(output)
        if answer is None or self.fits is None or self.fits(self._reference_of[item_id], answer):
            return answer
        return None

    @cached_property
    def _reference_of(self) -> Mapping[str, str]:
        columns = (self.items.column(name).to_pylist() for name in ("item_id", "reference"))
        return dict(zip(*columns, strict=True))


@dataclass(frozen=True)
class TaskKind:
    """One way to make a task out of documents.

    Args:
        name: Its name in `tasks.toml`.
        settings: The model of its settings.
        derive: Makes the task from settings, documents (already narrowed to the chosen splits) and the
            identity of the version.
        pitfalls: What its scores do not say, in a sentence or two for the reader.
        learns: Whether its systems may learn from the split `train` first; its settings are then
            `LearningSettings`.
        bears_noise: Whether what is right stays right where the input is noisy.
        read: Reads the file of the user's that its gold stands in, given the settings and the folder of `tasks.toml`;
            None for kinds without one.
        asks_for_text: Whether answers are texts, which metrics of texts read.
    """

    name: str
    settings: type[TaskSettings]
    derive: Callable[..., Task]
    pitfalls: str
    learns: bool = False
    bears_noise: bool = True
    read: Callable[[Any, Path], object] | None = None
    asks_for_text: bool = False

    @property
    def is_annotated(self) -> bool:
        """Whether its gold is a file of the user's.

        `derive` then takes a fourth argument, what lies beside the documents, and there is no such task by default.
        """
        return self.read is not None


def subject_of(
    settings: TaskSettings, corpus: CorpusIdentity, rows: Sequence[Mapping[str, Any]], *, gold: str, pool: Any
) -> Subject:
    """Describe a task and hash all that an answer or a score can depend on.

    Args:
        settings: The task's settings.
        corpus: The version.
        rows: The items.
        gold: Where the reference comes from, in a sentence.
        pool: JSON of the candidates, or None.
    """
    told = settings.model_dump(mode="json", exclude=_SEEN_IN_ITEMS)
    content = [told, gold, list(rows), pool]
    present = {row["split"] for row in rows}
    return Subject(
        task=settings.name,
        kind=settings.kind,
        dataset=corpus.dataset,
        version=corpus.version,
        content_hash=corpus.content_hash,
        task_fingerprint=fingerprint(content),
        gold=gold,
        splits=tuple(split for split in settings.splits if split in present),
        items=len(rows),
        clusters=len({row["cluster"] for row in rows}),
    )


def shared_columns(document: Mapping[str, Any]) -> dict[str, Any]:
    """Give what an item takes over from its document: where it belongs, and the slices it counts in.

    `lang` is the declared language where one is declared, else the measured one.
    """
    declared = shortest_tag(document["lang_declared"] or UNDETERMINED)
    return {
        "document_id": document["id"],
        "cluster": document["cluster"] or document["id"],
        "split": document["split"],
        "lang": document["lang"] if declared == UNDETERMINED else declared,
        "source": document["source"],
        "section": document["section"],
        "title": document["title"],
    }


def sampled(documents: pa.Table, settings: SampledSettings) -> list[dict[str, Any]]:
    """Take at most `max_documents` documents, in their order: those whose ids, hashed with the seed, come first."""
    rows = documents_as_rows(documents)
    if len(rows) <= settings.max_documents:
        return rows
    chosen = sorted(range(len(rows)), key=lambda row: sha256_of(f"{settings.seed} {rows[row]['id']}"))
    return [rows[row] for row in sorted(chosen[: settings.max_documents])]


DOCUMENT_COLUMNS = (
    "id", "text", "title", "source", "section", "lang_declared", "lang", "cluster", "split",
)  # fmt: skip


def documents_as_rows(documents: pa.Table) -> list[dict[str, Any]]:
    """Take from the documents what tasks are made of."""
    rows: list[dict[str, Any]] = documents.select(list(DOCUMENT_COLUMNS)).to_pylist()
    return rows


def no_gold(what: str, *, corpus: CorpusIdentity, task: str, remedy: str) -> NoEvidenceError:
    """Say that a task cannot be derived because what is right is not known."""
    return NoEvidenceError(
        f"the task '{task}' has no item: {what}",
        where=f"{corpus.dataset}@{corpus.version}",
        remedy=remedy,
    )
