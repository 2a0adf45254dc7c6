"""Text metrics beside the packages that define them: the same numbers, and the CPU time of getting them.

HARNESS_DATA=... python benchmarks/text_metrics.py [--write]
"""

import random
import time
import warnings
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import jiwer
import numpy as np
from heldout import documents
from page import DOCS, publish, table, versions
from rouge_score.rouge_scorer import RougeScorer
from sacrebleu.metrics import BLEU, CHRF, TER
from sacrebleu.tokenizers.tokenizer_13a import Tokenizer13a
from sacrebleu.tokenizers.tokenizer_intl import TokenizerV14International
from sacrebleu.tokenizers.tokenizer_re import TokenizerRegexp
from sacrebleu.tokenizers.tokenizer_ter import TercomTokenizer
from seqeval.metrics import f1_score
from seqeval.scheme import IOB2

from harness.evaluation.texts import rouge
from harness.evaluation.texts.bleu import bleu
from harness.evaluation.texts.chrf import chrf
from harness.evaluation.texts.edits import character_error_rate, translation_error_rate, word_error_rate
from harness.evaluation.texts.reading import Reading, TextMetric
from harness.evaluation.texts.rouge import rouge_l, rouge_n
from harness.evaluation.texts.spans import span_f1

ROUNDS = 5
SEED = 20261123
ROUGES = ("rouge1", "rouge2", "rougeL")
TERMS = Reading(tokeniser="terms", case="lower")
KINDS = ("PER", "LOC", "ORG")


@dataclass(frozen=True)
class Contest:
    """The same work through us and through a package; each gives the score, to see that it is the same."""

    name: str
    text: str
    peer: str
    pairs: int
    ours: Callable[[], Sequence[float]]
    theirs: Callable[[], Sequence[float]]
    goal: float | None = None


@dataclass(frozen=True)
class Pairs:
    """Answers and references."""

    name: str
    said: list[str]
    right: list[str]


def main() -> None:
    """Measure and print; with `--write` into docs/metrics.md too."""
    warnings.simplefilter("ignore")  # seqeval tells of kinds without a span
    publish("speed", _lines(), to=DOCS / "metrics.md")


def _lines() -> Iterator[str]:
    english = _sentences("eng", "English sentences")
    arabic = _sentences("arb", "Arabic sentences")
    ascii_sentences, ascii_documents = _in_ascii(english), _whole_documents()
    yield f"{versions('sacrebleu', 'rouge-score', 'seqeval', 'jiwer', 'rapidfuzz', 'numpy')}.\n"
    contests = [
        *(contest for pairs in (english, arabic) for contest in _of_sacrebleu(pairs)),
        _of_ter(Pairs("English sentences", english.said[:200], english.right[:200])),
        _of_rouge(ascii_sentences),
        _of_rouge(ascii_documents),
        _of_spans(),
        *_of_jiwer(arabic),
    ]
    header = (
        "metric",
        "texts",
        "pairs",
        "package",
        "theirs, s",
        "ours, s",
        "times as fast",
        "goal",
        "reached",
        "same score",
    )
    yield from table(header, [_row(contest) for contest in contests])


def _row(contest: Contest) -> tuple[object, ...]:
    seconds: dict[str, list[float]] = {"theirs": [], "ours": []}
    scores = {}
    for _ in range(ROUNDS):
        for who, work in (("theirs", contest.theirs), ("ours", contest.ours)):
            _forget()
            started = time.process_time()
            scores[who] = work()
            seconds[who].append(time.process_time() - started)
    theirs, ours = min(seconds["theirs"]), min(seconds["ours"])
    is_same = np.allclose(scores["theirs"], scores["ours"], rtol=1e-12, atol=0)
    return (
        contest.name, contest.text, f"{contest.pairs:,}", contest.peer, f"{theirs:.3f}", f"{ours:.3f}",
        f"{theirs / ours:.1f}", *_held_to(contest.goal, theirs / ours), "yes" if is_same else "**no**",
    )  # fmt: skip


def _held_to(goal: float | None, times: float) -> tuple[str, str]:
    if goal is None:
        return "", ""
    return f">= {goal:g}", "yes" if times >= goal else "**no**"


def _forget() -> None:
    """Empty the caches of texts that were cut, theirs and ours: extraction happens once a run."""
    rouge._words.cache_clear()  # noqa: SLF001 - the measure has to begin without it
    rouge._matches.cache_clear()  # noqa: SLF001 - same
    for tokenizer in (Tokenizer13a, TokenizerV14International, TokenizerRegexp, TercomTokenizer):
        tokenizer.__call__.cache_clear()


def _of_sacrebleu(pairs: Pairs) -> Iterator[Contest]:
    for theirs, ours in (
        (BLEU(tokenize="13a", force=True), bleu(Reading(tokeniser="13a"))),
        (BLEU(tokenize="intl", force=True), bleu(Reading(tokeniser="intl"))),
        (CHRF(), chrf(Reading())),
        (CHRF(word_order=2), chrf(Reading(tokeniser="edges"))),
    ):
        name = f"{ours.name} {ours.reading.tokeniser}".strip() if ours.reading else ours.name
        yield _against_sacrebleu(name, pairs, theirs, ours, goal=1.0)


