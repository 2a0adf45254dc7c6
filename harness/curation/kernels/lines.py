"""Lines of texts: the words that they begin with, and those that end open, where a sentence may go on."""

from typing import Any, NamedTuple

import numpy as np

from harness.curation.kernels.compiling import CompiledLoop, part_of_a_loop

_LINE_FEED, _BLANK, _TAB = 0x0A, 0x20, 0x09
_AT_ONCE = 128
# What characters are. All others end a word, and may end a line that is open.
LETTER, INVISIBLE, COMMA, CLOSING, SMALL = 1, 2, 3, 4, 5


class Tree(NamedTuple):
    """Words that lines may begin with, as a tree of their bytes.

    Args:
        moves: From node and byte to the next node, shape (nodes, 256), dtype int32; -1 where the tree has none. A byte
            of what may stand before the words leads back to node 0.
        reached: A bit for each kind of words that end in the node, shape (nodes,), dtype int64.
    """

    moves: np.ndarray
    reached: np.ndarray


class Signs(NamedTuple):
    """What tells that a sentence goes on.

    Args:
        kinds: Of each code point `LETTER` (of an Arabic word), `INVISIBLE`, `COMMA`, `CLOSING`, `SMALL` (of another
            word) or 0, shape (0x110000,), dtype uint8.
        continuing: Words that a sentence goes on with, dtype int64: the lower byte of each letter, the first letter's
            highest.
        hanging: Words that end no sentence, the same of their letters from the last to the first.
        edge: Code points of a paragraph in which such a word is looked for.
        widest: Code points of a narrow line at most.
    """

    kinds: np.ndarray
    continuing: np.ndarray
    hanging: np.ndarray
    edge: int
    widest: int


@part_of_a_loop
def _decoded(data: np.ndarray, at: Any) -> tuple[Any, Any]:
    """Read one character of sound UTF-8; its code point, and the place behind it."""
    first = np.int64(data[at])
    if first < 0x80:
        return first, at + 1
    length = 2 + (first >= 0xE0) + (first >= 0xF0)
    code = first & (0x7F >> length)
    for place in range(at + 1, at + length):
        code = (code << 6) | (np.int64(data[place]) & 0x3F)
    return code, at + length


@part_of_a_loop
def _place_before(data: np.ndarray, end: Any) -> Any:
    """Find where the character begins that ends at a place."""
    at = end - 1
    while data[at] & 0xC0 == 0x80:
        at -= 1
    return at


@part_of_a_loop
def _line_feed(data: np.ndarray, at: Any, end: Any) -> Any:
    """Find the next line feed, or the end; many bytes at a time where there is none."""
    while at + _AT_ONCE <= end:
        # Of a slice, places are known not to be negative: all are compared at once.
        step = data[at : at + _AT_ONCE]
        found = False
        for place in range(_AT_ONCE):
            found |= step[place] == _LINE_FEED
        if found:
            break
        at += _AT_ONCE
    while at < end and data[at] != _LINE_FEED:
        at += 1
    return at


@part_of_a_loop
def _next_words(data: np.ndarray, at: Any, end: Any) -> tuple[Any, Any]:
    """Go over blanks and line feeds; how many line feeds there are, and the place behind them."""
    feeds = 0
    while at < end and (data[at] == _LINE_FEED or data[at] == _BLANK or data[at] == _TAB):
        feeds += data[at] == _LINE_FEED
        at += 1
    return feeds, at


@part_of_a_loop
def _beginning(data: np.ndarray, at: Any, end: Any, tree: Any) -> tuple[Any, Any]:
    """Tell which words a line begins with: the bits of their kinds, and the place up to which it was read."""
    node, bits = 0, 0
    while at < end and node >= 0:
        bits |= tree.reached[node]
        node = tree.moves[node, data[at]]
        at += node >= 0
    if node >= 0:
        bits |= tree.reached[node]
    return bits, at


