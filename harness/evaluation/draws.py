"""Drawing by a seed: the same draws on every machine and Python, for each named purpose its own."""

import hashlib
from collections.abc import Sequence
from typing import TypeVar

_Choice = TypeVar("_Choice")
_BYTES_A_DRAW = 8
_DRAWS_A_BLOCK = 4  # of one SHA-256


class Draws:
    """A stream of draws that its seed and its purpose fix for good.

    Not `random`: what its methods make of a seed has changed between versions of Python, and a task must not.

    Args:
        seed: The task's.
        purpose: What is drawn for, such as a document's id: each stream is independent of all others, so that a
            document more changes nothing for the rest.
    """

    def __init__(self, seed: int, *purpose: str) -> None:
        self._key = "\x1f".join([str(seed), *purpose]).encode("utf-8", "surrogatepass")
        self._drawn = 0
        self._block = b""

    def below(self, bound: int) -> int:
        """Draw a whole number from 0 to bound - 1; bound >= 1. Its bias is under bound / 2^64."""
        return self._next() % bound

    def chance(self, share: float) -> bool:
        """Draw yes with a probability in [0, 1]."""
        return self._next() < share * (1 << 64)

    def pick(self, choices: Sequence[_Choice]) -> _Choice:
        """Draw one of some choices, at least one."""
        return choices[self.below(len(choices))]

    def shuffled(self, things: Sequence[_Choice]) -> list[_Choice]:
        """Put things into a drawn order."""
        mixed = list(things)
        for last in range(len(mixed) - 1, 0, -1):
            other = self.below(last + 1)
            mixed[last], mixed[other] = mixed[other], mixed[last]
        return mixed

    def sample(self, things: Sequence[_Choice], most: int) -> list[_Choice]:
        """Draw at most so many things, without repetition, in the order in which they are given."""
        chosen = sorted(self.shuffled(range(len(things)))[:most])
        return [things[place] for place in chosen]

    def _next(self) -> int:
        place = self._drawn % _DRAWS_A_BLOCK
        if place == 0:
            counter = (self._drawn // _DRAWS_A_BLOCK).to_bytes(8, "big")
            self._block = hashlib.sha256(counter + self._key).digest()
        self._drawn += 1
        return int.from_bytes(self._block[place * _BYTES_A_DRAW : (place + 1) * _BYTES_A_DRAW], "big")
