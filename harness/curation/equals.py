"""Texts with the same words or bytes, set aside before anything is compared, and told of again afterwards."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from harness.curation.stars import CONTAINED, EXACT, KIND_TYPE, NEAR, SURVIVOR, Stars

_WORD_BYTES = 8


@dataclass(frozen=True)
class Equals:
    """How texts and those that differ go together; places are in order of rank.

    Args:
        leader: First place with the same words (or bytes, without words), shape (places,), dtype int64.
        exact: Hash of the bytes at each place, null for none, shape (places,).
        text_places: Places of the texts that are compared, shape (texts,), dtype int64, ascending.
    """

    leader: np.ndarray
    exact: pa.Array
    text_places: np.ndarray

    @classmethod
    def among(cls, signatures: pa.Table, order: np.ndarray, is_worded: np.ndarray) -> "Equals":
        """Find which texts are equal.

        Args:
            signatures: At least `folded_hash` and `exact_hash`.
            order: Row at each place, shape (places,), dtype int64.
            is_worded: Whether the text at a place has shingles, shape (places,), dtype bool.
        """
        rows = pa.array(order)
        exact = _whole(signatures["exact_hash"]).take(rows)
        leader = _leaders(pc.coalesce(_whole(signatures["folded_hash"]).take(rows), exact))
        is_text = (leader == np.arange(len(order))) & is_worded
        return cls(leader, exact, np.flatnonzero(is_text))

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
        partners = self.exact.take(pa.array(survivor[repeating]))
        is_exact = pc.fill_null(pc.equal(self.exact.take(pa.array(repeating)), partners), False)
        kind[repeating[is_exact.to_numpy(zero_copy_only=False)]] = EXACT
        return Stars(cluster, survivor, similarity, kind, stars.compared)


def _leaders(hashes: pa.FixedSizeBinaryArray) -> np.ndarray:
    """Find for each place the first with the same hash; what has none leads itself, dtype int64."""
    leader = np.arange(len(hashes))
    place = _in_company(hashes)
    encoded = hashes.take(pa.array(place)).dictionary_encode()
    number = encoded.indices.to_numpy()
    first = np.full(len(encoded.dictionary), len(hashes))
    np.minimum.at(first, number, place)
    leader[place] = first[number]
    return leader


def _in_company(hashes: pa.FixedSizeBinaryArray) -> np.ndarray:
    """Find the places whose hash begins like another's, which most do not, shape (found,), dtype int64."""
    has_hash = np.flatnonzero(hashes.is_valid())
    bits = np.uint64(max(len(hashes) - 1, 1).bit_length())
    # The place in the low bits, as for pairs: a plain sort is ten times faster than a hash table.
    packed = np.sort(_beginnings(hashes)[has_hash] >> bits << bits | has_hash.astype(np.uint64))
    is_next = packed[1:] >> bits == packed[:-1] >> bits
    in_company = np.zeros(len(packed), dtype=bool)
    in_company[1:] |= is_next
    in_company[:-1] |= is_next
    return np.sort((packed[in_company] & ((np.uint64(1) << bits) - np.uint64(1))).astype(np.int64))


def _beginnings(hashes: pa.FixedSizeBinaryArray) -> np.ndarray:
    """Give the first 64 bits of each hash; anything where there is none."""
    words = hashes.type.byte_width // _WORD_BYTES
    if not len(hashes):
        return np.zeros(0, np.uint64)
    values = np.frombuffer(hashes.buffers()[1], "<u8")[hashes.offset * words :]
    return np.asarray(values[: len(hashes) * words : words])


def _whole(column: pa.ChunkedArray) -> pa.Array:
    return pa.chunked_array(column.chunks, column.type).combine_chunks()
