"""A unigram vocabulary over characters: pieces with probabilities learnt from counted words, and words cut by them."""

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

# Words beyond the commonest change hardly any piece and cost most of the time.
_MOST_WORDS = 50_000
_LONGEST = 12  # characters of a piece; longer ones are whole words that a corpus repeats
_FEWEST_TIMES = 2  # a piece that occurs once is no pattern
_SEEDS = 10  # pieces to begin with, for each that is wanted at the end
_KEPT_SHARE = 0.75  # of the pieces, from round to round
_BEFORE_THE_LAST = 1.1  # times as many as are wanted; of these the commonest stay
_TURNS = 2  # of counting anew, between one round and the next
_FEWEST_EXPECTED = 0.5  # times, in all words
_LONGEST_WORD = 64  # characters; what is longer is an address, and its probability too small for a number
_DIGITS = 6  # of an expected count; beyond, processors differ
# Costs are whole numbers, so that no processor's last digit of a logarithm decides between two ways to cut.
_COST_OF_A_BIT = 1 << 20
_COST_OF_UNKNOWN = 64 * _COST_OF_A_BIT  # above that of any known piece


def learn_pieces(counted: Mapping[str, int], *, pieces: int) -> dict[str, int]:
    """Learn which pieces words are made of (Kudo 2018).

    It begins with the commonest substrings; in turns, pieces are counted anew over all ways to cut each word, each way
    by its probability, and those go without which the words would lose least of theirs; of the last tenth, the rarest.
    Characters stay, whatever they cost.

    Args:
        counted: How often each word occurs.
        pieces: How many of more than one character to keep at most.

    Returns:
        What each piece costs, minus the logarithm of its probability in whole numbers.
    """
    fit = [word for word in counted if len(word) <= _LONGEST_WORD]
    kept = sorted(fit, key=lambda word: (-counted[word], word))[:_MOST_WORDS]
    words = {word: counted[word] for word in kept}
    times = _seeds(words, pieces * _SEEDS)
    while True:
        for _turn in range(_TURNS):
            times = _recounted(words, times)
        longer = [piece for piece in times if len(piece) > 1]
        if len(longer) <= pieces * _BEFORE_THE_LAST:
            commonest = sorted(longer, key=lambda piece: (-times[piece], piece))
            return _costs(_without(times, commonest[pieces:]))
        fewest = int(pieces * _BEFORE_THE_LAST)
        ranked = _most_missed(longer, words, _costs(times))
        times = _without(times, ranked[max(fewest, int(len(longer) * _KEPT_SHARE)) :])


class Unigrams:
    """Cuts words in the way that costs least.

    Args:
        costs: What each piece costs.
    """

    def __init__(self, costs: Mapping[str, int]) -> None:
        self._costs = costs
        self._known: dict[str, list[str]] = {}

    def cut(self, word: str) -> list[str]:
        """Cut a word; a character that was never seen is a piece of its own."""
        if word not in self._known:
            self._known[word] = _cheapest(word, self._costs)[1]
        return self._known[word]

    def knows(self, piece: str) -> bool:
        """Tell whether a piece was learnt."""
        return piece in self._costs


def _seeds(words: Mapping[str, int], most: int) -> dict[str, float]:
    counted: Counter[str] = Counter()
    for word, times in words.items():
        for piece in _substrings(word):
            counted[piece] += times
    common = [piece for piece, times in counted.items() if len(piece) > 1 and times >= _FEWEST_TIMES]
    common.sort(key=lambda piece: (-counted[piece] * len(piece), piece))
    single = [piece for piece in counted if len(piece) == 1]
    return {piece: counted[piece] for piece in [*sorted(single), *common[:most]]}


def _substrings(word: str) -> Iterable[str]:
    for start in range(len(word)):
        for end in range(start + 1, min(start + _LONGEST, len(word)) + 1):
            yield word[start:end]


def _recounted(words: Mapping[str, int], times: Mapping[str, float]) -> dict[str, float]:
    """Count pieces over all ways to cut; a longer one that is hardly expected anywhere goes."""
    total = sum(times.values())
    chance = {piece: count / total for piece, count in times.items()}
    expected = {piece: _FEWEST_EXPECTED for piece in times if len(piece) == 1}
    for word, count in words.items():
        for piece, share in _expected(word, chance):
            expected[piece] = expected.get(piece, 0.0) + count * share
    return {
        piece: round(expected[piece], _DIGITS)
        for piece in sorted(expected)
        if len(piece) == 1 or expected[piece] >= _FEWEST_EXPECTED
    }


def _expected(word: str, chance: Mapping[str, float]) -> Iterator[tuple[str, float]]:
    """Give each piece of a word with the probability that it is in the cut, forwards and backwards."""
    before, steps = [1.0], []
    for end in range(1, len(word) + 1):
        ways = [
            (start, end, word[start:end])
            for start in range(max(0, end - _LONGEST), end)
            if word[start:end] in chance
        ]
        before.append(sum(before[start] * chance[piece] for start, _, piece in ways))
        steps.extend(ways)
    behind = [0.0] * len(word) + [1.0]
    for start, end, piece in reversed(steps):
        behind[start] += chance[piece] * behind[end]
    for start, end, piece in steps:
        yield piece, before[start] * chance[piece] * behind[end] / before[-1]


def _most_missed(longer: Iterable[str], words: Mapping[str, int], costs: Mapping[str, int]) -> list[str]:
    """Rank pieces by how much less likely all words would be without each, those first that are missed most.

    Without a piece, the words that it stands in are cut into the pieces that are its own likeliest cut, which then occur
    so much more often.
    """
    used: Counter[str] = Counter()
    for word, count in words.items():
        for piece in _cheapest(word, costs)[1]:
            used[piece] += count
    total = sum(used.values())

    def loss(piece: str) -> float:
        parts = _cheapest(piece, costs, without=piece)[1]
        total_without = total + used[piece] * (len(parts) - 1)
        apart = sum(math.log((used[part] + used[piece]) / total_without) for part in parts)
        return round(used[piece] * (math.log(used[piece] / total) - apart), _DIGITS)

    worth = {piece: loss(piece) if used[piece] else -math.inf for piece in longer}
    return sorted(worth, key=lambda piece: (-worth[piece], piece))


def _without(times: Mapping[str, float], gone: Iterable[str]) -> dict[str, float]:
    barred = frozenset(gone)
    return {piece: count for piece, count in times.items() if piece not in barred}


def _costs(times: Mapping[str, float]) -> dict[str, int]:
    bits_of_all = math.log2(sum(times.values())) if times else 0.0
    return {piece: round((bits_of_all - math.log2(count)) * _COST_OF_A_BIT) for piece, count in times.items()}


def _cheapest(word: str, costs: Mapping[str, int], *, without: str = "") -> tuple[int, list[str]]:
    """Give what the cheapest cut costs, and its pieces; of equally cheap ones, that with longer pieces at the end."""
    best, begins = [0], [0]
    for end in range(1, len(word) + 1):
        ways = [(best[end - 1] + costs.get(word[end - 1], _COST_OF_UNKNOWN), end - 1)]
        for start in range(max(0, end - _LONGEST), end - 1):
            piece = word[start:end]
            if piece in costs and piece != without:
                ways.append((best[start] + costs[piece], start))
        cost, begin = min(ways)
        best.append(cost)
        begins.append(begin)
    found: list[str] = []
    end = len(word)
    while end > 0:
        found.append(word[begins[end] : end])
        end = begins[end]
    return best[-1], found[::-1]
