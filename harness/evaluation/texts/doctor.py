"""The metric doctor: whether a metric measures what it says, tried on texts of a language before it is trusted there.

Widely used metrics fail here without a word: ROUGE as usually installed gives an Arabic text against itself 0,
and BLEU's usual tokeniser leaves ، ؛ ؟ on the word.
"""

import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from harness.core.errors import NoEvidenceError
from harness.evaluation.metrics import Metric, Value
from harness.evaluation.resampling import Floats
from harness.evaluation.texts.known import scripts_of
from harness.evaluation.texts.reading import Reading, TextMetric
from harness.text.language import UNDETERMINED
from harness.text.language_data import language_table
from harness.text.levels import claims, levels

_EXACT = 1e-9  # far below what a score is read at, far above what rounding does to one
# Of the way from an empty answer to the reference itself, on the sentences of `samples.toml`. Unrelated ones get 0.25
# at most (ROUGE-L in Thai, then CER in Hebrew and Persian with 0.22), those that share two words 0.39 (CER in Korean,
# where the shared characters are a third of the sentence). ROUGE as usually installed gives 1.0 to the latter in
# Arabic. The price: ROUGE-1 and token F1 are refused in Thai, whose few letters stand in any two sentences.
_MOST_FOR_UNRELATED = 0.3
_MOST_FOR_SHARING = 0.5
_SENTENCES = 6
# A share of a task's texts. Languages that are measured, not declared, are sometimes wrong; one text that was taken for
# Greek must not refuse a task in Arabic.
_FEWEST_OF_A_LANGUAGE = 0.05
# These say that they part punctuation from words; `space` and `edges` do not, and leave that to who chooses them.
_PARTING = frozenset({"13a", "intl", "words", "terms", "answer", "char"})
_SCRIPT_MARKS = re.compile("([,،;؛?？؟。，；।！])")


@dataclass(frozen=True)
class Check:
    """One promise that was put to the test.

    Args:
        promise: What has to be, in a few words.
        observed: What was found.
        passed: Whether it is so.
    """

    promise: str
    observed: str
    passed: bool


@dataclass(frozen=True)
class Diagnosis:
    """What the doctor found out about a metric.

    Args:
        metric: Its name.
        signature: Its signature.
        language: BCP-47 tag that it was asked about.
        tried_on: The language of the sentences, which shares the script; "tags" for metrics of tags, "its own
            texts" where those of the caller served.
        checks: Every promise, in the order in which they were tried.
    """

    metric: str
    signature: str
    language: str
    tried_on: str
    checks: tuple[Check, ...]

    @property
    def failed(self) -> tuple[Check, ...]:
        """The promises that do not hold."""
        return tuple(check for check in self.checks if not check.passed)

    @property
    def is_sound(self) -> bool:
        """Whether something was tried and everything holds."""
        return bool(self.checks) and not self.failed


@dataclass(frozen=True)
class _Samples:
    """References, answers to other matters, and answers to other matters that share a word and a number."""

    references: Sequence[Value]
    unrelated: Sequence[Value]
    sharing: tuple[Sequence[Value], Sequence[Value]]


def require_sound_on(metrics: Iterable[Metric], texts: Mapping[str, Sequence[Value]]) -> None:
    """Refuse a task whose metrics of texts do not measure what they say in each of its languages.

    Args:
        metrics: The task's; those that are no `TextMetric` are passed over.
        texts: References by language tag. Passed over are `und`, since nothing is known of its script, and
            languages of fewer than one text in twenty.

    Raises:
        NoEvidenceError: See `require_sound`.
    """
    fewest = sum(map(len, texts.values())) * _FEWEST_OF_A_LANGUAGE
    languages = [tag for tag, own in sorted(texts.items()) if tag != UNDETERMINED and len(own) >= fewest]
    for metric in metrics:
        for language in languages if isinstance(metric, TextMetric) else ():
            require_sound(metric, language, texts[language])


