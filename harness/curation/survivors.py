"""Which of several copies stays: a stated order over all documents, the same whatever order they come in."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

# What ranks hang on.
RANKED_BY = [
    "title", "published", "ends_with_stop", "replacement_chars", "mojibake_lines", "recipe_source", "position",
]  # fmt: skip
_LAST = np.iinfo(np.int64).max


def survivor_rank(documents: pa.Table) -> np.ndarray:
    """Rank documents by how much they deserve to stand for their copies.

    The order: the most complete first (how many of four hold: a title, a date, a last line that ends a
    sentence, no damage), then the earliest published (undated last), then the source that comes first in the
    recipe, then the canonical order of the records. What is unknown does not hold.

    The canonical order stands where an id could: it is as unique, and an article that is appended later, as
    complete and as old as one that is there, takes nobody's place, which the hash in an id would do by chance.

    Args:
        documents: At least the columns `RANKED_BY`, `position` unique, in any order.

    Returns:
        Ranks, shape (documents,), dtype int64: 0 for the best, each number once.
    """
    keys = (
        documents["position"].to_numpy(),
        documents["recipe_source"].to_numpy(),
        _published(documents["published"]),
        -_completeness(documents),
    )
    rank = np.empty(documents.num_rows, dtype=np.int64)
    rank[np.lexsort(keys)] = np.arange(documents.num_rows)
    return rank


def _completeness(documents: pa.Table) -> np.ndarray:
    """Count the marks of a complete document, 0 to 4, dtype int64."""
    marks = (
        pc.greater(pc.utf8_length(pc.utf8_trim_whitespace(documents["title"])), 0),
        pc.is_valid(documents["published"]),
        documents["ends_with_stop"],
        pc.equal(pc.add(documents["replacement_chars"], documents["mojibake_lines"]), 0),
    )
    held = np.zeros(documents.num_rows, dtype=np.int64)
    for mark in marks:
        held += pc.fill_null(mark, False).to_numpy()
    return held


def _published(instants: pa.ChunkedArray) -> np.ndarray:
    """Give instants as seconds, dtype int64; unknown ones come after all others."""
    seconds = instants.cast(pa.timestamp("s", tz="UTC")).cast(pa.int64())
    return np.asarray(pc.fill_null(seconds, _LAST).to_numpy())
