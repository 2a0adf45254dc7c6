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

# Bytes before and after a text that are looked at together with it.
AROUND = 3
# Places that shingles are sorted to at first.
PLACES = 1 << 12
# Up to so many shingles are sorted so: with more, one that is repeated often would cost its square.
_FEW = PLACES // 2


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
        letter_powers: First powers of the base of the hash of a word, and one more, dtype uint64.
        word_base: Of the hashes of lines and of band keys, uint64.
        sequence_bases: Of the hash of all words, shape (2,), dtype uint64.
        shingle_powers: First powers of the base of shingles, one a word, dtype uint64.
        changes: Shape (minima,), dtype uint32, see `harness.curation.minhash.permutations`.
        factors: The same.
        rows: Minima that one band key is made of; `bands * rows` are the minima.
    """

    letter_powers: np.ndarray
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
        bytes: Scratch, dtype uint8, with room for the longest text and `AROUND` on both sides of it.
        codes: Scratch, dtype uint32, with room for the longest text's bytes and one more.
        words: Scratch, dtype uint64, with room for half of the longest text's bytes and one more.
        halves: Scratch, dtype uint32, same room as `words`.
        places: Scratch, shape (`PLACES`,), dtype int64.
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
    bytes: np.ndarray
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
def _decode(texts: Texts, row: int, out: Found) -> int:
    """Write the code points of one text to `out.codes`; give their number, -1 where the bytes are not UTF-8.

    Without branches that hang on the text, which a processor foretells badly where words of two bytes a letter
    meet blanks: each byte is taken for the first of a character, and what is none is overwritten.
    """
    size = texts.ends[row] - texts.starts[row]
    around = out.bytes[: size + 2 * AROUND]
    around[:AROUND] = 0
    _copy(texts.data[texts.starts[row] : texts.ends[row]], around[AROUND:])
    around[AROUND + size :] = 0
    if not _is_utf8(around[3:], around[2:], around[1:], around):
        return -1
    first = around[AROUND : AROUND + size]
    _take_for_first(first, around[4:], around[5:], out.bytes[6:], out.codes)
    count = 0
    for place in range(size):
        out.codes[count] = out.codes[place]
        count += (first[place] & 0xC0) != 0x80
    return count


@part_of_a_loop
def _copy(source: np.ndarray, target: np.ndarray) -> None:
    for place in range(len(source)):
        target[place] = source[place]


@part_of_a_loop
def _is_utf8(data: np.ndarray, before: np.ndarray, second: np.ndarray, third: np.ndarray) -> bool:
    """Say whether bytes are UTF-8; besides them come those that stand one, two and three before each."""
    broken = False
    for place in range(len(data)):
        byte, lead = data[place], before[place]
        is_following = (byte & 0xC0) == 0x80
        has_to_follow = (lead >= 0xC0) | (second[place] >= 0xE0) | (third[place] >= 0xF0)
        broken |= is_following != has_to_follow
        broken |= (byte == 0xC0) | (byte == 0xC1) | (byte >= 0xF5)
        # Longer than need be; surrogates; beyond the last plane.
        broken |= (lead == 0xE0) & (byte < 0xA0) | (lead == 0xF0) & (byte < 0x90)
        broken |= (lead == 0xED) & (byte >= 0xA0) | (lead == 0xF4) & (byte >= 0x90)
    return not broken


@part_of_a_loop
def _take_for_first(
    first: np.ndarray, second: np.ndarray, third: np.ndarray, fourth: np.ndarray, codes: np.ndarray
) -> None:
    """Write the code point that would begin at each byte; besides come those that stand one, two and three behind."""
    for place in range(len(first)):
        byte = np.uint32(first[place])
        two = np.uint32(((byte & 0x1F) << 6) | (second[place] & 0x3F))
        three = np.uint32(((byte & 0x0F) << 12) | ((second[place] & 0x3F) << 6) | (third[place] & 0x3F))
        four = np.uint32(((three & 0x7FFF) << 6) | (fourth[place] & 0x3F))
        long = three if byte < 0xF0 else four
        short = byte if byte < 0x80 else two
        codes[place] = short if byte < 0xE0 else long


@part_of_a_loop
def _count(codes: np.ndarray, row: int, tables: Tables, out: Found) -> None:
    """Count the characters of one text by class, and what the machine finds among them."""
    classes, found = out.classes[row], out.found[row]
    state, states = 0, (1 << tables.state_bits) - 1
    for code in codes:
        kind = _signed(tables.characters[code]) >> FOLD_BITS
        classes[kind] += 1
        move = _signed(tables.moves[state + kind])
        found[move >> tables.state_bits] += 1
        state = move & states
    found[_signed(tables.moves[state + tables.end]) >> tables.state_bits] += 1


@part_of_a_loop
def _fold(codes: np.ndarray, count: int, tables: Tables) -> int:
    """Put folds in the place of one text's code points; give how many there are.

    These are letters of words, 0 for what parts words, `_LINE_END` for a line feed and for the end.
    """
    folds = 0
    for place in range(count):
        code = codes[place]
        fold = _signed(tables.characters[code]) & FOLDED_TO_NOTHING
        codes[folds] = fold if code != _LINE_FEED else _LINE_END
        folds += fold != FOLDED_TO_NOTHING
    codes[folds] = _LINE_END
    return folds + 1


@part_of_a_loop
def _hash_words(codes: np.ndarray, row: int, expansions: np.ndarray, hashing: Hashing, out: Found) -> int:
    """Hash the words and lines of one text's folds; give the number of words.

    Where words end decides no branch: a word is written after each of its letters, and overwritten until it ends.
    """
    powers, last = hashing.letter_powers, len(hashing.letter_powers) - 1
    words = out.words
    count, line, line_start = 0, _signed(out.line_ends[row - 1]) if row else 0, 0
    # The letter's place in its word is one of those that have a power; beyond them `beyond` is no more 1.
    word, place, beyond = _ZERO, 0, _ONE
    for code in codes:
        letter = _signed(code)
        if letter < _CODE_POINTS:
            word += np.uint64(letter) * powers[place] * beyond
            words[count] = word
            is_end, has_place = letter == 0, place > 0
            count += is_end & has_place
            goes_on = -int(not is_end)  # all bits or none
            word &= np.uint64(goes_on)
            place = (place + 1) & goes_on
            if is_end & (beyond != _ONE):
                count += not has_place
                beyond = _ONE
        elif letter < _LINE_END:
            for part in expansions[letter - _CODE_POINTS]:
                if part < _CODE_POINTS:
                    word += np.uint64(part) * powers[place] * beyond
                    place += 1
                    if place == last:
                        place, beyond = 0, beyond * powers[last]
        else:
            words[count] = word
            count += (place > 0) | (beyond != _ONE)
            word, place, beyond = _ZERO, 0, _ONE
            if count > line_start:
                out.lines[line] = _mix_line(words[line_start:count], hashing.word_base)
                line += 1
                line_start = count
        if place == last:
            place, beyond = 0, beyond * powers[last]
    out.line_ends[row] = line
    return count


@part_of_a_loop
def _mix_line(words: np.ndarray, base: np.uint64) -> np.uint64:
    """Mix the hashes of a line's words, and give that of the line."""
    for place in range(len(words)):
        words[place] = _mixed(words[place])
    return _polynomial(words, base)


