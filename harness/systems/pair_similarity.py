"""Are two texts copies? Rules over one similarity and one threshold, and the plainest: the same words."""

from collections.abc import Callable, Sequence
from importlib import metadata
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from harness.core.recipe import DuplicateSettings
from harness.curation.shingles import code_points, folded, shingle_hashes, word_hashes
from harness.evaluation.results import SystemIdentity
from harness.evaluation.tasks import TaskBrief
from harness.evaluation.tasks.near_duplicates import COPY, DIFFERENT, read_pair
from harness.systems.system import Request, Response, System, SystemFamily, identity_of
from harness.text.search_words import FOLD, fold, search_words

_Similarity = Callable[[Sequence[str], Sequence[str]], npt.NDArray[Any]]
_BUILD = DuplicateSettings()
_NGRAMS = (2, 4)
# Half of what could be alike. Not fitted to a corpus: a baseline that was tuned on the texts it is asked about is none.
_COSINE = 0.5


class PairSystem:
    """Answers `copy` where the similarity of a pair is at least the threshold.

    Args:
        identity: Its name, with all that its answers depend on.
        similarity: Takes the first and the second texts of some pairs, and gives shape (pairs,), in [0, 1].
        threshold: From where two texts count as copies.
        fit: Called with all texts before anything is asked.
    """

    def __init__(
        self,
        identity: SystemIdentity,
        similarity: _Similarity,
        threshold: float,
        fit: Callable[[Sequence[str]], None] | None = None,
    ) -> None:
        self.identity = identity
        self._similarity = similarity
        self._threshold = threshold
        self._fit = fit

    def prepare(self, brief: TaskBrief) -> None:
        """Look at all texts where the similarity needs to know how common words are."""
        if self._fit is not None:
            self._fit([text for pair in brief.inputs for text in read_pair(pair)])

    def answer(self, batch: Sequence[Request]) -> Sequence[Response]:
        """Decide each pair."""
        firsts, seconds = zip(*(read_pair(request.input) for request in batch), strict=True)
        alike = self._similarity(firsts, seconds) >= self._threshold
        return [
            Response(request.id, COPY if one else DIFFERENT)
            for request, one in zip(batch, alike, strict=True)
        ]


def same_words(firsts: Sequence[str], seconds: Sequence[str]) -> npt.NDArray[Any]:
    """Give 1 where two texts are the same words, lightly folded, and else 0."""
    pairs = zip(firsts, seconds, strict=True)
    return np.array([float(search_words(one) == search_words(other)) for one, other in pairs])


def shingle_jaccard(firsts: Sequence[str], seconds: Sequence[str]) -> npt.NDArray[Any]:
    """Give the share of folded word shingles that two texts have in common, as the build counts it."""
    ours, theirs = (_shingles(texts) for texts in (firsts, seconds))
    shared = [len(one & other) for one, other in zip(ours, theirs, strict=True)]
    either = [len(one | other) for one, other in zip(ours, theirs, strict=True)]
    return np.array(shared) / np.maximum(either, 1)


def _shingles(texts: Sequence[str]) -> list[frozenset[int]]:
    words = word_hashes(folded(code_points(pa.array(texts, pa.large_string()))))
    hashes = shingle_hashes(words, _BUILD.shingle_words)
    bounds = zip(hashes.offsets[:-1].tolist(), hashes.offsets[1:].tolist(), strict=True)
    return [frozenset(hashes.values[start:stop].tolist()) for start, stop in bounds]


class _CharCosine:
    """Cosine of TF-IDF over character n-grams, with how common they are taken from all texts of the task."""

    def __init__(self) -> None:
        self._vectorizer: Any = None

    def fit(self, texts: Sequence[str]) -> None:
        from sklearn.feature_extraction.text import (  # noqa: PLC0415 - a second, and only where it is used
            TfidfVectorizer,
        )

        self._vectorizer = TfidfVectorizer(
            analyzer="char_wb", ngram_range=_NGRAMS, preprocessor=fold, sublinear_tf=True
        ).fit(texts)

    def __call__(self, firsts: Sequence[str], seconds: Sequence[str]) -> npt.NDArray[Any]:
        ours, theirs = (self._vectorizer.transform(texts) for texts in (firsts, seconds))
        return np.asarray(ours.multiply(theirs).sum(axis=1)).ravel()


def _open_same_words(_chosen: object) -> System:
    return PairSystem(identity_of("same-words", version="1", facts=(f"fold={FOLD}",)), same_words, 1.0)


def _open_jaccard(_chosen: object) -> System:
    facts = (f"words={_BUILD.shingle_words}", f"at-least={_BUILD.duplicate}")
    return PairSystem(
        identity_of("shingle-jaccard", version="1", facts=facts), shingle_jaccard, _BUILD.duplicate
    )


def _open_cosine(_chosen: object) -> System:
    cosine = _CharCosine()
    facts = (f"char_wb={_NGRAMS}", "sublinear_tf", f"fold={FOLD}", f"at-least={_COSINE}")
    identity = identity_of("char-cosine", version=metadata.version("scikit-learn"), facts=facts)
    return PairSystem(identity, cosine, _COSINE, cosine.fit)


_KINDS = frozenset({"near-duplicates"})
FAMILIES = (
    SystemFamily(
        name="same-words",
        usage="same-words",
        kinds=_KINDS,
        open=_open_same_words,
        summary="copies are texts of the same words, folded for case, vowel signs and tatweel",
    ),
    SystemFamily(
        name="shingle-jaccard",
        usage="shingle-jaccard",
        kinds=_KINDS,
        open=_open_jaccard,
        summary="the build's own rule: folded pairs of words in common, at least 0.65 of either text's",
    ),
    SystemFamily(
        name="char-cosine",
        distribution="scikit-learn",
        usage="char-cosine",
        kinds=_KINDS,
        open=_open_cosine,
        summary="cosine of TF-IDF over character 2- to 4-grams inside words, at least 0.5",
    ),
)
