"""Metrics of texts that a task names in `tasks.toml`: built in, or of installed packages; none is trusted untried."""

import re
from collections.abc import Sequence
from dataclasses import replace

from harness.core.errors import ConfigurationError, InputError
from harness.core.settings import suggestion
from harness.evaluation.metrics import Value
from harness.evaluation.tasks.task import MetricChoice, Task
from harness.evaluation.texts.doctor import require_sound_on
from harness.evaluation.texts.known import names, text_metric, user_metrics
from harness.evaluation.texts.reading import TextMetric
from harness.text.language import UNDETERMINED


def with_metrics(task: Task, chosen: Sequence[str | MetricChoice]) -> Task:
    """Score a task whose answers are texts by other metrics than its kind does.

    Args:
        task: Any whose answers are texts.
        chosen: The primary one first.

    Raises:
        ConfigurationError: There is no such metric, one is named twice, it reads the task's languages differently, or
            it compares one text with one text where items have several references.
        NoEvidenceError: The doctor does not trust it in one of the task's languages.
    """
    texts = texts_by_language(task)
    choices = [MetricChoice(metric=one) if isinstance(one, str) else one for one in chosen]
    metrics = tuple(_metric(choice, sorted(texts), task.subject.task) for choice in choices)
    told = [metric.name for metric in metrics]
    doubled = next((name for name in told if told.count(name) > 1), None)
    if doubled:
        raise ConfigurationError(
            f"the metric '{doubled}' is named twice",
            where=_where(task.subject.task),
            remedy="keep one of them, or make two tasks of it",
        )
    for metric in metrics:
        _require_readable(metric, task)
    require_sound_on(metrics, texts)
    return replace(task, metrics=metrics)


def texts_by_language(task: Task) -> dict[str, list[Value]]:
    """Give a task's references by their language; of several for an item, the first."""
    firsts = [one if isinstance(one, str) else one[0] for one in task.references]
    if task.reference_lang:
        return {task.reference_lang: [*firsts]}
    texts: dict[str, list[Value]] = {}
    for language, text in zip(task.items.column("lang").to_pylist(), firsts, strict=True):
        texts.setdefault(language or UNDETERMINED, []).append(text)
    known = {language: own for language, own in texts.items() if language != UNDETERMINED}
    return known or texts


def _metric(choice: MetricChoice, languages: Sequence[str], task: str) -> TextMetric:
    """Make a metric as it fits all of the task's languages."""
    made = {metric.signature: metric for metric in (_made(choice, one, task) for one in languages)}
    if len(made) > 1:
        raise ConfigurationError(
            f"'{choice.metric}' reads texts in {', '.join(languages)} in several ways, which makes no one number",
            where=_where(task),
            remedy=f'say how: {{ metric = "{choice.metric}", normaliser = "ar-light", tokeniser = "words" }}, where it '
            "counts tokens",
        )
    return next(iter(made.values()))


def _made(choice: MetricChoice, language: str, task: str) -> TextMetric:
    built_in = {_plain(name): name for name in names()}
    name = built_in.get(_plain(choice.metric))
    if name is not None:
        try:
            return text_metric(name, language, normaliser=choice.normaliser, tokeniser=choice.tokeniser)
        except ConfigurationError as error:
            place = f"{_where(task)}: {error.where}" if error.where else _where(task)
            raise ConfigurationError(error.what, where=place, remedy=error.remedy) from error
    brought = {metric.name: metric for metric in user_metrics(language)}
    if choice.metric not in brought:
        raise ConfigurationError(
            f"no metric of texts is called '{choice.metric}'",
            where=_where(task),
            remedy=suggestion(choice.metric, [*names(), *brought]),
        )
    if choice.normaliser or choice.tokeniser:
        raise ConfigurationError(
            f"how the metric '{choice.metric}' reads is its package's business",
            where=_where(task),
            remedy="leave 'normaliser' and 'tokeniser' out",
        )
    return brought[choice.metric]


def _plain(name: str) -> str:
    """Read a name however it is spelt: `rouge-L`, `rougeL`; `exact-match`, `exact_match`."""
    return re.sub("[-_]", "", name).lower()


def _require_readable(metric: TextMetric, task: Task) -> None:
    """Refuse before anything is run what would be refused behind it."""
    reference = next(iter(task.references))
    if metric.unit == "tags":
        raise ConfigurationError(
            f"the metric '{metric.name}' compares tags, and answers here are texts",
            where=_where(task.subject.task),
            remedy="choose a metric of texts",
        )
    if isinstance(reference, str):
        return
    try:
        metric.statistics([reference], [None])
    except InputError as error:
        raise ConfigurationError(
            f"the metric '{metric.name}' takes one reference, and items here have several",
            where=_where(task.subject.task),
            remedy=error.remedy,
        ) from error


def _where(task: str) -> str:
    return f"tasks.toml: {task}: metrics"
