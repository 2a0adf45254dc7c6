"""Signs of defects: small machines that tell in one pass over a text which rules of cleaning may find something.

Where a rule finds something, its machine does; it may find more, as the rule's suspect pattern may. Rules that cut lines
are told by how lines begin, rules that join lines by how lines end. Rules that look for other words have no machine: their
patterns are searched.
"""

import functools
from collections.abc import Mapping

import numpy as np
import pyarrow as pa

from harness.curation.line_signs import line_signs
from harness.curation.machines import STATE_BITS, Kinds, Machine, joined, misread
from harness.curation.utf8_texts import Utf8Texts
from harness.text.rules.joins import broken_paragraph
from harness.text.rules.residue import news_ar_end_residue, read_also, safe_end_residue
from harness.text.rules.wrapped import MIN_BREAKS, wrapped_lines
from harness.text.sign_classes import sign_classes

# Rules that cut whole lines, with the words that these begin with.
_RULES_OF_LINES = {
    read_also.name: "read_also",
    safe_end_residue.name: "end",
    news_ar_end_residue.name: "end",
}
_Found = tuple[int, tuple[str, ...]]
_NOTHING: tuple[str, ...] = ()
_WHEREVER = ("newlines", "controls", "zero-width", "no-break-spaces", "presentation-forms")


def signs_of_defects(text: pa.Array) -> Mapping[str, np.ndarray] | None:
    """Tell which texts which rules may find something in.

    Args:
        text: Type string, sound UTF-8; a null text counts as an empty one.

    Returns:
        By the name of the rule, shape (rows,), dtype bool; None where so little was read that searching is cheaper.
    """
    lines = line_signs(text)
    if lines is None:
        return None
    from harness.curation.kernels.passages import SignMachine, find_signs  # noqa: PLC0415 - LLVM takes 50 ms to start

    texts, signs = Utf8Texts.of(text), sign_machine()
    shown = np.zeros((len(text), len(signs.found)), np.uint8)
    machine = SignMachine(signs.table, STATE_BITS, signs.end)
    find_signs(texts.data, texts.starts, texts.ends, sign_classes().number, machine, shown)
    found = shown @ signs.weights(_RULES_OF_CHARACTERS)
    told = {rule: found[:, place] > 0 for place, rule in enumerate(_RULES_OF_CHARACTERS)}
    told |= {rule: lines.begun[kind] for rule, kind in _RULES_OF_LINES.items()}
    return told | {wrapped_lines.name: lines.narrow >= MIN_BREAKS, broken_paragraph.name: lines.going_on > 0}


@functools.cache
def sign_machine() -> Machine:
    """Build the table, once a process."""
    return joined((_wherever, _mojibake, _nfc, _latin_stops, _spaced), sign_classes().kinds)


_RULES_OF_CHARACTERS = ("mojibake", *_WHEREVER, "nfc", "latin-stops", "spaced-punctuation")
SIGNED_RULES = (*_RULES_OF_CHARACTERS, *_RULES_OF_LINES, wrapped_lines.name, broken_paragraph.name)


def _wherever(_state: int, kinds: Kinds) -> _Found:
    return 0, tuple(name for name in _WHEREVER if name in kinds)


def _mojibake(state: int, kinds: Kinds) -> _Found:
    following, found = misread(state, kinds)
    return following, ("mojibake",) if found else _NOTHING


def _nfc(state: int, kinds: Kinds) -> _Found:
    """Find what composes, and two marks in a row but for a vowel and its shadda. 1: after a mark, 2: after a vowel."""
    is_mark = "ordered_mark" in kinds
    is_ordered = state == 2 and "shadda" in kinds
    found = "composing" in kinds or (state and is_mark and not is_ordered)
    return is_mark + ("vowel" in kinds), ("nfc",) if found else _NOTHING


def _latin_stops(state: int, kinds: Kinds) -> _Found:
    """Find a Latin stop behind an Arabic word. 1: in the word, 2: behind its bracket, 3: in blanks, 4: after a comma."""
    if state == 4 and "blank" in kinds:
        return 0, ("latin-stops",)
    if "of_word" in kinds:
        return 1, _NOTHING
    if state == 1 and "closing" in kinds:
        return 2, _NOTHING
    if state in {1, 2, 3} and "question" in kinds:
        return 0, ("latin-stops",)
    if state in {1, 2, 3} and kinds & {"blank", "comma"}:
        return (3 if "blank" in kinds else 4), _NOTHING
    return 0, _NOTHING


def _spaced(state: int, kinds: Kinds) -> _Found:
    """Find a stop behind a blank. 1: after a blank, 2: after a stop of both scripts there."""
    found = (state == 2 and kinds & {"blank", "line_feed", "end"}) or (state == 1 and "arabic_stop" in kinds)
    following = 1 if "blank" in kinds else 2 if state == 1 and "stop" in kinds else 0
    return following, ("spaced-punctuation",) if found else _NOTHING
