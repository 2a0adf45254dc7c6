"""Pairs of texts that may be alike: those that met in a bucket, with bounded work on buckets of many texts."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from harness.curation.pairs import HALF, LOW_HALF, Pairs, each_once

# In a bucket of more texts than this each is compared with so many of the best-ranked ones only, so that
# the work grows with the texts and not with their square. What is missed in a huge bucket by its being
# huge has as many more chances as there are bands.
REPRESENTATIVES = 32
# Pairs are found again in band after band: so many are collected before what repeats is dropped (32 MB).
_COLLECTED = 1 << 22


@dataclass(frozen=True)
class Meetings:
    """Texts that met in a bucket, by number.

    Args:
        pairs: Every two texts of the buckets of at most `REPRESENTATIVES`.
        crowds: Members of the larger ones: the bucket in the upper half of each, the text in the lower one, in
            any order; shape (members,), dtype uint64.
    """

    pairs: Pairs
    crowds: np.ndarray


def meetings(columns: Iterable[np.ndarray]) -> Meetings:
    """Find the texts that share a bucket in at least one column.

    Args:
        columns: Keys of shape (texts,), dtype uint64, column after column. Of a key the upper bits count, as many
            as the number of a text leaves free; verification sorts out what they confuse.
    """
    crowds = [np.zeros(0, np.uint64)]

    def pairs() -> Iterator[np.ndarray]:
        buckets = 0
        for keys in columns:
            bucket, text = _in_company(keys)
            is_crowded = (np.bincount(bucket) > REPRESENTATIVES)[bucket]
            crowds.append((bucket[is_crowded] + buckets).astype(np.uint64) << HALF | text[is_crowded])
            buckets += len(bucket)
            yield from _pairs_of_buckets(bucket[~is_crowded], text[~is_crowded])

    collected = _collected(pairs())
    return Meetings(collected, np.concatenate(crowds))


def pairs_of_crowds(crowds: np.ndarray) -> Pairs:
    """Pair the texts of large buckets with the best of each, so that the work does not grow with the square.

    Args:
        crowds: As in `Meetings`, texts in order of rank; it is sorted in place.
    """
    crowds.sort()
    return _collected(_pairs_of_buckets((crowds >> HALF).astype(np.int64), crowds & LOW_HALF))


def pairs_in_buckets(columns: Iterable[np.ndarray]) -> Pairs:
    """Pair texts that share a bucket in at least one column, texts in order of rank.

    Args:
        columns: As in `meetings`.

    Returns:
        Pairs in ascending order; in a bucket of more than `REPRESENTATIVES`, those with one of its best.
    """
    met = meetings(columns)
    return met.pairs.and_also(pairs_of_crowds(met.crowds))


def _collected(parts: Iterable[np.ndarray]) -> Pairs:
    """Put packed pairs together, each once."""
    found, fresh = np.zeros(0, np.uint64), [np.zeros(0, np.uint64)]
    for part in parts:
        fresh.append(part)
        if sum(map(len, fresh)) > max(_COLLECTED, len(found)):
            found, fresh = each_once(np.concatenate((found, *fresh))), []
    return Pairs(each_once(np.concatenate((found, *fresh))))


def _in_company(keys: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Find the texts that are not alone in their bucket: its number (int64, ascending) and the text (uint64)."""
    # The text's number in the low bits of its key: one plain sort brings buckets together, each in order
    # of rank, which is six times faster than sorting numbers by keys.
    bits = np.uint64(max(len(keys) - 1, 1).bit_length())
    packed = np.sort((keys >> bits << bits) | np.arange(len(keys), dtype=np.uint64))
    bucket = packed >> bits
    is_next = bucket[1:] == bucket[:-1]  # to the one before it
    in_company = np.zeros(len(keys), dtype=bool)
    in_company[1:] |= is_next
    in_company[:-1] |= is_next
    packed, bucket = packed[in_company], bucket[in_company]
    is_start = np.ones(len(bucket), dtype=bool)
    is_start[1:] = bucket[1:] != bucket[:-1]
    return np.cumsum(is_start) - 1, packed & ((np.uint64(1) << bits) - np.uint64(1))


def _pairs_of_buckets(bucket: np.ndarray, text: np.ndarray) -> Iterator[np.ndarray]:
    """Pack the pairs of each text with the first `REPRESENTATIVES` before it in its bucket.

    Args:
        bucket: Bucket of each member, ascending, shape (members,), dtype int64.
        text: The member, ascending in each bucket, dtype uint64.

    Yields:
        The pairs with the first of each bucket, then those with the second; dtype uint64.
    """
    is_start = np.ones(len(text), dtype=bool)
    is_start[1:] = bucket[1:] != bucket[:-1]
    starts = np.flatnonzero(is_start)
    start = np.repeat(starts, np.diff(np.append(starts, len(text))))
    later = np.arange(len(text))
    for number in range(REPRESENTATIVES):
        later = later[later > start[later] + number]
        if not len(later):
            return
        yield text[start[later] + number] << HALF | text[later]
