"""What the compiled pass takes and gives, and the small steps that all of its parts share."""

from typing import Any, NamedTuple

import numpy as np

from harness.curation.kernels.compiling import part_of_a_loop

# How `Tables.characters` packs a character: what it folds to in the lower 21 bits, its class above them.
FOLD_BITS = 21
FOLDED_TO_NOTHING = (1 << FOLD_BITS) - 1
LINE_END = FOLDED_TO_NOTHING - 1  # what a line feed folds to

ZERO = np.uint64(0)
ONE = np.uint64(1)


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
        moves: At state + class the next state, `harness.curation.machines.Machine.moves`, dtype uint32.
        finds: At the same place the number of what is found there, dtype uint8.
        known: The state after two characters by their classes, where it is the same whatever came before, else
            `unknown`, shape (classes, classes), dtype uint32.
        unknown: No state.
        end: The class for the end of a text.
    """

    characters: np.ndarray
    expansions: np.ndarray
    moves: np.ndarray
    finds: np.ndarray
    known: np.ndarray
    unknown: int
    end: int


class Hashing(NamedTuple):
    """What is hashed, and with which constants.

    Args:
        letter_powers: First powers of the base of the hash of a word, one more than a block has letters at most,
            dtype uint64.
        letter_inverses: What each of them has to be multiplied by to be 1.
        word_base: Of the hashes of lines and of band keys, uint64.
        sequence_bases: Of the hash of all words, shape (2,), dtype uint64.
        shingle_powers: First powers of the base of shingles, one a word, dtype uint64.
        changes: Shape (minima,), dtype uint32, see `harness.curation.minhash.permutations`.
        factors: The same.
        rows: Minima that one band key is made of; `bands * rows` are the minima.
    """

    letter_powers: np.ndarray
    letter_inverses: np.ndarray
    word_base: np.uint64
    sequence_bases: np.ndarray
    shingle_powers: np.ndarray
    changes: np.ndarray
    factors: np.ndarray
    rows: int


class Block(NamedTuple):
    """Scratch for what a block of code points is folded to, `letters` of them at most.

    Args:
        folds: Letters of words, 0 for what parts words, `LINE_END` for a line feed; room for `letters + 1`, uint32.
        is_letter: Behind one that is none; 1 or 0; room for `letters + 2`, uint8.
        parts: What each letter adds to the sum, room for `letters + 1`, uint64.
        edges: Where words begin and end in turns, room for `letters + 2`, uint32.
        sums: What the letters before come to, same room, uint64.
        line_ends: How many words end before each end of a line, room for `letters + 1`, uint32.
    """

    folds: np.ndarray
    is_letter: np.ndarray
    parts: np.ndarray
    edges: np.ndarray
    sums: np.ndarray
    line_ends: np.ndarray

    @classmethod
    def with_room_for(cls, letters: int) -> "Block":
        """Make room."""
        kinds = (np.uint32, np.uint8, np.uint64, np.uint32, np.uint64, np.uint32)
        return cls(*(np.empty(letters + 2, kind) for kind in kinds))


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
        classes_by_lane: Scratch, shape (`LANES`, classes), dtype uint32.
        found_by_lane: Scratch, shape (`LANES`, finds), dtype uint32.
        bytes: Scratch, dtype uint8, with room for the longest text and `AROUND` on both sides of it.
        codes: Scratch, dtype uint32, with room for the longest text's bytes.
        block: Scratch.
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
    classes_by_lane: np.ndarray
    found_by_lane: np.ndarray
    bytes: np.ndarray
    codes: np.ndarray
    block: Block
    words: np.ndarray
    halves: np.ndarray
    places: np.ndarray


@part_of_a_loop
def signed(number: np.integer[Any]) -> int:
    """Take a number as signed: unsigned ones make floats together with signed ones."""
    return np.int64(number)  # type: ignore[return-value]


@part_of_a_loop
def mixed(number: np.uint64) -> np.uint64:
    """Scatter a number over all 64 bits, as `harness.curation.shingles.mixed` does."""
    number = (number ^ (number >> np.uint64(30))) * np.uint64(0xBF58_476D_1CE4_E5B9)
    number = (number ^ (number >> np.uint64(27))) * np.uint64(0x94D0_49BB_1331_11EB)
    return number ^ (number >> np.uint64(31))
