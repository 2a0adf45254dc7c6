"""Metrics: what each counts on an item, how counts become the number, and the signature that says so.

An answer is a label (a string) or a ranking (a tuple of ids); None stands for no usable answer, which
never matches anything. Which answers are counted at all is decided in `harness.evaluation.scoring`.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from harness.evaluation.resampling import Floats, Formula, mean_of_totals
from harness.text.tags import macrolanguage, primary

Value = str | tuple[str, ...]
Comparing = Literal["macrolanguage", "primary"]
Labels = Literal[Comparing, "exact"]
_SAME_LABEL: dict[Labels, tuple[str, Callable[[str], str]]] = {
    "macrolanguage": ("labels:bcp47-macrolanguage", macrolanguage),
    "primary": ("labels:bcp47-primary", primary),
    "exact": ("labels:exact", str),
}


@dataclass(frozen=True)
class Metric:
    """One number about a system's answers.

    Args:
        name: Its name in tables, such as `mrr@10`.
        signature: Everything that a reader needs to get the same number from the same answers.
        statistics: Gives each item's sufficient statistics, shape (items, k), from references and
            answers of the same length; they add up over items.
        formula: Turns sums of statistics, shape (sets, k), into the metric, shape (sets,).
        is_mean: Whether the statistics are (score, 1), so that the metric is the mean of item scores.
        higher_is_better: Its direction.
    """

    name: str
    signature: str
    statistics: Callable[[Sequence[Value], Sequence[Value | None]], Floats]
    formula: Formula
    is_mean: bool
    higher_is_better: bool = True


@dataclass(frozen=True)
class _Told:
    """A metric for people: its name, and what it is in a sentence; `{k}` is the depth."""

    name: str
    meaning: str


_TOLD = {
    "accuracy": _Told(
        "accuracy",
        "the share of items answered with the reference's label; from 0 to 100 %, higher is better; always giving "
        "the commonest label already earns that label's share.",
    ),
    "macro_f1": _Told(
        "macro F1",
        "F1, the harmonic mean of precision and recall, of each label that occurs in the reference, averaged "
        "with the same weight for rare labels as for common ones; from 0 to 100 %, higher is better; far below "
        "accuracy, it says that rare labels are missed.",
    ),
    "mrr@": _Told(
        "MRR@{k}",
        "the mean over items of 1 / the rank of the first relevant document, or of 0 where none is among the "
        "first {k}; from 0 to 1, higher is better; always in first place gives 1, always in second place 0.5.",
    ),
    "ndcg@": _Told(
        "nDCG@{k}",
        "how near the top all relevant documents stand among the first {k}, each counting less the lower it "
        "stands; from 0 to 1, higher is better; the best possible order for every item gives 1.",
    ),
    "success@1": _Told(
        "success@1",
        "the share of items whose very first document is a relevant one; from 0 to 100 %, higher is better.",
    ),
    "f1": _Told(
        "F1",
        "of each item, the harmonic mean of precision and recall of what was listed, 1 where rightly nothing was; the "
        "mean over items, from 0 to 100 %, higher is better; listing nothing earns the share of items without any.",
    ),
    "precision": _Told(
        "precision", "the share of all that was listed that is right; from 0 to 100 %, higher is better."
    ),
    "recall": _Told(
        "recall", "the share of all that is right that was listed; from 0 to 100 %, higher is better."
    ),
    "bytes_per_token": _Told(
        "bytes per token",
        "how many bytes of text a token spells on average; an unknown one spells none; higher is cheaper; larger "
        "vocabularies reach more.",
    ),
    "tokens_per_word": _Told(
        "tokens per word", "into how many tokens a word is cut on average; lower is cheaper; 1 cuts none."
    ),
    "unknown_share": _Told(
        "unknown tokens",
        "the share of tokens that only say that something unknown stood there; lower is better.",
    ),
    "single_character_share": _Told(
        "single characters",
        "the share of tokens that are one character or byte; lower is better; high, the vocabulary does not fit.",
    ),
    "round_trip_loss": _Told(
        "round-trip loss",
        "how much of the text cannot be had back from its tokens: edits needed a character; 0 loses nothing.",
    ),
    "kendall_tau": _Told(
        "Kendall's tau",
        "of each item, the share of pairs in the right order less that of pairs in the wrong one; the mean over items, "
        "from -1, all backwards, to 1, higher is better; an order by chance gets 0.",
    ),
    "position_accuracy": _Told(
        "right places",
        "of each item, the share of entries that stand in their place; the mean over items, from 0 to 100 %, higher is "
        "better; one entry that is moved to the front puts all others out of place.",
    ),
    "exact_order": _Told(
        "exact order", "the share of items put wholly into order; from 0 to 100 %, higher is better."
    ),
    "bits_per_byte": _Told(
        "bits per byte",
        "how many bits a byte of text costs by the system's probabilities; lower is better; 8 is knowing nothing.",
    ),
    "bits_per_character": _Told(
        "bits per character",
        "how many bits a character costs by the system's probabilities; lower is better.",
    ),
    "bleu": _Told(
        "BLEU",
        "how many of the answers' runs of one to four words stand in the references, less where answers are short; "
        "from 0 to 100 %, higher is better; it says nothing of a single sentence, and needs the same words.",
    ),
    "chrf": _Told(
        "chrF",
        "how many runs of one to six characters answers and references have in common, what is missing counting "
        "twice; from 0 to 100 %, higher is better; unrelated sentences of one language may reach 17 %.",
    ),
    "chrf++": _Told(
        "chrF++", "chrF that counts words and pairs of words as well; from 0 to 100 %, higher is better."
    ),
    "ter": _Told(
        "TER",
        "how many changes lead from the answers to the references, moving some words being one, for each word of the "
        "references; from 0 %, lower is better; above 100 % where answers are longer than what is right.",
    ),
    "rouge1": _Told(
        "ROUGE-1",
        "the words that an answer shares with its reference, as F1; from 0 to 100 %, higher is better.",
    ),
    "rouge2": _Told(
        "ROUGE-2",
        "the pairs of neighbouring words that an answer shares with its reference, as F1; from 0 to 100 %, higher is "
        "better.",
    ),
    "rougeL": _Told(
        "ROUGE-L",
        "the words that an answer shares with its reference in the same order, as F1; from 0 to 100 %, higher is "
        "better.",
    ),
    "exact_match": _Told(
        "exact match",
        "the share of answers that are a reference, punctuation and capitals aside; from 0 to 100 %, higher is better.",
    ),
    "token_f1": _Told(
        "token F1",
        "the words that an answer shares with the nearest reference, order aside, as F1; from 0 to 100 %, higher is "
        "better.",
    ),
    "cer": _Told(
        "CER",
        "characters put in, left out or changed, for each character of the references; from 0 %, lower is better; "
        "above 100 % where answers are longer than what is right.",
    ),
    "wer": _Told(
        "WER",
        "words put in, left out or changed, for each word of the references; from 0 %, lower is better; above 100 % "
        "where answers are longer than what is right.",
    ),
    "span_f1": _Told(
        "span F1",
        "names found whole, at their place and of their kind, as F1 over all of them; from 0 to 100 %, higher is "
        "better; half a name is none.",
    ),
    "pearson": _Told(
        "Pearson's r",
        "how nearly the answers lie on a straight line over people's scores, whatever its slope; from -1 to 1, higher is "
        "better; 0 is knowing nothing.",
    ),
    "spearman": _Told(
        "Spearman's rho",
        "how nearly the answers put items in the order in which people's scores put them; from -1 to 1, higher is better; "
        "0 is knowing nothing.",
    ),
}


def name_for_people(metric: str) -> str:
    """Spell a metric's name as people do: `macro F1`, `MRR@10`; one that is not known keeps its own."""
    told, depth = _told(metric)
    return told.name.replace("{k}", depth) if told else metric


