"""Leads taken from the rest of an article: its first sentences, its most central ones, and drawn ones."""

from collections.abc import Callable, Sequence
from functools import partial
from statistics import median

import numpy as np
import numpy.typing as npt

from harness.evaluation.draws import Draws
from harness.evaluation.tasks import Example
from harness.systems.learning import learnt_family
from harness.text.search_words import search_words
from harness.text.sentences import sentences

_Ranking = Callable[[Sequence[str]], Sequence[int]]  # of sentences: which come first
_DAMPING = 0.85  # of TextRank, from PageRank
_STEPS = 100
_STILL = 1e-9  # no rank moves more in a step: far below what tells two sentences apart
_DIGITS = 6  # of a rank; equal sentences in other places keep their order
# TextRank compares all pairs of sentences; of a book, the first chapters will do.
_MOST_SENTENCES = 500
_SEED = 0


def extract(rank: _Ranking, wanted_words: float, text: str) -> str:
    """Take sentences, the highest ranked first, as long as their words come nearer to as many as are wanted.

    Args:
        rank: Puts the places of sentences in the order in which they are taken.
        wanted_words: How long the answer should be.
        text: What it is taken from.

    Returns:
        The taken sentences, in the order of the text, parted by a blank.
    """
    cut = sentences(text)[:_MOST_SENTENCES]
    lengths = [len(search_words(sentence)) for sentence in cut]
    taken: list[int] = []
    words = 0
    for place in rank(cut):
        if taken and abs(words + lengths[place] - wanted_words) >= abs(words - wanted_words):
            break
        taken.append(place)
        words += lengths[place]
    return " ".join(cut[place] for place in sorted(taken))


def text_rank(cut: Sequence[str]) -> list[int]:
    """Rank sentences by TextRank (Mihalcea and Tarau 2004): central are those that share words with central ones.

    Two sentences are alike by the words that both have over the logarithms of their lengths; ranks are those of a walk
    from sentence to alike sentence that starts anew with probability 0.15.
    """
    ranks = _walked(_likeness([frozenset(search_words(sentence)) for sentence in cut]))
    rounded = np.round(ranks, _DIGITS)
    return sorted(range(len(cut)), key=lambda place: (-rounded[place], place))


def _likeness(words: Sequence[frozenset[str]]) -> npt.NDArray[np.float64]:
    alike = np.zeros((len(words), len(words)))
    for row, one in enumerate(words):
        for column, other in enumerate(words[:row]):
            lengths = np.log(max(len(one), 1)) + np.log(max(len(other), 1))
            if lengths > 0:
                alike[row, column] = alike[column, row] = len(one & other) / lengths
    return alike


def _walked(alike: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    number = len(alike)
    sums = alike.sum(axis=1, keepdims=True)
    # From a sentence that is like no other, the walk goes anywhere.
    steps = np.where(sums > 0, alike / np.where(sums > 0, sums, 1.0), 1.0 / max(number, 1))
    ranks = np.full(number, 1.0 / max(number, 1))
    for _step in range(_STEPS):
        moved = (1 - _DAMPING) / number + _DAMPING * (ranks @ steps) if number else ranks
        is_still = np.abs(moved - ranks).max(initial=0.0) < _STILL
        ranks = moved
        if is_still:
            break
    return ranks


def _drawn(cut: Sequence[str]) -> list[int]:
    # By the text alone: the same one is answered in the same way, wherever it comes again.
    return Draws(_SEED, "random-sentences", "\n".join(cut)).shuffled(range(len(cut)))


def _learnt(rank: _Ranking, examples: Sequence[Example]) -> Callable[[str], str]:
    """Learn how long leads are, in words: the median."""
    words = median(len(search_words(example.reference)) for example in examples)
    return partial(extract, rank, words)


_BUILT_IN: tuple[tuple[str, _Ranking, tuple[str, ...], str], ...] = (
    ("rest-lead", lambda cut: range(len(cut)), (), "the first sentences behind the lead"),
    (
        "textrank",
        text_rank,
        (f"damping={_DAMPING}",),
        "the most central sentences by TextRank over folded words",
    ),
    ("random-sentences", _drawn, (f"seed={_SEED}",), "sentences that are drawn"),
)
FAMILIES = tuple(
    learnt_family(
        name,
        frozenset({"summary"}),
        partial(_learnt, rank),
        f"{summary}, about as many words as leads of the split train have",
        facts,
    )
    for name, rank, facts, summary in _BUILT_IN
)
