"""Clusters of texts that differ: which are related, which is a copy of which, and which stay."""

from dataclasses import dataclass

import numpy as np

from harness.core.recipe import DuplicateSettings
from harness.curation.buckets import pairs_in_buckets
from harness.curation.comparison import Known
from harness.curation.components import components
from harness.curation.lists import ListColumn
from harness.curation.pairs import Verified, related, verified
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
    cluster = components(len(rows), links.first, links.second)
    # Inside a cluster all are compared, the candidates that bands missed included: who stays must not hang
    # on a chance that was already paid for.
    inside = pairs_in_buckets([cluster.astype(np.uint64) << np.uint64(32)])
    candidates = known.pairs.and_also(crowded)
    compared = len(candidates.and_also(inside))
    # Candidates that did not link are told again where their texts met by another way.
    met = candidates.where(cluster[candidates.first] == cluster[candidates.second])
    rest = inside.and_also(met).without(links.pairs)
    alike = Verified.joined((links, verified(rest, shingles, rows)))
    survivor, similarity, kind = _copies(alike, len(rows), settings)
    _relate(alike, cluster, (survivor, similarity, kind))
    return Stars(cluster, survivor, similarity, kind, compared)


def _copies(
    pairs: Verified, size: int, settings: DuplicateSettings
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Decide by rank who is a copy of whom: survivor, similarity and kind of each text."""
    pairs = pairs.where((pairs.jaccard >= settings.duplicate) | (pairs.second_inside >= settings.contained))
    stays = staying(size, pairs.first, pairs.second)
    pairs = pairs.where(stays[pairs.first])
    is_near = pairs.jaccard >= settings.duplicate
    likeness = np.where(is_near, pairs.jaccard, pairs.second_inside)
    # For each text the most alike that stays first, near before contained.
    order = np.lexsort((pairs.first, -likeness, ~is_near, pairs.second))
    text, place = np.unique(pairs.second[order], return_index=True)
    chosen = order[place]
    survivor, similarity = np.arange(size), np.full(size, np.nan)
    kind = np.full(size, SURVIVOR, KIND_TYPE)
    survivor[text], similarity[text] = pairs.first[chosen], likeness[chosen]
    kind[text] = np.where(is_near[chosen], NEAR, CONTAINED)
    return survivor, similarity, kind


def _relate(pairs: Verified, cluster: np.ndarray, stars: tuple[np.ndarray, np.ndarray, np.ndarray]) -> None:
    """Enter for each text that stays beside a better one which of those that stay is most alike."""
    survivor, similarity, kind = stars
    stays = survivor == np.arange(len(survivor))
    pairs = pairs.where(stays[pairs.first] & stays[pairs.second])
    text = np.concatenate((pairs.first, pairs.second))
    other = np.concatenate((pairs.second, pairs.first))
    likeness = np.concatenate((pairs.jaccard, pairs.jaccard))
    order = np.lexsort((other, -likeness, text))
    text, most_alike = np.unique(text[order], return_index=True)
    nearest = order[most_alike]
    is_beside = cluster[text] != text
    text, nearest = text[is_beside], nearest[is_beside]
    survivor[text] = other[nearest]
    similarity[text] = likeness[nearest]
    kind[text] = RELATED