def meaning_of(metric: str) -> str:
    """Say in a sentence what a metric is, its range and what is good; nothing of one that is not known."""
    told, depth = _told(metric)
    return told.meaning.replace("{k}", depth) if told else ""


def _told(metric: str) -> tuple[_Told | None, str]:
    base, at, depth = metric.partition("@")
    return _TOLD.get(metric) or _TOLD.get(base + at), depth


def label_metrics(comparing: Labels) -> tuple[Metric, ...]:
    """Give the metrics of labels: `accuracy`, the primary one, and `macro_f1`.

    Accuracy is the share of items whose label is the reference's. Macro F1 is the unweighted mean, over
    the labels that occur among the references, of 2·tp / (references + answers with this label).

    Args:
        comparing: `macrolanguage` counts members of one ISO 639-3 macrolanguage as the same label (`ckb`
            and `ku`, `id` and `ms`); `primary` compares the language subtags of the shortest forms; `exact`
            is for labels that are no languages.
    """
    labels, same_label = _SAME_LABEL[comparing]

    def is_right(reference: Value, answer: Value) -> float:
        return float(_label(same_label, reference) == _label(same_label, answer))

    def counts(references: Sequence[Value], answers: Sequence[Value | None]) -> Floats:
        return label_counts(
            [_label(same_label, reference) for reference in references],
            [None if answer is None else _label(same_label, answer) for answer in answers],
        )

    return (
        _mean_metric("accuracy", f"accuracy|v:1|{labels}", is_right),
        Metric("macro_f1", f"macro_f1|v:1|{labels}|over:reference-labels", counts, macro_f1, is_mean=False),
    )


