"""Clusters of texts that differ: which are related, which is a copy of which, and which stay."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from harness.core.recipe import DuplicateSettings
from harness.curation.buckets import pairs_in_buckets
from harness.curation.comparison import Known
from harness.curation.components import components
from harness.curation.lists import ListColumn
from harness.curation.pairs import Pairs, Verified, related, verified
from harness.curation.precedence import staying

KINDS = ("survivor", "exact", "near", "contained", "related")
SURVIVOR, EXACT, NEAR, CONTAINED, RELATED = range(len(KINDS))
KIND_TYPE = np.int8


@dataclass(frozen=True)
class Stars:
    """What each of some texts is; arrays of shape (texts,), texts by number in order of rank.

    Args:
        cluster: The best text of its cluster, dtype int64.
        survivor: The text that it is a copy of, or for a related one the most alike that stays, or itself.
        similarity: What was verified against the survivor: Jaccard, or for a contained text the share of its
            shingles that the survivor holds; NaN for a survivor. dtype float64.
        kind: Place in `KINDS`, dtype int8.
        compared: How many pairs are known or were verified.
    """

    cluster: np.ndarray
    survivor: np.ndarray
    similarity: np.ndarray
    kind: np.ndarray
    compared: int


def cluster_texts(known: Known, shingles: ListColumn, rows: np.ndarray, settings: DuplicateSettings) -> Stars:
    """Cluster texts that are all different and have shingles.

    Args:
        known: What is known of their pairs, texts by number in order of rank.
        shingles: Shingles of rows, ascending, each once.
        rows: Row of each text in `shingles`, shape (texts,).
        settings: Thresholds.
    """
    crowded = known.crowded_pairs()
    links = Verified.joined((known.links, related(crowded, shingles, rows, settings)))
    cluster = components(len(rows), links.pairs.first, links.pairs.second)
    # Inside a cluster all are compared, the candidates that bands missed included: who stays must not hang
    # on a chance that was already paid for.
    inside = pairs_in_buckets([cluster.astype(np.uint64) << np.uint64(32)])
    candidates = known.pairs.and_also(crowded)
    compared = len(candidates.and_also(inside))
    # Candidates that did not link are told again where their texts met by another way.
    met = candidates.where(cluster[candidates.first] == cluster[candidates.second])
    rest = inside.and_also(met).without(links.pairs)
    alike = Verified.joined((links, verified(rest, shingles, rows)))
    stars = _copies(alike, shingles.lengths[rows], settings)
    return Stars(cluster, *_with_related(alike, shingles.lengths[rows], cluster, stars), compared)


_Columns = tuple[np.ndarray, np.ndarray, np.ndarray]


def _copies(pairs: Verified, lengths: np.ndarray, settings: DuplicateSettings) -> _Columns:
    """Decide by rank who is a copy of whom: survivor, similarity and kind of each text."""
    size = len(lengths)
    drives_out = [
        (shares.jaccard >= settings.duplicate) | (shares.second_inside >= settings.contained)
        for shares in pairs.shares(lengths)
    ]
    pairs = pairs.where(np.concatenate([np.zeros(0, dtype=bool), *drives_out]))
    stays = staying(size, pairs.pairs.first, pairs.pairs.second)
    pairs = pairs.where(stays[Pairs(pairs.packed).first])

    def near() -> Iterator[_Columns]:
        for shares in pairs.shares(lengths):
            is_near = shares.jaccard >= settings.duplicate
            yield shares.second[is_near], shares.first[is_near], shares.jaccard[is_near]

    def contained() -> Iterator[_Columns]:
        for shares in pairs.shares(lengths):
            is_contained = shares.jaccard < settings.duplicate
            yield shares.second[is_contained], shares.first[is_contained], shares.second_inside[is_contained]

    survivor, similarity = np.arange(size), np.full(size, np.nan)
    kind = np.full(size, SURVIVOR, KIND_TYPE)
    # Near before contained: what is both is near.
    for name, found in ((CONTAINED, _most_alike(size, contained)), (NEAR, _most_alike(size, near))):
        other, likeness = found
        is_found = other < size
        survivor[is_found], similarity[is_found] = other[is_found], likeness[is_found]
        kind[is_found] = name
    return survivor, similarity, kind


def _with_related(pairs: Verified, lengths: np.ndarray, cluster: np.ndarray, stars: _Columns) -> _Columns:
    """Enter for each text that stays beside a better one which of those that stay is most alike."""
    survivor, similarity, kind = stars
    size = len(lengths)
    stays = survivor == np.arange(size)

    def both_ways() -> Iterator[_Columns]:
        for shares in pairs.shares(lengths):
            both_stay = stays[shares.first] & stays[shares.second]
            one, other = shares.first[both_stay], shares.second[both_stay]
            yield one, other, shares.jaccard[both_stay]
            yield other, one, shares.jaccard[both_stay]

    other, likeness = _most_alike(size, both_ways)
    is_beside = (other < size) & (cluster != np.arange(size))
    return (
        np.where(is_beside, other, survivor),
        np.where(is_beside, likeness, similarity),
        np.where(is_beside, KIND_TYPE(RELATED), kind),
    )


def _most_alike(size: int, edges: Callable[[], Iterator[_Columns]]) -> tuple[np.ndarray, np.ndarray]:
    """Find for each text the other that is most alike, of equally alike ones the best.

    Args:
        size: Number of texts.
        edges: Gives text, other and likeness of pairs, part by part; called twice.

    Returns:
        The other text, `size` where there is none, and the likeness; shape (size,).
    """
    likeness, best = np.full(size, -np.inf), np.full(size, size)
    for text, _, alike in edges():
        np.maximum.at(likeness, text, alike)
    for text, other, alike in edges():
        is_most = alike == likeness[text]
        np.minimum.at(best, text[is_most], other[is_most])
    return best, likeness
