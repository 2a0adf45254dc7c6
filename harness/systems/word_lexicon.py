"""Translation word by word, by a lexicon learnt from parallel text: IBM's first model, a few rounds of it."""

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt

from harness.text.tokens import tokenise

_ROUNDS = 5
_NOTHING = ""  # stands on the source side for what renders no word of it
# Word pairs looked at in all: 8 bytes each for several arrays. What comes behind is not learnt from.
_MOST_CELLS = 4_000_000
_MOST_WORDS = 100  # of a line: in longer ones nearly every word stands beside every other

_Ints = npt.NDArray[np.int64]


def learnt_lexicon(pairs: Sequence[tuple[str, str]]) -> Callable[[str], str]:
    """Learn which word renders which.

    Args:
        pairs: Texts with their translations; those of as many lines are taken line by line.

    Returns:
        A function that writes for each word the one that renders it most likely, in the order of the source, and an
        unknown word as it is.
    """
    lines = [line for source, target in pairs for line in _line_pairs(source, target)]
    sources, targets = (tokenise([line[side] for line in lines], "words") for side in (0, 1))
    best = _likeliest(sources, targets)
    return lambda text: " ".join(
        rendered
        for (words,) in (tokenise([line], "words") for line in text.split("\n"))
        for rendered in (best.get(word, word) for word in words)
        if rendered
    )


def _line_pairs(source: str, target: str) -> list[tuple[str, str]]:
    sides = [[line for line in text.split("\n") if line.strip()] for text in (source, target)]
    return list(zip(*sides, strict=True)) if len(sides[0]) == len(sides[1]) else [(source, target)]


def _likeliest(sources: Sequence[list[str]], targets: Sequence[list[str]]) -> dict[str, str]:
    """Run expectation maximisation over all word pairs at once, and take the best target of each source word."""
    source_names, target_names = _numbered(sources), _numbered(targets)
    source, target, token = _cells(sources, targets, source_names, target_names)
    if not len(source):
        return {}
    pairs, pair = np.unique(source * len(target_names) + target, return_inverse=True)
    of_source = pairs // len(target_names)
    share = np.ones(len(pairs))
    for _ in range(_ROUNDS):
        claims = share[pair]
        claims /= np.bincount(token, weights=claims)[token]
        counts = np.bincount(pair, weights=claims, minlength=len(pairs))
        share = counts / np.bincount(of_source, weights=counts)[of_source]
    order = np.lexsort((pairs, -share, of_source))
    firsts = order[np.unique(of_source[order], return_index=True)[1]]
    words, rendered = list(source_names), list(target_names)
    found = {
        words[code // len(target_names)]: rendered[code % len(target_names)]
        for code in pairs[firsts].tolist()
    }
    found.pop(_NOTHING, None)
    return found


def _numbered(texts: Sequence[list[str]]) -> dict[str, int]:
    words = sorted({word for text in texts for word in text} - {_NOTHING})
    return {word: number for number, word in enumerate([_NOTHING, *words])}


def _cells(
    sources: Sequence[list[str]],
    targets: Sequence[list[str]],
    source_names: dict[str, int],
    target_names: dict[str, int],
) -> tuple[_Ints, _Ints, _Ints]:
    """Put every word of a line beside every word of its translation, and beside nothing.

    Returns:
        Numbers of source words, of target words, and of the target token that each cell belongs to, shape (cells,).
    """
    parts: list[tuple[_Ints, _Ints, _Ints]] = []
    tokens = cells = 0
    for source, target in zip(sources, targets, strict=True):
        size = (len(source) + 1) * len(target)
        if max(len(source), len(target)) > _MOST_WORDS or not target or cells + size > _MOST_CELLS:
            continue
        ours = np.array([0, *(source_names[word] for word in source)], np.int64)
        theirs = np.array([target_names[word] for word in target], np.int64)
        of_token = np.arange(tokens, tokens + len(target))
        parts.append(
            (np.tile(ours, len(target)), np.repeat(theirs, len(ours)), np.repeat(of_token, len(ours)))
        )
        tokens += len(target)
        cells += size
    if not parts:
        return (np.zeros(0, np.int64),) * 3
    first, second, third = (np.concatenate([part[place] for part in parts]) for place in range(3))
    return first, second, third
