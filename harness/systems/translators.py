"""Translating without a model: the source as it is, the nearest translation of the split train, and word by word."""

from collections.abc import Callable, Sequence
from importlib import metadata
from typing import Any

from harness.evaluation.results import SystemIdentity
from harness.evaluation.tasks import TaskBrief
from harness.systems.learning import required_examples
from harness.systems.system import Request, Response, System, SystemFamily, identity_of
from harness.systems.word_lexicon import learnt_lexicon
from harness.text.search_words import FOLD, fold

_Pairs = Sequence[tuple[str, str]]
_Translate = Callable[[str], str]
_NGRAMS = (2, 4)  # of characters inside words, as `char-tfidf` ranks by


class Translator:
    """Answers each text with what a function makes of it.

    Args:
        identity: Its name, with all that its answers depend on.
        learn: Makes the function from texts with their translations.
    """

    def __init__(self, identity: SystemIdentity, learn: Callable[[_Pairs], _Translate]) -> None:
        self.identity = identity
        self._learn = learn
        self._translate: _Translate = str

    def prepare(self, brief: TaskBrief) -> None:
        """Learn from the examples.

        Raises:
            ConfigurationError: The task has none.
        """
        examples = required_examples(brief, self.identity.name)
        self._translate = self._learn([(one.input, one.reference) for one in examples])

    def answer(self, batch: Sequence[Request]) -> Sequence[Response]:
        """Translate each text."""
        return [Response(request.id, self._translate(request.input)) for request in batch]


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


def _opener(name: str, learn: Callable[[_Pairs], _Translate]) -> Callable[[object], System]:
    def open_(_chosen: object) -> System:
        facts = (f"char_wb={_NGRAMS}", f"fold={FOLD}", f"scikit-learn={metadata.version('scikit-learn')}")
        return Translator(identity_of(name, version="1", facts=facts if name == _MEMORY else ()), learn)

    return open_


_MEMORY = "translation-memory"
_BUILT_IN: tuple[tuple[str, Callable[[_Pairs], _Translate], str], ...] = (
    ("word-lexicon", learnt_lexicon, "word by word, by IBM's first model learnt from the split train"),
    (_MEMORY, nearest_translation, "the translation of the text in the split train that is most like it"),
    ("copy-source", lambda _pairs: str, "the source as it is"),
)
FAMILIES = tuple(
    SystemFamily(
        name=name, usage=name, kinds=frozenset({"translation"}), open=_opener(name, learn), summary=summary
    )
    for name, learn, summary in _BUILT_IN
)
