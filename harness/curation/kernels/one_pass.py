"""One pass over the bytes of each text: counts, words, lines, shingles and band keys together.

Numbers are what `harness.curation.shingles`, `harness.curation.minhash` and the patterns of
`harness.text.patterns` give for the same text. Whatever other modules define comes in as an argument.
"""

from typing import Any, NamedTuple

import numpy as np

from harness.curation.kernels.compiling import CompiledLoop, part_of_a_loop

# How `Tables.characters` packs a character: what it folds to in the lower 21 bits, its class above them.
FOLD_BITS = 21
FOLDED_TO_NOTHING = (1 << FOLD_BITS) - 1

_CODE_POINTS = 0x11_0000
_LINE_FEED = 0x0A
_LINE_END = FOLDED_TO_NOTHING  # among codes, from which that is left out
_ONE = np.uint64(1)
_ZERO = np.uint64(0)
_BYTE = np.uint64(0xFF)
_HIGHEST = np.uint32(0xFFFF_FFFF)


class Texts(NamedTuple):
    """Texts in one buffer: `data[starts[i] : ends[i]]`, dtypes uint8, int64, int64; starts may not overlap data's end."""

    data: np.ndarray
    starts: np.ndarray
    ends: np.ndarray


class Tables(NamedTuple):
    """What characters are.

    Args:
        characters: Shape (1114112,), dtype uint32: fold and class of each code point, packed.
        expansions: Shape (expansions, longest), dtype uint32, as in `harness.text.folding.FoldTable`.
        moves: Dtype uint32, `harness.curation.machines.Machine.table`.
        state_bits: How many lower bits of a move are the next state.
        end: The class for the end of a text.
    """

    characters: np.ndarray
    expansions: np.ndarray
    moves: np.ndarray
    state_bits: int
    end: int


class Hashing(NamedTuple):
    """What is hashed, and with which constants.

    Args:
        letter_base: Of the hash of a word, uint64.
        word_base: Of the hashes of lines and of band keys, uint64.
        sequence_bases: Of the hash of all words, shape (2,), dtype uint64.
        shingle_powers: First powers of the base of shingles, one a word, dtype uint64.
        changes: Shape (minima,), dtype uint32, see `harness.curation.minhash.permutations`.
        factors: The same.
        rows: Minima that one band key is made of; `bands * rows` are the minima.
    """

    letter_base: np.uint64
    word_base: np.uint64
    sequence_bases: np.ndarray
    shingle_powers: np.ndarray
    changes: np.ndarray
    factors: np.ndarray
    rows: int


class Found(NamedTuple):
    """What is written: one row a text, and values of all texts end to end.

    Args:
        classes: Shape (texts, classes), dtype int64, zeroed: characters of each class.
        found: Shape (texts, finds), dtype int64, zeroed: how often the machine found each of its finds.
        word_counts: Shape (texts,), dtype int64.
        sequences: Shape (texts, 2), dtype uint64: hash of the sequence of words.
        line_ends: Shape (texts,), dtype int64: where each text's lines end in `lines`.
        lines: Dtype uint64, with room for half of the bytes and one more a text: a hash for each line with a word.
        shingle_ends: The same for `shingles`.
        shingles: Dtype uint64, same room.
        keys: Shape (texts, bands), dtype uint64: filled from the top, a row for each text with shingles.
        codes: Scratch, dtype uint32, with room for the longest text's bytes and one more.
        words: Scratch, dtype uint64, with room for half of the longest text's bytes and one more.
        halves: Scratch, dtype uint32, same room as `words`.
        places: Scratch, shape (256,), dtype int64.
    """

    classes: np.ndarray
    found: np.ndarray
    word_counts: np.ndarray
    sequences: np.ndarray
    line_ends: np.ndarray
    lines: np.ndarray
    shingle_ends: np.ndarray
    shingles: np.ndarray
    keys: np.ndarray
    codes: np.ndarray
    words: np.ndarray
    halves: np.ndarray
    places: np.ndarray


@part_of_a_loop
def _signed(number: np.integer[Any]) -> int:
    """Take a number as signed: unsigned ones make floats together with signed ones."""
    return np.int64(number)  # type: ignore[return-value]


