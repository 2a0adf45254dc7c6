"""Which passages of a text are most unlike it by their letters: there a paragraph in another language hides."""

import functools

import numpy as np
import numpy.typing as npt

# The bytes of a letter in UTF-8 say nearly as much as the letter, and there are only as many kinds of them. Bytes that
# differ in the highest bit alone count as one, so do capitals and small letters of ASCII.
KINDS = 128
_SMALL_BIT, _CAPITALS_END, _LETTERS_FROM = 0x20, 0x5B, 0x61
# Shares are integers, so that all machines and both ways of counting agree.
_ONE = 1 << 16
# Added to a kind's share in the text (0.005), so that no single rare letter decides.
_ADDED = 328
# So large that a share of 1 weighs something, and so small that nothing overflows for passages of 8 KiB and less.
_WEIGHT_BITS = 25
_Numbers = npt.NDArray[np.int64]


def oddness(
    data: npt.NDArray[np.uint8], start: _Numbers, stop: _Numbers, ends: _Numbers, *, compiled: bool
) -> _Numbers:
    """Say how far the letters of each passage lie from those of the passages of its text.

    For each kind of byte the squared difference between its share in the passage and its share in all of them,
    over the latter; the sum of these, times the square root of the passage's letters, since short passages differ
    by chance. Of foreign paragraphs put into documents of NTREX in the same script (1,500 cases on the documents that
    things may be chosen on) one of the two oddest passages was the foreign one in 0.997 (Arabic script) and 0.988
    (Latin).

    Args:
        data: The bytes of the texts.
        start: Where each passage begins, shape (passages,).
        stop: Where it ends, 8,192 bytes behind it at most.
        ends: Up to which passage each text goes, shape (texts,).
        compiled: Whether to take the compiled loop, which gives the same numbers.

    Returns:
        Shape (passages,), 0 where a passage is as its text; only to be compared within a text.
    """
    if compiled:
        return _compiled(data, start, stop, ends)
    counts = _counts(data, start, stop)
    sums = np.concatenate([np.zeros((1, KINDS), np.int64), counts.cumsum(axis=0)])
    whole = np.diff(sums[np.concatenate([[0], ends])], axis=0)
    share = _ONE * whole // np.maximum(whole.sum(axis=1, keepdims=True), 1)
    weight = (1 << _WEIGHT_BITS) // (share + _ADDED)
    text = np.searchsorted(ends, np.arange(len(start)), side="right")
    letters = counts.sum(axis=1)
    inverse = _ONE * _ONE // np.maximum(letters, 1)[:, None]
    odd: _Numbers = (((counts * inverse // _ONE) - share[text]) ** 2 * weight[text]).sum(axis=1)
    odd *= np.sqrt(letters << 8).astype(np.int64)
    return odd


def _compiled(data: npt.NDArray[np.uint8], start: _Numbers, stop: _Numbers, ends: _Numbers) -> _Numbers:
    from harness.curation.kernels.passages import (  # noqa: PLC0415 - LLVM takes 50 ms to start
        Compared,
        Scale,
        oddness_loop,
    )

    found = np.zeros(len(start), np.int64)
    rows = int(np.diff(ends, prepend=0).max(initial=0)) + 3
    scratch = np.zeros((rows, KINDS + 1), np.int64)
    oddness_loop(data, Compared(start, stop, found), ends, Scale(_kinds(), _ADDED, _WEIGHT_BITS), scratch)
    return found


@functools.cache
def _kinds() -> npt.NDArray[np.uint8]:
    """Give the kind of each byte, `KINDS` for one that no letter has."""
    byte = np.arange(256, dtype=np.uint8)
    small = np.where(byte < _CAPITALS_END, byte | _SMALL_BIT, byte)
    return np.where(small >= _LETTERS_FROM, small & (KINDS - 1), KINDS).astype(np.uint8)


def _counts(data: npt.NDArray[np.uint8], start: _Numbers, stop: _Numbers) -> _Numbers:
    """Count the kinds of bytes of each passage, shape (passages, KINDS)."""
    lengths = stop - start
    before = np.cumsum(lengths) - lengths
    kind = _kinds()[data[np.arange(lengths.sum()) + np.repeat(start - before, lengths)]]
    passage = np.repeat(np.arange(len(start)), lengths)
    places = (passage * KINDS + kind)[kind < KINDS]
    return np.bincount(places, minlength=len(start) * KINDS).reshape(-1, KINDS)
