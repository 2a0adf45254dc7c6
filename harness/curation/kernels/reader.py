"""Reading columns of texts with the compiled pass: its tables, its buffers, and its results as columns."""

import functools
import threading
from dataclasses import dataclass

import numpy as np

from harness.curation.kernels.characters import AROUND, LANES
from harness.curation.kernels.defects import count_defects
from harness.curation.kernels.layout import (
    FOLD_BITS,
    FOLDED_TO_NOTHING,
    LINE_END,
    Block,
    Found,
    Hashing,
    Tables,
    Texts,
)
from harness.curation.kernels.one_pass import hash_texts, read_texts
from harness.curation.kernels.shingling import PLACES
from harness.curation.kernels.words import BLOCK
from harness.curation.machines import UNKNOWN, machine
from harness.curation.minhash import permutations
from harness.curation.ragged import Ragged, offsets_of
from harness.curation.reading import COUNTED, DEFECTS, Hashes, Plan, Reading, class_weights
from harness.curation.shingles import LETTER_BASE, LINE_FEED, SEQUENCE_BASES, WORD_BASE, power_table
from harness.curation.utf8_texts import Utf8Texts
from harness.text.classes import character_classes
from harness.text.folding import CODE_POINTS, DROPPED, fold_table

# Texts that are read in one go. Room for what up to so many yield is kept for the thread's next call, since memory
# that is asked for anew costs more than what is copied out of it.
_BATCH_BYTES = 1 << 23
_FLAGS = slice(COUNTED.index("ends_with_stop"), None)


def read_compiled(texts: Utf8Texts, plan: Plan) -> Reading:
    """Read texts; see `harness.curation.plain_pass.read_plainly`, which gives the same numbers.

    Raises:
        ValueError: The bytes are not UTF-8.
    """
    batches = list(texts.batches(_BATCH_BYTES))
    buffers = _buffers_for(texts, batches, plan)
    return Reading.joined([buffers.read(_part(texts, batch)) for batch in batches])


def hash_compiled(texts: Utf8Texts, plan: Plan) -> Hashes:
    """Read what copies are found by alone; arguments and errors are those of `read_compiled`."""
    batches = list(texts.batches(_BATCH_BYTES))
    buffers = _buffers_for(texts, batches, plan)
    return Hashes.joined([buffers.hash(_part(texts, batch)) for batch in batches])


def count_defects_compiled(texts: Utf8Texts) -> np.ndarray:
    """Count `DEFECTS`, shape (texts, 2), dtype int64."""
    classes = np.zeros((len(texts.starts), len(character_classes().kinds)), np.int64)
    _refuse_broken(count_defects(texts.data, texts.starts, texts.ends, character_classes().number, classes))
    return np.asarray(classes @ class_weights(DEFECTS))


def _part(texts: Utf8Texts, rows: slice) -> Texts:
    return Texts(texts.data, texts.starts[rows], texts.ends[rows])


@dataclass(frozen=True)
class _Size:
    """What a batch needs at most: room for its texts, for their words, and for the longest of them, in bytes."""

    texts: int
    words: int
    longest: int

    @classmethod
    def of(cls, texts: Utf8Texts, batches: list[slice]) -> "_Size":
        """Measure the largest of the batches: a word takes a byte, and another one parts it from the next."""
        words = texts.sizes // 2 + 1
        return cls(
            max((len(words[batch]) for batch in batches), default=0),
            max((int(words[batch].sum()) for batch in batches), default=0),
            int(texts.sizes.max(initial=0)),
        )

    def covers(self, other: "_Size") -> bool:
        return self.texts >= other.texts and self.words >= other.words and self.longest >= other.longest


class _Kept(threading.local):
    """Room that a thread has used."""

    buffers: "_Buffers | None" = None


_KEPT = _Kept()


def _buffers_for(texts: Utf8Texts, batches: list[slice], plan: Plan) -> "_Buffers":
    """Take what the thread has used before if it is large enough, else make room."""
    size, kept = _Size.of(texts, batches), _KEPT.buffers
    if kept is not None and kept.plan == plan and kept.size.covers(size):
        return kept
    made = _Buffers(size, plan)
    if size.longest <= _BATCH_BYTES:
        _KEPT.buffers = made
    return made


