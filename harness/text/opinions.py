"""One language for a passage: what an identifier tells, checked against the script, and a second one where in doubt."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from harness.text.language import UNDETERMINED, Identified, LanguageIdentifier
from harness.text.scripts import may_be_written_in
from harness.text.tags import macrolanguage

_UNTOLD = Identified(UNDETERMINED, 0.0)


@dataclass(frozen=True)
class Judges:
    """Who tells languages: an identifier, and the one that is asked where the first is in doubt."""

    first: LanguageIdentifier
    second: LanguageIdentifier | None = None


class Opinion(NamedTuple):
    """What counts for a passage, and the tag that the second identifier gave; None where it was not asked."""

    told: Identified
    second: str | None = None


def opinions(passages: Sequence[bytes], scripts: Sequence[tuple[str, ...]], judges: Judges) -> list[Opinion]:
    """Tell the language of passages.

    The first identifier counts where it is sure and its language is written in the passage's script. Else
    the second is asked, and counts where the script allows it and it is sure or says what the first said;
    if not, the passage is `und`: of two doubts no guess is made. Without a second identifier the first one's
    best effort counts where the script allows it.

    Args:
        passages: Texts in UTF-8 that have letters.
        scripts: ISO 15924 codes of the scripts that each one may be said to be in, most letters first.
        judges: The identifiers.
    """
    first = judges.first.identify_passages(passages)
    settled = [_settled(told, own) for told, own in zip(first, scripts, strict=True)]
    if judges.second is None:
        return [opinion for opinion, _ in settled]
    doubted = [n for n, (_, is_doubted) in enumerate(settled) if is_doubted]
    told = [opinion for opinion, _ in settled]
    second = judges.second.identify_passages([passages[n] for n in doubted])
    for n, other in zip(doubted, second, strict=True):
        told[n] = Opinion(_weighed(first[n], other, scripts[n]), other.tag)
    return told


@lru_cache(maxsize=4096)  # identifiers say few different things
def _settled(told: Identified, scripts: tuple[str, ...]) -> tuple[Opinion, bool]:
    """Give what the first identifier's word counts for alone, and whether the second has to be asked."""
    allowed = _allowed(told, scripts)
    return Opinion(told if allowed else _UNTOLD), not (allowed and told.sure)


def _allowed(told: Identified, scripts: tuple[str, ...]) -> bool:
    return told.tag != UNDETERMINED and fits_scripts(told.tag, scripts)


def _weighed(first: Identified, second: Identified, scripts: tuple[str, ...]) -> Identified:
    if not _allowed(second, scripts):
        return _UNTOLD
    if same_language(first.tag, second.tag):
        return first if _allowed(first, scripts) else second
    return second if second.sure else _UNTOLD


@lru_cache(maxsize=4096)
def fits_scripts(tag: str, scripts: tuple[str, ...]) -> bool:
    """Say whether a passage in some scripts may be in a language."""
    return any(may_be_written_in(tag, script) for script in scripts)


def same_language(one: str, other: str) -> bool:
    """Say whether two tags name one language, as label sets cut languages differently."""
    return one == other or macrolanguage(one) == macrolanguage(other)
