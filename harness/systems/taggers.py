"""Tagging names by what the split train says of words: the commonest tag, each word's own, and a list of known names."""

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from functools import partial
from itertools import pairwise

from harness.evaluation.tasks import Example
from harness.systems.learning import learnt_family
from harness.text.search_words import FOLD, fold

_Words = Sequence[str]
_Tags = tuple[str, ...]
_Sentence = tuple[_Words, _Tags]
_Tag = Callable[[_Words], _Tags]
_OUTSIDE = "O"


def commonest_tag(sentences: Sequence[_Sentence]) -> _Tag:
    """Learn which tag most tokens have, which is O in nearly every corpus: it finds nothing then."""
    best = _commonest(Counter(tag for _, tags in sentences for tag in tags))
    return lambda words: (best,) * len(words)


def word_tags(sentences: Sequence[_Sentence]) -> _Tag:
    """Learn each word's commonest tag; an unknown word has O, and an I that continues nothing begins a name."""
    counted: dict[str, Counter[str]] = defaultdict(Counter)
    for words, tags in sentences:
        for word, tag in zip(words, tags, strict=True):
            counted[fold(word)][tag] += 1
    tag_of = {word: _commonest(tags) for word, tags in counted.items()}
    return lambda words: _mended([tag_of.get(fold(word), _OUTSIDE) for word in words])


def known_names(sentences: Sequence[_Sentence]) -> _Tag:
    """Learn names as runs of words; found again, the longest first from the left, each has its commonest kind."""
    kinds: dict[tuple[str, ...], Counter[str]] = defaultdict(Counter)
    for words, tags in sentences:
        for start, stop in _spans(tags):
            kinds[tuple(map(fold, words[start:stop]))][tags[start][2:]] += 1
    kind_of = {name: _commonest(counted) for name, counted in kinds.items()}
    longest = max(map(len, kind_of), default=0)

    def tag(words: _Words) -> _Tags:
        folded, tags = [fold(word) for word in words], list[str]()
        while len(tags) < len(folded):
            place = len(tags)
            sizes = range(min(longest, len(folded) - place), 0, -1)
            size = next((size for size in sizes if tuple(folded[place : place + size]) in kind_of), 0)
            if not size:
                tags.append(_OUTSIDE)
                continue
            kind = kind_of[tuple(folded[place : place + size])]
            tags += [f"B-{kind}", *[f"I-{kind}"] * (size - 1)]
        return tuple(tags)

    return tag


def _spans(tags: _Tags) -> list[tuple[int, int]]:
    begins = [place for place, tag in enumerate(tags) if tag.startswith("B-")]
    spans = []
    for start in begins:
        stop = start + 1
        while stop < len(tags) and tags[stop] == f"I{tags[start][1:]}":
            stop += 1
        spans.append((start, stop))
    return spans


def _mended(tags: Sequence[str]) -> _Tags:
    pairs = pairwise([_OUTSIDE, *tags])
    return tuple(
        f"B{tag[1:]}" if tag.startswith("I") and (before == _OUTSIDE or before[2:] != tag[2:]) else tag
        for before, tag in pairs
    )


def _commonest(counted: Counter[str]) -> str:
    return min(counted, key=lambda one: (-counted[one], one))


def _learnt(
    learn: Callable[[Sequence[_Sentence]], _Tag], examples: Sequence[Example]
) -> Callable[[str], _Tags]:
    tag = learn([(json.loads(one.input), tuple(one.reference.split())) for one in examples])
    return lambda tokens: tag(json.loads(tokens))


_BUILT_IN = (
    ("known-names", known_names, "names that stand in the split train, the longest first"),
    ("word-tags", word_tags, "the tag that each word has most in the split train; O for an unknown one"),
    ("commonest-tag", commonest_tag, "the commonest tag of the split train for every token"),
)
_FACTS = (f"fold={FOLD}",)
FAMILIES = tuple(
    learnt_family(name, frozenset({"ner"}), partial(_learnt, learn), summary, _FACTS)
    for name, learn, summary in _BUILT_IN
)