@part_of_a_loop
def _is_narrow(line: np.ndarray, widest: int) -> bool:
    """Say whether a line has so many code points at most."""
    if len(line) > 4 * widest:  # a code point has four bytes at most
        return False
    begun = 0
    for place in range(len(line)):
        begun += line[place] & 0xC0 != 0x80
    return begun <= widest


@part_of_a_loop
def _begins_within(data: np.ndarray, at: Any, end: Any, signs: Any) -> bool:
    """Say whether a paragraph begins with a word that a sentence goes on with."""
    word = 0
    for _ in range(signs.edge):
        if at == end:
            break
        code, at = _decoded(data, at)
        if signs.kinds[code] == LETTER:
            word = (word << 8) | (code & 0xFF)
        elif signs.kinds[code] != INVISIBLE:
            break
    return _is_among(signs.continuing, word)


@part_of_a_loop
def _ends_within(data: np.ndarray, start: Any, at: Any, signs: Any) -> bool:
    """Say whether a line ends with a word that no sentence ends with."""
    word = 0
    for _ in range(signs.edge):
        if at == start:
            break
        at = _place_before(data, at)
        code = _decoded(data, at)[0]
        if signs.kinds[code] == LETTER:
            word = (word << 8) | (code & 0xFF)
        elif signs.kinds[code] != INVISIBLE:
            break
    return _is_among(signs.hanging, word)


@part_of_a_loop
def _is_among(words: np.ndarray, word: Any) -> bool:
    found = False
    for place in range(len(words)):
        found |= words[place] == word
    return found


@CompiledLoop
def find_beginnings(
    data: np.ndarray, starts: np.ndarray, ends: np.ndarray, tree: Tree, most: int, found: np.ndarray
) -> None:
    """Tell of each text which words its first lines begin with.

    Args:
        data: UTF-8, dtype uint8.
        starts: Where each text begins, shape (texts,), dtype int64.
        ends: Where it ends, same shape and type.
        tree: The words.
        most: How many lines are looked at; a line feed that leads back to node 0 parts none.
        found: Written, shape (texts,), dtype int64: the bits of all these lines.
    """
    for text in range(len(starts)):
        at, end = starts[text], ends[text]
        found[text] = 0
        for _ in range(most):
            if at >= end:
                break
            bits, read = _beginning(data, at, end, tree)
            found[text] |= bits
            at = _line_feed(data, read, end) + 1


@CompiledLoop
def look_at_lines(
    data: np.ndarray, starts: np.ndarray, ends: np.ndarray, tree: Tree, signs: Signs, found: np.ndarray
) -> None:
    """Look at the lines of each text. One ends open where nothing closes a sentence and another line follows.

    Args:
        data: Sound UTF-8, dtype uint8.
        starts: Where each text begins, shape (texts,), dtype int64.
        ends: Where it ends, same shape and type.
        tree: Words that lines may begin with.
        signs: What tells that a sentence goes on.
        found: Shape (texts, 4), dtype int64, zeroed. Written: the bits of what lines begin with; how many narrow lines end
            open; how many lines end open before blank lines, and a comma or a word tells that the sentence goes on; how
            many of which such a sign, or a small letter, tells it.
    """
    for text in range(len(starts)):
        end = ends[text]
        _, at = _next_words(data, starts[text], end)
        while at < end:
            bits, read = _beginning(data, at, end, tree)
            found[text, 0] |= bits
            line_feed = _line_feed(data, read, end)
            line_feeds, following = _next_words(data, line_feed, end)
            stop = line_feed
            while data[stop - 1] == _BLANK or data[stop - 1] == _TAB:
                stop -= 1
            kind = signs.kinds[_decoded(data, _place_before(data, stop))[0]]
            if following < end and kind != CLOSING:
                found[text, 1] += _is_narrow(data[at:stop], signs.widest)
                if line_feeds > 1:
                    goes_on = (
                        kind == COMMA
                        or _ends_within(data, at, stop, signs)
                        or _begins_within(data, following, end, signs)
                    )
                    found[text, 2] += goes_on
                    found[text, 3] += goes_on or signs.kinds[_decoded(data, following)[0]] == SMALL
            at = following
