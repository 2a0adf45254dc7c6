"""How alike two texts are, as a number: by character n-grams, and by words in common."""

import math
from collections import Counter
from collections.abc import Callable, Sequence

from harness.evaluation.results import SystemIdentity
from harness.evaluation.tasks import TaskBrief
from harness.evaluation.tasks.near_duplicates import read_pair
from harness.systems.system import Request, Response, System, SystemFamily, identity_of
from harness.text.search_words import FOLD, fold, search_words

_Likeness = Callable[[str, str], float]
_NGRAM = 3  # of characters: roots of three letters


class Likeness:
    """Answers each pair with a number from 0 to 1.

    Args:
        identity: Its name, with all that its answers depend on.
        likeness: Of two texts.
    """

    def __init__(self, identity: SystemIdentity, likeness: _Likeness) -> None:
        self.identity = identity
        self._likeness = likeness

    def prepare(self, brief: TaskBrief) -> None:
        """Learn nothing."""

    def answer(self, batch: Sequence[Request]) -> Sequence[Response]:
        """Score each pair."""
        return [Response(request.id, f"{self._likeness(*read_pair(request.input)):.6f}") for request in batch]


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


def _opener(name: str, likeness: _Likeness) -> Callable[[object], System]:
    facts = (f"n={_NGRAM}", f"fold={FOLD}")
    return lambda _chosen: Likeness(identity_of(name, version="1", facts=facts), likeness)


_BUILT_IN: tuple[tuple[str, _Likeness, str], ...] = (
    ("ngram-cosine", ngram_cosine, "cosine of counted character 3-grams, folded"),
    ("word-overlap", word_overlap, "folded words in common over the words of both"),
)
FAMILIES = tuple(
    SystemFamily(
        name=name,
        usage=name,
        one_by_one=True,
        kinds=frozenset({"similarity"}),
        open=_opener(name, likeness),
        summary=summary,
    )
    for name, likeness, summary in _BUILT_IN
)
