"""Tables of columns, Parquet and Arrow (Feather): each row is a record, read batch by batch."""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from typing import Any, BinaryIO

import pyarrow as pa

from harness.core.recipe import FieldMapping
from harness.sources.fields import metadata_of, no_text_detail, value_of
from harness.sources.json_values import mapped_keys
from harness.sources.members import seekable
from harness.sources.raw_file import (
    Block,
    RawError,
    RawFile,
    RawRecord,
    Reading,
    refuse_expansion,
    too_large,
)

# Rows held at once: of articles, a megabyte.
_BATCH_ROWS = 256
# Bytes of a column that are fetched at once, instead of a whole row group of any size.
_COLUMN_BYTES = 1 << 20
# Text is checked as bytes: what is not UTF-8 in one row is no reason to refuse the others.
_BYTES_OF = {
    pa.string(): pa.binary(),
    pa.large_string(): pa.large_binary(),
    pa.string_view(): pa.binary_view(),
}
_ARROW_FILE_MAGIC = b"ARROW1"
_OLD_FEATHER_MAGIC = b"FEA1"


class _NoTextColumnError(Exception):
    """The table has no column for the text."""


def read_parquet(file: RawFile, reading: Reading) -> Iterator[Block]:
    """Give a record for each row of a Parquet file; locators end in `#R<number>`, counted from 1."""
    yield from _read(file, reading, _parquet_batches)


def read_arrow(file: RawFile, reading: Reading) -> Iterator[Block]:
    """Give a record for each row of an Arrow file (Feather) or stream, locators as for Parquet."""
    yield from _read(file, reading, _arrow_batches)


_Batches = Callable[[BinaryIO, FieldMapping], Iterator[pa.RecordBatch]]


def _read(file: RawFile, reading: Reading, batches_of: _Batches) -> Iterator[Block]:
    with seekable(file, reading.limits) as stream:
        packed_bytes = stream.seek(0, 2)
        stream.seek(0)
        number = given = 0
        try:
            for batch in batches_of(stream, reading.fields):
                columns = {name: _checked(batch[name]) for name in batch.schema.names}
                given += sum(column.nbytes for column in columns.values())
                refuse_expansion(given, packed_bytes, reading.limits)
                for row in _rows_of(columns, batch):
                    number += 1
                    yield _record_of(row, f"{file.locator}#R{number}", reading)
        except _NoTextColumnError as error:
            yield RawError(file.locator, "no-text-field", str(error))


def _record_of(row: dict[str, Any], locator: str, reading: Reading) -> RawRecord | RawError:
    """Make a record of a row; its raw bytes are its mapped values as a line of JSON, since it has none itself."""
    text = value_of(row, reading.fields.text)
    if not isinstance(text, str | bytes):
        wrong = "is null" if text is None else "is no string"
        return RawError(locator, "no-text-field", f"what stands under '{reading.fields.text}' {wrong}")
    metadata = metadata_of(row, reading.fields)
    # Bytes may be in any encoding, which is told later.
    encoding = "utf-8" if isinstance(text, str) else None
    payload = text.encode("utf-8", "surrogateescape") if isinstance(text, str) else text
    if len(payload) > reading.limits.record_bytes:
        return too_large(locator, reading.limits.record_bytes)
    said = {"text": payload.decode("utf-8", "surrogateescape"), **metadata}
    raw = json.dumps(said, ensure_ascii=False, sort_keys=True).encode("utf-8", "surrogateescape")
    return RawRecord(
        locator,
        payload,
        hashlib.sha256(raw).hexdigest(),
        len(raw),
        encoding=encoding,
        metadata=metadata,
    )


def _parquet_batches(stream: BinaryIO, fields: FieldMapping) -> Iterator[pa.RecordBatch]:
    import pyarrow.parquet as pq  # noqa: PLC0415 - of all formats, this one alone needs it

    with pq.ParquetFile(stream, buffer_size=_COLUMN_BYTES, pre_buffer=False) as table:
        names = _wanted(table.schema_arrow, fields)
        yield from table.iter_batches(_BATCH_ROWS, columns=names, use_threads=False)


def _arrow_batches(stream: BinaryIO, fields: FieldMapping) -> Iterator[pa.RecordBatch]:
    magic = stream.read(len(_ARROW_FILE_MAGIC))
    stream.seek(0)
    if magic.startswith(_OLD_FEATHER_MAGIC):
        raise pa.ArrowInvalid("this is the first version of Feather; write it anew")
    if magic == _ARROW_FILE_MAGIC:
        with pa.ipc.open_file(stream) as table:
            batches: Iterable[pa.RecordBatch] = (table.get_batch(n) for n in range(table.num_record_batches))
            yield from _pieces(batches, _wanted(table.schema, fields))
    else:
        with closing(pa.ipc.open_stream(stream)) as table:
            yield from _pieces(table, _wanted(table.schema, fields))


def _pieces(batches: Iterable[pa.RecordBatch], names: list[str]) -> Iterator[pa.RecordBatch]:
    for batch in batches:
        wanted = batch.select(names)
        for start in range(0, batch.num_rows, _BATCH_ROWS):
            yield wanted.slice(start, _BATCH_ROWS)


def _checked(column: pa.Array) -> pa.Array:
    """Check a column before anything in it is followed: offsets that lead astray would crash the process."""
    as_bytes = _BYTES_OF.get(column.type)
    column = column if as_bytes is None else column.view(as_bytes)
    column.validate(full=True)
    return column


def _rows_of(columns: dict[str, pa.Array], batch: pa.RecordBatch) -> Iterator[dict[str, Any]]:
    """Give rows; bytes in a column of text that are no UTF-8 become lone surrogates."""
    values = {name: column.to_pylist() for name, column in columns.items()}
    for name in columns:
        if batch.schema.field(name).type in _BYTES_OF:
            values[name] = [_text_of(one) for one in values[name]]
    for row in range(batch.num_rows):
        yield {name: column[row] for name, column in values.items()}


def _text_of(content: bytes | None) -> str | None:
    return None if content is None else content.decode("utf-8", "surrogateescape")


def _wanted(schema: pa.Schema, fields: FieldMapping) -> list[str]:
    """Name the columns that the mapping reaches, in the order of their names.

    Raises:
        _NoTextColumnError: The text's is not among them, or there are several.
    """
    keys = {fields.text, *mapped_keys(fields).values()}
    tops = {key if key in schema.names else key.partition(".")[0] for key in keys}
    text = fields.text if fields.text in schema.names else fields.text.partition(".")[0]
    if schema.names.count(text) != 1:
        raise _NoTextColumnError(no_text_detail(fields.text, schema.names))
    return sorted(name for name in tops if schema.names.count(name) == 1)
