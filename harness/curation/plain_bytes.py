"""Which bytes are plain UTF-8: told by a compiled look where so much is read that it pays.

Of 40 MB of articles, one each, on one core: 0.019 s compiled, 0.066 s with Arrow and numpy.
"""

import numpy as np
import pyarrow as pa

from harness.curation.passes import is_compiling
from harness.text.decoding import rows_not_plain
from harness.text.detection import MAX_TAB_SHARE


def is_utf8(content: bytes | memoryview) -> bool:
    """Say whether bytes are UTF-8."""
    if is_compiling():
        return not _looked_at(np.frombuffer(content, np.uint8), np.array([0, len(content)]))[0, 0]
    offsets = pa.py_buffer(np.array([0, len(content)], np.int64))
    one = pa.Array.from_buffers(pa.large_binary(), 1, [None, offsets, pa.py_buffer(content)])
    try:
        one.cast(pa.large_string())
    except pa.ArrowInvalid:
        return False
    return True


def rows_to_look_at(payload: pa.LargeBinaryArray) -> np.ndarray:
    """Mark what `harness.text.decoding.rows_not_plain` marks, shape (rows,), dtype bool."""
    if not is_compiling() or not len(payload):
        return rows_not_plain(payload)
    _, places, content = payload.buffers()
    offsets = np.frombuffer(places, np.int64, len(payload) + 1, payload.offset * 8)
    found = _looked_at(np.frombuffer(content or b"", np.uint8), offsets)
    has_tabs = found[:, 2] > MAX_TAB_SHARE * np.diff(offsets)
    return np.asarray((found[:, :2] > 0).any(axis=1) | has_tabs)


def _looked_at(data: np.ndarray, offsets: np.ndarray) -> np.ndarray:
    from harness.curation.kernels.utf8_rows import look_at_rows  # noqa: PLC0415 - LLVM takes 50 ms to start

    found = np.zeros((len(offsets) - 1, 3), np.int64)
    look_at_rows(data, np.array(offsets, np.int64), found)  # a copy: one kind of argument, compiled once
    return found
