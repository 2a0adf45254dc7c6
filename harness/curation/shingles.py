"""From text to numbers: folded words, their hashes, and the hashes of runs of words (shingles) and of lines.

All arithmetic is on unsigned 64-bit integers and wraps; nothing depends on the platform or a seed. The
same functions compiled for one pass over the bytes have to give the same numbers.
"""

import functools

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from harness.curation.ragged import Ragged, counts_before, offsets_of
from harness.text.folding import BREAK, CODE_POINTS, DROPPED, fold_table

# Odd, so that every power keeps all bits: the constants of splitmix64 (Steele, Lea, Flood: "Fast Splittable
# Pseudorandom Number Generators", OOPSLA 2014) and the golden ratio in 64 bits, used as bases of polynomials.
GOLDEN = np.uint64(0x9E37_79B9_7F4A_7C15)
LETTER_BASE = np.uint64(0xBF58_476D_1CE4_E5B9)
WORD_BASE = np.uint64(0x94D0_49BB_1331_11EB)
LINE_FEED = 0x0A
SEQUENCE_BASES = (np.uint64(0xD6E8_FEB8_6659_FD93), np.uint64(0xA076_1D64_78BD_642F))


def mixed(numbers: np.ndarray) -> np.ndarray:
    """Scatter numbers over all 64 bits, one to one (the finaliser of splitmix64), dtype uint64."""
    numbers = (numbers ^ (numbers >> np.uint64(30))) * np.uint64(0xBF58_476D_1CE4_E5B9)
    numbers = (numbers ^ (numbers >> np.uint64(27))) * np.uint64(0x94D0_49BB_1331_11EB)
    return np.asarray(numbers ^ (numbers >> np.uint64(31)))


def code_points(text: pa.Array) -> Ragged:
    """Lay out texts as code points, dtype uint32; a null text has none."""
    filled = pc.fill_null(text, "")
    _, starts, data = filled.buffers()
    width = np.int64 if pa.types.is_large_string(filled.type) else np.int32
    bounds = (
        np.frombuffer(starts, width)[filled.offset : filled.offset + len(filled) + 1]
        if len(filled)
        else [0, 0]
    )
    utf8 = memoryview(data)[int(bounds[0]) : int(bounds[-1])] if data else b""
    points = np.frombuffer(str(utf8, "utf-8").encode("utf-32-le"), "<u4")
    return Ragged(points, offsets_of(pc.utf8_length(filled).to_numpy()))


def folded(points: Ragged) -> Ragged:
    """Fold code points (dtype uint32): what is left out is gone, what parts words is `BREAK`."""
    table = fold_table()
    codes = table.code[points.values]
    kept = Ragged(codes, points.offsets).where(codes != DROPPED)
    is_expanded = kept.values >= CODE_POINTS
    return _expanded(kept, is_expanded, table.expansions) if is_expanded.any() else kept


def _expanded(kept: Ragged, is_expanded: np.ndarray, expansions: np.ndarray) -> Ragged:
    """Put the code points of ligatures and the like in the place of their number in `expansions`."""
    wide = np.full((len(kept.values), expansions.shape[1]), DROPPED, np.uint32)
    wide[:, 0] = kept.values
    wide[is_expanded] = expansions[kept.values[is_expanded] - CODE_POINTS]
    return Ragged(wide.ravel(), kept.offsets * expansions.shape[1]).where(wide.ravel() != DROPPED)


def word_hashes(codes: Ragged) -> Ragged:
    """Hash every word of folded texts.

    A word is a run of folded code points without a `BREAK`; its hash is the mixed polynomial of its code
    points, the first times 1, in powers of `LETTER_BASE`.

    Args:
        codes: Folded code points, dtype uint32.

    Returns:
        Words of each text in order, dtype uint64.
    """
    in_word = codes.values != BREAK
    is_start = in_word.copy()
    is_start[1:] &= ~in_word[:-1]
    row_starts = codes.offsets[:-1][codes.lengths > 0]
    is_start[row_starts] = in_word[row_starts]
    letters_before = counts_before(in_word)
    word_offsets = np.append(letters_before[:-1][is_start], letters_before[-1])
    words = Ragged(codes.values[in_word].astype(np.uint64), word_offsets)
    weighted = Ragged(words.values * _powers(LETTER_BASE, words)[words.places], word_offsets)
    return Ragged(mixed(weighted.row_sums()), counts_before(is_start)[codes.offsets])


