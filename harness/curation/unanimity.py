"""Texts of which everything that was read is in one language: told in columns, as most texts are."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from harness.curation.language_votes import DECIMALS
from harness.curation.ragged import Ragged
from harness.text.language import UNDETERMINED
from harness.text.opinions import Opinion, fits_scripts

_NOT_PLAIN = -1


@dataclass(frozen=True)
class Unanimous:
    """What texts are told to be where all agree, shape (texts,) each.

    Args:
        is_told: Whether all that was read of a text is in one language, nothing speaks of another one, and the
            scripts of all its passages allow it.
        lang: The language, of a text that is told; of another anything.
        score: The share of the letters read that the identifier gives to it, likewise.
    """

    is_told: npt.NDArray[np.bool_]
    lang: list[str]
    score: list[float]


def unanimous(
    told: Sequence[Opinion], letters: Ragged, scripts: Ragged, lists: Sequence[tuple[str, ...]]
) -> Unanimous:
    """Tell the texts of which all passages that were read say the same.

    Equal to what `harness.curation.language_votes.verdict` comes to for them.

    Args:
        told: What was told of each passage that was read.
        letters: The letters of these, for each text.
        scripts: For each text the scripts of its passages, read or not: places in `lists`.
        lists: Scripts that a passage may be said to be in.
    """
    places, distinct = _numbered(told)
    tags = sorted({opinion.told.tag for opinion in distinct})
    tag_of = np.array(
        [tags.index(one.told.tag) if _is_plain(one) else _NOT_PLAIN for one in distinct], np.int64
    )
    score_of = np.array([one.told.score for one in distinct], np.float64)
    tag = _common(Ragged(tag_of[places], letters.offsets))
    text = np.repeat(np.arange(len(tag)), letters.lengths)
    votes = np.bincount(text, score_of[places] * letters.values, len(tag))
    total = np.bincount(text, letters.values, len(tag))
    is_told = (tag != _NOT_PLAIN) & (votes > 0) & ~_is_denied(tag, scripts, _fits(tags, lists))
    shares = votes / np.maximum(total, 1)
    lang = [*tags, UNDETERMINED]  # the last, as place -1, where nobody or not everybody says it
    return Unanimous(
        is_told, [lang[n] for n in tag.tolist()], [round(one, DECIMALS) for one in shares.tolist()]
    )


def _numbered(told: Sequence[Opinion]) -> tuple[npt.NDArray[np.int64], list[Opinion]]:
    """Number opinions: the place of each among the different ones. There are few."""
    numbers: dict[Opinion, int] = {}
    places = [numbers.setdefault(one, len(numbers)) for one in told]
    return np.array(places, np.int64), list(numbers)


def _is_plain(opinion: Opinion) -> bool:
    told = opinion.told
    return told.tag != UNDETERMINED and told.rival == UNDETERMINED and opinion.second is None


def _common(tags: Ragged) -> npt.NDArray[np.int64]:
    """Give the one tag of each text, `_NOT_PLAIN` where there are several or none."""
    common = np.full(len(tags.lengths), _NOT_PLAIN, np.int64)
    is_read = tags.lengths > 0
    starts = tags.offsets[:-1][is_read]
    if len(starts):
        least = np.minimum.reduceat(tags.values, starts)
        common[is_read] = np.where(least == np.maximum.reduceat(tags.values, starts), least, _NOT_PLAIN)
    return common


def _fits(tags: Sequence[str], lists: Sequence[tuple[str, ...]]) -> npt.NDArray[np.bool_]:
    """Say which scripts allow which language, shape (tags + 1, lists); the last row is for none."""
    fits = [[fits_scripts(tag, scripts) for scripts in lists] for tag in tags]
    return np.array([*fits, [True] * len(lists)], bool)


def _is_denied(
    tag: npt.NDArray[np.int64], scripts: Ragged, fits: npt.NDArray[np.bool_]
) -> npt.NDArray[np.bool_]:
    """Say of which texts some passage is in scripts that their language is not written in."""
    text = np.repeat(np.arange(len(tag)), scripts.lengths)
    return np.bincount(text[~fits[tag[text], scripts.values]], minlength=len(tag)) > 0
