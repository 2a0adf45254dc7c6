"""Who stays where the better of two copies drives out the other: decided for all texts at once, by rank."""

import numpy as np

from harness.curation.ragged import offsets_of

_OPEN, _STAYS, _GOES = 0, 1, 2


def staying(size: int, better: np.ndarray, worse: np.ndarray) -> np.ndarray:
    """Mark the texts that stay: those of which no better copy stays.

    The same as going through the texts by rank one after the other, but all whose betters are decided are
    decided together, so that the rounds are as many as the longest chain of copies, not as many as texts; the
    work of all rounds together grows with the pairs.

    Args:
        size: Number of texts; a lower number is a better rank.
        better: The text with the lower number of each pair of copies, shape (pairs,), dtype int64.
        worse: The other one. No pair twice.

    Returns:
        Shape (size,), dtype bool.
    """
    order = np.argsort(better, kind="stable")
    out, offsets = worse[order], offsets_of(np.bincount(better, minlength=size))
    betters = np.bincount(worse, minlength=size)
    state = np.where(betters == 0, _STAYS, _OPEN).astype(np.int8)
    decided = np.unique(better[betters[better] == 0])
    while len(decided):
        state[decided] = _STAYS
        reached = _neighbours(out, offsets, decided)
        gone = np.unique(reached[state[reached] == _OPEN])
        state[gone] = _GOES
        released, times = np.unique(_neighbours(out, offsets, gone), return_counts=True)
        betters[released] -= times
        decided = released[(betters[released] == 0) & (state[released] == _OPEN)]
    return np.asarray(state == _STAYS)


def _neighbours(out: np.ndarray, offsets: np.ndarray, texts: np.ndarray) -> np.ndarray:
    """Give the worse copies of some texts, one text's after another's."""
    lengths = offsets[texts + 1] - offsets[texts]
    ends = np.cumsum(lengths)
    return np.asarray(out[np.arange(lengths.sum()) + np.repeat(offsets[texts] - (ends - lengths), lengths)])
