"""BM25 over our own words: the baseline that matches words."""

from collections.abc import Sequence
from importlib import metadata
from typing import Any

import numpy as np
import numpy.typing as npt

from harness.systems.ranking import RankingSystem
from harness.systems.settings import SystemSettings
from harness.systems.system import System, SystemFamily, identity_of
from harness.text.search_words import FOLD, search_words

# The defaults of Lucene-style BM25 in the package; named, so that the fingerprint knows them.
_K1, _B, _METHOD = 1.5, 0.75, "lucene"


class _Bm25:
    """Lucene's BM25 as bm25s computes it. A query's repeated word counts as often as it stands there."""

    def __init__(self) -> None:
        self._vocabulary: dict[str, int] = {}
        self._model: Any = None
        self._candidates = 0

    def index(self, texts: Sequence[str]) -> None:
        import bm25s  # noqa: PLC0415 - half a second, and only for who ranks

        words_of = [search_words(text) for text in texts]
        # The package numbers words in the order of a set, which differs with the hash seed.
        vocabulary = sorted({word for words in words_of for word in words})
        self._vocabulary = {word: number for number, word in enumerate(vocabulary)}
        self._candidates = len(texts)
        if not vocabulary:
            return
        numbered = [[self._vocabulary[word] for word in words] for words in words_of]
        self._model = bm25s.BM25(k1=_K1, b=_B, method=_METHOD, backend="numpy")
        self._model.index((numbered, dict(self._vocabulary)), show_progress=False, create_empty_token=False)

    def scores(self, query: str) -> npt.NDArray[Any]:
        known = [self._vocabulary[word] for word in search_words(query) if word in self._vocabulary]
        if not known:
            return np.zeros(self._candidates)
        scores: npt.NDArray[Any] = self._model.get_scores_from_ids(known)
        return scores


def _open(_settings: SystemSettings) -> System:
    facts = (f"k1={_K1}", f"b={_B}", f"method={_METHOD}", f"words={FOLD}")
    return RankingSystem(identity_of("bm25", version=metadata.version("bm25s"), facts=facts), _Bm25())


FAMILIES = (
    SystemFamily(
        name="bm25",
        distribution="bm25s",
        usage="bm25",
        one_by_one=True,
        kinds=frozenset({"retrieval"}),
        open=_open,
        summary="BM25 (Lucene's form, k1 1.5, b 0.75) over words folded for case, vowel signs and tatweel",
    ),
)
