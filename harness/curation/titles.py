"""Telling equal titles, whatever their spelling: letters folded and punctuation left out, as copies of texts are told."""

import numpy as np
import pyarrow as pa

from harness.curation.minhash import Banding
from harness.curation.passes import hash_column
from harness.curation.reading import Plan

TITLE_KEY = pa.binary(16)
# Of what a pass hashes, titles need their words alone.
_WORDS_ALONE = Plan(shingle_words=1, banding=Banding(bands=1, rows=1))


def title_keys(title: pa.Array) -> pa.Array:
    """Hash the sequence of folded words of each title.

    Args:
        title: Type string.

    Returns:
        128 bits each, type `TITLE_KEY`; null for a title without a word, or none.
    """
    hashes = hash_column(title, _WORDS_ALONE)
    is_worded = hashes.word_counts > 0
    # Little-endian, to be the same bytes on every machine.
    keys = np.where(is_worded[:, np.newaxis], hashes.sequences, np.uint64(0)).astype("<u8")
    valid = pa.py_buffer(np.packbits(is_worded, bitorder="little"))
    return pa.Array.from_buffers(TITLE_KEY, len(is_worded), [valid, pa.py_buffer(np.ascontiguousarray(keys))])
