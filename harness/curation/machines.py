"""Small machines that find patterns in a text character by character, and all of them run as one.

Each machine is a step from a state and what a character is (see `harness.text.classes`) to the next state and
what was found. Run side by side they are one machine whose states are those of all of them: its table is read
once a character, whatever the number of patterns. What each finds is what the pattern of the same name in
`harness.text.patterns` finds, matches not overlapping.
"""

import functools
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from harness.text.classes import character_classes
from harness.text.privacy import LEAST_DIGITS, MOST_BETWEEN

Kinds = frozenset[str]
Step = Callable[[int, Kinds], tuple[int, tuple[str, ...]]]
_NOTHING: tuple[str, ...] = ()
# What is fed after the last character: an end that some patterns ask for.
_END: Kinds = frozenset({"end"})


def _words(state: int, kinds: Kinds) -> tuple[int, tuple[str, ...]]:
    """Count runs of letters, marks and digits; a run goes on over what folding drops. 1: in a word."""
    if "dropped" in kinds:
        return state, _NOTHING
    if "word" not in kinds:
        return 0, _NOTHING
    return 1, _NOTHING if state else ("words",)


def _lines(state: int, kinds: Kinds) -> tuple[int, tuple[str, ...]]:
    """Count lines with more than blanks, and runs of them. 0: after a blank line, 1: after another, 2: in one."""
    if "line_feed" in kinds:
        return (1 if state == 2 else 0), _NOTHING
    if state == 2 or "line_blank" in kinds or "end" in kinds:
        return state, _NOTHING
    return 2, ("lines",) if state else ("lines", "paragraphs")


def _stops(state: int, kinds: Kinds) -> tuple[int, tuple[str, ...]]:
    """Count stops after an Arabic word, by script. 1: in the word, 2: in blanks after it, 3: after its question mark.

    A question mark counts where neither another one nor an Arabic letter follows.
    """
    if state == 3:
        found = _NOTHING if "arabic" in kinds or "question" in kinds else ("latin_stops",)
        return (1 if "arabic" in kinds else 0), found
    if "arabic" in kinds or (state == 1 and kinds & {"diacritic", "tatweel"}):
        return 1, _NOTHING
    if state and "word_blank" in kinds:
        return 2, _NOTHING
    if state and "question" in kinds:
        return 3, _NOTHING
    if state and "comma" in kinds:
        return 0, ("latin_stops",)
    return 0, ("arabic_stops",) if state and "arabic_stop" in kinds else _NOTHING


def _lost_letters(state: int, kinds: Kinds) -> tuple[int, tuple[str, ...]]:
    """Count question marks between two Arabic letters. 1: after a letter, 2: after its question mark."""
    if "arabic" in kinds:
        return (0, ("lost_letters",)) if state == 2 else (1, _NOTHING)
    return (2 if state == 1 and "question" in kinds else 0), _NOTHING


def _spaced(state: int, kinds: Kinds) -> tuple[int, tuple[str, ...]]:
    """Count stops after a blank. 1: after a character, 2: in blanks after it, 3: after a full stop there, 4: or another."""
    if state >= 3 and kinds & {"word_blank", "line_feed", "closing", "end"}:
        return 0, ("spaced_punctuation",)
    if "word_blank" in kinds:
        return (2 if state else 0), _NOTHING
    if state == 2 and "arabic_stop" in kinds:
        return 0, ("spaced_punctuation",)
    if state == 2 and "full_stop" in kinds:
        return 3, _NOTHING
    if state == 2 and kinds & {"comma", "question", "exclamation"}:
        return 4, _NOTHING
    return (0 if kinds & {"line_feed", "full_stop", "end"} else 1), _NOTHING


def _ending(state: int, kinds: Kinds) -> tuple[int, tuple[str, ...]]:
    """Find whether a text ends with a stop, or with what may follow one. 1: so far it does."""
    if "end" in kinds:
        return 0, ("ends_with_stop",) if state else _NOTHING
    return (1 if "sentence_end" in kinds or (state and "after_end" in kinds) else 0), _NOTHING


def misread(state: int, kinds: Kinds) -> tuple[int, tuple[str, ...]]:
    """Find what bytes read in a wrong encoding look like.

    1: after an Arabic letter; 2 and 3: after one character of the upper half of Latin-1; 4 and 5: after two;
    3 and 5: the last of which leads a character in UTF-8.
    """
    found = (
        (state == 1 and "odd_1256" in kinds)
        or (state in {3, 5} and "utf8_continuation" in kinds)
        or (state in {4, 5} and "high_latin" in kinds)
    )
    following = 1 if "arabic" in kinds else 0
    if "high_latin" in kinds:
        following = (4 if state >= 2 else 2) + ("utf8_lead" in kinds)
    return following, ("is_misread",) if found else _NOTHING