def _of_ter(pairs: Pairs) -> Contest:
    ours = translation_error_rate(Reading(tokeniser="space", case="lower"))
    return _against_sacrebleu("ter (its own search)", pairs, TER(), ours, goal=None)


def _against_sacrebleu(
    name: str, pairs: Pairs, theirs: object, ours: TextMetric, *, goal: float | None
) -> Contest:
    return Contest(
        name,
        pairs.name,
        "sacrebleu",
        len(pairs.right),
        lambda: [100 * _value(ours, pairs)],
        lambda: [theirs.corpus_score(pairs.said, [pairs.right]).score],  # type: ignore[attr-defined]
        goal,
    )


def _of_rouge(pairs: Pairs) -> Contest:
    theirs = RougeScorer(list(ROUGES))
    metrics = (rouge_n(1, TERMS), rouge_n(2, TERMS), rouge_l(TERMS))

    def score_theirs() -> list[float]:
        scored = [theirs.score(right, said) for right, said in zip(pairs.right, pairs.said, strict=True)]
        return [float(np.mean([one[name].fmeasure for one in scored])) for name in ROUGES]

    return Contest(
        "rouge1, rouge2, rougeL",
        pairs.name,
        "rouge-score",
        len(pairs.right),
        lambda: [_value(metric, pairs) for metric in metrics],
        score_theirs,
        5.0,
    )


def _of_spans() -> Contest:
    found, right = _tags(2000)
    metric = span_f1()

    def score_ours() -> list[float]:
        statistics = metric.statistics([tuple(tags) for tags in right], [tuple(tags) for tags in found])
        return [float(metric.formula(statistics.sum(axis=0, keepdims=True))[0])]

    return Contest(
        "span_f1",
        "tags by seed",
        "seqeval, strict",
        len(right),
        score_ours,
        lambda: [float(f1_score(right, found, mode="strict", scheme=IOB2))],
        5.0,
    )


def _of_jiwer(pairs: Pairs) -> Iterator[Contest]:
    for ours, theirs in (
        (character_error_rate(Reading()), jiwer.cer),
        (word_error_rate(Reading(tokeniser="space")), jiwer.wer),
    ):
        yield Contest(
            ours.name,
            pairs.name,
            "jiwer",
            len(pairs.right),
            lambda ours=ours: [_value(ours, pairs)],
            lambda theirs=theirs: [theirs(pairs.right, pairs.said)],
        )


def _value(metric: TextMetric, pairs: Pairs) -> float:
    statistics = metric.statistics(pairs.right, pairs.said)
    return float(metric.formula(statistics.sum(axis=0, keepdims=True))[0])


def _sentences(language: str, name: str) -> Pairs:
    every = [*documents(language), *documents(language, held_out=False)]
    right = [" ".join(sentence.split()) for document in every for sentence in document.sentences]
    return Pairs(name, _damaged(right), right)


def _in_ascii(pairs: Pairs) -> Pairs:
    """Leave out what rouge-score does not know: it drops every other letter."""
    said, right = (
        [text.encode("ascii", "ignore").decode() for text in side] for side in (pairs.said, pairs.right)
    )
    return Pairs(f"{pairs.name}, ASCII", said, right)


def _whole_documents() -> Pairs:
    right = [" ".join(document.sentences) for document in documents("eng")]
    return _in_ascii(Pairs("English documents", _damaged(right), right))


def _damaged(texts: Sequence[str]) -> list[str]:
    """Make answers of references: a tenth of the words left out, a tenth replaced, the halves of a third swapped."""
    chance = random.Random(SEED)  # noqa: S311 - no secret
    vocabulary = sorted({word for text in texts for word in text.split()})
    answers = []
    for text in texts:
        words = [
            chance.choice(vocabulary) if chance.random() < 0.1 else word
            for word in text.split()
            if chance.random() >= 0.1
        ]
        cut = chance.randrange(len(words) + 1) if chance.random() < 1 / 3 else 0
        answers.append(" ".join(words[cut:] + words[:cut]))
    return answers


def _tags(items: int) -> tuple[list[list[str]], list[list[str]]]:
    """Make tags: 25 tokens an item, a name of one to three in five of them, a tenth of the tags found wrong."""
    chance = random.Random(SEED)  # noqa: S311 - no secret
    right = []
    for _ in range(items):
        tags: list[str] = []
        while len(tags) < 25:
            kind = chance.choice(KINDS)
            tags += [f"B-{kind}", *[f"I-{kind}"] * chance.randrange(3)] if chance.random() < 0.2 else ["O"]
        right.append(tags[:25])
    every = ["O", *(f"{prefix}-{kind}" for prefix in "BI" for kind in KINDS)]
    found = [[chance.choice(every) if chance.random() < 0.1 else tag for tag in tags] for tags in right]
    return found, right


if __name__ == "__main__":
    main()
