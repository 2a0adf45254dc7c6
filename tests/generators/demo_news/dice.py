"""Chance that falls the same on every machine and in every version of Python."""

import random
from collections.abc import Sequence
from typing import TypeVar

_SEED = "demo-news 1"
_T = TypeVar("_T")


class Dice:
    """Draws for one purpose: what is drawn elsewhere never moves them.

    Of the generators in `random`, only `random()` itself is promised to give the same numbers in every
    version of Python; so everything here is made from it.
    """

    def __init__(self, purpose: str) -> None:
        self._random = random.Random(f"{_SEED}/{purpose}")  # noqa: S311 - nothing secret is drawn

    def chance(self, share: float) -> bool:
        """Say yes in this share of the draws, in [0, 1]."""
        return self._random.random() < share

    def number(self, low: int, high: int) -> int:
        """Draw an integer from low to high, both included."""
        return low + int(self._random.random() * (high - low + 1))

    def one(self, options: Sequence[_T]) -> _T:
        """Draw one of the options."""
        return options[self.number(0, len(options) - 1)]

    def some(self, options: Sequence[_T], count: int) -> list[_T]:
        """Draw so many different options, in the order in which they stand."""
        places = list(range(len(options)))
        drawn = [places.pop(self.number(0, len(places) - 1)) for _ in range(min(count, len(options)))]
        return [options[place] for place in sorted(drawn)]
