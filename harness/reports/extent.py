"""How much of each task a report shows: the fewer tasks, the more."""

from dataclasses import dataclass
from typing import Self

from harness.evaluation.deciding import MOST_ITEMS

_FEW_TASKS = 3  # on one page, up to which all is shown


@dataclass(frozen=True)
class Extent:
    """What is shown of one task; the JSON holds all of it.

    Args:
        most_items: How many of the items that decide it.
        most_wrong: How many of those that every system got wrong.
        every_metric: Whether slices are shown by every metric, or by the first alone.
    """

    most_items: int = MOST_ITEMS
    most_wrong: int = MOST_ITEMS // 2
    every_metric: bool = True

    @classmethod
    def of(cls, tasks: int) -> Self:
        """Choose for a report on so many tasks."""
        if tasks <= _FEW_TASKS:
            return cls()
        return cls(most_items=MOST_ITEMS // 2, most_wrong=MOST_ITEMS // 4, every_metric=False)
