"""Edits of a text: written one after another, replayed and undone exactly."""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from harness.core.errors import InputError


class Edit(NamedTuple):  # one for every change: a frozen dataclass takes four times as long to make
    """One change: at code point `start` of the text as it stood just before, `before` became `after`."""

    rule: str
    start: int
    before: str
    after: str


class Replacement(NamedTuple):  # as many as edits
    """What a rule proposes: code points [start, end) of the text that it was shown become `after`.

    `rule` names the row of the rule's table that found it, where that is more than the rule's own name.
    """

    start: int
    end: int
    after: str
    rule: str = ""


class ReplayError(InputError):
    """Edits do not belong to a text: the text does not read what an edit says stood there."""


def applied(text: str, replacements: Iterable[Replacement], rule: str) -> tuple[str, list[Edit]]:
    """Make replacements of one rule, given in any order but without overlap, and write them down in order."""
    changes = sorted(replacements)
    if not changes:
        return text, []
    pieces: list[str] = []
    edits: list[Edit] = []
    read = shift = 0
    for change in changes:
        before = text[change.start : change.end]
        pieces += [text[read : change.start], change.after]
        edits.append(Edit(change.rule or rule, change.start + shift, before, change.after))
        read = change.end
        shift += len(change.after) - len(before)
    return "".join([*pieces, text[read:]]), edits


def replay(text: str, edits: Sequence[Edit]) -> str:
    """Make recorded edits again, in order.

    Raises:
        ReplayError: The edits are not of this text.
    """
    for run in _ascending_runs(edits):
        shift = 0
        changes: list[tuple[int, str, str]] = []
        for edit in run:
            changes.append((edit.start - shift, edit.before, edit.after))
            shift += len(edit.after) - len(edit.before)
        text = _exchanged(text, changes)
    return text


def undo(text: str, edits: Sequence[Edit]) -> str:
    """Take recorded edits back: `undo(replay(text, edits), edits) == text`.

    Raises:
        ReplayError: The edits did not make this text.
    """
    for run in reversed(_ascending_runs(edits)):
        # Later edits of a run lie to the right, so each start still holds in the text after the run.
        text = _exchanged(text, [(edit.start, edit.after, edit.before) for edit in run])
    return text


def surroundings(text: str, edits: Sequence[Edit], reach: int) -> Iterator[tuple[str, str]]:
    """Give for each edit what stood left and right of it just before it was made.

    Args:
        text: What the edits were made on, before all of them.
        edits: In order.
        reach: How many code points to give on each side at most, 1 or more.

    Raises:
        ReplayError: The edits are not of this text.
    """
    for run in _ascending_runs(edits):
        left = ""
        read = shift = 0
        for edit in run:
            # Left of an edit the text has the run's earlier edits, right of it none of them yet.
            start = edit.start - shift
            left = (left + text[read:start])[-reach:]
            read = start + len(edit.before)
            yield left, text[read : read + reach]
            left = (left + edit.after)[-reach:]
            shift += len(edit.after) - len(edit.before)
        text = replay(text, run)


def _ascending_runs(edits: Sequence[Edit]) -> list[list[Edit]]:
    """Part edits where one lies to the left of its forerunner: each run is then one pass over the text."""
    runs: list[list[Edit]] = []
    reached = -1
    for edit in edits:
        if edit.start < reached or not runs:
            runs.append([])
        runs[-1].append(edit)
        reached = edit.start + len(edit.after)
    return runs


def _exchanged(text: str, changes: Iterable[tuple[int, str, str]]) -> str:
    pieces: list[str] = []
    read = 0
    for start, old, new in changes:
        if not text.startswith(old, start) or start < read:
            raise ReplayError(
                "an edit does not fit its text",
                where=f"code point {start}",
                remedy="use the edits together with the text that they were recorded for",
            )
        pieces += [text[read:start], new]
        read = start + len(old)
    return "".join([*pieces, text[read:]])
