"""Texts with the same words or bytes, set aside before anything is compared, and told of again afterwards."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from harness.curation.stars import CONTAINED, EXACT, KIND_TYPE, NEAR, SURVIVOR, Stars


@dataclass(frozen=True)
class Equals:
    """How texts and those that differ go together; places are in order of rank.

    Args:
        leader: First place with the same words (or bytes, without words), shape (places,), dtype int64.
        exact: Number of the bytes at each place, -1 for none, shape (places,), dtype int64.
        text_places: Places of the texts that are compared, shape (texts,), dtype int64, ascending.
    """

    leader: np.ndarray
    exact: np.ndarray
    text_places: np.ndarray

    @classmethod
    def among(cls, signatures: pa.Table, order: np.ndarray, is_worded: np.ndarray) -> "Equals":
        """Find which texts are equal.

        Args:
            signatures: At least `folded_hash` and `exact_hash`.
            order: Row at each place, shape (places,), dtype int64.
            is_worded: Whether the text at a place has shingles, shape (places,), dtype bool.
        """
        hashes = pc.coalesce(signatures["folded_hash"], signatures["exact_hash"])
        leader = _leaders(_numbered(hashes)[order])
        is_text = (leader == np.arange(len(order))) & is_worded
        return cls(leader, _numbered(signatures["exact_hash"])[order], np.flatnonzero(is_text))

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
        kind[repeats & (self.exact == self.exact[survivor]) & (self.exact >= 0)] = EXACT
        return Stars(cluster, survivor, similarity, kind, stars.compared)


def _leaders(number: np.ndarray) -> np.ndarray:
    """Find for each place the first with the same number; what has none (-1) leads itself."""
    places = np.arange(len(number))
    first = np.full(int(number.max(initial=-1)) + 1, len(number))
    has_number = number >= 0
    np.minimum.at(first, number[has_number], places[has_number])
    leader = places.copy()
    leader[has_number] = first[number[has_number]]
    return leader


def _numbered(hashes: pa.ChunkedArray) -> np.ndarray:
    """Give equal hashes equal numbers from 0 on, null -1; shape (rows,), dtype int64."""
    whole = pa.chunked_array(hashes.chunks, hashes.type).combine_chunks().dictionary_encode()
    return np.asarray(pc.fill_null(whole.indices.cast(pa.int64()), -1).to_numpy())
