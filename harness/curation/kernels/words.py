"""From code points to hashes of folded words and of lines, in the compiled pass."""

import numpy as np

from harness.curation.kernels.compiling import part_of_a_loop
from harness.curation.kernels.layout import (
    FOLDED_TO_NOTHING,
    LINE_END,
    ONE,
    ZERO,
    Block,
    Found,
    Hashing,
    Tables,
    mixed,
    signed,
)

# Code points whose words are hashed in one go: few, so that the powers of places stay in the fastest cache.
BLOCK = 256
_CODE_POINTS = 0x11_0000
_FOLD = np.uint32(FOLDED_TO_NOTHING)


@part_of_a_loop
def _fold(codes: np.ndarray, tables: Tables, folds: np.ndarray) -> int:
    """Fold the code points of a block, see `Tables.characters`; give how many letters, blanks and line ends remain."""
    count, is_expanded = ZERO, False
    for code in codes:
        fold = tables.characters[code] & _FOLD
        folds[count] = fold
        count += np.uint64(fold != _FOLD)
        is_expanded |= (fold >= _CODE_POINTS) & (fold < LINE_END)
    return _expand(codes, tables, folds) if is_expanded else signed(count)


@part_of_a_loop
def _expand(codes: np.ndarray, tables: Tables, folds: np.ndarray) -> int:
    """Do the same where some characters stand for several letters."""
    count = 0
    for code in codes:
        fold = signed(tables.characters[code] & _FOLD)
        if _CODE_POINTS <= fold < LINE_END:
            for part in tables.expansions[fold - _CODE_POINTS]:
                folds[count] = part
                count += part < _CODE_POINTS
        else:
            folds[count] = fold
            count += fold != FOLDED_TO_NOTHING
    return count


@part_of_a_loop
def _is_letter(fold: np.uint32) -> bool:
    return bool((fold != 0) & (fold != LINE_END))


@part_of_a_loop
def hash_words(codes: np.ndarray, row: int, parts: tuple[Tables, Hashing, Found]) -> int:
    """Hash the words and lines of one text's code points; give the number of words."""
    tables, hashing, out = parts
    words, block, powers = out.words, out.block, hashing.letter_powers
    line = first_line = signed(out.line_ends[row - 1]) if row else 0
    count, line_start, is_open = 0, 0, False
    # Of a word that goes on in the next block: its hash so far, and the power of its next letter.
    begun, scale = ZERO, ONE
    for start in range(0, len(codes), BLOCK):
        size = _fold(codes[start : start + BLOCK], tables, block.folds)
        if start + BLOCK >= len(codes):
            block.folds[size] = LINE_END
            size += 1
        if not size:
            continue
        goes_on = is_open & _is_letter(block.folds[0])
        if is_open and not goes_on:
            words[count] = begun
            count += 1
        found, line_ends = _find_words(size, block, powers)
        _divide(block, hashing.letter_inverses, words[count : count + found])
        if goes_on:
            words[count] = begun + scale * words[count]
        for number in range(line_ends):
            line_end = count + signed(block.line_ends[number])
            if line_end > line_start:
                out.lines[line] = line_start = line_end
                line += 1
        is_open = _is_letter(block.folds[size - 1])
        if is_open:
            found -= 1
            begun = words[count + found]
            scale = scale if goes_on and not found else ONE
            scale *= powers[size - signed(block.edges[2 * found])]
        count += found
    _mix(words[:count])
    _hash_lines(words, out.lines[first_line:line], hashing.word_base)
    out.line_ends[row] = line
    return count


@part_of_a_loop
def _find_words(size: int, block: Block, powers: np.ndarray) -> tuple[int, int]:
    """Find where the words of a block begin and end, one that goes on beyond it too; give their number.

    Letters are summed up, each times the power of its place in the block. Where the sum is looked at decides no
    branch, which no processor could foretell where words of all lengths follow each other.

    Returns:
        The number of words, and of ends of lines, of which `block.line_ends` says how many words come before them.
    """
    folds, is_letter, parts = block.folds, block.is_letter, block.parts
    is_letter[0] = 0
    for place in range(size):
        is_letter[place + 1] = _is_letter(folds[place])
        parts[place] = np.uint64(folds[place] * is_letter[place + 1]) * powers[place]
    edge, line_ends, total = ZERO, 0, ZERO
    for place in range(np.uint64(size)):
        block.edges[edge], block.sums[edge] = place, total
        edge += np.uint64(is_letter[place] ^ is_letter[place + ONE])
        total += parts[place]
        if folds[place] == LINE_END:
            block.line_ends[line_ends] = edge >> ONE
            line_ends += 1
    block.edges[edge], block.sums[edge] = size, total
    return signed(edge + np.uint64(is_letter[size])) >> 1, line_ends


@part_of_a_loop
def _divide(block: Block, inverses: np.ndarray, words: np.ndarray) -> None:
    """Hash words: what the sum grew by from first to last letter, divided by the power of the first one's place."""
    for word in range(len(words)):
        begin, end = 2 * word, 2 * word + 1
        words[word] = (block.sums[end] - block.sums[begin]) * inverses[block.edges[begin]]


@part_of_a_loop
def _mix(words: np.ndarray) -> None:
    for place in range(len(words)):
        words[place] = mixed(words[place])


@part_of_a_loop
def _hash_lines(words: np.ndarray, lines: np.ndarray, base: np.uint64) -> None:
    """Put the hashes of lines in the place of the numbers of words up to their ends."""
    start = 0
    for line in range(len(lines)):
        end = signed(lines[line])
        lines[line] = _polynomial(words[start:end], base)
        start = end


@part_of_a_loop
def _polynomial(words: np.ndarray, base: np.uint64) -> np.uint64:
    total, power = ZERO, ONE
    for word in words:
        total += word * power
        power *= base
    return mixed(total)


@part_of_a_loop
def hash_sequence(words: np.ndarray, bases: np.ndarray, out: np.ndarray) -> None:
    """Hash all words to two times 64 bits, side by side: each waits for its own multiplications alone."""
    one, other = ZERO, ZERO
    one_power, other_power = ONE, ONE
    for word in words:
        one += word * one_power
        other += word * other_power
        one_power *= bases[0]
        other_power *= bases[1]
    out[0], out[1] = mixed(one), mixed(other)
