"""Places on an axis, as percentages of its width: charts are drawn in SVG without a script or a fixed size."""

import math
from collections.abc import Iterable
from dataclasses import dataclass

_PADDING = 0.06  # of the span on either side, so that no dot is cut
_TICKS = 5


@dataclass(frozen=True)
class Axis:
    """A linear axis from `start` to `end`, with marks at round values."""

    start: float
    end: float
    ticks: tuple[float, ...]

    @classmethod
    def over(cls, values: Iterable[float], *, within: tuple[float, float] | None = None) -> "Axis":
        """Span values with a little room.

        Args:
            values: What has to be on the axis; at least one.
            within: Bounds that the axis does not leave, such as (0, 1) for shares.
        """
        seen = sorted(values)
        room = (seen[-1] - seen[0]) * _PADDING or max(abs(seen[0]) * _PADDING, 0.01)
        start, end = seen[0] - room, seen[-1] + room
        if within:
            # Half of the room stays beyond a bound: a dot at 100 % has to be seen whole.
            start, end = max(start, within[0] - room / 2), min(end, within[1] + room / 2)
        return cls(
            start,
            end,
            tuple(t for t in _round_values(start, end) if not within or within[0] <= t <= within[1]),
        )

    def place(self, value: float) -> str:
        """Give a value's place, as in `41.25%`."""
        share = (value - self.start) / (self.end - self.start)
        return f"{min(max(share, 0.0), 1.0) * 100:.2f}%"


def _round_values(start: float, end: float) -> list[float]:
    rough = (end - start) / _TICKS
    magnitude = 10 ** math.floor(math.log10(rough))
    step = next(factor * magnitude for factor in (1, 2, 2.5, 5, 10) if factor * magnitude >= rough)
    first = math.ceil(start / step)
    return [round(number * step, 12) for number in range(first, math.floor(end / step) + 1)]
