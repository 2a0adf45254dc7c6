"""Which passages of a text are unlike the others by their letters: there a paragraph in another language hides."""

import functools

import numpy as np
import numpy.typing as npt

# Pairs of bytes that lie side by side tell languages of one script apart; so many kinds of pairs are told apart, the
# first of which are those without a letter. Of 13,000 foreign paragraphs put into documents of NTREX that things may be
# chosen on, 256 kinds find as many as 512 do, and 128 fewer; pairs of characters, or three bytes, are no better.
KINDS = 256
# Bytes that differ in the highest bit alone count as one, so do capitals and small letters of ASCII.
_NO_LETTER, _SMALL_BIT, _CAPITALS_END, _LETTERS_FROM = 128, 0x20, 0x5B, 0x61
_SPREAD = (
    40503  # the odd number nearest to 2 ** 16 over the golden ratio, by which pairs are strewn over kinds
)
# The first and the last passage of a text are read anyway: what others are compared with is they, with so many times the
# weight of the others together, and the others. Without them, of a text whose half is in another language each half is as
# unlike the whole as the other; without the others a rare name weighs too much.
READ_WEIGHT = 3
# Roots are added up as integers, in sixteenths, so that all machines and both ways of counting agree.
_PARTS = 16
_Numbers = npt.NDArray[np.int64]


def oddness(
    data: npt.NDArray[np.uint8], start: _Numbers, stop: _Numbers, ends: _Numbers, *, compiled: bool
) -> npt.NDArray[np.float64]:
    """Say how far the letters of each passage lie from those of the others of its text.

    One less the Bhattacharyya coefficient (the sum over kinds of the root of the product of two shares) of the
    pairs of bytes in the passage and in the others, times the root of their number in the passage, since short
    passages differ by chance.

    Args:
        data: The bytes of the texts.
        start: Where each passage begins, shape (passages,).
        stop: Where it ends; all of one text together up to 1 MB.
        ends: Up to which passage each text goes, shape (texts,).
        compiled: Whether to take the compiled loop, which gives the same numbers.

    Returns:
        Shape (passages,), 0 where a passage is as the others, and for the first and the last of a text.
    """
    if compiled:
        return _compiled(data, start, stop, ends)
    counts = _counts(data, start, stop)
    lengths = np.diff(ends, prepend=0)
    is_read = np.zeros(len(start), bool)
    is_read[(ends - lengths)[lengths > 0]] = is_read[ends[lengths > 0] - 1] = True
    between, read = (_summed(counts * mask[:, None], ends) for mask in (~is_read, is_read))
    weight = 1 + READ_WEIGHT * between.sum(axis=1) // np.maximum(read.sum(axis=1), 1)
    others = np.repeat(between + weight[:, None] * read, lengths, axis=0) - counts
    roots = np.sqrt(counts.astype(np.float32) * others.astype(np.float32))
    alike = (roots * np.float32(_PARTS)).astype(np.int32).sum(axis=1, dtype=np.int64)
    odd = np.sqrt(counts.sum(axis=1)) - alike / (_PARTS * np.sqrt(np.maximum(others.sum(axis=1), 1)))
    return np.where(is_read, 0.0, odd)


def _summed(counts: _Numbers, ends: _Numbers) -> _Numbers:
    """Sum the rows of each text."""
    sums = np.concatenate([np.zeros((1, KINDS), np.int64), counts.cumsum(axis=0)])
    summed: _Numbers = np.diff(sums[np.concatenate([[0], ends])], axis=0)
    return summed


def _compiled(
    data: npt.NDArray[np.uint8], start: _Numbers, stop: _Numbers, ends: _Numbers
) -> npt.NDArray[np.float64]:
    from harness.curation.kernels.passages import (  # noqa: PLC0415 - LLVM takes 50 ms to start
        Compared,
        Scale,
        oddness_loop,
    )

    found = np.zeros(len(start), np.float64)
    rows = int(np.diff(ends, prepend=0).max(initial=0)) + 1
    scratch = np.zeros((rows, KINDS), np.int32)
    oddness_loop(data, Compared(start, stop, found), ends, Scale(_kinds(), READ_WEIGHT, _PARTS), scratch)
    return found


@functools.cache
def _kinds() -> npt.NDArray[np.uint8]:
    """Give the kind of each pair of bytes, shape (65536,), 0 for one without a byte that letters have."""
    byte = np.arange(256)
    small = np.where(byte < _CAPITALS_END, byte | _SMALL_BIT, byte)
    letter = np.where(small >= _LETTERS_FROM, small & (_NO_LETTER - 1), _NO_LETTER)
    pair = letter[:, None] * (_NO_LETTER + 1) + letter
    kinds = 1 + (pair * _SPREAD >> 8) % (KINDS - 1)
    kinds[(letter[:, None] == _NO_LETTER) & (letter == _NO_LETTER)] = 0
    return kinds.astype(np.uint8).ravel()


def _counts(data: npt.NDArray[np.uint8], start: _Numbers, stop: _Numbers) -> _Numbers:
    """Count the kinds of pairs of each passage, shape (passages, KINDS); those without a letter are not counted."""
    pairs = np.maximum(stop - start - 1, 0)
    first = np.arange(pairs.sum()) + np.repeat(start - (np.cumsum(pairs) - pairs), pairs)
    kind = _kinds()[(data[first].astype(np.int64) << 8) | data[first + 1]]
    places = np.repeat(np.arange(len(start)), pairs) * KINDS + kind
    counts = np.bincount(places, minlength=len(start) * KINDS).reshape(-1, KINDS)
    counts[:, 0] = 0
    return counts
