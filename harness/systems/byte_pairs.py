"""Byte-pair encoding over characters: merges learnt from counted words, and words cut by them."""

import heapq
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from itertools import pairwise

Pair = tuple[str, str]

# Words beyond the commonest change hardly any merge and cost most of the time.
_MOST_WORDS = 50_000
_FEWEST_TIMES = 2  # a pair that occurs once is no pattern


def learn_merges(counted: Mapping[str, int], *, merges: int) -> list[Pair]:
    """Learn which neighbours to join, the commonest pair first (Sennrich, Haddow and Birch 2016).

    Of equally common pairs the first in the order of code points is joined, so that no order of words matters.

    Args:
        counted: How often each word occurs.
        merges: How many at most; fewer where no pair occurs twice.
    """
    kept = sorted(counted, key=lambda word: (-counted[word], word))[:_MOST_WORDS]
    words = {word: list(word) for word in kept}
    times: Counter[Pair] = Counter()
    holders: dict[Pair, set[str]] = defaultdict(set)
    for word, parts in words.items():
        for pair in _pairs(parts):
            times[pair] += counted[word]
            holders[pair].add(word)
    queue = [(-count, pair) for pair, count in times.items()]
    heapq.heapify(queue)
    learnt: list[Pair] = []
    while queue and len(learnt) < merges:
        count, best = heapq.heappop(queue)
        if -count != times[best]:
            continue  # the pair has become rarer since; its newer entry is in the queue
        if -count < _FEWEST_TIMES:
            break
        learnt.append(best)
        changed: set[Pair] = set()
        for word in holders.pop(best):
            changed |= _rejoin(words, word, best, counted[word], times, holders)
        for pair in changed:
            if times[pair] > 0:
                heapq.heappush(queue, (-times[pair], pair))
    return learnt


def _rejoin(
    words: dict[str, list[str]],
    word: str,
    best: Pair,
    weight: int,
    times: Counter[Pair],
    holders: dict[Pair, set[str]],
) -> set[Pair]:
    before, after = words[word], _joined(words[word], best)
    words[word] = after
    old, new = Counter(_pairs(before)), Counter(_pairs(after))
    for pair, count in old.items():
        times[pair] -= weight * count
        if pair not in new and pair in holders:
            holders[pair].discard(word)
    for pair, count in new.items():
        times[pair] += weight * count
        holders[pair].add(word)
    return {*old, *new}


def _pairs(parts: list[str]) -> Iterable[Pair]:
    return pairwise(parts)


def _joined(parts: list[str], pair: Pair) -> list[str]:
    joined: list[str] = []
    place = 0
    while place < len(parts):
        if place + 1 < len(parts) and (parts[place], parts[place + 1]) == pair:
            joined.append(parts[place] + parts[place + 1])
            place += 2
        else:
            joined.append(parts[place])
            place += 1
    return joined


class BytePairs:
    """Cuts words by learnt merges.

    Args:
        merges: In the order in which they were learnt.
        alphabet: The characters that occurred.
    """

    def __init__(self, merges: Iterable[Pair], *, alphabet: frozenset[str]) -> None:
        self.alphabet = alphabet
        self._rank = {pair: rank for rank, pair in enumerate(merges)}
        self._known: dict[str, list[str]] = {}

    def cut(self, word: str) -> list[str]:
        """Join a word's characters, the earliest learnt pair first; tokens spell the word."""
        if word not in self._known:
            parts = list(word)
            while len(parts) > 1:
                best = min(_pairs(parts), key=lambda pair: self._rank.get(pair, len(self._rank)))
                if best not in self._rank:
                    break
                parts = _joined(parts, best)
            self._known[word] = parts
        return self._known[word]