def set_metric(signature: str) -> Metric | None:
    """Find a metric that is no mean over items, to count stored answers anew.

    Args:
        signature: A score's; one of another version of the metric, or of a mean, gives None.

    Returns:
        The metric. Its references and answers are labels, as runs keep them.
    """
    known = (metric for comparing in _SAME_LABEL for metric in label_metrics(comparing) if not metric.is_mean)
    return next((metric for metric in known if metric.signature == signature), None)


def ranking_metrics(top_k: int) -> tuple[Metric, ...]:
    """Give the metrics of rankings: `mrr@k`, the primary one, `ndcg@k` and `success@1`.

    Args:
        top_k: How many of the first candidates count.
    """
    return (
        _mean_metric(
            f"mrr@{top_k}",
            f"mrr|v:1|k:{top_k}|relevance:binary",
            lambda relevant, ranking: reciprocal_rank(relevant, ranking, top_k),
        ),
        _mean_metric(
            f"ndcg@{top_k}",
            f"ndcg|v:1|k:{top_k}|relevance:binary|discount:log2",
            lambda relevant, ranking: ndcg(relevant, ranking, top_k),
        ),
        _mean_metric(
            "success@1",
            "success|v:1|k:1|relevance:binary",
            lambda relevant, ranking: reciprocal_rank(relevant, ranking, 1),
        ),
    )


def reciprocal_rank(relevant: Value, ranking: Value, top_k: int) -> float:
    """Give 1 / the rank of the first relevant candidate among the first k, or 0 where there is none."""
    for rank, candidate in enumerate(ranking[:top_k], start=1):
        if candidate in relevant:
            return 1 / rank
    return 0.0


def ndcg(relevant: Value, ranking: Value, top_k: int) -> float:
    """Give the discounted gain of the first k over that of the best order, each relevant candidate gaining 1.

    A candidate at rank r counts 1 / log2(r + 1).
    """
    gained = math.fsum(
        1 / math.log2(rank + 1)
        for rank, candidate in enumerate(ranking[:top_k], start=1)
        if candidate in relevant
    )
    ideal = math.fsum(1 / math.log2(rank + 1) for rank in range(1, min(len(relevant), top_k) + 1))
    return gained / ideal


def label_counts(references: Sequence[str], answers: Sequence[str | None]) -> Floats:
    """Count for each item which label it bears, which was answered, and whether they meet.

    Returns:
        Zeros and ones, shape (items, 3·labels): for each label of the references, in sorted order, hits,
        then for each references, then for each answers.
    """
    labels = sorted(set(references))
    column_of = {label: column for column, label in enumerate(labels)}
    counts = np.zeros((len(references), 3, len(labels)))
    for row, (reference, answer) in enumerate(zip(references, answers, strict=True)):
        counts[row, 1, column_of[reference]] = 1
        if answer in column_of:
            counts[row, 2, column_of[answer]] = 1
            counts[row, 0, column_of[answer]] = reference == answer
    return counts.reshape(len(references), 3 * len(labels))


def macro_f1(totals: Floats) -> Floats:
    """Average F1 over the labels that occur among the references of each set.

    Args:
        totals: Sums of `label_counts`, shape (sets, 3·labels).

    Returns:
        Macro F1 of each set, shape (sets,), in [0, 1].
    """
    hits, references, answers = np.split(totals, 3, axis=1)
    f1 = 2 * hits / np.maximum(references + answers, 1)
    occurs = references > 0
    averaged: Floats = (f1 * occurs).sum(axis=1) / occurs.sum(axis=1)
    return averaged


def _mean_metric(name: str, signature: str, score: Callable[[Value, Value], float]) -> Metric:
    def statistics(references: Sequence[Value], answers: Sequence[Value | None]) -> Floats:
        scores = [
            0.0 if answer is None else score(reference, answer)
            for reference, answer in zip(references, answers, strict=True)
        ]
        return np.column_stack([np.array(scores, dtype=np.float64), np.ones(len(scores))])

    return Metric(name, signature, statistics, mean_of_totals, is_mean=True)


def _label(same_label: Callable[[str], str], value: Value) -> str:
    return same_label(value) if isinstance(value, str) else "und"
