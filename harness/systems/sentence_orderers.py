"""Putting sentences in order: as they are shown, by words in common, and by which words come before which."""

from collections import Counter
from collections.abc import Callable, Sequence
from functools import partial

import numpy as np
import numpy.typing as npt

from harness.evaluation.tasks import Example
from harness.evaluation.tasks.sentence_order import in_order, read_sentences
from harness.systems.learning import learnt_family
from harness.text.search_words import FOLD, search_words

_Order = Callable[[Sequence[str]], Sequence[int]]  # of sentences: their places, the first one first
# Words whose order is learnt; the commonest ones open sentences and join them. 2000 x 2000 numbers take 32 MB.
_COMMONEST = 2000
_DIGITS = 6  # of a score; beyond, processors differ


def lexical_chain(passages: Sequence[Sequence[str]]) -> _Order:
    """Learn how rare words are; then start with the sentence most like all others, and go on to the likest each time.

    Likeness is the cosine of TF-IDF over folded words. Nothing in it knows forwards from backwards.
    """
    holding = Counter(word for passage in passages for one in passage for word in set(search_words(one)))
    total = sum(len(passage) for passage in passages)

    def order(shown: Sequence[str]) -> list[int]:
        counted = [Counter(search_words(sentence)) for sentence in shown]
        column = {word: number for number, word in enumerate(sorted(set().union(*counted)))}
        vectors = np.zeros((len(shown), max(len(column), 1)))
        for row, words in enumerate(counted):
            for word, times in words.items():
                vectors[row, column[word]] = times * np.log((1 + total) / (1 + holding[word]))
        lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
        vectors /= np.where(lengths > 0, lengths, 1.0)
        return _chained(np.round(vectors @ vectors.T, _DIGITS))

    return order


def _chained(alike: npt.NDArray[np.float64]) -> list[int]:
    left = set(range(len(alike)))
    centrality = np.round(alike.sum(axis=1), _DIGITS)
    chain = [min(left, key=lambda place: (-centrality[place], place))]
    left.remove(chain[0])
    while left:
        last = chain[-1]
        chain.append(min(left, key=lambda place: (-alike[last, place], place)))
        left.remove(chain[-1])
    return chain


def word_precedence(passages: Sequence[Sequence[str]]) -> _Order:
    """Learn which words stand in earlier sentences than which; order sentences by how they lead all others.

    These are bigrams with gaps that reach over ends of sentences. One sentence leads another by the mean over pairs of
    their words of log((times first + 1) / (times second + 1)); each is ranked by the sum over the others.
    """
    times = Counter(word for passage in passages for one in passage for word in set(search_words(one)))
    known = sorted(times, key=lambda word: (-times[word], word))[:_COMMONEST]
    number = {word: place for place, word in enumerate(known)}

    def numbers(sentence: str) -> list[int]:
        return sorted({number[word] for word in search_words(sentence) if word in number})

    earlier = np.zeros((len(known), len(known)))
    for passage in passages:
        rows = [numbers(sentence) for sentence in passage]
        for place, first in enumerate(rows):
            for second in rows[place + 1 :]:
                earlier[np.ix_(first, second)] += 1
    leads = np.log((earlier + 1) / (earlier.T + 1))

    def order(shown: Sequence[str]) -> list[int]:
        rows = [numbers(sentence) for sentence in shown]
        scores = [
            round(sum(float(leads[np.ix_(one, other)].mean()) for other in rows if one and other), _DIGITS)
            for one in rows
        ]
        return sorted(range(len(shown)), key=lambda place: (-scores[place], place))

    return order


def _as_shown(_passages: Sequence[Sequence[str]]) -> _Order:
    return lambda shown: range(len(shown))


def _learnt(
    learn: Callable[[Sequence[Sequence[str]]], _Order], examples: Sequence[Example]
) -> Callable[[str], tuple[str, ...]]:
    """Learn from passages in their right order; answers are the numbers of the shown sentences, from 1."""
    order = learn([in_order(read_sentences(one.input), one.reference) for one in examples])
    return lambda shown: tuple(str(place + 1) for place in order(read_sentences(shown)))


_BUILT_IN = (
    ("as-shown", _as_shown, (), "the sentences in the order in which they are shown"),
    (
        "lexical-chain",
        lexical_chain,
        (f"fold={FOLD}",),
        "from the sentence most like all others to the likest each time, by cosine of TF-IDF learnt from train",
    ),
    (
        "word-precedence",
        word_precedence,
        (f"words={_COMMONEST}", f"fold={FOLD}"),
        "by which words stood in earlier sentences than which in the split train (bigrams with gaps)",
    ),
)
FAMILIES = tuple(
    learnt_family(name, frozenset({"sentence-order"}), partial(_learnt, learn), summary, facts)
    for name, learn, facts, summary in _BUILT_IN
)
