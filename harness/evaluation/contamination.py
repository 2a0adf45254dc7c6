"""Contamination: which items of a task stand in texts that a system may have learnt from, and scores without them."""

import json
import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from harness.core.frozen import Frozen
from harness.evaluation.alignment import SCORE_PREFIX
from harness.evaluation.bouts import UNDEFINED
from harness.evaluation.recounting import metric_again
from harness.evaluation.resampling import CONFIDENCE, Floats, Interval, mean_interval, statistic_interval
from harness.evaluation.results import RunResult, Score
from harness.text.search_words import search_words

# Runs of 13 words are what GPT-3's authors looked for, and others since (Brown et al. 2020, appendix C): long enough
# that hardly any is common property. A shorter item is looked for as a whole, from 5 words on.
RUN_WORDS = 13
_FEWEST_WORDS = 5
# An item counts as a near-duplicate where one text holds this share of its runs of three words. Copies with up to a
# tenth of their words changed keep 0.57 and more in common by runs of three (see `DuplicateSettings`); follow-ups
# on the same event have up to 0.51.
NEAR_WORDS = 3
NEAR_SHARE = 0.55


class Overlap(Frozen):
    """How much of a task stands in some texts. All counts are of items.

    `shares_run` have a run of 13 words in common with them, `near` are near-duplicates of one; `either` counts both
    once. `too_short` have fewer than 5 words, of which nothing can be told; `own` stand in the very document that
    they were made of, where the texts are the corpus' own, and are not looked for.
    """

    against: str
    texts: int
    items: int
    shares_run: int
    near: int
    either: int
    too_short: int
    own: int
    item_ids: tuple[str, ...]  # of `either`


class ScoreApart(Frozen):
    """One system's score on all items, on those that stand in the texts, and on the rest."""

    run_id: str
    system: str
    metric: str
    everything: Score
    clean: Score
    overlapping: Score


@dataclass(frozen=True)
class _Item:
    runs: frozenset[tuple[str, ...]]
    near: frozenset[tuple[str, ...]]


def overlap(
    items: pa.Table, texts: Iterable[tuple[str, str]], *, against: str, is_own: bool = False
) -> Overlap:
    """Look for a task's items in texts, one text after another: memory grows with the task alone.

    Words are those of `harness.text.search_words`: case, vowel signs and tatweel do not hide a copy.

    Args:
        items: Columns `item_id`, `document_id` and `input`.
        texts: Id and text of each.
        against: What the texts are, for people.
        is_own: Whether they are the version's own texts, so that an item is not looked for in its own document.
    """
    ids = items.column("item_id").to_pylist()
    documents = items.column("document_id").to_pylist()
    known = [_of_item(text) for text in items.column("input").to_pylist()]
    holders, near_holders = _index([item.runs for item in known]), _index([item.near for item in known])
    sharing: set[int] = set()
    near: set[int] = set()
    rows_of = _index([frozenset({(document,)}) for document in documents])
    lengths = {len(next(iter(item.runs))) for item in known if item.runs}
    count = own = 0
    for name, text in texts:
        count += 1
        words = search_words(text)
        spared = set(rows_of.get((name,), ())) if is_own else set()
        own += len(spared)
        sharing |= _found(words, holders, lengths) - spared
        near |= _nearly(words, near_holders, known) - spared
    either = sorted(sharing | near)
    return Overlap(
        against=against,
        texts=count,
        items=len(ids),
        shares_run=len(sharing),
        near=len(near),
        either=len(either),
        too_short=sum(not item.runs for item in known),
        own=own,
        item_ids=tuple(ids[row] for row in either),
    )


