"""Geometry of the page's drawings: places on logarithmic axes, in units of the drawing."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

_LETTER = 6.6  # width of a letter of 12 units


@dataclass(frozen=True)
class LogAxis:
    """A logarithmic axis over whole decades, laid from `low` to `high` in a drawing."""

    first: int  # power of ten
    last: int
    low: float
    high: float

    @classmethod
    def over(cls, values: Iterable[float], span: tuple[float, float]) -> "LogAxis":
        """Span positive values."""
        seen = list(values)
        first, last = math.floor(math.log10(min(seen))), math.ceil(math.log10(max(seen)))
        return cls(first, max(last, first + 1), *span)

    def place(self, value: float) -> float:
        """Give a value's place."""
        share = (math.log10(value) - self.first) / (self.last - self.first)
        return round(self.low + share * (self.high - self.low), 1)

    @property
    def ticks(self) -> list[tuple[float, str]]:
        """Place and label of each power of ten."""
        return [(self.place(10.0**power), f"{10**power:,}") for power in range(self.first, self.last + 1)]


@dataclass(frozen=True)
class Label:
    """A point with its name, the name where it hits no other name."""

    x: float
    y: float
    name: str
    name_y: float
    is_ours: bool
    start: float  # where the name begins and ends
    end: float
    is_left: bool  # the name stands left of the point


def labelled(
    points: Sequence[tuple[float, float, str, bool]], *, width: float, line: float = 15.0
) -> list[Label]:
    """Name points (x, y, name, is ours); a name that would hit another one or a point is moved downwards."""
    placed: list[Label] = []
    dots = [(x - 8, x + 8, y) for x, y, _, _ in points]
    for x, y, name, is_ours in sorted(points, key=lambda point: point[1]):
        is_left = x > width * 0.72
        length = _LETTER * len(name) + 12
        start, end = (x - length, x - 9) if is_left else (x + 9, x + length)
        taken = [(low, high, at) for low, high, at in dots if not low < x < high]
        taken += [(label.start, label.end, label.name_y - 4) for label in placed]
        name_y = y + 4
        while any(abs(name_y - 4 - at) < line and start < high and low < end for low, high, at in taken):
            name_y += 1
        placed.append(Label(x, y, name, name_y, is_ours, start, end, is_left))
    return placed
