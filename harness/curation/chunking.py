"""Cutting records into content-defined chunks: the unit of work, of resume and of distribution."""

from collections.abc import Iterable, Iterator

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from harness.curation.cutting import cut_stream
from harness.curation.raw_parts import RawPart

TARGET_BYTES = 4 << 20
_HARD_LIMIT = 4  # times the target: where no record's hash asks for a cut
_DRAWN_DIGITS = 8  # of a record's hash: 32 bits
_RECORD_OVERHEAD_BYTES = 64  # so that empty records are cut as well


def cut_chunks(parts: Iterable[RawPart], target_bytes: int = TARGET_BYTES) -> Iterator[RawPart]:
    """Cut a stream of raw records where the records themselves say; the records are not looked at, but what is told.

    A record ends its chunk with a probability of its size over the target, decided by its own hash
    alone, so that one record more or less moves no boundary but its neighbours'.

    Args:
        parts: Raw records in canonical order.
        target_bytes: Expected size of a chunk; the hard limit is four times that.

    Yields:
        Parts of whole records, in order, none empty.
    """
    held: list[RawPart] = []
    held_bytes = 0
    for part in parts:
        start = 0
        rows = part.told.num_rows
        sizes = np.asarray(part.told["payload_bytes"]) + _RECORD_OVERHEAD_BYTES
        wants_cut = _wants_cut(part.told["raw_sha256"], sizes, target_bytes)
        for stop in cut_stream(sizes, wants_cut, held_bytes, _HARD_LIMIT * target_bytes):
            yield RawPart.joined([*held, part.slice(start, stop)])
            held, held_bytes, start = [], 0, stop
        if start < rows:
            held.append(part.slice(start, rows))
            held_bytes += int(sizes[start:].sum())
    if held:
        yield RawPart.joined(held)


def _wants_cut(hashes: pa.ChunkedArray, sizes: np.ndarray, target_bytes: int) -> np.ndarray:
    first = pc.fill_null(pc.utf8_slice_codeunits(hashes, 0, _DRAWN_DIGITS), "f" * _DRAWN_DIGITS)
    digits = np.frombuffer("".join(first.to_pylist()).encode("ascii"), np.uint8).reshape(-1, _DRAWN_DIGITS)
    values = np.where(digits >= ord("a"), digits - ord("a") + 10, digits - ord("0")).astype(np.uint64)
    drawn = (values << np.arange(28, -1, -4, dtype=np.uint64)).sum(axis=1)
    wanted: np.ndarray = drawn < sizes / target_bytes * 2**32
    return wanted