@part_of_a_loop
def _mixed(number: np.uint64) -> np.uint64:
    number = (number ^ (number >> np.uint64(30))) * np.uint64(0xBF58_476D_1CE4_E5B9)
    number = (number ^ (number >> np.uint64(27))) * np.uint64(0x94D0_49BB_1331_11EB)
    return number ^ (number >> np.uint64(31))


@part_of_a_loop
def _decoded(data: np.ndarray, at: int, end: int) -> tuple[int, int]:  # noqa: PLR0911 - see below
    """Read one character: its code point, -1 where the bytes are not UTF-8, and the place behind it.

    A ladder of returns, since numba and LLVM weave it into the loop only so: with conditional expressions,
    deeper branches or a part of its own for long characters, the loop took six times as long.
    """
    first = _signed(data[at])
    if first < 0x80:
        return first, at + 1
    if first < 0xC2 or first > 0xF4:
        return -1, at
    if first < 0xE0:
        if at + 1 >= end or _signed(data[at + 1]) & 0xC0 != 0x80:
            return -1, at
        return ((first & 0x1F) << 6) | (_signed(data[at + 1]) & 0x3F), at + 2
    length = 3 if first < 0xF0 else 4
    if at + length > end:
        return -1, at
    code = first & (0x7F >> length)
    for place in range(at + 1, at + length):
        byte = _signed(data[place])
        if byte & 0xC0 != 0x80:
            return -1, at
        code = (code << 6) | (byte & 0x3F)
    if length == 3 and (code < 0x800 or 0xD800 <= code <= 0xDFFF):
        return -1, at
    if length == 4 and not 0x1_0000 <= code < _CODE_POINTS:
        return -1, at
    return code, at + length


@part_of_a_loop
def _count_and_fold(texts: Texts, row: int, tables: Tables, out: Found) -> int:
    """Go through one text's bytes; give how many codes were written, -1 where the bytes are not UTF-8.

    Written are folds: letters of words, 0 for what parts words, `_LINE_END` for a line feed and for the end.
    """
    at, end = texts.starts[row], texts.ends[row]
    classes, found = out.classes[row], out.found[row]
    state, states, count = 0, (1 << tables.state_bits) - 1, 0
    while at < end:
        code, at = _decoded(texts.data, at, end)
        if code < 0:
            return -1
        entry = _signed(tables.characters[code])
        classes[entry >> FOLD_BITS] += 1
        move = _signed(tables.moves[state + (entry >> FOLD_BITS)])
        found[move >> tables.state_bits] += 1
        state = move & states
        fold = entry & FOLDED_TO_NOTHING
        out.codes[count] = fold if code != _LINE_FEED else _LINE_END
        count += fold != FOLDED_TO_NOTHING
    found[_signed(tables.moves[state + tables.end]) >> tables.state_bits] += 1
    out.codes[count] = _LINE_END
    return count + 1


@part_of_a_loop
def _hash_words(codes: np.ndarray, row: int, expansions: np.ndarray, hashing: Hashing, out: Found) -> int:
    """Hash the words and lines of one text's codes; give the number of words."""
    count, line = 0, _signed(out.line_ends[row - 1]) if row else 0
    # No power but the first is 1: as long as it is, there was no letter, or no word.
    word, power, line_sum, line_power = _ZERO, _ONE, _ZERO, _ONE
    for code in codes:
        if 0 < code < _CODE_POINTS:
            word += np.uint64(code) * power
            power *= hashing.letter_base
            continue
        if _CODE_POINTS <= code < _LINE_END:
            for part in expansions[code - _CODE_POINTS]:
                if part < _CODE_POINTS:
                    word += np.uint64(part) * power
                    power *= hashing.letter_base
            continue
        if power != _ONE:
            out.words[count] = _mixed(word)
            line_sum += out.words[count] * line_power
            line_power *= hashing.word_base
            count += 1
            word, power = _ZERO, _ONE
        if code == _LINE_END and line_power != _ONE:
            out.lines[line] = _mixed(line_sum)
            line += 1
            line_sum, line_power = _ZERO, _ONE
    out.line_ends[row] = line
    return count


@part_of_a_loop
def _hash_sequence(words: np.ndarray, bases: np.ndarray, out: np.ndarray) -> None:
    for half in range(len(bases)):
        total, power = _ZERO, _ONE
        for word in words:
            total += word * power
            power *= bases[half]
        out[half] = _mixed(total)


