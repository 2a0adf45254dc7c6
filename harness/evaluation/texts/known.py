"""Which metrics of texts there are: by name for a language, by signature, and from packages of users."""

import functools
import itertools
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from importlib import metadata

from harness.core.errors import ConfigurationError
from harness.core.settings import suggestion
from harness.evaluation.metrics import Metric
from harness.evaluation.texts.answers import exact_match, token_f1
from harness.evaluation.texts.bleu import bleu
from harness.evaluation.texts.chrf import chrf
from harness.evaluation.texts.edits import character_error_rate, translation_error_rate, word_error_rate
from harness.evaluation.texts.reading import Case, Reading, TextMetric
from harness.evaluation.texts.rouge import rouge_l, rouge_n
from harness.evaluation.texts.spans import span_f1
from harness.text.levels import level_called
from harness.text.scripts import written_in
from harness.text.tokens import tokenisers

ENTRY_POINTS = "harness.metrics"
_OF_CHARACTERS = ""
_SCRIPT_LETTERS = 4  # of an ISO 15924 code


@dataclass(frozen=True)
class _Kind:
    """A metric as it is made, and how it reads unless told otherwise.

    Args:
        make: Makes the metric.
        in_latin: The tokeniser where a language is, or may be, written in Latin script; "" counts characters.
        elsewhere: The tokeniser for all others.
        case: Whether capitals count.
    """

    make: Callable[[Reading], TextMetric]
    in_latin: str
    elsewhere: str
    case: Case = "mixed"


# In Latin script, what the package that published scores come from does; elsewhere, what knows the script.
_KINDS: Mapping[str, _Kind] = {
    "bleu": _Kind(bleu, "13a", "words"),
    "chrf": _Kind(chrf, _OF_CHARACTERS, _OF_CHARACTERS),
    "chrf++": _Kind(chrf, "edges", "words"),
    "ter": _Kind(translation_error_rate, "space", "words", "lower"),
    "rouge1": _Kind(functools.partial(rouge_n, 1), "terms", "terms", "lower"),
    "rouge2": _Kind(functools.partial(rouge_n, 2), "terms", "terms", "lower"),
    "rougeL": _Kind(rouge_l, "terms", "terms", "lower"),
    "exact_match": _Kind(exact_match, "answer", "answer", "lower"),
    "token_f1": _Kind(token_f1, "answer", "answer", "lower"),
    "cer": _Kind(character_error_rate, _OF_CHARACTERS, _OF_CHARACTERS),
    "wer": _Kind(word_error_rate, "space", "words"),
}
_SPAN_F1 = "span_f1"


def names() -> tuple[str, ...]:
    """Name the metrics that are built in."""
    return (*_KINDS, _SPAN_F1)


def text_metric(name: str, language: str, *, normaliser: str = "", tokeniser: str = "") -> TextMetric:
    """Make a metric as it fits a language.

    Args:
        name: One of `names()`.
        language: BCP-47 tag of the references.
        normaliser: A level of `harness.text.levels`; by default `ar-light` for languages in Arabic script
            (and not in Latin, too), where the same word is spelt in several ways that no reader tells apart, else `raw`.
        tokeniser: One of `harness.text.tokens`, for metrics that count tokens; by default what the package
            does that published scores come from, where it knows the script, else `words`.

    Raises:
        ConfigurationError: There is no such metric, level or tokeniser, or it takes no tokeniser.
    """
    if name == _SPAN_F1:
        _refuse_reading(name, normaliser or tokeniser)
        return span_f1()
    kind = _kind_called(name)
    usual = kind.in_latin if "Latn" in scripts_of(language) else kind.elsewhere
    if not usual:
        _refuse_reading(name, tokeniser)
    level = level_called(normaliser or _level_for(language)).name
    return kind.make(Reading(level, _tokeniser_called(tokeniser) if tokeniser else usual, kind.case))


