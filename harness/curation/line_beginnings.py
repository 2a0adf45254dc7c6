"""Texts with a line that begins like residue of a page: told before any pattern is searched in them."""

import functools

import numpy as np
import pyarrow as pa

from harness.curation.passes import is_compiling
from harness.curation.utf8_texts import Utf8Texts
from harness.text.residue_lines import BEFORE_BEGINNING, BEGINNINGS


def residue_beginnings(text: pa.Array) -> dict[str, np.ndarray] | None:
    """Tell which texts have a line that begins with words of `BEGINNINGS`.

    Args:
        text: Type string, sound UTF-8; a null text counts as an empty one.

    Returns:
        By its keys, shape (rows,), dtype bool; None where so little was read that searching is cheaper.
    """
    if not is_compiling():
        return None
    from harness.curation.kernels.line_beginnings import find_beginnings  # noqa: PLC0415 - LLVM takes 50 ms to start

    texts, found = Utf8Texts.of(text), np.zeros(len(text), np.int64)
    find_beginnings(texts.data, texts.starts, texts.ends, *_tree(), found)
    return {kind: found & (1 << bit) > 0 for bit, kind in enumerate(BEGINNINGS)}


@functools.cache
def _tree() -> tuple[np.ndarray, np.ndarray]:
    """Build the tree of bytes, once a process: where each byte leads from each node, and what has been read there."""
    nodes: list[dict[int, int]] = [{}]
    read: dict[int, int] = {}
    for bit, words in enumerate(BEGINNINGS.values()):
        for word in words:
            node = _path(nodes, word.encode())
            read[node] = read.get(node, 0) | 1 << bit
    for char in BEFORE_BEGINNING:
        *first, last = char.encode()
        nodes[_path(nodes, bytes(first))][last] = 0
    moves = np.full((len(nodes), 256), -1, np.int32)
    for node, following in enumerate(nodes):
        for byte, target in following.items():
            moves[node, [byte, bytes([byte]).upper()[0]]] = target
    return moves, np.array([read.get(node, 0) for node in range(len(nodes))], np.int64)


def _path(nodes: list[dict[int, int]], word: bytes) -> int:
    """Go from the beginning of the tree along a word, making what is missing; give the node where it ends."""
    node = 0
    for byte in word:
        if byte not in nodes[node]:
            nodes[node][byte] = len(nodes)
            nodes.append({})
        node = nodes[node][byte]
    return node
