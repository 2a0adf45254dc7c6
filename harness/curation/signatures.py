"""One pass over each text of a column: what is counted of it, and the hashes that its copies are found by."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import xxhash

from harness.core.recipe import DuplicateSettings
from harness.curation.lists import as_numbers, numbers
from harness.curation.passes import hash_column, read_column
from harness.curation.ragged import Ragged
from harness.curation.reading import COUNTED, Hashes, Plan
from harness.curation.utf8_texts import Utf8Texts

_HASH_BYTES = 16
_HASH = pa.binary(_HASH_BYTES)

SIGNATURES = pa.schema(
    [
        pa.field("exact_hash", _HASH),  # of the text's bytes; null for a text of nothing but blanks
        pa.field("folded_hash", _HASH),  # of its sequence of folded words; null for a text without words
        pa.field("words", pa.int64()),
        pa.field("shingles", pa.list_(pa.uint64())),  # hashes of runs of folded words, ascending, each once
        pa.field("bands", pa.list_(pa.uint64())),  # keys that likely copies share; none without shingles
        pa.field(
            "lines", pa.list_(pa.uint64())
        ),  # of each line with a word: hash of its folded words, in order
    ]
)


@dataclass(frozen=True)
class TextPass:
    """What one pass yields, row by row.

    Args:
        counts: The columns `harness.curation.reading.COUNTED`, type int64; a null text has zeros.
        signatures: Schema `SIGNATURES`; a null text has nulls and empty lists.
    """

    counts: pa.RecordBatch
    signatures: pa.RecordBatch


def pass_over(text: pa.Array, settings: DuplicateSettings) -> TextPass:
    """Read texts once, for the signals and for their copies.

    Args:
        text: Type string or large_string.
        settings: `shingle_words`, and `duplicate`, from which the number of band keys follows.

    Raises:
        TypeError: The column is not one of strings.
        ValueError: It does not lie in its buffers as Arrow says, or is not UTF-8.
    """
    reading = read_column(text, Plan.for_settings(settings))
    columns = [numbers(column) for column in np.ascontiguousarray(reading.counts.T)]
    is_blank = reading.counts[:, COUNTED.index("spaces")] == reading.counts[:, COUNTED.index("chars")]
    return TextPass(
        pa.RecordBatch.from_arrays(columns, names=list(COUNTED)),
        _signatures(text, reading.hashes, is_blank),
    )


def signatures(text: pa.Array, settings: DuplicateSettings) -> pa.RecordBatch:
    """Reduce texts to what is needed to find their copies: what `pass_over` gives, without the counts."""
    hashes = hash_column(text, Plan.for_settings(settings))
    return _signatures(text, hashes, _are_blank(text, hashes.word_counts == 0))


def exact_hashes(text: pa.Array) -> pa.Array:
    """Hash the texts' bytes where they lie: XXH3 of 128 bits, as `SIGNATURES` holds it, also for blank texts.

    Fast and not proof against forgery: who writes a text to the purpose can give it another one's hash. That
    takes no text from a corpus that he could not take by copying it.

    Args:
        text: Type string or large_string; a null text counts as an empty one.

    Returns:
        Type fixed size binary of 16 bytes.
    """
    return _hashes(_exact_hashes(text, np.ones(len(text), bool)), np.ones(len(text), bool))


def _are_blank(text: pa.Array, is_wordless: np.ndarray) -> np.ndarray:
    """Tell which texts have nothing but blanks; one with a word has more."""
    wordless = np.flatnonzero(is_wordless)
    is_blank = np.zeros(len(text), bool)
    if not len(wordless):
        return is_blank
    trimmed = pc.utf8_trim_whitespace(pc.fill_null(text.take(numbers(wordless)), ""))
    is_blank[wordless] = as_numbers(pc.binary_length(trimmed)) == 0
    return is_blank


def _signatures(text: pa.Array, hashes: Hashes, is_blank: np.ndarray) -> pa.RecordBatch:
    columns = [
        _hashes(_exact_hashes(text, ~is_blank), ~is_blank),
        _hashes(_folded_hashes(hashes), hashes.word_counts > 0),
        _word_counts(text, hashes),
        *(_lists(rows) for rows in (hashes.shingles, hashes.keys, hashes.lines)),
    ]
    return pa.RecordBatch.from_arrays(columns, schema=SIGNATURES)


def _word_counts(text: pa.Array, hashes: Hashes) -> pa.Array:
    counts = numbers(hashes.word_counts)
    if not text.null_count:  # without a scalar, for which Arrow would load pandas
        return counts
    return pc.if_else(pc.is_valid(text), counts, pa.scalar(None, pa.int64()))


def _folded_hashes(hashes: Hashes) -> bytes:
    # Little-endian, to be the same bytes on every machine.
    return (
        np.where(hashes.word_counts[:, np.newaxis] > 0, hashes.sequences, np.uint64(0))
        .astype("<u8")
        .tobytes()
    )


def _exact_hashes(text: pa.Array, is_wanted: np.ndarray) -> bytes:
    """Hash the texts' bytes end to end; zeros where a hash is not wanted."""
    texts = Utf8Texts.of(text)
    data, nothing = memoryview(texts.data.data), bytes(_HASH_BYTES)
    places = zip(texts.starts.tolist(), texts.ends.tolist(), is_wanted.tolist(), strict=True)
    return b"".join(
        xxhash.xxh3_128_digest(data[start:end]) if wanted else nothing for start, end, wanted in places
    )


def _hashes(content: bytes, is_valid: np.ndarray) -> pa.Array:
    valid = None if is_valid.all() else pa.py_buffer(np.packbits(is_valid, bitorder="little"))
    return pa.Array.from_buffers(_HASH, len(is_valid), [valid, pa.py_buffer(content)])


def _lists(rows: Ragged) -> pa.ListArray:
    return pa.ListArray.from_arrays(numbers(rows.offsets.astype(np.int32)), numbers(rows.values))
