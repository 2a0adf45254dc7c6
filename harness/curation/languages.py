"""The language of documents: passages are told one by one, and a document's language is that of most of its letters."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise, starmap
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from harness.text.language import UNDETERMINED
from harness.text.language_data import language_table
from harness.text.opinions import Judges, Opinion, fits_scripts, opinions, same_language
from harness.text.passages import Passages, cut_passages, main_scripts
from harness.text.tags import macrolanguage

LANGUAGES_VERSION = "2"  # raised when some text is told otherwise than before

LANGUAGES_SCHEMA = pa.schema(
    [
        pa.field("lang", pa.string()),
        pa.field("lang_score", pa.float64()),
        pa.field("lang_margin", pa.float64()),
        pa.field("lang_second", pa.string()),
        pa.field("script", pa.string()),
        pa.field("script_share", pa.float64()),
        pa.field("foreign_paragraph_share", pa.float64()),
    ]
)

# So many passages, spread evenly, are read at first; if they agree, the others are judged by their script
# alone. docs/text-quality.md has what this costs and misses.
_SAMPLED = 5
# If they do not, so many are read: more of one document says nothing new.
_MAX_READ = 64
# Of each passage so much is read, and of a document with few passages as much as of five.
_READ_CHARS = 150
_READ_CHARS_OF_ALL = _SAMPLED * _READ_CHARS
# Six decimals: sums of scores may differ in the last bits between machines.
_DECIMALS = 6


@dataclass(frozen=True)
class LanguageMeasure:
    """How languages are told.

    Args:
        judges: The identifiers.
        min_letters: A passage with fewer letters is not judged; None takes the least of its script, from the
            table `language_thresholds`.
    """

    judges: Judges
    min_letters: int | None = None

    def least_letters(self, script: str | None) -> int:
        """Give the letters that a passage of a script needs to be judged."""
        if self.min_letters is not None:
            return self.min_letters
        table = language_table("language_thresholds")
        return int(table["min_letters"].get(script, table["min_letters_elsewhere"]))


def measure_languages(text: pa.StringArray, measure: LanguageMeasure) -> pa.RecordBatch:
    """Tell the language of each text.

    Args:
        text: Texts as published, shape (rows,); null counts as empty.
        measure: How.

    Returns:
        `LANGUAGES_SCHEMA`, one row a text; `harness.core.signals` says what each column means.
    """
    rows = [row for passages in cut_passages(text) for row in _Block(passages, measure).rows()]
    return pa.RecordBatch.from_pylist(rows, schema=LANGUAGES_SCHEMA)


class _Passage(NamedTuple):
    """A passage with letters enough: what is read of it, its scripts and its letters."""

    text: str
    scripts: tuple[str, ...]
    letters: int


@dataclass(slots=True)
class _Document:
    """The passages of one text that may be read, by their numbers, and what was told of those that were."""

    numbers: list[int]
    read_chars: int
    short_lines: _Passage | None
    read: dict[int, tuple[_Passage, Opinion]] = field(default_factory=dict)


_SHORT_LINES = -1  # the number of the passage that is made of short lines


class _Block:
    """The texts of one cut, judged in two rounds: some passages of each, then more of those that disagree."""

    def __init__(self, passages: Passages, measure: LanguageMeasure) -> None:
        self._passages = passages
        self._measure = measure
        self._letters = passages.letters.sum(axis=1)
        self._scripts = main_scripts(passages.letters, passages.scripts)
        self._least = {
            scripts: measure.least_letters(scripts[0] if scripts else None) for scripts in set(self._scripts)
        }
        least = [self._least[scripts] for scripts in self._scripts]
        self._enough = self._letters >= np.array(least, np.int64)

    def rows(self) -> Iterator[dict[str, object]]:
        bounds = self._passages.bounds.tolist()
        documents = list(starmap(self._document, pairwise(bounds)))
        self._read(documents, _SAMPLED)
        self._read([document for document in documents if not self._agree(document)], _MAX_READ)
        for document, profile in zip(documents, self._profiles(), strict=True):
            yield profile | _verdict(list(document.read.values()))

    def _document(self, begin: int, end: int) -> _Document:
        enough = self._enough[begin:end]
        numbers = (begin + np.flatnonzero(enough)).tolist()
        letters = self._letters[begin:end]
        in_short_lines = int(letters[~enough].sum())
        mostly_short = 2 * in_short_lines > int(letters.sum())
        return _Document(
            numbers,
            max(_READ_CHARS, _READ_CHARS_OF_ALL // max(len(numbers), 1)),
            self._short_lines(begin + np.flatnonzero(~enough)) if mostly_short else None,
        )

    def _short_lines(self, numbers: npt.NDArray[np.int64]) -> _Passage | None:
        """Read lines that are too short one by one as one passage: verse, lists, captions."""
        counts = self._passages.letters[numbers].sum(axis=0, keepdims=True)
        (scripts,) = main_scripts(counts, self._passages.scripts)
        letters = int(counts.sum())
        if letters < self._measure.least_letters(scripts[0] if scripts else None):
            return None
        lines = [self._passages.excerpt(n, _READ_CHARS) for n in numbers[:_READ_CHARS_OF_ALL].tolist()]
        return _Passage(" ".join(lines)[:_READ_CHARS_OF_ALL], scripts, letters)

    def _read(self, documents: Sequence[_Document], most: int) -> None:
        """Have up to so many passages of each document told that were not told yet."""
        asked = [
            (document, n, self._passage(document, n))
            for document in documents
            for n in self._chosen(document, most)
            if n not in document.read
        ]
        told = opinions(
            [passage.text for *_, passage in asked],
            [passage.scripts for *_, passage in asked],
            self._measure.judges,
        )
        for (document, n, passage), opinion in zip(asked, told, strict=True):
            document.read[n] = (passage, opinion)

    def _chosen(self, document: _Document, most: int) -> list[int]:
        """Choose passages from the first to the last in even steps, and the short lines where they matter."""
        numbers = document.numbers
        if len(numbers) > most:
            numbers = [numbers[place * (len(numbers) - 1) // (most - 1)] for place in range(most)]
        return numbers if document.short_lines is None else [*numbers, _SHORT_LINES]

    def _passage(self, document: _Document, number: int) -> _Passage:
        if number == _SHORT_LINES and document.short_lines is not None:
            return document.short_lines
        text = self._passages.excerpt(number, document.read_chars)
        return _Passage(text, self._scripts[number], int(self._letters[number]))

    def _agree(self, document: _Document) -> bool:
        """Say whether more than half of what was read is told, all in one language, and no script denies it."""
        tags = [opinion.told.tag for _, opinion in document.read.values()]
        told = {tag for tag in tags if tag != UNDETERMINED}
        if len({macrolanguage(tag) for tag in told}) != 1 or 2 * tags.count(UNDETERMINED) >= len(tags):
            return False
        tag = min(told)
        return all(fits_scripts(tag, scripts) for scripts in {self._scripts[n] for n in document.numbers})

    def _profiles(self) -> Iterator[dict[str, object]]:
        """Give the script of most letters of each text, and its share."""
        passages = self._passages
        sums = np.concatenate(
            [np.zeros((1, len(passages.scripts)), np.int64), passages.letters.cumsum(axis=0)]
        )
        counts = sums[passages.bounds[1:]] - sums[passages.bounds[:-1]]
        for scripts, letters in zip(main_scripts(counts, passages.scripts), counts.tolist(), strict=True):
            script = scripts[0] if scripts else None
            share = letters[passages.scripts.index(script)] / sum(letters) if script else None
            yield {"script": script, "script_share": share}


def _verdict(read: Sequence[tuple[_Passage, Opinion]]) -> dict[str, object]:
    """Weigh what was told of passages by their letters."""
    votes: dict[str, float] = {}
    seconds: dict[str, float] = {}
    weights = _weights(read)
    for (_, opinion), weight in zip(read, weights, strict=True):
        told = opinion.told
        _vote(votes, told.tag, told.score * weight)
        _vote(votes, told.rival, told.rival_score * weight)
        _vote(seconds, opinion.second, weight)
    best, score, rival = _winner(votes, sum(weights))
    return {
        "lang": best,
        "lang_score": score,
        "lang_margin": round(score - rival, _DECIMALS),
        "lang_second": _winner(seconds, 1)[0] if seconds else None,
        "foreign_paragraph_share": _foreign_share(read, best),
    }


def _weights(read: Sequence[tuple[_Passage, Opinion]]) -> list[float]:
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
    return best, round(pooled[first] / total, _DECIMALS), round(rival / total, _DECIMALS)


def _foreign_share(read: Sequence[tuple[_Passage, Opinion]], lang: str) -> float | None:
    if lang == UNDETERMINED:
        return None
    foreign = [
        not fits_scripts(lang, passage.scripts)
        or (opinion.told.tag != UNDETERMINED and not same_language(opinion.told.tag, lang))
        for passage, opinion in read
    ]
    return sum(foreign) / len(foreign)
