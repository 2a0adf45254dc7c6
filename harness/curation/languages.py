"""The language of documents: passages are told one by one, and a document's language is that of most of its letters."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, pairwise
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from harness.curation.oddness import oddness
from harness.curation.passages import Passages, cut_passages, main_scripts
from harness.text.language import UNDETERMINED
from harness.text.language_data import language_table
from harness.text.opinions import Judges, Opinion, fits_scripts, opinions, same_language
from harness.text.tags import macrolanguage

LANGUAGES_VERSION = "3"  # raised when some text is told otherwise than before

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

# Of a text with more passages than `READ_FIRST` these are read at first: so many spread evenly from the first to the
# last, and of the others those most unlike the text by their letters. If they agree, the rest is judged by its script
# alone. docs/text-quality.md has what this misses.
READ_FIRST, _SPREAD = 4, 2
# If they do not, so many are read, spread evenly: more of one document says nothing new.
_MAX_READ = 64
# The oddest are looked for among so many passages, spread evenly, by the beginning of each.
_MAX_COMPARED, _COMPARED_BYTES = 1024, 256
# Of each passage so much is read, and of a document with few passages as much of all. Where passages disagree, names
# may be the cause, and they are read again at more length.
_READ_CHARS, _READ_CHARS_IN_DOUBT = 100, 150
_READ_CHARS_OF_ALL = 750
# Six decimals: sums of scores may differ in the last bits between machines.
_DECIMALS = 6


@dataclass(frozen=True)
class LanguageMeasure:
    """How languages are told.

    Args:
        judges: The identifiers.
        min_letters: A passage with fewer letters is not judged; None takes the least of its script, from the
            table `language_thresholds`.
        read_first: So many passages of a text are read before the rest is believed, 2 or more; another number
            than `READ_FIRST` is for measuring what that one misses.
    """

    judges: Judges
    min_letters: int | None = None
    read_first: int = READ_FIRST

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
    columns = zip(*rows, strict=True) if rows else [()] * len(LANGUAGES_SCHEMA)
    arrays = [pa.array(column, field.type) for column, field in zip(columns, LANGUAGES_SCHEMA, strict=True)]
    return pa.RecordBatch.from_arrays(arrays, schema=LANGUAGES_SCHEMA)


# lang, lang_score, lang_margin, lang_second and foreign_paragraph_share; script and script_share.
_Verdict = tuple[str, float, float, str | None, float | None]
_Profile = tuple[str | None, float | None]


class _Passage(NamedTuple):
    """A passage with letters enough: what is read of it, its scripts and its letters."""

    text: str
    scripts: tuple[str, ...]
    letters: int


@dataclass(slots=True)
class _Document:
    """The passages of one text that may be read, those that are read first, and what was told of those that were."""

    numbers: list[int]
    first: list[int]
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
        places, self._lists = main_scripts(passages.letters, passages.scripts)
        least = [measure.least_letters(scripts[0] if scripts else None) for scripts in self._lists]
        self._enough = self._letters >= np.array(least, np.int64)[places]
        self._places: list[int] = places.tolist()
        self._letters_list: list[int] = self._letters.tolist()

    def rows(self) -> Iterator[tuple[object, ...]]:
        documents = self._documents()
        self._read(documents, [document.first for document in documents])
        doubted = [document for document in documents if not self._agree(document)]
        for document in doubted:
            if document.read_chars < _READ_CHARS_IN_DOUBT:
                document.read_chars = _READ_CHARS_IN_DOUBT
                document.read.clear()
        self._read(doubted, [_spread(document.numbers, _MAX_READ) for document in doubted])
        for document, profile in zip(documents, self._profiles(), strict=True):
            lang, score, margin, second, foreign = _verdict(list(document.read.values()))
            yield lang, score, margin, second, *profile, foreign

    def _documents(self) -> list[_Document]:
        """Gather the passages of each text with letters enough, and the short lines where they matter."""
        bounds = self._passages.bounds
        numbers = np.flatnonzero(self._enough)
        places = np.searchsorted(numbers, bounds).tolist()
        in_short = self._within(np.where(self._enough, 0, self._letters))
        mostly_short = (2 * in_short > self._within(self._letters)).tolist()
        listed = numbers.tolist()
        documents = []
        for row, (begin, end) in enumerate(pairwise(places)):
            own = listed[begin:end]
            read_chars = max(_READ_CHARS, _READ_CHARS_OF_ALL // max(end - begin, 1))
            short = self._short_lines(int(bounds[row]), int(bounds[row + 1])) if mostly_short[row] else None
            documents.append(_Document(own, own, read_chars, short))
        self._sample([document for document in documents if len(document.numbers) > self._measure.read_first])
        return documents

    def _sample(self, documents: Sequence[_Document]) -> None:
        """Choose what is read first of texts with many passages: some spread over each, and the oddest others."""
        compared = [_spread(document.numbers, _MAX_COMPARED) for document in documents]
        numbers = np.array(list(chain.from_iterable(compared)), np.int64)
        odd = oddness(
            np.frombuffer(self._passages.content, np.uint8),
            start := self._passages.start[numbers],
            np.minimum(self._passages.stop[numbers], start + _COMPARED_BYTES),
            np.cumsum([len(own) for own in compared], dtype=np.int64),
            compiled=self._passages.is_compiled,
        ).tolist()
        begin = 0
        for document, own in zip(documents, compared, strict=True):
            oddest = sorted(zip(odd[begin : begin + len(own)], own, strict=True), key=_oddest_first)
            begin += len(own)
            spread = _spread(document.numbers, _SPREAD)
            others = [number for _, number in oddest[: self._measure.read_first] if number not in spread]
            document.first = sorted(spread + others[: self._measure.read_first - _SPREAD])

    def _within(self, counts: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        """Sum counts of passages over each text."""
        sums = np.concatenate([np.zeros((1, *counts.shape[1:]), np.int64), counts.cumsum(axis=0)])
        return np.diff(sums[self._passages.bounds], axis=0)

    def _short_lines(self, begin: int, end: int) -> _Passage | None:
        """Read lines that are too short one by one as one passage: verse, lists, captions."""
        numbers = begin + np.flatnonzero(~self._enough[begin:end])
        counts = self._passages.letters[numbers].sum(axis=0, keepdims=True)
        places, lists = main_scripts(counts, self._passages.scripts)
        scripts = lists[int(places[0])]
        letters = int(counts.sum())
        if letters < self._measure.least_letters(scripts[0] if scripts else None):
            return None
        lines = [
            self._passages.excerpt(n, _READ_CHARS_IN_DOUBT) for n in numbers[:_READ_CHARS_OF_ALL].tolist()
        ]
        return _Passage(" ".join(lines)[:_READ_CHARS_OF_ALL], scripts, letters)

    def _read(self, documents: Sequence[_Document], chosen: Sequence[list[int]]) -> None:
        """Have the chosen passages of each document told that were not told yet, and the short lines."""
        asked = [
            (document.read, n, self._passage(document, n))
            for document, numbers in zip(documents, chosen, strict=True)
            for n in (numbers if document.short_lines is None else [*numbers, _SHORT_LINES])
            if n not in document.read
        ]
        told = opinions(
            [passage.text for *_, passage in asked],
            [passage.scripts for *_, passage in asked],
            self._measure.judges,
        )
        for (read, n, passage), opinion in zip(asked, told, strict=True):
            read[n] = (passage, opinion)

    def _passage(self, document: _Document, number: int) -> _Passage:
        if number == _SHORT_LINES and document.short_lines is not None:
            return document.short_lines
        text = self._passages.excerpt(number, document.read_chars)
        return _Passage(text, self._lists[self._places[number]], self._letters_list[number])

    def _agree(self, document: _Document) -> bool:
        """Say whether more than half of what was read is told, all in one language, and no script denies it."""
        tags = [opinion.told.tag for _, opinion in document.read.values()]
        told = {macrolanguage(tag) for tag in set(tags) if tag != UNDETERMINED}
        if len(told) != 1 or 2 * tags.count(UNDETERMINED) >= len(tags):
            return False
        tag = min(tag for tag in tags if tag != UNDETERMINED)
        occurring = {self._places[n] for n in document.numbers}
        return all(fits_scripts(tag, self._lists[place]) for place in occurring)

    def _profiles(self) -> Iterator[_Profile]:
        """Give the script of most letters of each text, and its share."""
        counts = self._within(self._passages.letters)
        places, lists = main_scripts(counts, self._passages.scripts)
        for place, letters in zip(places.tolist(), counts.tolist(), strict=True):
            script = lists[place][0] if lists[place] else None
            share = letters[self._passages.scripts.index(script)] / sum(letters) if script else None
            yield script, share


def _spread(numbers: list[int], most: int) -> list[int]:
    """Choose so many at most, from the first to the last in even steps."""
    if len(numbers) <= most:
        return numbers
    return [numbers[place * (len(numbers) - 1) // (most - 1)] for place in range(most)]


def _oddest_first(passage: tuple[int, int]) -> tuple[int, int]:
    odd, number = passage
    return -odd, number


def _verdict(read: Sequence[tuple[_Passage, Opinion]]) -> _Verdict:
    """Weigh what was told of passages by their letters."""
    weights = _weights(read)
    said = {(opinion.told.tag, opinion.told.rival, opinion.second) for _, opinion in read}
    if len(said) == 1 and said <= {(tag := min(said)[0], UNDETERMINED, None)}:
        return _unanimous(read, tag, sum(weights))
    votes: dict[str, float] = {}
    seconds: dict[str, float] = {}
    for (_, opinion), weight in zip(read, weights, strict=True):
        told = opinion.told
        _vote(votes, told.tag, told.score * weight)
        _vote(votes, told.rival, told.rival_score * weight)
        _vote(seconds, opinion.second, weight)
    best, score, rival = _winner(votes, sum(weights))
    lang_second = _winner(seconds, 1)[0] if seconds else None
    return best, score, round(score - rival, _DECIMALS), lang_second, _foreign_share(read, best)


def _unanimous(read: Sequence[tuple[_Passage, Opinion]], lang: str, total: float) -> _Verdict:
    """Give what `_verdict` comes to, as for most documents, where nobody says anything but one language."""
    votes = sum(opinion.told.score * passage.letters for passage, opinion in read)
    score = round(votes / total, _DECIMALS) if votes > 0 else 0.0
    lang = lang if votes > 0 else UNDETERMINED
    return lang, score, score, None, _foreign_share(read, lang)


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
