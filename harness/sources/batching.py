"""From records and batches of any size to tables of the one shape that a build reads."""

from collections.abc import Iterable, Iterator

import pyarrow as pa
import pyarrow.compute as pc

from harness.core.recipe import SourceSettings
from harness.core.schema import METADATA_COLUMNS, RAW
from harness.sources.raw_file import Block, RawError, RawRecord, Segment

# Rows without payload (errors) fill a batch as well.
_MAX_ROWS = 8_192


def gathered(blocks: Iterable[Block], batch_bytes: int) -> Iterator[pa.Table | Segment]:
    """Join single records and batches, in order, into tables (schema RAW) that end once they hold `batch_bytes`.

    One record may have more, and then closes its table. Segments are passed on.
    """
    batches: list[pa.RecordBatch] = []
    singles: list[RawRecord | RawError] = []
    size = rows = 0
    for block in blocks:
        if isinstance(block, Segment):
            if rows:
                yield _table_of(batches, singles)
                batches, singles, size, rows = [], [], 0, 0
            yield block
            continue
        if isinstance(block, pa.RecordBatch):
            batches += [*_as_batches(singles), block]
            singles = []
        else:
            singles.append(block)
        size += _payload_bytes(block)
        rows += block.num_rows if isinstance(block, pa.RecordBatch) else 1
        if size >= batch_bytes or rows >= _MAX_ROWS:
            yield _table_of(batches, singles)
            batches, singles, size, rows = [], [], 0, 0
    if rows:
        yield _table_of(batches, singles)


def tables_of(blocks: Iterable[Block], batch_bytes: int) -> Iterator[pa.Table]:
    """Do the same where there are no segments."""
    return (one for one in gathered(blocks, batch_bytes) if isinstance(one, pa.Table))


def stamped(batch: pa.Table, position: int, settings: SourceSettings) -> pa.Table:
    """Fill in what all records of a source share."""
    shared = {
        "recipe_source": position,
        "title_in_first_line": settings.title_in_first_line,
        "extractor": settings.extractor,
    }
    for name, value in shared.items():
        place = RAW.get_field_index(name)
        column = pa.repeat(pa.scalar(value, RAW.field(place).type), batch.num_rows)
        batch = batch.set_column(place, RAW.field(place), column)
    return batch


def _table_of(batches: list[pa.RecordBatch], singles: list[RawRecord | RawError]) -> pa.Table:
    return pa.Table.from_batches([*batches, *_as_batches(singles)], RAW)


def _as_batches(singles: list[RawRecord | RawError]) -> list[pa.RecordBatch]:
    if not singles:
        return []
    rows = [_as_row(one) for one in singles]
    columns = [pa.array([row.get(field.name) for row in rows], field.type) for field in RAW]
    return [pa.record_batch(columns, schema=RAW)]


def _as_row(one: RawRecord | RawError) -> dict[str, object]:
    row: dict[str, object] = {"locator": one.locator, "raw_sha256": one.sha256, "raw_bytes": one.raw_bytes}
    if isinstance(one, RawError):
        return row | {"error": one.code, "detail": one.detail}
    known = {name: one.metadata.get(name) for name in METADATA_COLUMNS}
    return (
        row
        | known
        | {
            "media": one.media,
            "payload": one.payload,
            "encoding": one.encoding,
            "charset_declared": one.charset_declared,
            "reader": one.reader,
        }
    )


def _payload_bytes(block: RawRecord | RawError | pa.RecordBatch) -> int:
    if isinstance(block, pa.RecordBatch):
        return pc.sum(pc.binary_length(block["payload"])).as_py() or 0
    return len(block.payload) if isinstance(block, RawRecord) else 0