def scripts_of(language: str) -> frozenset[str]:
    """Take the script that a tag names, such as `ku-Arab`, else all that its language is written in, Latin first."""
    _, *subtags = re.split("[-_]", language)
    named = frozenset(
        subtag.title() for subtag in subtags if len(subtag) == _SCRIPT_LETTERS and subtag.isalpha()
    )
    scripts = named or written_in(language)
    return frozenset({"Latn"}) if "Latn" in scripts else scripts


def metric_of(signature: str) -> TextMetric | None:
    """Find a built-in metric by the signature of a score, to count stored answers anew.

    Returns:
        The metric; None where the signature is of no metric here, or of another version of it.
    """
    name, *fields = signature.split("|")
    if name == _SPAN_F1:
        return span_f1() if span_f1().signature == signature else None
    told = dict(field.split(":", 1) for field in fields if ":" in field)
    tokeniser = told.get("tok", "").partition(".")[0].replace("none", "")
    if name not in _KINDS or told.get("case") not in {"mixed", "lower"}:
        return None
    case: Case = "lower" if told["case"] == "lower" else "mixed"
    metric = _KINDS[name].make(Reading(told.get("norm", ""), tokeniser, case))
    return metric if metric.signature == signature else None


def user_metrics(language: str) -> tuple[TextMetric, ...]:
    """Give the metrics that installed packages bring, by the entry point group `harness.metrics`.

    Each entry point names a function that takes a language's BCP-47 tag and gives a `Metric`; a `TextMetric`
    also says its best and worst value, and how it reads.

    Raises:
        ConfigurationError: One cannot be loaded, or does not give a metric.
    """
    found = sorted(metadata.entry_points(group=ENTRY_POINTS), key=lambda entry: entry.name)
    return tuple(_loaded(entry, language) for entry in found)


def user_metric_of(signature: str, languages: Iterable[str]) -> TextMetric | None:
    """Find a metric of an installed package by the signature of a score.

    Args:
        signature: The score's.
        languages: BCP-47 tags to ask for: a package may read each language in its own way.

    Returns:
        The metric; None where no package brings it, or the one that does is broken by now.
    """
    entries = metadata.entry_points(group=ENTRY_POINTS)
    for entry, language in itertools.product(entries, tuple(languages)):
        try:
            metric = _loaded(entry, language)
        except ConfigurationError:
            continue
        if metric.signature == signature:
            return metric
    return None


def _loaded(entry: metadata.EntryPoint, language: str) -> TextMetric:
    where = f"entry point {ENTRY_POINTS}: {entry.name} = {entry.value}"
    try:
        metric = entry.load()(language)
    except Exception as error:
        raise ConfigurationError(
            f"the metric cannot be loaded: {type(error).__name__}: {error}",
            where=where,
            remedy="mend or uninstall the package that brings it",
        ) from error
    if not isinstance(metric, Metric):
        raise ConfigurationError(
            f"this gives no Metric but a {type(metric).__name__}",
            where=where,
            remedy="name a function that takes a language and returns harness.evaluation.metrics.Metric",
        )
    return TextMetric.of(metric)


def _level_for(language: str) -> str:
    return "ar-light" if "Arab" in scripts_of(language) else "raw"


def _kind_called(name: str) -> _Kind:
    if name not in _KINDS:
        raise ConfigurationError(
            f"no metric of texts is called '{name}'", where="metric", remedy=suggestion(name, list(names()))
        )
    return _KINDS[name]


def _tokeniser_called(name: str) -> str:
    if name not in tokenisers():
        raise ConfigurationError(
            f"no tokeniser is called '{name}'", where="tokeniser", remedy=suggestion(name, list(tokenisers()))
        )
    return name


def _refuse_reading(name: str, given: str) -> None:
    if given:
        raise ConfigurationError(
            f"the metric '{name}' has no use for '{given}'", where=f"metric {name}", remedy="leave it out"
        )
