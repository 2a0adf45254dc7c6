"""A few records of a stream of any length: the first ones, or some from all over it."""

from collections.abc import Iterable

import pyarrow as pa

from harness.core.fingerprints import sha256_of
from harness.core.schema import RAW


def first_records(batches: Iterable[pa.RecordBatch], limit: int) -> tuple[pa.Table, bool]:
    """Take the first records and read no further than it takes to know whether there are more.

    Args:
        batches: Raw records (schema RAW).
        limit: How many to take, 1 or more.

    Returns:
        The records, and whether there are more.
    """
    taken: list[pa.RecordBatch] = []
    left = limit
    for batch in batches:
        if batch.num_rows > left:
            return pa.Table.from_batches([*taken, batch.slice(0, left)], RAW), True
        taken.append(batch)
        left -= batch.num_rows
    return pa.Table.from_batches(taken, RAW), False


def spread_records(batches: Iterable[pa.RecordBatch], limit: int) -> tuple[pa.Table, bool]:
    """Take records from all over a stream, each as likely as any other, always the same ones.

    A record is drawn by the hash of its locator, so that copies are not drawn together. All of the stream is
    read; held are `limit` records and one batch.

    Args:
        batches: Raw records (schema RAW).
        limit: How many to take, 1 or more.

    Returns:
        The records in their order, and whether there are more.
    """
    held, lots, seen = RAW.empty_table(), [], 0
    for batch in batches:
        seen += batch.num_rows
        lots += [sha256_of(locator) for locator in batch["locator"].to_pylist()]
        drawn = sorted(sorted(range(len(lots)), key=lots.__getitem__)[:limit])
        # Taking copies: a slice would hold its whole batch in memory.
        held = pa.concat_tables([held, pa.Table.from_batches([batch])]).take(drawn)
        lots = [lots[place] for place in drawn]
    return held, seen > limit
