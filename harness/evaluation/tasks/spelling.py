"""Spelling: mend a line that was mistyped."""

import re
from typing import Literal

from pydantic import Field

from harness.evaluation.draws import Draws
from harness.evaluation.tasks.restoring import RestoringSettings, restoring
from harness.evaluation.tasks.task import TaskKind
from harness.evaluation.texts.edits import character_error_rate, word_error_rate
from harness.evaluation.texts.reading import Reading

_WORD = re.compile(r"\w{3,}")
# Letters that are taken for each other by hand and by eye: spelling habits first, then shapes that differ by dots.
_CONFUSED = ("أإآا", "ىي", "ةه", "ضظ", "دذ", "ذز", "سص", "تط", "حخج", "بتث", "عغ", "فق", "گک", "یي")


class SpellingSettings(RestoringSettings):
    """Settings of `kind = "spelling"`: a line with typing errors, answered by the line without them.

    About `error_share` of the words of three letters or more get one error each: two letters change places, one is
    left out, one is doubled, or (in Arabic script, half of the time) one is written for another that sounds or looks
    like it. At most `lines_per_document` lines of five words or more are drawn from each document.
    """

    kind: Literal["spelling"] = "spelling"
    error_share: float = Field(default=0.15, gt=0, le=1)


def mistyped(line: str, draws: Draws, settings: SpellingSettings) -> str:
    """Put errors into a line, at most one a word."""

    def changed(word: re.Match[str]) -> str:
        return mistype(word.group(), draws) if draws.chance(settings.error_share) else word.group()

    return _WORD.sub(changed, line)


def mistype(word: str, draws: Draws) -> str:
    """Put one error into a word of two letters or more."""
    place = draws.below(len(word) - 1)
    confused = [group for group in _CONFUSED if word[place] in group]
    if confused and draws.chance(0.5):
        others = [letter for letter in draws.pick(confused) if letter != word[place]]
        return word[:place] + draws.pick(others) + word[place + 1 :]
    first, second = word[place], word[place + 1]
    return word[:place] + draws.pick((second + first, second, first + first + second)) + word[place + 2 :]


_READING = Reading("raw", "space")  # no fold: spelling is what is measured

KIND = TaskKind(
    name="spelling",
    settings=SpellingSettings,
    derive=restoring(
        "the line as it stands in the version, before errors were typed into it by a seed",
        mistyped,
        (word_error_rate(_READING), character_error_rate(Reading("raw"))),
    ),
    learns=True,
    asks_for_text=True,
    pitfalls=(
        "Errors of the text itself count as right. Planted errors are scattered evenly, while people's go by habit. "
        "A system that changes nothing has an error rate near the share of errors: compare with `as-is`, not with "
        "zero; above it, more was spoilt than mended. An error may make another word that fits as well."
    ),
)
