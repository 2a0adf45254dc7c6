"""Choosing between the two ways to read texts, which give the same numbers: plainly, or compiled.

Measured by `python benchmarks/reading.py` (CPU time of one core, Arabic articles of 3.8 kB): plainly 4,200 texts a
second, compiled 42,000; starting the compiled pass costs a process 0.5 s, and the first one on a machine 2.5 s more.
"""

import threading
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

from harness.curation.plain_pass import count_defects_plainly, read_plainly
from harness.curation.reading import Plan, Reading
from harness.curation.utf8_texts import Utf8Texts

# So much text a process reads plainly in the 0.5 s that starting the compiled pass costs. A small corpus never pays
# for the start, and a large one at most twice: without knowing what is to come nothing does better.
PLAIN_BYTES = 8 << 20
# Intermediate arrays take some 40 bytes a character: batches of this much text stay in the processor's cache.
_PLAIN_BATCH_BYTES = 1 << 18


@dataclass
class Meter:
    """Counts what this process has read."""

    bytes_read: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def is_worth_compiling(self, size: int) -> bool:
        """Count more text, and say whether the plain way has been gone long enough."""
        with self.lock:
            self.bytes_read += size
            return self.bytes_read > PLAIN_BYTES


_METER = Meter()


def read_column(text: pa.Array, plan: Plan) -> Reading:
    """Read texts.

    Args:
        text: Type string or large_string; a null text counts as an empty one.
        plan: What is hashed.

    Raises:
        TypeError: The column is not one of strings.
        ValueError: It does not lie in its buffers as Arrow says, or is not UTF-8.
    """
    texts = Utf8Texts.of(text)
    if _METER.is_worth_compiling(int(texts.sizes.sum())):
        from harness.curation.kernels.reader import read_compiled  # noqa: PLC0415 - numba takes 0.5 s to start

        return read_compiled(texts, plan)
    batches = texts.batches(_PLAIN_BATCH_BYTES)
    return Reading.joined([read_plainly(text[batch], plan) for batch in batches])


def count_defects(text: pa.Array) -> np.ndarray:
    """Count `harness.curation.reading.DEFECTS` of texts, shape (texts, 2), dtype int64; arguments as above."""
    texts = Utf8Texts.of(text)
    if _METER.is_worth_compiling(0):
        from harness.curation.kernels.reader import count_defects_compiled  # noqa: PLC0415 - see above

        return count_defects_compiled(texts)
    batches = [count_defects_plainly(text[batch]) for batch in texts.batches(_PLAIN_BATCH_BYTES)]
    return np.concatenate([np.zeros((0, 2), np.int64), *batches])