def split_lines(points: Ragged) -> tuple[Ragged, np.ndarray]:
    """Cut texts behind their line feeds.

    Args:
        points: Code points, dtype uint32.

    Returns:
        Code points with a row for each line, and the number of each text's first line and of all lines, shape
        (texts + 1,), dtype int64. There may be empty rows besides.
    """
    behind = np.flatnonzero(points.values == LINE_FEED) + 1
    offsets = np.sort(np.concatenate((points.offsets, behind)))
    return Ragged(points.values, offsets), np.searchsorted(offsets, points.offsets)


def line_hashes(words: Ragged, first: np.ndarray) -> Ragged:
    """Hash the words of each line that has any, as if they were one shingle.

    Args:
        words: Words of each line, dtype uint64.
        first: Number of each text's first line, as `split_lines` gives them.

    Returns:
        Lines of each text in order, dtype uint64.
    """
    has_words = words.lengths > 0
    weighted = Ragged(words.values * _powers(WORD_BASE, words)[words.places], words.offsets)
    return Ragged(mixed(weighted.row_sums()[has_words]), counts_before(has_words)[first])


def sequence_hashes(words: Ragged) -> np.ndarray:
    """Hash the whole sequence of each text's words to 128 bits, shape (texts, 2), dtype uint64."""
    halves = [
        mixed(Ragged(words.values * _powers(base, words)[words.places], words.offsets).row_sums())
        for base in SEQUENCE_BASES
    ]
    return np.ascontiguousarray(np.stack(halves, axis=1))


def shingle_hashes(words: Ragged, shingle_words: int) -> Ragged:
    """Hash the runs of `shingle_words` words of each text, sorted, each once.

    A text with fewer words, but at least one, has one shingle: all of its words. A shingle's hash is the
    mixed polynomial of its words in powers of `WORD_BASE`, the first times 1.

    Returns:
        Shingles of each text, ascending, dtype uint64.
    """
    ends, place = words.ends, np.arange(len(words.values))
    sums = np.zeros(len(words.values), np.uint64)
    for step, factor in enumerate(power_table(int(WORD_BASE), shingle_words)):
        weighted = words.values[step:] * factor
        sums[: len(weighted)] += np.where(place[step:] < ends[: len(weighted)], weighted, np.uint64(0))
    is_shingle = (place + shingle_words <= ends) | (words.places == 0)
    return _sorted_once(Ragged(mixed(sums), words.offsets).where(is_shingle))


def _sorted_once(rows: Ragged) -> Ragged:
    for start, end in zip(rows.offsets[:-1].tolist(), rows.offsets[1:].tolist(), strict=True):
        rows.values[start:end].sort()  # a view: sorts in place
    is_first = np.ones(len(rows.values), dtype=bool)
    is_first[1:] = rows.values[1:] != rows.values[:-1]
    is_first[rows.offsets[:-1][rows.lengths > 0]] = True
    return rows.where(is_first)


def _powers(base: np.uint64, rows: Ragged) -> np.ndarray:
    """Give the powers of a base from 0 on, as many as the longest row has values, dtype uint64."""
    # Rounded up, so that the cache holds few tables.
    longest = int(rows.lengths.max(initial=1))
    return power_table(int(base), 1 << (longest - 1).bit_length())


@functools.lru_cache(maxsize=64)
def power_table(base: int, count: int) -> np.ndarray:
    """Give the first powers of a base, from 0 on, dtype uint64."""
    powers = np.full(count, base, np.uint64)
    powers[0] = 1
    return np.cumprod(powers, dtype=np.uint64)
