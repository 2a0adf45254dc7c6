"""How alike two texts are, as a number: by character n-grams, and by words in common."""

import math
from collections import Counter
from collections.abc import Callable
from functools import partial

from harness.evaluation.tasks.near_duplicates import read_pair
from harness.systems.learning import known_family
from harness.text.search_words import FOLD, fold, search_words

_Likeness = Callable[[str, str], float]
_NGRAM = 3  # of characters: roots of three letters


def ngram_cosine(first: str, second: str) -> float:
    """Give the cosine of counted character 3-grams, folded, blanks around words included."""
    one, other = (_ngrams(text) for text in (first, second))
    shared = sum(count * other[gram] for gram, count in one.items())
    sizes = math.prod(math.sqrt(sum(count * count for count in counts.values())) for counts in (one, other))
    return shared / sizes if sizes else float(one == other)


def word_overlap(first: str, second: str) -> float:
    """Give the words in common, twice, over the words of both (Dice), each word once."""
    one, other = (set(search_words(text)) for text in (first, second))
    return 2 * len(one & other) / (len(one) + len(other)) if one or other else 1.0


def _ngrams(text: str) -> Counter[str]:
    padded = f" {' '.join(fold(text).split())} "
    return Counter(padded[place : place + _NGRAM] for place in range(len(padded) - _NGRAM + 1))


def _answer(likeness: _Likeness, pair: str) -> str:
    return f"{likeness(*read_pair(pair)):.6f}"


_BUILT_IN: tuple[tuple[str, _Likeness, str], ...] = (
    ("ngram-cosine", ngram_cosine, "cosine of counted character 3-grams, folded"),
    ("word-overlap", word_overlap, "folded words in common over the words of both"),
)
_FACTS = (f"n={_NGRAM}", f"fold={FOLD}")
FAMILIES = tuple(
    known_family(name, "similarity", partial(_answer, likeness), summary, _FACTS)
    for name, likeness, summary in _BUILT_IN
)
