"""Lines that begin with given words, told by a tree of bytes at the beginning of each line."""

from typing import NamedTuple

import numpy as np

from harness.curation.kernels.compiling import CompiledLoop, part_of_a_loop

_LINE_FEED = 0x0A
_AT_ONCE = 128


class Tree(NamedTuple):
    """A tree of bytes.

    Args:
        moves: Shape (nodes, 256), dtype int32: from node and byte to the next node, -1 where the tree has none;
            a byte of what may stand before the words leads back to node 0.
        reached: Shape (nodes,), dtype int64: a bit for each kind of words that end in the node.
    """

    moves: np.ndarray
    reached: np.ndarray


@part_of_a_loop
def _next_line(data: np.ndarray, at: int, end: int) -> int:
    """Find the place behind the next line feed, or the end or more; many bytes at a time where there is none."""
    while at + _AT_ONCE <= end:
        step = data[
            at : at + _AT_ONCE
        ]  # of a slice, places are known not to be negative: all are compared at once
        found = False
        for place in range(_AT_ONCE):
            found |= step[place] == _LINE_FEED
        if found:
            break
        at += _AT_ONCE
    while at < end and data[at] != _LINE_FEED:
        at += 1
    return at + 1


@CompiledLoop
def find_beginnings(
    data: np.ndarray, starts: np.ndarray, ends: np.ndarray, tree: Tree, most: int, found: np.ndarray
) -> None:
    """Tell of each text which words its lines begin with.

    Args:
        data: UTF-8, dtype uint8.
        starts: Where each text begins, shape (texts,), dtype int64.
        ends: Where it ends, same shape and type.
        tree: The words.
        most: How many lines are looked at; a line feed that leads back to node 0 parts none.
        found: Written, shape (texts,), dtype int64: the bits of all lines.
    """
    for row in range(len(starts)):
        at, end, bits, lines = starts[row], ends[row], 0, 0
        while at < end and lines < most:
            node = 0
            lines += 1
            while at < end and node >= 0:
                bits |= tree.reached[node]
                node = tree.moves[node, data[at]]
                at += node >= 0
            if node >= 0:
                bits |= tree.reached[node]
            at = _next_line(data, at, end)
        found[row] = bits
