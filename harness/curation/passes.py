"""Choosing between the two ways to read texts, which give the same numbers: plainly, or compiled.

Measured by `python benchmarks/reading.py` on a busy machine (CPU time of one core, Arabic articles of 3.9 kB): plainly
3,300 texts a second, compiled 35,800. Starting the compiled way costs a process 0.09 s, as much as it saves on 1 MiB of
text; the first process on a machine takes some 3 s more to compile. Processes that are told of each other through
nothing but the cache of compiled code wait for the first one, and do not compile again.
"""

import threading
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

from harness.curation.kernels import compiled_files
from harness.curation.plain_pass import count_defects_plainly, hash_plainly, read_plainly
from harness.curation.reading import Hashes, Plan, Reading
from harness.curation.utf8_texts import Utf8Texts

# About as much text as pays for starting the compiled way (see above), and for compiling first. A small corpus never
# pays for it, and a large one at most twice: without knowing what is to come nothing does better.
PLAIN_BYTES = 1 << 20
UNCOMPILED_BYTES = 8 << 20
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
            return self.bytes_read > PLAIN_BYTES and (self.bytes_read > UNCOMPILED_BYTES or _is_compiled())


_METER = Meter()


def _is_compiled() -> bool:
    """Tell whether a process on this machine has compiled before; by an older version also counts, once."""
    return compiled_files.has_any("one_pass", "_")


def is_compiling() -> bool:
    """Tell whether so much was read that whatever is compiled pays."""
    return _METER.is_worth_compiling(0)


def expect_text(size: int) -> None:
    """Count text, in bytes, that this process has in hand and is about to read.

    What looks at it before it is read is compiled then, too, where reading it will be.
    """
    _METER.is_worth_compiling(size)


def expect_much() -> None:
    """Count as much as pays for starting the compiled way, where the machine has what was compiled."""
    expect_text(PLAIN_BYTES + 1)


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
        from harness.curation.kernels.reader import read_compiled  # noqa: PLC0415 - LLVM takes 50 ms to start

        return read_compiled(texts, plan)
    batches = texts.batches(_PLAIN_BATCH_BYTES)
    return Reading.joined([read_plainly(text[batch], plan) for batch in batches])


def hash_column(text: pa.Array, plan: Plan) -> Hashes:
    """Read what copies are found by alone, in two thirds of the time; arguments and errors as above."""
    texts = Utf8Texts.of(text)
    if _METER.is_worth_compiling(int(texts.sizes.sum())):
        from harness.curation.kernels.reader import hash_compiled  # noqa: PLC0415 - see above

        return hash_compiled(texts, plan)
    batches = texts.batches(_PLAIN_BATCH_BYTES)
    return Hashes.joined([hash_plainly(text[batch], plan) for batch in batches])


def count_defects(text: pa.Array) -> np.ndarray:
    """Count `harness.curation.reading.DEFECTS` of texts, shape (texts, 2), dtype int64; arguments as above."""
    texts = Utf8Texts.of(text)
    if is_compiling():
        from harness.curation.kernels.reader import count_defects_compiled  # noqa: PLC0415 - see above

        return count_defects_compiled(texts)
    batches = [count_defects_plainly(text[batch]) for batch in texts.batches(_PLAIN_BATCH_BYTES)]
    return np.concatenate([np.zeros((0, 2), np.int64), *batches])
