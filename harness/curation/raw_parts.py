"""Runs of raw records: what is told of them without their texts, and the records themselves where they are wanted."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property

import pyarrow as pa
import pyarrow.compute as pc

from harness.core.schema import RAW
from harness.curation.identity import row_digests
from harness.curation.signatures import exact_hashes

# Where a record lies, and the number of its source in the recipe: no part of what it says.
NOT_CONTENT = ("locator", "recipe_source")
_COPIED = ("locator", "recipe_source", "raw_sha256", "raw_bytes", "media", "reader")

# What naming, cutting and counting raw records takes: row by row, some 150 bytes each.
TOLD = pa.schema(
    [
        *[RAW.field(name) for name in _COPIED],
        pa.field("payload_bytes", pa.int64()),  # 0 with an error
        pa.field("digest", pa.binary(32)),  # of all that the record says, see `row_digests`
    ]
)


@dataclass(frozen=True)
class RawPart:
    """Raw records in canonical order.

    Args:
        tell: Gives schema TOLD, one row a record; called once at most.
        read: Gives the same records in schema RAW; called once at most.
    """

    tell: Callable[[], pa.Table]
    read: Callable[[], pa.Table]

    @classmethod
    def of(cls, records: pa.Table) -> "RawPart":
        """Make one of records (schema RAW) that are at hand."""
        return cls(lambda: told_of(records), lambda: records)

    @classmethod
    def joined(cls, parts: Iterable["RawPart"]) -> "RawPart":
        """Put parts, at least one, behind each other."""
        parts = tuple(parts)
        return cls(
            lambda: pa.concat_tables(part.told for part in parts),
            lambda: pa.concat_tables(part.records for part in parts),
        )

    def slice(self, start: int, stop: int) -> "RawPart":
        """Take some of the records."""
        return RawPart(
            lambda: self.told.slice(start, stop - start), lambda: self.records.slice(start, stop - start)
        )

    @cached_property
    def told(self) -> pa.Table:
        """What is told of the records, schema TOLD."""
        return self.tell()

    @cached_property
    def records(self) -> pa.Table:
        """The records, schema RAW."""
        return self.read()


def told_of(records: pa.Table) -> pa.Table:
    """Tell of raw records (schema RAW) what naming, cutting and counting them takes (schema TOLD)."""
    told = records.select(_COPIED)
    told = told.append_column("payload_bytes", pc.fill_null(pc.binary_length(records["payload"]), 0))
    said = records.drop_columns([*NOT_CONTENT, "payload"])
    said = said.append_column("payload_hash", _payload_hashes(records["payload"]))
    return told.append_column("digest", row_digests(said)).cast(TOLD)


def _payload_hashes(payloads: pa.ChunkedArray) -> pa.ChunkedArray:
    """Hash payloads, no payload as an empty one.

    XXH3 is not proof against forgery and need not be: what a payload is taken from has its SHA-256 in the record.
    """
    hashes = [exact_hashes(chunk.view(pa.large_string())).cast(pa.binary()) for chunk in payloads.chunks]
    return pa.chunked_array(hashes, pa.binary()).cast(pa.large_binary())
