"""Answering questions from a text by words in common, and by its first sentence alone."""

import re
from collections.abc import Callable
from functools import partial

from harness.evaluation.tasks.question_answering import read_question
from harness.systems.learning import known_family
from harness.text.search_words import FOLD, search_words

_Find = Callable[[str, str], str]  # of a context and a question
_SENTENCE = re.compile(r"[^.!?؟。\n]+(?:[.!?؟。](?=\S)[^.!?؟。\n]*)*[.!?؟。]*")


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


def _answer(find: _Find, question: str) -> str:
    return find(*read_question(question))


_BUILT_IN: tuple[tuple[str, _Find, str], ...] = (
    (
        "overlap-window",
        overlap_window,
        "the longest run of new words in the sentence that shares most with the question",
    ),
    ("first-sentence", first_sentence, "the first sentence of the context, whatever is asked"),
)
FAMILIES = tuple(
    known_family(name, "question-answering", partial(_answer, find), summary, (f"words={FOLD}",))
    for name, find, summary in _BUILT_IN
)
