"""The language of documents: passages are told one by one, and a document's language is that of most of its letters."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from harness.curation.first_passages import ALWAYS_READ, first_passages
from harness.curation.language_votes import Passage, verdict
from harness.curation.passages import Passages, cut_passages, main_scripts
from harness.curation.ragged import Ragged
from harness.curation.unanimity import Unanimous, unanimous
from harness.text.language import UNDETERMINED
from harness.text.language_data import language_table
from harness.text.opinions import Judges, Opinion, fits_scripts, opinions
from harness.text.tags import macrolanguage

LANGUAGES_VERSION = "5"  # raised when some text is told otherwise than before

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

# Of a text so many passages are read at first at most: the first and the last, and of the others those most unlike them
# by their letters, if they are unlike them at all. If they agree, the rest is judged by its script alone.
# docs/text-quality.md has what this misses.
READ_FIRST = 4
# If they do not, so many are read, spread evenly: more of one document says nothing new.
_MAX_READ = 64
# Of each passage so much is read at first, and of texts that have one or two as much more as makes so many of all
# together. Of 6,750 foreign paragraphs in the documents of NTREX that things may be chosen on, 85 characters find as many
# as 100 do, 75 find 4 fewer. Where passages disagree, names may be the cause, and they are read again at more length.
_READ_CHARS, _READ_CHARS_IN_DOUBT = 90, 150
_READ_CHARS_OF_ALL = 750


@dataclass(frozen=True)
class LanguageMeasure:
    """How languages are told.

    Args:
        judges: The identifiers.
        min_letters: A passage with fewer letters is not judged; None takes the least of its script, from the
            table `language_thresholds`.
        read_first: So many passages of a text are read at most before the rest is believed, 2 or more; another
            number than `READ_FIRST` is for measuring what that one misses.
        odd_from: How unlike the others a passage between the first and the last is that is read; None takes the
            limit of its script, from the same table. Another is for measuring too.
    """

    judges: Judges
    min_letters: int | None = None
    read_first: int = READ_FIRST
    odd_from: float | None = None

    def least_letters(self, script: str | None) -> int:
        """Give the letters that a passage of a script needs to be judged."""
        return self.min_letters if self.min_letters is not None else int(_threshold("min_letters", script))

    def least_oddness(self, script: str | None) -> float:
        """Give the oddness from which on a passage of a script is read at first."""
        return self.odd_from if self.odd_from is not None else _threshold("odd_from", script)


def _threshold(name: str, script: str | None) -> float:
    table = language_table("language_thresholds")
    return float(table[name].get(script, table[f"{name}_elsewhere"]))


def measure_languages(text: pa.StringArray, measure: LanguageMeasure) -> pa.RecordBatch:
    """Tell the language of each text.

    Args:
        text: Texts as published, shape (rows,); null counts as empty.
        measure: How.

    Returns:
        `LANGUAGES_SCHEMA`, one row a text; `harness.core.signals` says what each column means.
    """
    blocks = [_Block(passages, measure).columns() for passages in cut_passages(text)]
    arrays = [
        pa.array(list(chain.from_iterable(block[field.name] for block in blocks)), field.type)
        for field in LANGUAGES_SCHEMA
    ]
    return pa.RecordBatch.from_arrays(arrays, schema=LANGUAGES_SCHEMA)


_Read = tuple[Passage, Opinion]


@dataclass(slots=True)
class _Document:
    """The passages of one text that may be read, what was told of those that were, and of its short lines together."""

    numbers: list[int]
    read_chars: int
    read_chars_in_doubt: int
    read: dict[int, _Read] = field(default_factory=dict)
    short_lines: _Read | None = None

    @property
    def all_read(self) -> list[_Read]:
        own = list(self.read.values())
        return own if self.short_lines is None else [*own, self.short_lines]


class _Block:
    """The texts of one cut: some passages of each are read, then more of those texts that are not unanimous."""

    def __init__(self, passages: Passages, measure: LanguageMeasure) -> None:
        self._passages = passages
        self._measure = measure
        self._letters = passages.letters.sum(axis=1)
        self._places, self._lists = main_scripts(passages.letters, passages.scripts)
        main = [scripts[0] if scripts else None for scripts in self._lists]
        least = [measure.least_letters(script) for script in main]
        self._has_enough = self._letters >= np.array(least, np.int64)[self._places]
        self._odd_from = np.array([measure.least_oddness(script) for script in main], np.float64)
        self._enough = Ragged(np.arange(len(self._letters)), passages.bounds).where(self._has_enough)
        lengths = self._enough.lengths
        of_few = _READ_CHARS_OF_ALL // np.maximum(lengths, 1)
        self._read_chars = np.where(lengths <= ALWAYS_READ, of_few, _READ_CHARS)
        self._read_chars_in_doubt = np.maximum(of_few, _READ_CHARS_IN_DOUBT)

    def columns(self) -> dict[str, list[Any]]:
        """Give the values of each field of `LANGUAGES_SCHEMA`."""
        first = first_passages(
            self._passages, self._enough, self._measure.read_first, self._odd_from[self._places]
        )
        texts, opinions_of_first = self._ask(first.values, np.repeat(self._read_chars, first.lengths))
        told = unanimous(
            opinions_of_first,
            Ragged(self._letters[first.values], first.offsets),
            Ragged(self._places[self._enough.values], self._enough.offsets),
            self._lists,
        )
        is_mostly_short = self._is_mostly_short()
        others = np.flatnonzero(~told.is_told | is_mostly_short).tolist()
        documents = {row: self._document(row, first, texts, opinions_of_first) for row in others}
        self._read_short_lines(documents, np.flatnonzero(is_mostly_short).tolist())
        self._settle(list(documents.values()))
        return self._with_verdicts(told, documents)

    def _with_verdicts(self, told: Unanimous, documents: Mapping[int, _Document]) -> dict[str, list[Any]]:
        rows = len(told.lang)
        script, script_share = self._profiles()
        lang, score, margin = list(told.lang), list(told.score), list(told.score)
        second: list[str | None] = [None] * rows
        foreign: list[float | None] = [0.0] * rows
        for row, document in documents.items():
            lang[row], score[row], margin[row], second[row], foreign[row] = verdict(document.all_read)
        columns = (lang, score, margin, second, script, script_share, foreign)
        return dict(zip(LANGUAGES_SCHEMA.names, columns, strict=True))

    def _is_mostly_short(self) -> npt.NDArray[np.bool_]:
        """Say which texts have most of their letters in lines too short to be judged one by one."""
        in_short = self._within(np.where(self._has_enough, 0, self._letters))
        is_mostly_short: npt.NDArray[np.bool_] = 2 * in_short > self._within(self._letters)
        return is_mostly_short

    def _document(
        self, row: int, first: Ragged, texts: Sequence[bytes], told: Sequence[Opinion]
    ) -> _Document:
        """Gather what was read of a text at first."""
        begin, end = self._enough.offsets[row : row + 2].tolist()
        numbers = self._enough.values[begin:end].tolist()
        document = _Document(numbers, int(self._read_chars[row]), int(self._read_chars_in_doubt[row]))
        begin, end = first.offsets[row : row + 2].tolist()
        own = zip(first.values[begin:end].tolist(), texts[begin:end], told[begin:end], strict=True)
        document.read.update(
            (number, (self._passage(number, text), opinion)) for number, text, opinion in own
        )
        return document

    def _settle(self, documents: Sequence[_Document]) -> None:
        """Read more of documents whose passages do not agree."""
        doubted = [document for document in documents if not self._agree(document)]
        for document in doubted:
            if document.read_chars < document.read_chars_in_doubt:
                document.read_chars = document.read_chars_in_doubt
                document.read.clear()
        asked = [
            (document, number)
            for document in doubted
            for number in _spread(document.numbers, _MAX_READ)
            if number not in document.read
        ]
        numbers = np.array([number for _, number in asked], np.int64)
        limits = np.array([document.read_chars for document, _ in asked], np.int64)
        for (document, number), text, told in zip(asked, *self._ask(numbers, limits), strict=True):
            document.read[number] = self._passage(number, text), told

    def _within(self, counts: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        """Sum counts of passages over each text."""
        sums = np.concatenate([np.zeros((1, *counts.shape[1:]), np.int64), counts.cumsum(axis=0)])
        return np.diff(sums[self._passages.bounds], axis=0)

    def _ask(
        self, numbers: npt.NDArray[np.int64], limits: npt.NDArray[np.int64]
    ) -> tuple[list[bytes], list[Opinion]]:
        """Read so many code points of passages, and have them told."""
        scripts = [self._lists[place] for place in self._places[numbers].tolist()]
        texts = self._passages.excerpts(numbers, limits)
        return texts, opinions(texts, scripts, self._measure.judges)

    def _passage(self, number: int, text: bytes) -> Passage:
        return Passage(text.decode(), self._lists[self._places[number]], int(self._letters[number]))

    def _agree(self, document: _Document) -> bool:
        """Say whether more than half of what was read is told, all in one language, and no script denies it."""
        tags = [opinion.told.tag for _, opinion in document.all_read]
        told = {macrolanguage(tag) for tag in set(tags) if tag != UNDETERMINED}
        if len(told) != 1 or 2 * tags.count(UNDETERMINED) >= len(tags):
            return False
        tag = min(tag for tag in tags if tag != UNDETERMINED)
        occurring = set(self._places[document.numbers].tolist())
        return all(fits_scripts(tag, self._lists[place]) for place in occurring)

    def _read_short_lines(self, documents: Mapping[int, _Document], rows: Sequence[int]) -> None:
        """Have the lines of texts that are too short one by one told as one passage: verse, lists, captions."""
        found = [(row, passage) for row in rows if (passage := self._short_lines(row)) is not None]
        texts = [passage.text.encode() for _, passage in found]
        told = opinions(texts, [passage.scripts for _, passage in found], self._measure.judges)
        for (row, passage), opinion in zip(found, told, strict=True):
            documents[row].short_lines = passage, opinion

    def _short_lines(self, row: int) -> Passage | None:
        begin, end = self._passages.bounds[row : row + 2].tolist()
        numbers = begin + np.flatnonzero(~self._has_enough[begin:end])
        counts = self._passages.letters[numbers].sum(axis=0, keepdims=True)
        places, lists = main_scripts(counts, self._passages.scripts)
        scripts = lists[int(places[0])]
        letters = int(counts.sum())
        if letters < self._measure.least_letters(scripts[0] if scripts else None):
            return None
        lines = [
            self._passages.excerpt(n, _READ_CHARS_IN_DOUBT) for n in numbers[:_READ_CHARS_OF_ALL].tolist()
        ]
        return Passage(" ".join(lines)[:_READ_CHARS_OF_ALL], scripts, letters)

    def _profiles(self) -> tuple[list[str | None], list[float | None]]:
        """Give the script of most letters of each text, and its share; None for a text without a letter."""
        counts = self._within(self._passages.letters)
        places, lists = main_scripts(counts, self._passages.scripts)
        first = [scripts[0] if scripts else None for scripts in lists]
        column = np.array([self._passages.scripts.index(one) if one else 0 for one in first], np.int64)
        most = counts[np.arange(len(counts)), column[places]] if counts.size else np.zeros(len(counts))
        shares = (most / np.maximum(counts.sum(axis=1), 1)).tolist()
        scripts = [first[place] for place in places.tolist()]
        return scripts, [share if script else None for script, share in zip(scripts, shares, strict=True)]


def _spread(numbers: list[int], most: int) -> list[int]:
    """Choose so many at most, from the first to the last in even steps."""
    if len(numbers) <= most:
        return numbers
    return [numbers[place * (len(numbers) - 1) // (most - 1)] for place in range(most)]