def require_sound(metric: Metric, language: str, texts: Sequence[Value] = ()) -> None:
    """Refuse a metric that does not measure what it says in a language.

    Raises:
        NoEvidenceError: It fails a check, or there is nothing to try it on.
    """
    diagnosis = diagnose(metric, language, texts)
    if not diagnosis.is_sound:
        broken = "; ".join(f"{check.promise}: {check.observed}" for check in diagnosis.failed)
        raise NoEvidenceError(
            f"the metric '{metric.name}' cannot be trusted on texts in '{language}': {broken}",
            where=metric.signature,
            remedy="choose another metric, normaliser or tokeniser; `harness doctor metrics` tells which are sound",
        )


def diagnose(metric: Metric, language: str, texts: Sequence[Value] = ()) -> Diagnosis:
    """Try a metric on sentences of a language, or of one that shares its script.

    Args:
        metric: Built in or from elsewhere; see `TextMetric.of`.
        language: BCP-47 tag.
        texts: Texts of the language that serve where there are no sentences in its script: the first six that
            differ.

    Raises:
        NoEvidenceError: There is nothing to try it on.
    """
    told = TextMetric.of(metric)
    tried_on, samples = ("tags", _tag_samples()) if told.unit == "tags" else _chosen_samples(language, texts)
    return Diagnosis(metric.name, metric.signature, language, tried_on, tuple(_guarded(told, samples)))


def _guarded(metric: TextMetric, samples: _Samples) -> Iterator[Check]:
    try:
        yield from _checks(metric, samples)
    except Exception as error:  # noqa: BLE001 - a metric of anybody's; that it raises is the finding
        yield Check("it gives a score", f"{type(error).__name__}: {error}", passed=False)


def _checks(metric: TextMetric, samples: _Samples) -> Iterator[Check]:
    right = samples.references
    nothing: list[Value | None] = [None] * len(right)
    yield _equals(
        "an answer that is the reference scores the best", metric.best, _score(metric, right, right)
    )
    yield _equals("no answer scores the worst", metric.worst, _score(metric, right, nothing))
    if metric.unit == "text":
        yield _equals(
            "an empty answer scores the worst", metric.worst, _score(metric, right, [""] * len(right))
        )
    unrelated = _score(metric, right, samples.unrelated)
    yield _low("unrelated answers score low", metric, unrelated, _MOST_FOR_UNRELATED)
    sharing = _score(metric, *samples.sharing)
    yield _low("a shared number and foreign word make no answer right", metric, sharing, _MOST_FOR_SHARING)
    yield _half_way(metric, samples)
    yield _any_order(metric, samples)
    yield _item_by_item(metric, samples)
    if metric.reading is not None:
        yield from _folds(metric, metric.reading, right)
        yield from _punctuation(metric, metric.reading, right)


def _low(promise: str, metric: TextMetric, score: float, most: float) -> Check:
    gained = (score - metric.worst) / (metric.best - metric.worst)
    return Check(promise, f"scored {_written(score)}", passed=gained <= most)


def _half_way(metric: TextMetric, samples: _Samples) -> Check:
    half = len(samples.references) // 2
    mixed = [*samples.references[:half], *samples.unrelated[half:]]
    scores = [
        _score(metric, samples.references, answers)
        for answers in (samples.unrelated, mixed, samples.references)
    ]
    is_between = min(scores[0], scores[2]) < scores[1] < max(scores[0], scores[2])
    return Check(
        "half of the answers right scores between none and all",
        " < ".join(map(_written, scores)) if is_between else f"scored {', '.join(map(_written, scores))}",
        passed=is_between,
    )


def _any_order(metric: TextMetric, samples: _Samples) -> Check:
    half = len(samples.references) // 2
    answers = [*samples.references[:half], *samples.unrelated[half:]]
    one, other = (
        _score(metric, samples.references, answers),
        _score(metric, samples.references[::-1], answers[::-1]),
    )
    return _equals("the order of items does not matter", one, other)


