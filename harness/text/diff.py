"""What changed between two texts, word by word."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import groupby
from typing import Literal

PieceKind = Literal["same", "cut", "put"]

# Blocks of combining marks, and joiners: Python's `\w` has letters and digits alone.
_MARKS = (
    "\u0300-\u036f\u0483-\u0489\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed\u0711-\u074a"
    "\u0897-\u089f\u08ca-\u0963\u0966-\u0eff\u1ab0-\u1aff\u1dc0-\u1dff\u200c\u200d\u20d0-\u20ff\ufe20-\ufe2f"
)
# Words with their marks, blanks of one kind, every other character by itself.
_TOKEN = re.compile(rf"[\w{_MARKS}]+|(\s)\1*|.", re.DOTALL)
# Matching costs up to the square of the words; above, the whole middle counts as changed.
_MOST_MATCHED_TOKENS = 400


@dataclass(frozen=True)
class Piece:
    """Text that stayed, that was cut, or that was put in its place."""

    kind: PieceKind
    text: str


def word_diff(before: str, after: str) -> tuple[Piece, ...]:
    """Compare two texts word by word.

    What stayed and what was cut, joined, are `before`; what stayed and what was put are `after`. A cut comes
    before what was put in its place. The time is linear in the texts: where the words between the first and
    the last change are more than a few hundred, they are not matched with each other.
    """
    old, new = _tokens(before), _tokens(after)
    head = _common(old, new)
    tail = _common(old[head:][::-1], new[head:][::-1])
    middle = _matched(old[head : len(old) - tail], new[head : len(new) - tail])
    pieces: list[tuple[PieceKind, str]] = [("same", token) for token in old[:head]]
    pieces += middle
    pieces += [("same", token) for token in old[len(old) - tail :]]
    return tuple(_without_blanks_between(_joined(pieces)))


def words_around(left: str, right: str, words: int) -> tuple[str, str]:
    """Cut the surroundings of a place to its nearest words on both sides."""
    return "".join(_nearest(_tokens(left)[::-1], words)[::-1]), "".join(_nearest(_tokens(right), words))


def _tokens(text: str) -> list[str]:
    return [match[0] for match in _TOKEN.finditer(text)]


def _common(old: Sequence[str], new: Sequence[str]) -> int:
    count = 0
    for mine, other in zip(old, new, strict=False):  # one may be longer
        if mine != other:
            break
        count += 1
    return count


def _matched(old: list[str], new: list[str]) -> list[tuple[PieceKind, str]]:
    if len(old) + len(new) > _MOST_MATCHED_TOKENS:
        return [("cut", token) for token in old] + [("put", token) for token in new]
    pieces: list[tuple[PieceKind, str]] = []
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    for kind, old_start, old_end, new_start, new_end in matcher.get_opcodes():
        if kind == "equal":
            pieces += [("same", token) for token in old[old_start:old_end]]
        else:
            pieces += [("cut", token) for token in old[old_start:old_end]]
            pieces += [("put", token) for token in new[new_start:new_end]]
    return pieces


def _joined(pieces: Sequence[tuple[PieceKind, str]]) -> Iterator[Piece]:
    for kind, run in groupby(pieces, key=lambda piece: piece[0]):
        yield Piece(kind, "".join(text for _, text in run))


def _without_blanks_between(pieces: Iterable[Piece]) -> list[Piece]:
    """Read words that were exchanged one after another as one exchange: the blank between them says nothing."""
    told: list[Piece] = []
    for piece in pieces:
        told.append(piece)
        if [one.kind for one in told[-5:]] == ["cut", "put", "same", "cut", "put"] and told[-3].text == " ":
            cut, put, blank, next_cut, next_put = told[-5:]
            told[-5:] = [
                Piece("cut", cut.text + blank.text + next_cut.text),
                Piece("put", put.text + blank.text + next_put.text),
            ]
    return told


def _nearest(tokens: Sequence[str], words: int) -> Sequence[str]:
    """Take tokens until so many words are among them."""
    seen = 0
    for place, token in enumerate(tokens):
        seen += token[0].isalnum()
        if seen == words:
            return tokens[: place + 1]
    return tokens
