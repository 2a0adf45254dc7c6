"""TF-IDF with a linear support-vector classifier, learnt from the split train: the baseline for labels of texts."""

from collections.abc import Sequence
from importlib import metadata
from typing import Any

from harness.evaluation.results import SystemIdentity
from harness.evaluation.tasks import TaskBrief
from harness.systems.learning import required_examples
from harness.systems.system import Request, Response, System, SystemFamily, identity_of
from harness.text.search_words import FOLD, fold, search_words

_WORD_NGRAMS = (1, 2)
_C = 1.0  # scikit-learn's default; not tuned, since a baseline that was tuned on a corpus is none
_SEED = 0


class TfidfSvc:
    """Answers with the label whose hyperplane lies furthest on the right side; learns once, in `prepare`."""

    def __init__(self) -> None:
        facts = (f"words={_WORD_NGRAMS}", "sublinear_tf", f"C={_C}", f"fold={FOLD}")
        self.identity: SystemIdentity = identity_of(
            "tfidf-svc", version=metadata.version("scikit-learn"), facts=facts
        )
        self._vectorizer: Any = None
        self._classifier: Any = None

    def prepare(self, brief: TaskBrief) -> None:
        """Learn the labels of the examples.

        Raises:
            ConfigurationError: The task has none.
        """
        from sklearn.feature_extraction.text import (  # noqa: PLC0415 - a second, and only for who learns
            TfidfVectorizer,
        )
        from sklearn.svm import LinearSVC  # noqa: PLC0415 - same

        examples = required_examples(brief, "tfidf-svc")
        self._vectorizer = TfidfVectorizer(
            tokenizer=search_words,
            preprocessor=fold,
            token_pattern=None,
            ngram_range=_WORD_NGRAMS,
            sublinear_tf=True,
        )
        texts = self._vectorizer.fit_transform([example.input for example in examples])
        # `balanced` lets rare sections count; the seed fixes the order in which the solver takes examples.
        self._classifier = LinearSVC(C=_C, class_weight="balanced", random_state=_SEED).fit(
            texts, [example.reference for example in examples]
        )

    def answer(self, batch: Sequence[Request]) -> Sequence[Response]:
        """Give each text the label that it is most like."""
        texts = self._vectorizer.transform([request.input for request in batch])
        told = self._classifier.predict(texts)
        return [Response(request.id, str(label)) for request, label in zip(batch, told, strict=True)]


def _open(_chosen: object) -> System:
    return TfidfSvc()


FAMILIES = (
    SystemFamily(
        name="tfidf-svc",
        distribution="scikit-learn",
        usage="tfidf-svc",
        kinds=frozenset({"topic", "source"}),
        open=_open,
        summary="TF-IDF over folded words and pairs of them with a linear SVC, learnt from the split train",
    ),
)
