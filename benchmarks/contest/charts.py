"""Geometry of the page's drawings: places on logarithmic axes, in units of the drawing."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass


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
    is_left: bool  # the name stands left of the point


def labelled(
    points: Sequence[tuple[float, float, str, bool]], *, width: float, line: float = 15.0
) -> list[Label]:
    """Name points (x, y, name, is ours); names of points that lie close are moved apart downwards."""
    placed: list[Label] = []
    for x, y, name, is_ours in sorted(points, key=lambda point: point[1]):
        is_left = x > width * 0.72
        name_y = y + 4
        while any(
            abs(name_y - other.name_y) < line and _overlap(x, name, is_left, other) for other in placed
        ):
            name_y += 2
        placed.append(Label(x, y, name, name_y, is_ours, is_left))
    return placed


def _overlap(x: float, name: str, is_left: bool, other: Label) -> bool:  # noqa: FBT001 - one fact of a point
    def span(at: float, text: str, left: bool) -> tuple[float, float]:  # noqa: FBT001 - same
        length = 7.0 * len(text) + 14
        return (at - length, at) if left else (at, at + length)

    (start, end), (low, high) = span(x, name, is_left), span(other.x, other.name, other.is_left)
    return start < high and low < end
