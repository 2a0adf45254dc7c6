"""Texts with the same words or bytes, set aside before anything is compared, and told of again afterwards."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from harness.curation.lists import as_numbers, numbers
from harness.curation.stars import CONTAINED, EXACT, KIND_TYPE, NEAR, SURVIVOR, Stars


@dataclass(frozen=True)
class Equals:
    """How texts and those that differ go together; places are in order of rank.

    Args:
        leader: First place with the same words (or bytes, without words), shape (places,), dtype int64.
        row: Row at each place, shape (places,), dtype int64.
        exact: Hash of the bytes of each row, null for none.
        text_places: Places of the texts that are compared, shape (texts,), dtype int64, ascending.
    """

    leader: np.ndarray
    row: np.ndarray
    exact: pa.ChunkedArray
    text_places: np.ndarray

    @classmethod
    def among(cls, signatures: pa.Table, leading_row: np.ndarray, row: np.ndarray) -> "Equals":
        """Find which of the texts that take part are equal.

        Args:
            signatures: Schema `SIGNATURES`.
            leading_row: First of all rows with the same words, shape (rows,), dtype int64.
            row: Row at each place in order of rank, shape (places,), dtype int64.
        """
        places = np.arange(len(row))
        first = np.full(len(leading_row), len(row))
        np.minimum.at(first, leading_row[row], places)
        leader = first[leading_row[row]]
        is_worded = np.concatenate([np.zeros(0, bool), *map(_are_worded, signatures["words"].chunks)])[row]
        return cls(leader, row, signatures["exact_hash"], np.flatnonzero((leader == places) & is_worded))

    def spread(self, stars: Stars) -> Stars:
        """Spread what was found for different texts over all places, those with equal words included."""
        places = np.arange(len(self.leader))
        cluster, survivor = self.leader.copy(), self.leader.copy()
        similarity = np.full(len(places), np.nan)
        kind = np.full(len(places), SURVIVOR, KIND_TYPE)
        cluster[self.text_places] = self.text_places[stars.cluster]
        survivor[self.text_places] = self.text_places[stars.survivor]
        similarity[self.text_places], kind[self.text_places] = stars.similarity, stars.kind
        cluster = cluster[self.leader]
        is_copy = (kind == NEAR) | (kind == CONTAINED)
        # An equal of a text that stays is its copy; an equal of a copy is a copy of the same survivor.
        follows = (self.leader != places) & is_copy[self.leader]
        repeats = (self.leader != places) & ~follows
        for column in (survivor, similarity, kind):
            column[follows] = column[self.leader[follows]]
        similarity[repeats], kind[repeats] = 1.0, NEAR
        repeating = np.flatnonzero(repeats)
        kind[repeating[self._same_bytes(repeating, survivor[repeating])]] = EXACT
        return Stars(cluster, survivor, similarity, kind, stars.compared)

    def _same_bytes(self, one: np.ndarray, other: np.ndarray) -> np.ndarray:
        """Tell of pairs of places whether their texts are the same byte by byte, shape (pairs,), dtype bool."""
        whole = pa.chunked_array(self.exact.chunks, self.exact.type).combine_chunks()
        left, right = (whole.take(numbers(self.row[side])) for side in (one, other))
        same = pc.equal(left, right)  # null for texts of nothing but blanks, which equal nothing
        return as_numbers(pc.fill_null(same, False) if same.null_count else same)


def _are_worded(words: pa.Array) -> np.ndarray:
    known = pc.fill_null(words, 0) if words.null_count else words
    return as_numbers(known) > 0
