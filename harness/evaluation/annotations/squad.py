"""SQuAD's JSON, versions 1 and 2: contexts, questions, and where in the context each answer stands."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from harness.core.errors import HarnessError, InputError, named
from harness.evaluation.annotations.binding import NAMES, Anchor
from harness.evaluation.annotations.files import parse_json, raise_first, read_text

_FORM = 'write SQuAD\'s JSON: {"data": [{"paragraphs": [{"context": …, "qas": [{"id": …, "question": …, "answers": […]}]}]}]}'


@dataclass(frozen=True)
class Question:
    """One question.

    Args:
        id: As the file has it.
        anchor: Which document its context is of.
        context: As given.
        question: As given.
        answers: All that are accepted, each once; none where the context does not answer.
    """

    id: str
    anchor: Anchor
    context: str
    question: str
    answers: tuple[str, ...]


def read_squad(path: Path) -> list[Question]:
    """Read a SQuAD file.

    A paragraph may name its document, beside `context`, by `id`, `locator` or `raw_sha256`. A question that is
    `is_impossible` has no answer.

    Raises:
        NoEvidenceError: There is no such file.
        InputError: It is no such JSON, an answer does not stand where `answer_start` says (in code points), a question
            is neither answered nor impossible, or two have one id; mistakes come together.
    """
    content = parse_json(read_text(path), str(path))
    errors: list[HarnessError] = []
    questions: list[Question] = []
    for place, paragraph, qa in _entries(content, path, errors):
        try:
            questions.append(_question(place, paragraph, qa, path))
        except InputError as error:
            errors.append(error)
    ids = [question.id for question in questions]
    doubled = sorted({one for one in ids if ids.count(one) > 1}) if len(set(ids)) < len(ids) else []
    if doubled:
        errors.append(
            InputError(
                f"several questions have one id: {named(doubled)}",
                where=str(path),
                remedy="give each an id of its own",
            )
        )
    raise_first(errors, path)
    return questions


_Entry = tuple[str, Mapping[str, Any], Mapping[str, Any]]


def _entries(content: Any, path: Path, errors: list[HarnessError]) -> Iterator[_Entry]:
    """Give each question with its paragraph and its place; what has another form goes to `errors`."""
    for article_place, article in _listed(content, "data", "", path, errors):
        for paragraph_place, paragraph in _listed(article, "paragraphs", article_place, path, errors):
            if not isinstance(paragraph.get("context"), str):
                errors.append(
                    InputError(
                        "the paragraph has no 'context'", where=f"{path}: {paragraph_place}", remedy=_FORM
                    )
                )
                continue
            for place, qa in _listed(paragraph, "qas", paragraph_place, path, errors):
                yield place, paragraph, qa


def _listed(
    holder: Any, key: str, place: str, path: Path, errors: list[HarnessError]
) -> Iterator[tuple[str, Mapping[str, Any]]]:
    entries = holder.get(key) if isinstance(holder, dict) else None
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        where = f"{path}: {place}" if place else str(path)
        errors.append(InputError(f"there is no list of objects called '{key}'", where=where, remedy=_FORM))
        return
    for number, entry in enumerate(entries):
        yield f"{place}.{key}[{number}]".removeprefix("."), entry


def _question(place: str, paragraph: Mapping[str, Any], qa: Mapping[str, Any], path: Path) -> Question:
    where = f"{path}: {place}"
    if not all(isinstance(qa.get(key), str) and qa[key].strip() for key in ("id", "question")):
        raise InputError("the question has no 'id' or no 'question'", where=where, remedy=_FORM)
    context = paragraph["context"]
    names = {name: paragraph[name] for name in NAMES if isinstance(paragraph.get(name), str)}
    anchor = Anchor(f"{path.name}: question {qa['id']}", names, context)
    return Question(qa["id"], anchor, context, qa["question"], _answers(qa, context, where))


def _answers(qa: Mapping[str, Any], context: str, where: str) -> tuple[str, ...]:
    where = f"{where} (question {qa['id']})"
    given = qa.get("answers", [])
    if not isinstance(given, list) or not all(isinstance(answer, dict) for answer in given):
        raise InputError("'answers' is no list of objects", where=where, remedy=_FORM)
    if qa.get("is_impossible"):
        if given:
            raise InputError(
                "the question is impossible and has answers",
                where=where,
                remedy="empty 'answers' (guesses go into 'plausible_answers'), or set 'is_impossible' to false",
            )
        return ()
    if not given:
        raise InputError(
            "the question has no answer",
            where=where,
            remedy='add one, or say "is_impossible": true where the context does not answer it',
        )
    return tuple(dict.fromkeys(_answer(answer, context, where) for answer in given))


def _answer(answer: Mapping[str, Any], context: str, where: str) -> str:
    text, start = answer.get("text"), answer.get("answer_start")
    if not isinstance(text, str) or not text.strip() or type(start) is not int:
        raise InputError(
            "an answer needs 'text' and a whole number 'answer_start'", where=where, remedy=_FORM
        )
    if start < 0 or not context.startswith(text, start):
        stands = context.find(text)
        remedy = (
            "the context does not hold this text: copy it from there, letter by letter"
            if stands < 0
            else f"it first stands at {stands}: count code points, not bytes or UTF-16 units"
        )
        there = context[start : start + len(text)] if start >= 0 else ""
        raise InputError(
            f"the answer {named([text])} does not stand at {start}, where {named([there])} stands",
            where=where,
            remedy=remedy,
        )
    return text