def scores_apart(
    result: RunResult, items: pa.Table, overlapping: AbstractSet[str], *, seed: int
) -> tuple[ScoreApart, ...]:
    """Score a run again with and without the items that stand elsewhere.

    Args:
        result: The run's.
        items: Its items, with `score:<metric>` columns, references and outputs.
        overlapping: Ids of items.
        seed: Of the intervals' resampling.
    """
    marked = np.array([item in overlapping for item in items.column("item_id").to_pylist()], dtype=np.bool_)
    clusters = np.array(items.column("cluster").to_pylist())
    apart = []
    for score in result.scores:
        statistics = _statistics(score, items)
        if statistics is None:
            continue
        parts = (
            _score(score, statistics[rows], clusters[rows], seed)
            for rows in (np.ones_like(marked), ~marked, marked)
        )
        everything, clean, found = parts
        apart.append(
            ScoreApart(
                run_id=result.run_id,
                system=result.system.name,
                metric=score.metric,
                everything=everything,
                clean=clean,
                overlapping=found,
            )
        )
    return tuple(apart)


def _of_item(text: str) -> _Item:
    words = search_words(" ".join(_plain(text)))
    if len(words) < _FEWEST_WORDS:
        return _Item(frozenset(), frozenset())
    if len(words) < RUN_WORDS:  # half of a sentence in common says little: such an item is found whole or not
        return _Item(frozenset({tuple(words)}), frozenset())
    return _Item(frozenset(_runs(words, RUN_WORDS)), frozenset(_runs(words, NEAR_WORDS)))


def _plain(text: str) -> Iterator[str]:
    """Give the texts inside an input: of one that is JSON the strings in it, without its keys."""
    if text[:1] not in {"[", "{"}:
        yield text
        return
    try:
        yield from _strings(json.loads(text))
    except (ValueError, RecursionError):
        yield text


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from _strings(inner)
    elif isinstance(value, Sequence):
        for inner in value:
            yield from _strings(inner)


def _runs(words: Sequence[str], length: int) -> Iterator[tuple[str, ...]]:
    return (tuple(words[start : start + length]) for start in range(len(words) - length + 1))


def _index(sets: Sequence[frozenset[tuple[str, ...]]]) -> dict[tuple[str, ...], list[int]]:
    holders: dict[tuple[str, ...], list[int]] = {}
    for row, runs in enumerate(sets):
        for run in runs:
            holders.setdefault(run, []).append(row)
    return holders


def _found(
    words: Sequence[str], holders: Mapping[tuple[str, ...], Sequence[int]], lengths: AbstractSet[int]
) -> set[int]:
    return {row for length in lengths for run in _runs(words, length) for row in holders.get(run, ())}


def _nearly(
    words: Sequence[str], holders: Mapping[tuple[str, ...], Sequence[int]], known: Sequence[_Item]
) -> set[int]:
    shared = Counter(row for run in set(_runs(words, NEAR_WORDS)) for row in holders.get(run, ()))
    return {row for row, count in shared.items() if count >= NEAR_SHARE * len(known[row].near)}


def _statistics(score: Score, items: pa.Table) -> Floats | None:
    """Give an item's statistics, shape (items, k); of a mean, the score alone, NaN where it was left out."""
    column = f"{SCORE_PREFIX}{score.metric}"
    if column in items.column_names:
        return np.array(items.column(column).to_pylist(), dtype=np.float64)[:, None]
    metric = metric_again(score.signature)
    if metric is None:
        return None
    return metric.statistics(items.column("reference").to_pylist(), items.column("output").to_pylist())


def _score(score: Score, statistics: Floats, clusters: np.ndarray, seed: int) -> Score:
    scored = np.isfinite(statistics).all(axis=1)
    statistics, clusters = statistics[scored], clusters[scored]
    value, interval = None, Interval(None, None, "no examples")
    metric = metric_again(score.signature)
    if len(statistics) and metric is None:
        value = float(statistics[:, 0].mean())
        interval = mean_interval(statistics[:, 0], clusters.tolist(), seed=seed)
    elif len(statistics) and metric is not None:
        value = float(metric.formula(statistics.sum(axis=0, keepdims=True))[0])
        interval = statistic_interval(statistics, clusters.tolist(), metric.formula, seed=seed)
        if not math.isfinite(value):  # one pair of texts, say, has no correlation
            value, interval = None, Interval(None, None, UNDEFINED)
    return score.model_copy(
        update={
            "value": value,
            "n": len(statistics),
            "clusters": len(set(clusters.tolist())),
            "low": interval.low,
            "high": interval.high,
            "confidence": CONFIDENCE,
            "reason": interval.reason,
        }
    )
