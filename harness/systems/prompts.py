"""What a chat model is asked for an item of each kind of task, and what its words mean as an answer to it."""

import functools
import json
import re
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib import resources

from harness.evaluation.tasks import TaskBrief
from harness.systems.system import Output

_PLACE = re.compile(r"\{(input|labels|language)\}")
_NUMBERS = re.compile(r"\d{1,6}(?:\s*[,،\s]\s*\d{1,6})*")
_NONE = "none"
_COPY_LABELS = ("copy", "different")
_LABELLED = frozenset({"topic", "source"})
# Whose answers are texts of any length: one that was cut off would be scored as if the model had meant it.
_TEXTS = frozenset(
    {"punctuation", "spelling", "headline", "summary", "translation", "question-answering", "ner"}
)


@dataclass(frozen=True)
class DefaultPrompt:
    """What is asked of a kind of task where systems.toml says nothing else.

    Args:
        text: With places for the item, for labels and for a language.
        version: Raised when it, the way an item is shown or the way an answer is read, changes.
    """

    text: str
    version: int


@functools.cache
def default_prompts() -> Mapping[str, DefaultPrompt]:
    """Give the prompt of each kind of task that a chat model can do."""
    text = resources.files("harness.systems").joinpath("data", "prompts.toml").read_text(encoding="utf-8")
    return {
        kind: DefaultPrompt(entry["prompt"].strip(), entry["version"])
        for kind, entry in tomllib.loads(text).items()
    }


def version_told(kind: str, prompt: str) -> str:
    """Say which prompt a system asks by: the version of ours, or that it is the user's own."""
    known = default_prompts().get(kind)
    return f"prompt {known.version}" if known is not None and known.text == prompt else "own prompt"


@dataclass(frozen=True)
class Asking:
    """How a task's items are put to a chat model.

    Args:
        kind: The kind of task.
        prompt: What is asked, with places.
        labels: What can be answered, for kinds with labels that are the same for all items.
        language: Tag of the language that answers are to be in; "" where the kind has none.
    """

    kind: str
    prompt: str
    labels: tuple[str, ...] = ()
    language: str = ""

    @classmethod
    def of(cls, brief: TaskBrief, prompt: str) -> "Asking":
        """Put a task; labels are those of the examples that may be learnt from, never those of the items."""
        return cls(brief.kind, prompt, _labels_of(brief), brief.answer_lang)

    @property
    def wants_whole_answers(self) -> bool:
        """Whether an answer that ended at the limit of tokens is none; a label is one, wherever it ended."""
        return self.kind in _TEXTS

    def content(self, text: str) -> str:
        """Write what is asked for an item with this input; the item's own braces are text."""
        shown = _SHOWN[self.kind](text) if self.kind in _SHOWN else text
        put = {"input": shown, "labels": "\n".join(self.labels), "language": self.language}
        return _PLACE.sub(lambda place: put[place[1]], self.prompt)

    def answer(self, text: str, said: str) -> Output | None:
        """Read what was said to an item with this input; None where it is no answer, however near it comes."""
        words = said.strip()
        return _READ[self.kind](text, words, self.labels) if self.kind in _READ else words


def _labels_of(brief: TaskBrief) -> tuple[str, ...]:
    references = [example.reference for example in brief.examples]
    if brief.kind == "near-duplicates":
        return _COPY_LABELS
    if brief.kind == "ner":
        return tuple(sorted({tag for tags in references for tag in tags.split()}))
    return tuple(sorted(set(references))) if brief.kind in _LABELLED else ()


def _pair(text: str) -> str:
    first, second = json.loads(text)
    return f"First:\n{first}\n\nSecond:\n{second}"


def _numbered_lines(text: str) -> str:
    return "\n".join(f"{number}: {line}" for number, line in enumerate(text.split("\n"), start=1))


def _numbered_sentences(text: str) -> str:
    return "\n".join(f"{number}: {one}" for number, one in enumerate(json.loads(text), start=1))


def _gap(text: str) -> str:
    question = json.loads(text)
    return "\n".join([question["text"], "", *question["options"]])


def _question(text: str) -> str:
    asked = json.loads(text)
    return f"{asked['context']}\n\nQuestion: {asked['question']}"


def _tokens(text: str) -> str:
    return "\n".join(json.loads(text))


_SHOWN: Mapping[str, Callable[[str], str]] = {
    "near-duplicates": _pair,
    "similarity": _pair,
    "residue": _numbered_lines,
    "sentence-order": _numbered_sentences,
    "cloze": _gap,
    "question-answering": _question,
    "ner": _tokens,
}


def _one_of(_text: str, said: str, labels: Sequence[str]) -> Output | None:
    """Take a label, in capitals or not, and nothing beside it."""
    return {label.casefold(): label for label in reversed(labels)}.get(said.casefold())


def _option(text: str, said: str, _labels: Sequence[str]) -> Output | None:
    return said if said in json.loads(text)["options"] else None


def _numbers(_text: str, said: str, _labels: Sequence[str]) -> Output | None:
    if said.casefold() == _NONE:
        return ()
    return tuple(re.findall(r"\d+", said)) if _NUMBERS.fullmatch(said) else None


def _words_or_none(_text: str, said: str, _labels: Sequence[str]) -> Output | None:
    return "" if said.casefold() == _NONE else said


# Of kinds that are not named here the words are the answer, and whether they can be one is the task's to say.
_READ: Mapping[str, Callable[[str, str, Sequence[str]], Output | None]] = {
    "topic": _one_of,
    "source": _one_of,
    "near-duplicates": _one_of,
    "cloze": _option,
    "residue": _numbers,
    "sentence-order": _numbers,
    "question-answering": _words_or_none,
}
