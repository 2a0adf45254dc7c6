"""Words that lines of residue and of credits begin with, as trees of bytes; texts that begin like a credit."""

import functools
from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

from harness.curation.passes import is_compiling
from harness.curation.utf8_texts import Utf8Texts
from harness.text.characters import RANGES
from harness.text.classes import character_classes
from harness.text.first_lines import ALEFS, BEFORE_CREDIT, CREDIT_BEGINNINGS, LINES_OF_CREDITS
from harness.text.residue_lines import BEFORE_BEGINNING, BEGINNINGS


def credit_beginnings(text: pa.Array) -> np.ndarray | None:
    """Tell which texts have a first or second line that may be a credit, or begin with a dateline.

    Of all others `harness.text.credits.read_first_lines` has nothing to say.

    Args:
        text: Type string, sound UTF-8; a null text counts as an empty one.

    Returns:
        Shape (rows,), dtype bool; None where so little was read that searching is cheaper.
    """
    if not is_compiling():
        return None
    from harness.curation.kernels.lines import Tree, find_beginnings  # noqa: PLC0415 - LLVM takes 50 ms to start

    texts, found = Utf8Texts.of(text), np.zeros(len(text), np.int64)
    tree = Tree(*_credit_tree().tables)
    find_beginnings(texts.data, texts.starts, texts.ends, tree, LINES_OF_CREDITS, found)
    return np.asarray(found > 0)


@dataclass(frozen=True)
class WordTree:
    """A tree of bytes.

    Args:
        nodes: Where each byte leads from each node.
        read: By node, the bits of what has been read there.
    """

    nodes: list[dict[int, int]] = field(default_factory=lambda: [{}])
    read: dict[int, int] = field(default_factory=dict)

    def path(self, word: str, node: int = 0) -> int:
        """Go from a node along a word, making what is missing; give the node where it ends."""
        return self._path(word.encode(), node)

    def _path(self, word: bytes, node: int) -> int:
        for byte in word:
            if byte not in self.nodes[node]:
                self.nodes[node][byte] = len(self.nodes)
                self.nodes.append({})
            node = self.nodes[node][byte]
        return node

    def lead(self, node: int, char: str, target: int) -> None:
        """Let a character lead from a node to another that is there."""
        *first, last = char.encode()
        self.nodes[self._path(bytes(first), node)][last] = target

    @functools.cached_property
    def tables(self) -> tuple[np.ndarray, np.ndarray]:
        """What `harness.curation.kernels.lines.Tree` asks for; A to Z lead where the small letters do."""
        moves = np.full((len(self.nodes), 256), -1, np.int32)
        steps = [(node, *step) for node, following in enumerate(self.nodes) for step in following.items()]
        node, byte, target = np.array(steps).T
        moves[node, byte] = target
        moves[:, ord("A") : ord("Z") + 1] = moves[:, ord("a") : ord("z") + 1]
        return moves, np.array([self.read.get(node, 0) for node in range(len(self.nodes))], np.int64)


@functools.cache
def residue_tree() -> WordTree:
    """Build the tree of `BEGINNINGS`, once a process: a bit for each of its keys, the first the lowest."""
    tree = WordTree()
    for bit, words in enumerate(BEGINNINGS.values()):
        for word in words:
            node = tree.path(word)
            tree.read[node] = tree.read.get(node, 0) | 1 << bit
    for char in BEFORE_BEGINNING:
        tree.lead(0, char, 0)
    return tree


@functools.cache
def _credit_tree() -> WordTree:
    """Build the tree, once a process; what nobody compares may stand between the letters of its words."""
    tree, inside = WordTree(), set()
    for word in sorted(CREDIT_BEGINNINGS):
        node = 0
        for place, letter in enumerate(word):
            following = tree.path(letter, node)
            for alef in ALEFS if letter == "ا" else "":
                tree.lead(node, alef, following)
            inside |= {following} if place + 1 < len(word) else set()
            node = following
        tree.read[node] = 1
    for node in sorted(inside):
        for char in (*". \t", *_characters(RANGES["bidi_controls"])):
            tree.lead(node, char, node)
    for char in _characters(BEFORE_CREDIT):
        tree.lead(0, char, 0)
    for char in map(chr, _digits()):
        tree.read[tree.path(char)] = 1
    return tree


def _characters(ranges: Iterable[tuple[int, int]]) -> list[str]:
    return [chr(code) for low, high in ranges for code in range(low, high + 1)]


def _digits() -> list[int]:
    """Give the decimal digits of all scripts."""
    classes = character_classes()
    is_digit = classes.weights(["digit"])[:, 0] > 0
    return [int(code) for code in np.flatnonzero(is_digit[classes.number])]
