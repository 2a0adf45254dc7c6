"""What each row of a corpus is: an article of its own, a copy of one, or a text that only resembles one."""

from dataclasses import dataclass

import numpy as np
from draws import Draws
from lexicon import ARABIC, ENGLISH, PERSIAN, URDU

# Shares of all rows. Copies have the words, spelling, frame, end or nothing of their original changed; a `half`
# has 30 to 50 % of another article's sentences, a `template` its text with another event in it.
COPIES = {"words": 0.10, "spelling": 0.04, "frame": 0.02, "truncated": 0.02, "exact": 0.02}
RELATED = {"half": 0.02, "template": 0.02}
OTHER_LANGUAGES = {PERSIAN: 0.016, URDU: 0.016, ENGLISH: 0.016}
ORIGINAL = "original"
KINDS = (ORIGINAL, *COPIES, *RELATED)


@dataclass(frozen=True)
class Roles:
    """The roles of rows in the order in which they are written; arrays of shape (rows,).

    Args:
        number: Names an article in all draws; Arabic originals come first.
        kind: Place in `KINDS`.
        root: Number of the article that it was made from; its own for an original.
        language: Place in `lexicon.LANGUAGES`.
        place_of: Row of each number.
    """

    number: np.ndarray
    kind: np.ndarray
    root: np.ndarray
    language: np.ndarray
    place_of: np.ndarray

    @classmethod
    def drawn(cls, draws: Draws, rows: int) -> "Roles":
        """Draw the roles of a corpus: how many of each kind is fixed, which row is what is drawn."""
        counts = [int(rows * share) for share in (COPIES | RELATED).values()]
        foreign = [int(rows * share) for share in OTHER_LANGUAGES.values()]
        originals = rows - sum(counts)
        arabic = originals - sum(foreign)
        kinds = np.repeat(np.arange(len(KINDS)), [originals, *counts])
        languages = np.full(rows, ARABIC)
        languages[arabic:originals] = np.repeat(list(OTHER_LANGUAGES), foreign)
        numbers = np.arange(rows)
        roots = np.where(kinds == 0, numbers, draws.below("root", numbers, arabic))
        order = draws.shuffled("order", rows)
        return cls(order, kinds[order], roots[order], languages[order], np.argsort(order))

    def part(self, start: int, stop: int) -> "Roles":
        """The roles of some rows."""
        rows = slice(start, stop)
        return Roles(self.number[rows], self.kind[rows], self.root[rows], self.language[rows], self.place_of)

    def of_kind(self, kind: str) -> np.ndarray:
        """Rows of one kind, ascending."""
        return np.flatnonzero(self.kind == KINDS.index(kind))