def _item_by_item(metric: TextMetric, samples: _Samples) -> Check:
    """Resampling adds up items in any number: what one counts must not depend on the others."""
    together = metric.statistics(samples.references, samples.unrelated)
    alone = [
        metric.statistics([right], [said])
        for right, said in zip(samples.references, samples.unrelated, strict=True)
    ]
    is_same = all(one.shape == together[:1].shape for one in alone) and np.allclose(
        np.concatenate(alone), together, rtol=0, atol=_EXACT
    )
    return Check(
        "an item counts the same alone as among others",
        "the same" if is_same else "other counts",
        passed=is_same,
    )


def _folds(metric: TextMetric, reading: Reading, right: Sequence[Value]) -> Iterator[Check]:
    """Put each of two spellings into every sentence: they score as one exactly where the level says so."""
    folded = levels()[reading.normaliser].folds
    for fold, (one, other) in claims().items():
        references, answers = ([_with_word(text, word) for text in right] for word in (one, other))
        score = _score(metric, references, answers)
        is_one = math.isclose(score, metric.best, abs_tol=_EXACT)
        promise = f"{reading.normaliser} {'overlooks' if fold in folded else 'tells apart'} {fold} ({one} / {other})"
        yield Check(promise, f"scored {_written(score)}", passed=is_one == (fold in folded))


def _punctuation(metric: TextMetric, reading: Reading, right: Sequence[Value]) -> Iterator[Check]:
    if reading.tokeniser not in _PARTING:
        return
    apart = [_SCRIPT_MARKS.sub(r" \1 ", str(text)) for text in right]
    yield _equals(
        f"{reading.tokeniser} parts the script's punctuation from words",
        metric.best,
        _score(metric, right, apart),
    )


def _equals(promise: str, expected: float, observed: float) -> Check:
    is_so = math.isclose(expected, observed, abs_tol=_EXACT)
    return Check(
        promise,
        f"scored {_written(observed)}" + ("" if is_so else f", not {_written(expected)}"),
        passed=is_so,
    )


def _score(metric: Metric, references: Sequence[Value], answers: Sequence[Value | None]) -> float:
    statistics: Floats = metric.statistics(references, answers)
    if len(statistics) != len(references) or not np.isfinite(statistics).all():
        raise ValueError(f"statistics of shape {statistics.shape} for {len(references)} items, or not finite")
    return float(metric.formula(statistics.sum(axis=0, keepdims=True))[0])


def _with_word(text: Value, word: str) -> str:
    words = str(text).split()
    middle = len(words) // 2
    return " ".join([*words[:middle], word, *words[middle:]])


def _written(score: float) -> str:
    return f"{score + 0.0:.4g}"


def sample_languages() -> tuple[str, ...]:
    """Name the languages that there are sentences of."""
    return tuple(language_table("samples")["samples"])


def _chosen_samples(language: str, texts: Sequence[Value]) -> tuple[str, _Samples]:
    sentences: Mapping[str, list[str]] = language_table("samples")["samples"]
    known = _sample_language(language)
    if known:
        return known, _text_samples(sentences[known])
    own = [text for text in dict.fromkeys(texts) if isinstance(text, str) and text.strip()][:_SENTENCES]
    if len(own) < _SENTENCES:
        raise NoEvidenceError(
            f"no metric can be tried on texts in '{language}': there are no sentences in its script",
            where="harness/text/data/samples.toml",
            remedy=f"add {_SENTENCES} sentences of the language there, each on a matter of its own",
        )
    return "its own texts", _text_samples(own)


def _sample_language(language: str) -> str | None:
    """Name the language itself, else the first that shares a script with it."""
    known = sample_languages()
    primary = language.partition("-")[0].lower()
    sharing = (other for other in known if scripts_of(language) & scripts_of(other))
    return primary if primary in known else next(sharing, None)


def _text_samples(right: Sequence[str]) -> _Samples:
    other = [*right[1:], *right[:1]]
    added = " ".join(["", *language_table("samples")["shared"]["words"]])
    return _Samples(right, other, ([text + added for text in right], [text + added for text in other]))


def _tag_samples() -> _Samples:
    table = language_table("samples")["tags"]
    right, moved = ([tuple(tags.split()) for tags in table[name]] for name in ("right", "moved"))
    return _Samples(right, moved, (right, moved))
