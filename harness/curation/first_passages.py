"""Which passages of a text are read at first: the first, the last, and those most unlike the others by their letters."""

import numpy as np
import numpy.typing as npt

from harness.curation.oddness import oddness
from harness.curation.passages import Passages
from harness.curation.ragged import Ragged, counts_before

# The oddest are looked for among so many passages, spread evenly, by the beginning of each.
_MAX_COMPARED, _COMPARED_BYTES = 1024, 256


def first_passages(passages: Passages, enough: Ragged, read_first: int) -> Ragged:
    """Choose which passages of texts are read at first.

    Args:
        passages: The passages of some texts.
        enough: Of each text those with letters enough, by number.
        read_first: How many are chosen of a text with more of them, 2 or more.

    Returns:
        Of each text the chosen ones, in order: all where there are no more than `read_first`.
    """
    lengths = enough.lengths
    is_long = lengths > read_first
    if not is_long.any():
        return enough
    is_chosen = np.repeat(~is_long, lengths)
    is_chosen[enough.offsets[:-1][is_long]] = True
    is_chosen[enough.offsets[1:][is_long] - 1] = True
    compared = _compared(enough, is_long, max(_MAX_COMPARED, read_first))
    texts = counts_before(compared)[enough.offsets]
    starts, ends = texts[:-1][is_long], texts[1:][is_long]
    places = np.flatnonzero(compared)
    left = _oddness(passages, enough.values[places], ends)
    left[starts] = left[ends - 1] = _TAKEN
    for _ in range(read_first - 2):
        oddest = np.repeat(np.maximum.reduceat(left, starts), ends - starts)
        of_each = np.flatnonzero(left == oddest)
        found = of_each[np.searchsorted(of_each, starts)]  # of equals the first
        is_chosen[places[found]] = True
        left[found] = _TAKEN
    return enough.where(is_chosen)


_TAKEN = -1


def _compared(enough: Ragged, is_long: npt.NDArray[np.bool_], most: int) -> npt.NDArray[np.bool_]:
    """Say which passages are compared: those of the long texts, or so many of each, from the first to the last."""
    compared = np.repeat(is_long, enough.lengths)
    for text in np.flatnonzero(enough.lengths > most).tolist():
        begin, end = enough.offsets[text : text + 2]
        compared[begin:end] = False
        compared[begin + np.arange(most) * (end - begin - 1) // (most - 1)] = True
    return compared


def _oddness(
    passages: Passages, numbers: npt.NDArray[np.int64], ends: npt.NDArray[np.int64]
) -> npt.NDArray[np.int64]:
    start = passages.start[numbers]
    stop = np.minimum(passages.stop[numbers], start + _COMPARED_BYTES)
    data = np.frombuffer(passages.content, np.uint8)
    return oddness(data, start, stop, ends, compiled=passages.is_compiled)