@part_of_a_loop
def _polynomial(words: np.ndarray, base: np.uint64) -> np.uint64:
    total, power = _ZERO, _ONE
    for word in words:
        total += word * power
        power *= base
    return _mixed(total)


@part_of_a_loop
def _hash_sequence(words: np.ndarray, bases: np.ndarray, out: np.ndarray) -> None:
    for half in range(len(bases)):
        out[half] = _polynomial(words, bases[half])


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
        places[_signed(value >> shift)] += 1
    place = 0
    for top in range(len(places)):
        count = places[top]
        places[top] = place
        place += count
    for value in values:
        top = _signed(value >> shift)
        other[places[top]] = value
        places[top] += 1
    for start in range(len(values)):
        value, place = other[start], start
        while place > 0 and values[place - 1] > value:
            values[place] = values[place - 1]
            place -= 1
        values[place] = value


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


@part_of_a_loop
def _hash_text(
    row: int, chars: int, ends: tuple[int, int], parts: tuple[Tables, Hashing, Found]
) -> tuple[int, int]:
    """Hash one text, whose code points lie in `codes`.

    Args:
        row: Its number.
        chars: Number of its code points.
        ends: Where the shingles and the keys of the texts before it end.
        parts: Arguments of `read_texts`.

    Returns:
        Where its own end.
    """
    tables, hashing, out = parts
    shingle, keyed = ends
    folds = _fold(out.codes, chars, tables)
    count = _hash_words(out.codes[:folds], row, tables.expansions, hashing, out)
    out.word_counts[row] = count
    if count:
        words = out.words[:count]
        _hash_sequence(words, hashing.sequence_bases, out.sequences[row])
        found = _fill_shingles(words, hashing.shingle_powers, out.places, out.shingles[shingle:])
        _fill_keys(out.shingles[shingle : shingle + found], out.halves, hashing, out.keys[keyed])
        shingle += found
        keyed += 1
    out.shingle_ends[row] = shingle
    return shingle, keyed


def _read_texts(texts: Texts, tables: Tables, hashing: Hashing, out: Found) -> int:
    """Read every text; give the row of the first that is not UTF-8, -1 for none."""
    ends = (0, 0)
    for row in range(len(texts.starts)):
        chars = _decode(texts, row, out)
        if chars < 0:
            return row
        _count(out.codes[:chars], row, tables, out)
        ends = _hash_text(row, chars, ends, (tables, hashing, out))
    return -1


def _hash_texts(texts: Texts, tables: Tables, hashing: Hashing, out: Found) -> int:
    """Do the same without counting: `classes` and `found` stay as they are."""
    ends = (0, 0)
    for row in range(len(texts.starts)):
        chars = _decode(texts, row, out)
        if chars < 0:
            return row
        ends = _hash_text(row, chars, ends, (tables, hashing, out))
    return -1


read_texts = CompiledLoop(_read_texts)
hash_texts = CompiledLoop(_hash_texts)
