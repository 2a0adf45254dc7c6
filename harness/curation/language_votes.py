"""What the passages of one text say of its language together: each has votes by its letters."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from harness.text.language import UNDETERMINED
from harness.text.opinions import Opinion, fits_scripts, same_language
from harness.text.tags import macrolanguage

# Six decimals: sums of scores may differ in the last bits between machines.
DECIMALS = 6


class Passage(NamedTuple):
    """A passage with letters enough: what is read of it, its scripts and its letters."""

    text: str
    scripts: tuple[str, ...]
    letters: int


# lang, lang_score, lang_margin, lang_second and foreign_paragraph_share.
Verdict = tuple[str, float, float, str | None, float | None]


def verdict(read: Sequence[tuple[Passage, Opinion]]) -> Verdict:
    """Weigh what was told of passages by their letters."""
    weights = _weights(read)
    votes: dict[str, float] = {}
    seconds: dict[str, float] = {}
    for (_, opinion), weight in zip(read, weights, strict=True):
        told = opinion.told
        _vote(votes, told.tag, told.score * weight)
        _vote(votes, told.rival, told.rival_score * weight)
        _vote(seconds, opinion.second, weight)
    best, score, rival = _winner(votes, sum(weights))
    lang_second = _winner(seconds, 1)[0] if seconds else None
    return best, score, round(score - rival, DECIMALS), lang_second, _foreign_share(read, best)


def _weights(read: Sequence[tuple[Passage, Opinion]]) -> list[float]:
    """Weigh passages by their letters; where languages compete, by the share of words not read before too.

    So the widgets of a page, which repeat a few words, do not outvote a short article.
    """
    if len({opinion.told.tag for _, opinion in read}) == 1:
        return [passage.letters for passage, _ in read]
    weights = []
    known: set[str] = set()
    for passage, _ in read:
        words = passage.text.split()
        new = set(words) - known
        known |= new
        weights.append(passage.letters * sum(map(len, new)) / max(sum(map(len, words)), 1))
    return weights


def _vote(votes: dict[str, float], tag: str | None, weight: float) -> None:
    if tag is not None and weight > 0:
        votes[tag] = votes.get(tag, 0.0) + weight


def _winner(votes: Mapping[str, float], total: float) -> tuple[str, float, float]:
    """Give the language with most votes, its share and that of the next one; `und` where nothing is told.

    Tags that different label sets give to one language stand together; the commonest of them names it.
    """
    told = {tag: vote for tag, vote in votes.items() if tag != UNDETERMINED}
    pooled: dict[str, float] = {}
    for tag, vote in told.items():
        _vote(pooled, macrolanguage(tag), vote)
    if not pooled:
        return UNDETERMINED, 0.0, 0.0
    first, *others = sorted(pooled, key=lambda tag: (-pooled[tag], tag))
    best = min((tag for tag in told if macrolanguage(tag) == first), key=lambda tag: (-told[tag], tag))
    rival = pooled[others[0]] if others else 0.0
    return best, round(pooled[first] / total, DECIMALS), round(rival / total, DECIMALS)


def _foreign_share(read: Sequence[tuple[Passage, Opinion]], lang: str) -> float | None:
    if lang == UNDETERMINED:
        return None
    foreign = [
        not fits_scripts(lang, passage.scripts)
        or (opinion.told.tag != UNDETERMINED and not same_language(opinion.told.tag, lang))
        for passage, opinion in read
    ]
    return sum(foreign) / len(foreign)
