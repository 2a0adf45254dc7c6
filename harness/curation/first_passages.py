"""Which passages of a text are read at first: the first, the last, and others that are unlike them by their letters."""

import numpy as np
import numpy.typing as npt

from harness.curation.oddness import oddness
from harness.curation.passages import Passages
from harness.curation.ragged import Ragged

# Odd ones are looked for among so many passages, spread evenly, by the beginning of each; the first and the last count
# wholly.
_MAX_COMPARED, _COMPARED_BYTES = 1024, 256
ALWAYS_READ = 2  # the first passage of a text and the last


def first_passages(
    passages: Passages, enough: Ragged, read_first: int, odd_from: npt.NDArray[np.float64]
) -> Ragged:
    """Choose which passages of texts are read at first.

    Args:
        passages: The passages of some texts.
        enough: Of each text those with letters enough, by number.
        read_first: How many are chosen of a text at most, 2 or more.
        odd_from: From what oddness on each of the passages is chosen, shape (passages,).

    Returns:
        Of each text the chosen ones, in order.
    """
    lengths = enough.lengths
    is_long = lengths > ALWAYS_READ
    if not is_long.any():
        return enough
    is_chosen = np.repeat(~is_long, lengths)
    is_chosen[enough.offsets[:-1][is_long]] = True
    is_chosen[enough.offsets[1:][is_long] - 1] = True
    is_compared = _compared(enough, is_long, max(_MAX_COMPARED, read_first))
    compared = enough.where(is_compared)
    odd = _oddness(passages, compared)
    is_odd = odd >= odd_from[compared.values]
    found = _oddest(
        odd, Ragged(np.arange(len(odd)), compared.offsets).where(is_odd), read_first - ALWAYS_READ
    )
    is_chosen[np.flatnonzero(is_compared)[found]] = True
    return enough.where(is_chosen)


def _oddest(odd: npt.NDArray[np.float64], places: Ragged, most: int) -> npt.NDArray[np.int64]:
    """Of some places in each text choose those of the oddest passages, so many at most; of equals the first."""
    text = np.repeat(np.arange(len(places.lengths)), places.lengths)
    order = np.lexsort((-odd[places.values], text))
    found: npt.NDArray[np.int64] = places.values[order][places.places < most]
    return found


def _compared(enough: Ragged, is_long: npt.NDArray[np.bool_], most: int) -> npt.NDArray[np.bool_]:
    """Say which passages are compared: those of the long texts, or so many of each, from the first to the last."""
    compared = np.repeat(is_long, enough.lengths)
    for text in np.flatnonzero(enough.lengths > most).tolist():
        begin, end = enough.offsets[text : text + 2]
        compared[begin:end] = False
        compared[begin + np.arange(most) * (end - begin - 1) // (most - 1)] = True
    return compared


def _oddness(passages: Passages, compared: Ragged) -> npt.NDArray[np.float64]:
    start, whole = passages.start[compared.values], passages.stop[compared.values]
    stop = np.minimum(whole, start + _COMPARED_BYTES)
    has_any = compared.lengths > 0
    for read in (compared.offsets[:-1][has_any], compared.offsets[1:][has_any] - 1):
        stop[read] = whole[read]
    data = np.frombuffer(passages.content, np.uint8)
    return oddness(data, start, stop, compared.offsets[1:], compiled=passages.is_compiled)
