"""Tasks derived from a corpus: the kinds there are, their settings in `tasks.toml`, and how one is made."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from harness.core.errors import ConfigurationError, HarnessError, NoEvidenceError, raise_all
from harness.core.fingerprints import fingerprint
from harness.core.settings import Settings, parse_settings, read_toml, suggestion
from harness.evaluation.annotations.binding import Beside
from harness.evaluation.tasks import (
    bits_per_byte,
    cloze,
    language_id,
    near_duplicates,
    ner,
    punctuation,
    question_answering,
    residue,
    retrieval,
    sentence_order,
    similarity,
    source,
    spelling,
    summary,
    tokenizer,
    topic,
    translation,
)
from harness.evaluation.tasks.chosen_metrics import with_metrics
from harness.evaluation.tasks.noise import with_noise
from harness.evaluation.tasks.task import (
    CorpusIdentity,
    Example,
    LearningSettings,
    Pool,
    Task,
    TaskBrief,
    TaskKind,
    TaskSettings,
)
from harness.evaluation.tasks.time_split import split_by_time

__all__ = [
    "KINDS",
    "CorpusIdentity",
    "Example",
    "Pool",
    "Task",
    "TaskBrief",
    "TaskKind",
    "TaskSettings",
    "choose",
    "derive",
    "read_tasks",
]

# A new kind of task is a module with a KIND, named here.
KINDS: dict[str, TaskKind] = {
    kind.name: kind
    for kind in (
        language_id.KIND,
        retrieval.KIND,
        near_duplicates.KIND,
        residue.KIND,
        topic.KIND,
        source.KIND,
        tokenizer.KIND,
        bits_per_byte.KIND,
        punctuation.KIND,
        spelling.KIND,
        cloze.KIND,
        ner.KIND,
        question_answering.KIND,
        similarity.KIND,
        translation.KIND,
        sentence_order.KIND,
        summary.KIND,
    )
}


class _TasksFile(Settings):
    tasks: tuple[dict[str, Any], ...] = ()


def read_tasks(path: Path) -> dict[str, TaskSettings]:
    """Read a corpus' `tasks.toml`; without one, every kind that needs no file is a task of its own name.

    Raises:
        ConfigurationError: The file has mistakes, which come together; or it names no task.
    """
    if not path.is_file():
        unaided = {name: kind for name, kind in KINDS.items() if not kind.is_annotated}
        return {name: kind.settings(name=name, kind=name) for name, kind in unaided.items()}
    tasks: dict[str, TaskSettings] = {}
    errors: list[HarnessError] = []
    for number, entry in enumerate(read_toml(path, _TasksFile).tasks):
        where = f"{path}: tasks[{number}]"
        try:
            settings = _settings_of(entry, where)
            _refuse_doubled(settings.name, tasks, where)
            tasks[settings.name] = settings
        except HarnessError as error:
            errors.append(error)
    raise_all(errors)
    if not tasks:
        raise ConfigurationError(
            "the file names no task",
            where=str(path),
            remedy="add a [[tasks]], or remove the file for the defaults",
        )
    return tasks


def choose(tasks: dict[str, TaskSettings], name: str, *, where: str) -> TaskSettings:
    """Pick a task by its name.

    Raises:
        ConfigurationError: There is no such task.
    """
    if name not in tasks:
        raise ConfigurationError(
            f"no task is called '{name}'", where=where, remedy=suggestion(name, list(tasks))
        )
    return tasks[name]


def derive(
    settings: TaskSettings, documents: pa.Table, corpus: CorpusIdentity, beside: Beside | None = None
) -> Task:
    """Make a task from a version's documents, the same one each time.

    Args:
        settings: One task of `read_tasks`.
        documents: Columns of `harness.core.schema.DOCUMENTS` and `split`.
        corpus: Which version these documents are.
        beside: Where annotations lie, and what else the version read; for kinds whose gold is annotated.

    Raises:
        NoEvidenceError: The chosen splits are empty, or hold no gold for this kind of task; or there is nothing to
            learn from, or nothing that noise changes.
        InputError: Annotations have mistakes.
    """
    parted, kept = None, documents
    if isinstance(settings, LearningSettings) and settings.split == "time":
        parted = split_by_time(settings, documents, corpus)
        documents = parted.documents
    chosen = documents.filter(pc.is_in(documents.column("split"), pa.array(settings.splits, pa.string())))
    if chosen.num_rows == 0:
        raise NoEvidenceError(
            f"the task '{settings.name}' has no document in the splits {', '.join(settings.splits)}",
            where=f"{corpus.dataset}@{corpus.version}",
            remedy="choose other splits in tasks.toml, or build a version that keeps documents",
        )
    kind = KINDS[settings.kind]
    make: _Making = kind.derive
    if kind.is_annotated:
        make = partial(kind.derive, beside=replace(beside or Beside(), kept=kept))
    task = make(settings, chosen, corpus)
    task = _with_examples(task, settings, documents, make) if kind.learns else task
    task = parted.told(task) if parted else task
    task = with_metrics(task, settings.metrics) if settings.metrics else task
    if not settings.noise:
        return task
    return with_noise(task, settings.noise, share=settings.noise_share, seed=settings.noise_seed)


_Making = Callable[[TaskSettings, pa.Table, CorpusIdentity], Task]


def _with_examples(task: Task, settings: TaskSettings, documents: pa.Table, make: _Making) -> Task:
    """Add what systems may learn from: items made the same way of `train`, of no cluster that is asked about."""
    asked = pa.array(task.items.column("cluster").unique().to_pylist(), pa.string())
    own = pc.coalesce(documents.column("cluster"), documents.column("id"))
    learnt = documents.filter(pc.and_not(pc.equal(documents.column("split"), "train"), pc.is_in(own, asked)))
    subject = task.subject
    corpus = CorpusIdentity(subject.dataset, subject.version, subject.content_hash)
    lesson = _lesson(settings, learnt, corpus, make)
    content = [subject.task_fingerprint, [[one.input, one.reference] for one in lesson]]
    told = subject.model_copy(update={"task_fingerprint": fingerprint(content)})
    return replace(task, subject=told, examples=lesson)


def _lesson(
    settings: TaskSettings, learnt: pa.Table, corpus: CorpusIdentity, make: _Making
) -> tuple[Example, ...]:
    if not learnt.num_rows:
        raise _nothing_to_learn(settings, corpus, "no document is in it alone")
    as_lesson = settings.model_copy(update={"max_documents": getattr(settings, "max_examples", None)})
    try:
        items = make(as_lesson, learnt, corpus).items
    except NoEvidenceError as error:
        raise _nothing_to_learn(settings, corpus, error.what) from error
    columns = (items.column(name).to_pylist() for name in ("input", "reference"))
    return tuple(Example(*pair) for pair in zip(*columns, strict=True))


def _nothing_to_learn(settings: TaskSettings, corpus: CorpusIdentity, why: str) -> NoEvidenceError:
    return NoEvidenceError(
        f"the task '{settings.name}' has nothing to learn from in the split train: {why}",
        where=f"{corpus.dataset}@{corpus.version}",
        remedy="give the split train a larger share in the recipe, and build again",
    )


def _settings_of(entry: dict[str, Any], where: str) -> TaskSettings:
    kind = entry.get("kind")
    if not isinstance(kind, str) or kind not in KINDS:
        raise ConfigurationError(
            f"no kind of task is called '{kind}'" if kind else "the task does not say its 'kind'",
            where=where,
            remedy=suggestion(str(kind), list(KINDS)),
        )
    settings = parse_settings({"name": kind, **entry}, KINDS[kind].settings, where=where)
    if settings.noise and not KINDS[kind].bears_noise:
        raise ConfigurationError(
            f"in a task of kind '{kind}', with noise something else would be right",
            where=f"{where}: noise",
            remedy="leave it out",
        )
    if settings.metrics and not KINDS[kind].asks_for_text:
        raise ConfigurationError(
            f"answers to a task of kind '{kind}' are no texts, which these metrics read",
            where=f"{where}: metrics",
            remedy="leave it out: the kind has metrics of its own",
        )
    return settings


def _refuse_doubled(name: str, tasks: dict[str, TaskSettings], where: str) -> None:
    if name in tasks:
        raise ConfigurationError(
            f"two tasks are called '{name}'", where=where, remedy="give one of them another 'name'"
        )