class _Buffers:
    """Room for what a batch yields, used again for the next one."""

    def __init__(self, size: _Size, plan: Plan) -> None:
        self.size, self.plan = size, plan
        self._hashing = _hashing(plan)
        self._room = Found(
            classes=np.empty((size.texts, len(character_classes().kinds)), np.int64),
            found=np.empty((size.texts, len(machine().found)), np.int64),
            word_counts=np.empty(size.texts, np.int64),
            sequences=np.empty((size.texts, 2), np.uint64),
            line_ends=np.empty(size.texts, np.int64),
            lines=np.empty(size.words, np.uint64),
            shingle_ends=np.empty(size.texts, np.int64),
            shingles=np.empty(size.words, np.uint64),
            keys=np.empty((size.texts, plan.banding.bands), np.uint64),
            classes_by_lane=np.empty((LANES, len(character_classes().kinds)), np.uint32),
            found_by_lane=np.empty((LANES, len(machine().found)), np.uint32),
            bytes=np.empty(size.longest + 2 * AROUND, np.uint8),
            codes=np.empty(size.longest, np.uint32),
            block=Block.with_room_for(_block_letters()),
            words=np.empty(size.longest // 2 + 1, np.uint64),
            halves=np.empty(size.longest // 2 + 1, np.uint32),
            places=np.empty(PLACES, np.int64),
        )

    def read(self, texts: Texts) -> Reading:
        """Read a batch; what is given back is a copy."""
        rows, room = len(texts.starts), self._room
        room.classes[:rows], room.found[:rows], room.sequences[:rows] = 0, 0, 0
        _refuse_broken(read_texts(texts, _tables(), self._hashing, room))
        counts = room.classes[:rows] @ class_weights(COUNTED) + room.found[:rows] @ _found_weights()
        counts[:, _FLAGS] = np.minimum(counts[:, _FLAGS], 1)
        return Reading(counts, self._hashes(rows))

    def hash(self, texts: Texts) -> Hashes:
        """Hash a batch; what is given back is a copy."""
        rows = len(texts.starts)
        self._room.sequences[:rows] = 0
        _refuse_broken(hash_texts(texts, _tables(), self._hashing, self._room))
        return self._hashes(rows)

    def _hashes(self, rows: int) -> Hashes:
        room = self._room
        is_worded = room.word_counts[:rows] > 0
        keys = room.keys[: np.count_nonzero(is_worded)]
        return Hashes(
            room.word_counts[:rows].copy(),
            room.sequences[:rows].copy(),
            _rows(room.lines, room.line_ends[:rows]),
            _rows(room.shingles, room.shingle_ends[:rows]),
            Ragged(keys.ravel().copy(), offsets_of(is_worded * keys.shape[1])),
        )


def _rows(values: np.ndarray, ends: np.ndarray) -> Ragged:
    offsets = np.concatenate((np.zeros(1, np.int64), ends))
    return Ragged(values[: offsets[-1]].copy(), offsets)


def _refuse_broken(row: int) -> None:
    if row >= 0:
        raise ValueError(f"text {row} of a batch is not UTF-8")


def _block_letters() -> int:
    """Say how many letters a block of code points can be folded to."""
    return BLOCK * int(fold_table().expansions.shape[1])


@functools.cache
def _found_weights() -> np.ndarray:
    return machine().weights(COUNTED)


@functools.cache
def _tables() -> Tables:
    folds, classes = fold_table(), character_classes()
    if CODE_POINTS + len(folds.expansions) >= LINE_END:
        raise ValueError(f"{len(folds.expansions)} expansions do not fit into {FOLD_BITS} bits")
    packed = np.where(folds.code == DROPPED, np.uint32(FOLDED_TO_NOTHING), folds.code)
    packed[LINE_FEED] = LINE_END
    packed |= classes.number.astype(np.uint32) << np.uint32(FOLD_BITS)
    return Tables(
        packed, folds.expansions, machine().moves, machine().finds, machine().known, UNKNOWN, machine().end
    )


@functools.lru_cache(maxsize=8)
def _hashing(plan: Plan) -> Hashing:
    changes, factors = permutations(plan.banding.bands * plan.banding.rows)
    return Hashing(
        power_table(int(LETTER_BASE), _block_letters() + 2),
        power_table(pow(int(LETTER_BASE), -1, 1 << 64), _block_letters() + 2),
        WORD_BASE,
        np.array(SEQUENCE_BASES),
        power_table(int(WORD_BASE), plan.shingle_words),
        changes,
        factors,
        plan.banding.rows,
    )
