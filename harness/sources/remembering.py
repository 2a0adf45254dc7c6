"""Segments of files that were read before: what was told of their records, without reading them again."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import pyarrow as pa
import pyarrow.compute as pc

from harness.core.schema import RAW
from harness.curation.raw_parts import NOT_CONTENT, TOLD, RawPart
from harness.sources.batching import tables_of
from harness.sources.raw_file import Limits, Segment

# What is kept of a segment's records: what is told of them, with their lines counted from the segment's first.
_LINE = pa.field("line", pa.int64())
_KEPT = pa.schema([_LINE, *[field for field in TOLD if field.name not in NOT_CONTENT]])


class Memory(Protocol):
    """Keeps what was told of segments from build to build."""

    def find(self, key: str) -> pa.Table | None:
        """Give what was kept under a key; None where nothing was, or nothing that is as it was written."""

    def keep(self, key: str, told: pa.Table) -> None:
        """Keep something under a key that says what is in it."""


@dataclass(frozen=True)
class Asked:
    """What a source is asked for.

    Args:
        limits: How much it may ask of the machine.
        number: Its place in the recipe's list.
        memory: Of segments, if there is one.
    """

    limits: Limits
    number: int
    memory: Memory | None = None


def remembered_part(segment: Segment, finished: Callable[[pa.Table], pa.Table], asked: Asked) -> RawPart:
    """Make a part of a segment: what is told of it comes from memory, if it can, and goes there if not.

    Args:
        segment: The segment.
        finished: Fills in what the source says of all of its records.
        asked: With a memory, if the segment is to be remembered.
    """

    def records() -> pa.Table:
        tables = tables_of(segment.read(), asked.limits.batch_bytes)
        return finished(pa.concat_tables([RAW.empty_table(), *tables]))

    kept = asked.memory.find(segment.key) if asked.memory else None
    if kept is not None:
        place = segment.outer, segment.first_line
        return RawPart(lambda: placed_lines(kept, place, asked.number), records)
    part = RawPart.of(records())
    if asked.memory and part.told.num_rows:
        asked.memory.keep(segment.key, _unplaced(part.told, segment))
    return part


def placed_lines(kept: pa.Table, place: tuple[str, int], number: int) -> pa.Table:
    """Say of a segment's records where they lie.

    Args:
        kept: What a memory keeps of the segment.
        place: Where the segment's file is, and the number of its first line.
        number: Of the source, in the recipe's list.

    Returns:
        Schema TOLD.
    """
    outer, first_line = place
    lines = pc.add(kept["line"], first_line).cast(pa.string())
    told = kept.append_column("locator", pc.binary_join_element_wise(_prefix(outer), lines, ""))
    told = told.append_column("recipe_source", pa.repeat(pa.scalar(number, pa.int32()), kept.num_rows))
    return told.select(TOLD.names)


def _unplaced(told: pa.Table, segment: Segment) -> pa.Table:
    numbers = pc.utf8_slice_codeunits(told["locator"], len(_prefix(segment.outer))).cast(pa.int64())
    told = told.append_column(_LINE, pc.subtract(numbers, segment.first_line))
    return told.select(_KEPT.names)


def _prefix(outer: str) -> str:
    return f"{outer}#L"
