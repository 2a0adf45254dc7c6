"""Answering questions from a text by words in common, and by its first sentence alone."""

import re
from collections.abc import Callable, Sequence

from harness.evaluation.results import SystemIdentity
from harness.evaluation.tasks import TaskBrief
from harness.evaluation.tasks.question_answering import read_question
from harness.systems.system import Request, Response, System, SystemFamily, identity_of
from harness.text.search_words import FOLD, search_words

_Find = Callable[[str, str], str]  # of a context and a question
_SENTENCE = re.compile(r"[^.!?؟。\n]+(?:[.!?؟。](?=\S)[^.!?؟。\n]*)*[.!?؟。]*")


class AnswerFinder:
    """Answers each question with words of its context.

    Args:
        identity: Its name, with all that its answers depend on.
        find: Finds the words.
    """

    def __init__(self, identity: SystemIdentity, find: _Find) -> None:
        self.identity = identity
        self._find = find

    def prepare(self, brief: TaskBrief) -> None:
        """Learn nothing."""

    def answer(self, batch: Sequence[Request]) -> Sequence[Response]:
        """Answer each question."""
        return [Response(request.id, self._find(*read_question(request.input))) for request in batch]


def first_sentence(context: str, _question: str) -> str:
    """Give what stands before the first full stop."""
    return sentences_of(context)[0]


def overlap_window(context: str, question: str) -> str:
    """Give, of the sentence with most of the question's words, the longest run of other words.

    Where no sentence shares a word with the question, it is taken for one that the text does not answer.
    """
    asked = set(search_words(question))
    sentences = sentences_of(context)
    shared = [len(asked & set(search_words(sentence))) for sentence in sentences]
    if not max(shared):
        return ""
    runs = [list[str]()]
    for word in sentences[shared.index(max(shared))].split():
        if asked.isdisjoint(search_words(word)):
            runs[-1].append(word)
        else:
            runs.append([])
    longest = max(map(len, runs))
    return " ".join(next(run for run in runs if len(run) == longest))


def sentences_of(text: str) -> list[str]:
    """Cut a text at full stops, question and exclamation marks before a blank, and at line breaks."""
    found = [sentence.strip() for sentence in _SENTENCE.findall(text)]
    return [sentence for sentence in found if sentence] or [text]


def _opener(name: str, find: _Find) -> Callable[[object], System]:
    return lambda _chosen: AnswerFinder(identity_of(name, version="1", facts=(f"words={FOLD}",)), find)


_BUILT_IN: tuple[tuple[str, _Find, str], ...] = (
    (
        "overlap-window",
        overlap_window,
        "the longest run of new words in the sentence that shares most with the question",
    ),
    ("first-sentence", first_sentence, "the first sentence of the context, whatever is asked"),
)
FAMILIES = tuple(
    SystemFamily(
        name=name,
        usage=name,
        one_by_one=True,
        kinds=frozenset({"question-answering"}),
        open=_opener(name, find),
        summary=summary,
    )
    for name, find, summary in _BUILT_IN
)
