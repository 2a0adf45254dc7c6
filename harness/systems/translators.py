"""Translating without a model: the source as it is, the nearest translation of the split train, and word by word."""

from collections.abc import Callable, Sequence
from functools import partial
from importlib import metadata
from typing import Any

from harness.evaluation.tasks import Example
from harness.systems.learning import LearntFunction, learnt_family
from harness.systems.system import System, SystemFamily, identity_of
from harness.systems.word_lexicon import learnt_lexicon
from harness.text.search_words import FOLD, fold

_Pairs = Sequence[tuple[str, str]]
_Translate = Callable[[str], str]
_NGRAMS = (2, 4)  # of characters inside words, as `char-tfidf` ranks by


def nearest_translation(pairs: _Pairs) -> _Translate:
    """Learn whole translations; a text gets that of the source most like it, of equal ones the first.

    Like is the cosine of TF-IDF over character 2- to 4-grams inside words.
    """
    from sklearn.feature_extraction.text import (  # noqa: PLC0415 - a second, and only for who translates
        TfidfVectorizer,
    )

    vectorizer = TfidfVectorizer(
        analyzer="char_wb", ngram_range=_NGRAMS, preprocessor=fold, sublinear_tf=True
    )
    known: Any = vectorizer.fit_transform([source for source, _ in pairs]).T.tocsr()

    def translate(text: str) -> str:
        likeness = (vectorizer.transform([text]) @ known).toarray().ravel()
        return pairs[int(likeness.argmax())][1]

    return translate


def _learnt(learn: Callable[[_Pairs], _Translate], examples: Sequence[Example]) -> _Translate:
    return learn([(one.input, one.reference) for one in examples])


def _open_memory(_settings: object) -> System:
    facts = (f"char_wb={_NGRAMS}", f"fold={FOLD}", f"scikit-learn={metadata.version('scikit-learn')}")
    identity = identity_of("translation-memory", version="1", facts=facts)
    return LearntFunction(identity, partial(_learnt, nearest_translation))


_KINDS = frozenset({"translation"})
FAMILIES = (
    learnt_family(
        "word-lexicon",
        _KINDS,
        partial(_learnt, learnt_lexicon),
        "word by word, by IBM's first model learnt from the split train",
    ),
    SystemFamily(
        name="translation-memory",
        usage="translation-memory",
        kinds=_KINDS,
        open=_open_memory,
        summary="the translation of the text in the split train that is most like it",
    ),
    learnt_family("copy-source", _KINDS, lambda _examples: str, "the source as it is"),
)
