"""Cutting records into content-defined chunks: the unit of work, of resume and of distribution."""

from collections.abc import Iterable, Iterator

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

TARGET_BYTES = 4 << 20
_HARD_LIMIT = 4  # times the target: where no record's hash asks for a cut
_RECORD_OVERHEAD_BYTES = 64  # so that empty records are cut as well


def cut_chunks(batches: Iterable[pa.RecordBatch], target_bytes: int = TARGET_BYTES) -> Iterator[pa.Table]:
    """Cut a stream of raw records (schema RAW) where the records themselves say.

    A record ends its chunk with a probability of its size over the target, decided by its own hash
    alone, so that one record more or less moves no boundary but its neighbours'.

    Args:
        batches: Raw records in canonical order.
        target_bytes: Expected size of a chunk; the hard limit is four times that.

    Yields:
        Tables of whole records, in order, none empty.
    """
    held: list[pa.RecordBatch] = []
    held_bytes = 0
    for batch in batches:
        start = 0
        sizes = _sizes(batch)
        wants_cut = _wants_cut(batch, sizes, target_bytes)
        for row in range(batch.num_rows):
            held_bytes += int(sizes[row])
            if wants_cut[row] or held_bytes >= _HARD_LIMIT * target_bytes:
                yield pa.Table.from_batches([*held, batch.slice(start, row + 1 - start)])
                held, held_bytes, start = [], 0, row + 1
        if start < batch.num_rows:
            held.append(batch.slice(start))
    if held:
        yield pa.Table.from_batches(held)


def _sizes(batch: pa.RecordBatch) -> np.ndarray:
    lengths = pc.fill_null(pc.binary_length(batch["payload"]), 0)
    return np.asarray(lengths, dtype=np.int64) + _RECORD_OVERHEAD_BYTES


def _wants_cut(batch: pa.RecordBatch, sizes: np.ndarray, target_bytes: int) -> np.ndarray:
    hashes = pc.fill_null(batch["raw_sha256"], "f" * 64)
    digits = np.frombuffer("".join(hashes.to_pylist()).encode("ascii"), dtype=np.uint8).reshape(-1, 64)[:, :8]
    values = np.where(digits >= ord("a"), digits - ord("a") + 10, digits - ord("0")).astype(np.uint64)
    drawn = (values << np.arange(28, -1, -4, dtype=np.uint64)).sum(axis=1)
    wanted: np.ndarray = drawn < sizes / target_bytes * 2**32
    return wanted
