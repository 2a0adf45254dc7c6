"""Telling equal titles, whatever their spelling: letters folded and punctuation left out, as copies of texts are told."""

import numpy as np
import pyarrow as pa

from harness.curation.shingles import code_points, folded, sequence_hashes, word_hashes

TITLE_KEY = pa.binary(16)


def title_keys(title: pa.Array) -> pa.Array:
    """Hash the sequence of folded words of each title.

    Args:
        title: Type string.

    Returns:
        128 bits each, type `TITLE_KEY`; null for a title without a word, or none.
    """
    words = word_hashes(folded(code_points(title)))
    is_worded = words.lengths > 0
    # Little-endian, to be the same bytes on every machine.
    keys = np.where(is_worded[:, np.newaxis], sequence_hashes(words), np.uint64(0)).astype("<u8")
    valid = pa.py_buffer(np.packbits(is_worded, bitorder="little"))
    return pa.Array.from_buffers(TITLE_KEY, len(is_worded), [valid, pa.py_buffer(np.ascontiguousarray(keys))])
