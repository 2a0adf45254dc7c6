"""A word diff in one line of plain text: what was cut and put is marked, and nothing in it stays hidden."""

import itertools
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from harness.text.diff import Piece, PieceKind
from harness.text.direction import direction_of
from harness.text.visible import code_point, visible

_LEFT_TO_RIGHT = "\N{LEFT-TO-RIGHT ISOLATE}"
_RIGHT_TO_LEFT = "\N{RIGHT-TO-LEFT ISOLATE}"
_FIRST_STRONG = "\N{FIRST STRONG ISOLATE}"
_END = "\N{POP DIRECTIONAL ISOLATE}"

# What looks like a blank or like nothing, and is spelled out where it is what changed.
_LOOKS_BLANK = re.compile("[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000\u200c\u200d]")
_HEAD_CHARS = 120
_TAIL_CHARS = 40
_SPELLED_CHARS = 6
_PIECES = 12


@dataclass(frozen=True)
class Style:
    """How changes are marked."""

    cut: tuple[str, str]
    put: tuple[str, str]

    def marked(self, kind: PieceKind, text: str) -> str:
        """Put a piece between its marks."""
        opening, closing = self.cut if kind == "cut" else self.put
        return f"{opening}{_FIRST_STRONG}{text}{_END}{closing}"


PLAIN = Style(cut=("[-", "-]"), put=("{+", "+}"))
# Black on red and on green: blanks have a background, and nothing else.
COLOURED = Style(cut=("\x1b[30;41m", "\x1b[0m"), put=("\x1b[30;42m", "\x1b[0m"))


def diff_text(pieces: Sequence[Piece], style: Style = PLAIN) -> str:
    """Write a diff in one line, set apart from the text around it in the direction of most of its letters.

    Long pieces are cut in their middle, and of many the first are shown. Where old and new look alike, their code points are told.
    """
    line = "".join(
        visible(_shortened(piece.text))
        if piece.kind == "same"
        else style.marked(piece.kind, _spelled(_shortened(piece.text)))
        for piece in pieces[:_PIECES]
    )
    if len(pieces) > _PIECES:
        line += " …"
    is_rtl = direction_of("".join(piece.text for piece in pieces)) == "rtl"
    isolated = f"{_RIGHT_TO_LEFT if is_rtl else _LEFT_TO_RIGHT}{line}{_END}"
    return "  ".join([isolated, *_alike(pieces)])


def _spelled(text: str) -> str:
    return _LOOKS_BLANK.sub(lambda match: f"[{code_point(match[0])}]", visible(text))


def _shortened(text: str) -> str:
    if len(text) <= _HEAD_CHARS + _TAIL_CHARS:
        return text
    left_out = len(text) - _HEAD_CHARS - _TAIL_CHARS
    return f"{text[:_HEAD_CHARS]} …({left_out} characters)… {text[-_TAIL_CHARS:]}"


def _alike(pieces: Sequence[Piece]) -> list[str]:
    """Name the code points of changes that no eye can see."""
    notes = []
    for cut, put in itertools.pairwise(pieces):
        exchanged = (cut.kind, put.kind) == ("cut", "put")
        if exchanged and _looks(_spelled(cut.text)) == _looks(_spelled(put.text)):
            old, new = _differing(cut.text, put.text)
            notes.append(f"({_code_points(old)} → {_code_points(new)})")
    return notes[:1]


def _looks(text: str) -> str:
    return unicodedata.normalize("NFKC", text)


def _differing(old: str, new: str) -> tuple[str, str]:
    head = len(_common_start(old, new))
    tail = len(_common_start(old[head:][::-1], new[head:][::-1]))
    return old[head : len(old) - tail], new[head : len(new) - tail]


def _common_start(old: str, new: str) -> str:
    same = itertools.takewhile(lambda pair: pair[0] == pair[1], zip(old, new, strict=False))
    return "".join(mine for mine, _ in same)


def _code_points(text: str) -> str:
    shown = " ".join(f"U+{ord(character):04X}" for character in text[:_SPELLED_CHARS]) or "nothing"
    return shown + (" …" if len(text) > _SPELLED_CHARS else "")