@part_of_a_loop
def _sort(values: np.ndarray, other: np.ndarray, places: np.ndarray) -> None:
    """Sort numbers byte by byte from the last on: the same few passes whatever their order is.

    Args:
        values: Dtype uint64; sorted afterwards.
        other: Scratch of the same shape.
        places: Scratch, shape (256,), dtype int64.
    """
    for step in range(4):
        _sort_by_byte(values, other, places, np.uint64(16 * step))
        _sort_by_byte(other, values, places, np.uint64(16 * step + 8))


@part_of_a_loop
def _sort_by_byte(source: np.ndarray, target: np.ndarray, places: np.ndarray, shift: np.uint64) -> None:
    places[:] = 0
    for value in source:
        places[_signed((value >> shift) & _BYTE)] += 1
    place = 0
    for byte in range(256):
        count = places[byte]
        places[byte] = place
        place += count
    for value in source:
        byte = _signed((value >> shift) & _BYTE)
        target[places[byte]] = value
        places[byte] += 1


@part_of_a_loop
def _fill_shingles(words: np.ndarray, powers: np.ndarray, places: np.ndarray, out: np.ndarray) -> int:
    """Write the shingles of a text's words, ascending, each once; give their number. The words are lost."""
    length = min(len(powers), len(words))
    count = len(words) - length + 1
    for start in range(count):
        total = _ZERO
        for step in range(length):
            total += words[start + step] * powers[step]
        out[start] = _mixed(total)
    _sort(out[:count], words[:count], places)
    last = 0
    for place in range(1, count):
        if out[place] != out[last]:
            last += 1
            out[last] = out[place]
    return last + 1


@part_of_a_loop
def _fill_keys(shingles: np.ndarray, halves: np.ndarray, hashing: Hashing, keys: np.ndarray) -> None:
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
        keys[band] = _mixed(key)


def _read_texts(texts: Texts, tables: Tables, hashing: Hashing, out: Found) -> int:
    """Read every text; give the row of the first that is not UTF-8, -1 for none."""
    shingle, keyed = 0, 0
    for row in range(len(texts.starts)):
        codes = _count_and_fold(texts, row, tables, out)
        if codes < 0:
            return row
        count = _hash_words(out.codes[:codes], row, tables.expansions, hashing, out)
        out.word_counts[row] = count
        if count:
            words = out.words[:count]
            _hash_sequence(words, hashing.sequence_bases, out.sequences[row])
            found = _fill_shingles(words, hashing.shingle_powers, out.places, out.shingles[shingle:])
            _fill_keys(out.shingles[shingle : shingle + found], out.halves, hashing, out.keys[keyed])
            shingle += found
            keyed += 1
        out.shingle_ends[row] = shingle
    return -1


@part_of_a_loop
def _is_suspect(data: np.ndarray) -> bool:
    """Say whether any bytes could be a control or a presentation form: without branches, many bytes at a time."""
    suspect = False
    last = len(data) - 1
    for place in range(last):
        byte, following = data[place], data[place + 1]
        suspect |= (byte < 0x20) & (byte != 0x09) & (byte != 0x0A) | (byte == 0x7F)
        suspect |= (byte == 0xC2) & (following < 0xA0) | (byte == 0xEF) & (following >= 0xAC) & (
            following <= 0xBB
        )
    return suspect or (last >= 0 and (data[last] < 0x20 or data[last] == 0x7F))


def _count_defects(texts: Texts, tables: Tables, classes: np.ndarray) -> int:
    """Count by class the characters of texts that may have defects; give what `read_texts` gives.

    Args:
        texts: UTF-8.
        tables: As for `read_texts`.
        classes: Shape (texts, classes), dtype int64, zeroed: remains so for a text without defects.
    """
    for row in range(len(texts.starts)):
        at, end = texts.starts[row], texts.ends[row]
        if not _is_suspect(texts.data[at:end]):
            continue
        while at < end:
            code, at = _decoded(texts.data, at, end)
            if code < 0:
                return row
            classes[row, _signed(tables.characters[code]) >> FOLD_BITS] += 1
    return -1


read_texts = CompiledLoop(_read_texts)
count_defects = CompiledLoop(_count_defects)
