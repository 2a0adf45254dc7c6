"""TF-IDF over character n-grams: the baseline that matches spellings, inflection and clitics included."""

from collections.abc import Sequence
from importlib import metadata
from typing import Any

import numpy as np
import numpy.typing as npt

from harness.systems.ranking import RankingSystem
from harness.systems.settings import SystemSettings
from harness.systems.system import System, SystemFamily, identity_of
from harness.text.search_words import FOLD, fold

_NGRAMS = (2, 4)  # of characters inside words: roots of three letters, with an affix on either side


class _CharTfidf:
    """Cosine of TF-IDF vectors, fitted on the candidates alone (the queries are never seen before)."""

    def __init__(self) -> None:
        self._vectorizer: Any = None
        self._postings: Any = None  # n-grams by candidates, so that a query touches its own rows only
        self._candidates = 0

    def index(self, texts: Sequence[str]) -> None:
        from sklearn.feature_extraction.text import (  # noqa: PLC0415 - a second, and only for who ranks
            TfidfVectorizer,
        )

        self._vectorizer = TfidfVectorizer(
            analyzer="char_wb", ngram_range=_NGRAMS, preprocessor=fold, sublinear_tf=True
        )
        self._candidates = len(texts)
        # A pool without a single character would be refused as an empty vocabulary.
        if any(map(str.strip, texts)):
            self._postings = self._vectorizer.fit_transform(texts).T.tocsr()

    def scores(self, query: str) -> npt.NDArray[Any]:
        if self._postings is None:
            return np.zeros(self._candidates)
        scores: npt.NDArray[Any] = (self._vectorizer.transform([query]) @ self._postings).toarray().ravel()
        return scores


def _open(_settings: SystemSettings) -> System:
    facts = (f"char_wb={_NGRAMS}", "sublinear_tf", f"fold={FOLD}")
    return RankingSystem(
        identity_of("char-tfidf", version=metadata.version("scikit-learn"), facts=facts), _CharTfidf()
    )


FAMILIES = (
    SystemFamily(
        name="char-tfidf",
        distribution="scikit-learn",
        usage="char-tfidf",
        one_by_one=True,
        kinds=frozenset({"retrieval"}),
        open=_open,
        summary="cosine of TF-IDF over character 2- to 4-grams inside words",
    ),
)
