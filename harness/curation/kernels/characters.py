"""From bytes to code points, and what is counted of them: the first half of the compiled pass."""

import numpy as np

from harness.curation.kernels.compiling import part_of_a_loop
from harness.curation.kernels.layout import FOLD_BITS, ZERO, Found, Tables, Texts, signed

# Bytes before and after a text that are looked at together with it.
AROUND = 3
# Tallies that counting fills side by side, and so many characters at a time that none of them overflows.
LANES = 4
PIECE = 1 << 16
_SOUGHT = 64  # places that are looked at for one where the state is known
_FOLD_BITS = np.uint64(FOLD_BITS)


@part_of_a_loop
def decode(texts: Texts, row: int, out: Found) -> int:
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
    for place in range(size):
        first[place] = (first[place] & 0xC0) != 0x80
    count = ZERO
    for place in range(np.uint64(size)):
        out.codes[count] = out.codes[place]
        count += np.uint64(first[place])
    return signed(count)


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
def count(codes: np.ndarray, row: int, tables: Tables, out: Found) -> None:
    """Count the characters of one text by class, and what the machine finds among them."""
    classes, found, state = out.classes[row], out.found[row], ZERO
    for start in range(0, len(codes), PIECE):
        out.classes_by_lane[:], out.found_by_lane[:] = 0, 0
        state = _count_piece(codes[start : start + PIECE], state, tables, out)
        for lane in range(LANES):
            for place in range(len(classes)):
                classes[place] += out.classes_by_lane[lane, place]
            for place in range(len(found)):
                found[place] += out.found_by_lane[lane, place]
    found[tables.finds[state + np.uint64(tables.end)]] += 1


@part_of_a_loop
def _count_piece(codes: np.ndarray, state: np.uint64, tables: Tables, out: Found) -> np.uint64:
    """Count some characters from a state on; give the state after them.

    Two halves side by side, each into two tallies in turns: what waits for a state or a tally of one half does not
    keep the other half waiting.
    """
    middle, known = _known_place(codes, tables)
    first, second = codes[:middle], codes[middle:]
    both = min(len(first), len(second)) & ~1
    one, other = state, known
    for place in range(np.uint64(0), np.uint64(both), np.uint64(2)):
        for step in range(2):
            one = _count_one(first[place + np.uint64(step)], one, tables, (out, step))
            other = _count_one(second[place + np.uint64(step)], other, tables, (out, 2 + step))
    for code in first[both:]:
        one = _count_one(code, one, tables, (out, 0))
    for code in second[both:]:
        other = _count_one(code, other, tables, (out, 1))
    return other if len(second) else one


@part_of_a_loop
def _count_one(code: np.uint32, state: np.uint64, tables: Tables, tally: tuple[Found, int]) -> np.uint64:
    out, lane = tally
    kind = np.uint64(tables.characters[code]) >> _FOLD_BITS
    place = state + kind
    out.classes_by_lane[lane, kind] += 1
    out.found_by_lane[lane, tables.finds[place]] += 1
    return np.uint64(tables.moves[place])


@part_of_a_loop
def _known_place(codes: np.ndarray, tables: Tables) -> tuple[int, np.uint64]:
    """Find a place near the middle where the state hangs on the two characters before it alone; else the end."""
    middle = len(codes) >> 1
    for place in range(max(middle, 2), min(middle + _SOUGHT, len(codes))):
        before = tables.characters[codes[place - 2]] >> np.uint32(FOLD_BITS)
        state = tables.known[before, tables.characters[codes[place - 1]] >> np.uint32(FOLD_BITS)]
        if state != tables.unknown:
            return place, np.uint64(state)
    return len(codes), ZERO