def _open_gaps(state: int, kinds: Kinds) -> tuple[int, tuple[str, ...]]:
    """Find blank lines after what closes no sentence. 1: after such a character, 2: and in the line after it."""
    if "line_feed" in kinds:
        return (2, _NOTHING) if state == 1 else (0, ("has_open_gap",) if state else _NOTHING)
    if "gap_blank" in kinds:
        return state, _NOTHING
    return (0 if kinds & {"closed", "end"} else 1), _NOTHING


def _long_numbers(state: int, kinds: Kinds) -> tuple[int, tuple[str, ...]]:
    """Find so many digits as a number of a person has. 3 n + k: after n digits, k signs behind the last of them."""
    digits, between = divmod(state, MOST_BETWEEN + 1)
    if "digit" in kinds:
        found = ("has_long_number",) if digits == LEAST_DIGITS - 1 else _NOTHING
        return min(digits + 1, LEAST_DIGITS - 1) * (MOST_BETWEEN + 1), found
    return (state + 1 if digits and between < MOST_BETWEEN and "in_number" in kinds else 0), _NOTHING


_STEPS: tuple[Step, ...] = (
    _words, _lines, _stops, _lost_letters, _spaced, _ending, misread, _open_gaps, _long_numbers,
)  # fmt: skip
_MOST_STATES = LEAST_DIGITS * (MOST_BETWEEN + 1)  # of one machine
STATE_BITS = 24
_STATES = (1 << STATE_BITS) - 1
UNKNOWN = 0xFFFF_FFFF  # no state


@dataclass(frozen=True)
class Machine:
    """All machines as one.

    Args:
        table: Dtype uint32. At state + number of the character's class stand the next state, in the lower
            `STATE_BITS`, and above them the row of `found`. It begins in state 0; after a text comes `end`.
        end: The number of the class that stands for the end of a text, which no character has.
        found: For each row the names of what was found; in row 0 nothing.
    """

    table: np.ndarray
    end: int
    found: tuple[tuple[str, ...], ...]

    @property
    def moves(self) -> np.ndarray:
        """The next state alone, shape of `table`, dtype uint32."""
        return self.table & np.uint32(_STATES)

    @property
    def finds(self) -> np.ndarray:
        """The row of `found` alone, shape of `table`, dtype uint8.

        Raises:
            ValueError: There are more rows than that counts.
        """
        if len(self.found) > np.iinfo(np.uint8).max:
            raise ValueError(f"{len(self.found)} finds do not fit into 8 bits")
        return (self.table >> np.uint32(STATE_BITS)).astype(np.uint8)

    @property
    def known(self) -> np.ndarray:
        """The state after two characters wherever it is the same from every state, else `UNKNOWN`.

        Shape (classes, classes), the first character's class first, dtype uint32.
        """
        classes = np.uint32(self.end + 1)
        following = self.moves.reshape(-1, self.end + 1) // classes
        after_two = following[following]
        is_known = (after_two == after_two[0]).all(axis=0)
        return np.where(is_known, after_two[0] * classes, np.uint32(UNKNOWN))

    def weights(self, columns: Sequence[str]) -> np.ndarray:
        """Say which rows count in which columns, 1 or 0, shape (rows, columns), dtype int64."""
        return np.array([[column in names for column in columns] for names in self.found], np.int64)


@functools.cache
def machine() -> Machine:
    """Build the table for what is counted, once a process."""
    return joined(_STEPS, character_classes().kinds)


def joined(machines: Sequence[Step], classes: Sequence[Kinds]) -> Machine:
    """Run machines side by side as one.

    Args:
        machines: Their steps.
        classes: What is true of the characters of each class.
    """
    kinds = (*classes, _END)
    steps = [[[step(state, kind) for kind in kinds] for state in range(_MOST_STATES)] for step in machines]
    start = (0,) * len(steps)
    places, pending = {start: 0}, [start]
    finds: dict[tuple[str, ...], int] = {(): 0}
    entries: list[int] = []
    for states in pending:  # grows while it is gone through
        rows = [step[state] for step, state in zip(steps, states, strict=True)]
        for moves in zip(*rows, strict=True):
            following = tuple(move[0] for move in moves)
            if following not in places:
                places[following] = len(pending)
                pending.append(following)
            found = tuple(name for move in moves for name in move[1])
            row = finds.setdefault(found, len(finds))
            entries.append(row << STATE_BITS | places[following] * len(kinds))
    return Machine(np.array(entries, np.uint32), len(kinds) - 1, tuple(finds))
