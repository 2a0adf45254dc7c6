"""Restoring lines: leaving them as they are, a stop at the end, and marks and words as they were learnt."""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from functools import partial

from harness.evaluation.restored import words_and_marks
from harness.evaluation.tasks import Example
from harness.systems.learning import learnt_family

_Restore = Callable[[str], str]
_WORD = re.compile(r"\w{3,}")
_AT_END = ""  # stands for the word behind the last one


def _stop_at_end(_lines: Sequence[str]) -> _Restore:
    return lambda line: f"{line}."


def learnt_marks(lines: Sequence[str]) -> _Restore:
    """Learn which marks stand behind a word, given it and the next one; of what was never seen, none.

    Each neighbour votes with the shares of the marks that stood beside it; the marks win that have most.
    """
    behind: dict[str, Counter[str]] = defaultdict(Counter)
    before: dict[str, Counter[str]] = defaultdict(Counter)
    for line in lines:
        words, marks = words_and_marks(line)
        for word, following, between in zip(words, [*words[1:], _AT_END], marks[1:], strict=True):
            behind[word][between] += 1
            before[following][between] += 1

    def restore(line: str) -> str:
        words = line.split()
        marked = [
            word + _voted([behind.get(word), before.get(following)])
            for word, following in zip(words, [*words[1:], _AT_END], strict=True)
        ]
        return " ".join(marked)

    return restore


def _voted(votes: Sequence[Counter[str] | None]) -> str:
    shares: dict[str, float] = defaultdict(float)
    for counted in votes:
        for marks, times in (counted or {}).items():
            shares[marks] += times / sum((counted or {}).values())
    return min(shares, key=lambda marks: (-shares[marks], marks), default="")


def known_words(lines: Sequence[str]) -> _Restore:
    """Learn words; write for one that is unknown the commonest known one that is a single error away."""
    from rapidfuzz.distance import OSA  # noqa: PLC0415 - only where lines are restored

    times = Counter(word for line in lines for word in _WORD.findall(line))
    near: dict[str, list[str]] = defaultdict(list)
    for word in sorted(times, key=lambda word: (-times[word], word)):
        for shorter in _shortened(word):
            near[shorter].append(word)

    def mended(match: re.Match[str]) -> str:
        word = match.group()
        if word in times:
            return word
        candidates = {known for shorter in _shortened(word) for known in near.get(shorter, ())}
        one_away = [known for known in candidates if OSA.distance(word, known) == 1]
        return min(one_away, key=lambda known: (-times[known], known), default=word)

    return lambda line: _WORD.sub(mended, line)


def _shortened(word: str) -> set[str]:
    """Give a word and what it is without one of its letters: words one error apart share one of these."""
    return {word, *(word[:place] + word[place + 1 :] for place in range(len(word)))}


def _learnt(learn: Callable[[Sequence[str]], _Restore], examples: Sequence[Example]) -> _Restore:
    return learn([example.reference for example in examples])


_PUNCTUATION, _SPELLING = "punctuation", "spelling"
_BUILT_IN: tuple[tuple[str, frozenset[str], Callable[[Sequence[str]], _Restore], str], ...] = (
    ("as-is", frozenset({_PUNCTUATION, _SPELLING}), lambda _lines: str, "every line as it came"),
    ("final-stop", frozenset({_PUNCTUATION}), _stop_at_end, "a full stop at the end, and nothing else"),
    (
        "learnt-marks",
        frozenset({_PUNCTUATION}),
        learnt_marks,
        "the marks that stood most between such words in the split train",
    ),
    (
        "known-words",
        frozenset({_SPELLING}),
        known_words,
        "for a word unknown to the split train, its commonest word that is one error away",
    ),
)
FAMILIES = tuple(
    learnt_family(name, kinds, partial(_learnt, learn), summary) for name, kinds, learn, summary in _BUILT_IN
)
