"""From hashes of words to shingles and band keys, in the compiled pass."""

import numpy as np

from harness.curation.kernels.compiling import part_of_a_loop
from harness.curation.kernels.layout import ZERO, Hashing, mixed, signed

# Places that shingles are sorted to at first.
PLACES = 1 << 12
# Up to so many shingles are sorted so: with more, one that is repeated often would cost its square.
_FEW = PLACES // 2
_BYTE = np.uint64(0xFF)
_HIGHEST = np.uint32(0xFFFF_FFFF)


@part_of_a_loop
def _sort(values: np.ndarray, other: np.ndarray, places: np.ndarray) -> None:
    """Sort numbers byte by byte from the last on: the same few passes whatever their order is.

    Args:
        values: Dtype uint64; sorted afterwards.
        other: Scratch of the same shape.
        places: Scratch, shape (256,) at least, dtype int64.
    """
    for step in range(4):
        _sort_by_byte(values, other, places, np.uint64(16 * step))
        _sort_by_byte(other, values, places, np.uint64(16 * step + 8))


@part_of_a_loop
def _sort_by_byte(source: np.ndarray, target: np.ndarray, places: np.ndarray, shift: np.uint64) -> None:
    places[:256] = 0
    for value in source:
        places[signed((value >> shift) & _BYTE)] += 1
    place = 0
    for byte in range(256):
        count = places[byte]
        places[byte] = place
        place += count
    for value in source:
        byte = signed((value >> shift) & _BYTE)
        target[places[byte]] = value
        places[byte] += 1


@part_of_a_loop
def _sort_few(values: np.ndarray, other: np.ndarray, places: np.ndarray) -> None:
    """Sort hashes by their upper bits, as many as tell nearly all of them apart, and then what is left.

    Arguments are those of `_sort`, but for `places`: shape (`PLACES`,).
    """
    bits = 1
    while 1 << bits < 2 * len(values):
        bits += 1
    shift, places = np.uint64(64 - bits), places[: 1 << bits]
    places[:] = 0
    for value in values:
        places[signed(value >> shift)] += 1
    place = 0
    for top in range(len(places)):
        count = places[top]
        places[top] = place
        place += count
    for value in values:
        top = signed(value >> shift)
        other[places[top]] = value
        places[top] += 1
    for start in range(len(values)):
        value, place = other[start], start
        while place > 0 and values[place - 1] > value:
            values[place] = values[place - 1]
            place -= 1
        values[place] = value


@part_of_a_loop
def fill_shingles(words: np.ndarray, powers: np.ndarray, places: np.ndarray, out: np.ndarray) -> int:
    """Write the shingles of a text's words, ascending, each once; give their number. The words are lost."""
    length = min(len(powers), len(words))
    count = len(words) - length + 1
    for start in range(count):
        total = ZERO
        for step in range(length):
            total += words[start + step] * powers[step]
        out[start] = mixed(total)
    if count <= _FEW:
        _sort_few(out[:count], words[:count], places)
    else:
        _sort(out[:count], words[:count], places)
    last = 0
    for place in range(1, count):
        if out[place] != out[last]:
            last += 1
            out[last] = out[place]
    return last + 1


@part_of_a_loop
def fill_keys(shingles: np.ndarray, halves: np.ndarray, hashing: Hashing, keys: np.ndarray) -> None:
    """Write the band keys of a text's shingles; the least hashes of their upper halves go into each."""
    count = len(shingles)
    for place in range(count):
        halves[place] = np.uint32(shingles[place] >> np.uint64(32))
    for band in range(len(keys)):
        key = np.uint64(band)
        for number in range(band * hashing.rows, (band + 1) * hashing.rows):
            change, factor = hashing.changes[number], hashing.factors[number]
            least = _HIGHEST
            for place in range(count):
                least = min(least, np.uint32((halves[place] ^ change) * factor))
            key = key * hashing.word_base + np.uint64(least)
        keys[band] = mixed(key)
