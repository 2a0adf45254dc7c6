"""Which passages of a text are most unlike it by their letters: there a paragraph in another language hides."""

import numpy as np
import numpy.typing as npt

# The bytes of a letter in UTF-8 say nearly as much as the letter, and there are only as many kinds of them. Bytes that
# differ in the highest bit alone count as one, so do capitals and small letters of ASCII.
KINDS = 128
_SMALL_BIT, _CAPITALS_END, _LETTERS_FROM = 0x20, 0x5B, 0x61
# Shares are integers, so that all machines and both ways of counting agree.
_ONE = 1 << 16
# Added to a kind's share in the text (0.03), so that no single rare letter decides.
_ADDED = 1966
_Numbers = npt.NDArray[np.int64]


def oddness(
    data: npt.NDArray[np.uint8], start: _Numbers, stop: _Numbers, ends: _Numbers, *, compiled: bool
) -> _Numbers:
    """Say how far the letters of each passage lie from those of the passages of its text.

    For each kind of byte the squared difference between its share in the passage and its share in all of them,
    over the latter; the sum of these. Of foreign paragraphs put into documents of NTREX in the same script (Arabic
    or Latin; 2,025 cases on the documents that things may be chosen on) one of the two oddest passages was the foreign
    one or a neighbour in kind in 0.98 and more.

    Args:
        data: The bytes of the texts.
        start: Where each passage begins, shape (passages,).
        stop: Where it ends.
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
    weight = (1 << 30) // (share + _ADDED)
    text = np.searchsorted(ends, np.arange(len(start)), side="right")
    inverse = _ONE * _ONE // np.maximum(counts.sum(axis=1, keepdims=True), 1)
    odd: _Numbers = (((counts * inverse // _ONE) - share[text]) ** 2 * weight[text]).sum(axis=1)
    return odd


def _compiled(data: npt.NDArray[np.uint8], start: _Numbers, stop: _Numbers, ends: _Numbers) -> _Numbers:
    from harness.curation.kernels.passages import oddness_loop  # noqa: PLC0415 - LLVM takes 50 ms to start

    found = np.zeros(len(start), np.int64)
    rows = int(np.diff(ends, prepend=0).max(initial=0)) + 3
    oddness_loop(data, start, stop, ends, found, np.zeros((rows, KINDS), np.int64))
    return found


def _counts(data: npt.NDArray[np.uint8], start: _Numbers, stop: _Numbers) -> _Numbers:
    """Count the kinds of bytes of each passage, shape (passages, KINDS)."""
    lengths = stop - start
    before = np.cumsum(lengths) - lengths
    content = data[np.arange(lengths.sum()) + np.repeat(start - before, lengths)]
    small = np.where(content < _CAPITALS_END, content | _SMALL_BIT, content)
    is_letter = small >= _LETTERS_FROM
    passage = np.repeat(np.arange(len(start)), lengths)
    places = (passage * KINDS + (small & (KINDS - 1)))[is_letter]
    return np.bincount(places, minlength=len(start) * KINDS).reshape(-1, KINDS)
