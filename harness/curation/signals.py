"""Measuring texts: every column of `harness.core.signals.SIGNALS`, for a batch of texts at once."""

import functools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from harness.core.signals import SIGNALS
from harness.curation.line_signs import LineSigns, line_signs
from harness.curation.lists import as_numbers, numbers
from harness.curation.passes import count_defects
from harness.curation.reading import DEFECTS
from harness.text import patterns, privacy
from harness.text.language import UNDETERMINED
from harness.text.residue_lines import RESIDUE_SUSPECT_PATTERN, residue_lines
from harness.text.tags import primary


@dataclass(frozen=True)
class SignalContext:
    """What other stages measured of the same texts; arrays of shape (rows,).

    Args:
        lang: Language as identified, a shortest BCP-47 tag or `und`; type string.
        lang_score: Share of the letters read that the identifiers give to it; float64.
        lang_margin: The same less that of the next language; float64.
        lang_second: What the second identifier says where the first is in doubt, else null; string.
        script: Script of most letters; string.
        script_share: Letters of that script over all letters; float64.
        foreign_paragraph_share: Passages in another language over those judged; float64.
        lang_declared: Language by the metadata, null where they say nothing; string.
        residue_hits: Pieces of page residue cut; int64.
        edits: Recorded edits of cleaning; int64.
        decode_repairs: What decoding had to do, empty where nothing; list<string>.
        title: The document's title, which is published beside the text; string.
        author: The same of its author; string.
        date_unread: Whether a date of publication is told that could not be read; bool.
    """

    lang: pa.Array
    lang_score: pa.Array
    lang_margin: pa.Array
    lang_second: pa.Array
    script: pa.Array
    script_share: pa.Array
    foreign_paragraph_share: pa.Array
    lang_declared: pa.Array
    residue_hits: pa.Array
    edits: pa.Array
    decode_repairs: pa.Array
    title: pa.Array
    author: pa.Array
    date_unread: pa.Array


def measure(
    decoded: pa.Array, published: pa.Array, context: SignalContext, counts: pa.RecordBatch
) -> pa.RecordBatch:
    """Measure texts.

    Args:
        decoded: Texts as decoded, before cleaning.
        published: The same texts after cleaning. Where one of the two is null, so is every signal.
        context: What was measured elsewhere, row by row.
        counts: What `harness.curation.signatures.pass_over` counted of the published texts.

    Returns:
        One column a signal, in the order of `SIGNALS`. A share over nothing is null, never 0.
    """
    is_known = pc.and_(pc.is_valid(decoded), pc.is_valid(published))
    batch = _Batch(
        _where(is_known, published),
        counts,
        dict(zip(DEFECTS, map(numbers, count_defects(decoded).T), strict=True)),
        context,
    )
    columns = [_where(is_known, _MEASURES[signal.name](batch)) for signal in SIGNALS]
    return pa.RecordBatch.from_arrays(columns, names=[signal.name for signal in SIGNALS])


def _where(is_known: pa.BooleanArray, column: pa.Array) -> pa.Array:
    """Leave what is known, null elsewhere; a column of which all is known is not copied."""
    if is_known.false_count == 0:
        return column
    return pc.if_else(is_known, column, pa.scalar(None, column.type))


@dataclass(frozen=True)
class _Batch:
    """Published texts, and what is known of them in both states."""

    published: pa.Array
    counts: pa.RecordBatch
    defects: dict[str, pa.Array]
    context: SignalContext

    @property
    def not_blank(self) -> pa.Array:
        return pc.subtract(self.counts["chars"], self.counts["blanks"])

    @property
    def all_stops(self) -> pa.Array:
        return pc.add(self.counts["latin_stops"], self.counts["arabic_stops"])

    @property
    def addresses(self) -> pa.Array:
        """Addresses of persons, counted."""
        in_text = _counted_at(self.rows_with("at_signs"), self.published, privacy.count_addresses)
        return _sum([in_text, *(_emails_in(column) for column in (self.context.title, self.context.author))])

    def rows_with(self, counted: str) -> np.ndarray:
        """Give the numbers of the texts in which something was counted, shape (found,), dtype int64."""
        found = as_numbers(self.counts[counted]) > 0
        if self.published.null_count:
            found &= as_numbers(self.published.is_valid())
        return np.flatnonzero(found)

    @cached_property
    def lines(self) -> LineSigns | None:
        """What the lines of the texts show; None where searching for patterns is cheaper."""
        return line_signs(self.published)

    @cached_property
    def numbers(self) -> dict[str, pa.Array]:
        """Numbers of persons by kind: one look at the few texts that may hold any."""
        found = [
            _numbers_at(self.rows_with("has_long_number"), self.published),
            *(_numbers_in(column) for column in (self.context.title, self.context.author)),
        ]
        return {kind: _sum([one[kind] for one in found]) for kind in privacy.NUMBER_KINDS}


_Measure = Callable[[_Batch], pa.Array]


def _share(part: pa.Array, whole: pa.Array) -> pa.Array:
    positive = pc.if_else(pc.greater(whole, 0), whole, pa.scalar(None, whole.type))
    return pc.divide(part.cast(pa.float64()), positive.cast(pa.float64()))


def _lang_agrees(batch: _Batch) -> pa.Array:
    measured, declared = (_languages(tags) for tags in (batch.context.lang, batch.context.lang_declared))
    return pc.equal(measured, declared)


def _languages(tags: pa.Array) -> pa.Array:
    """Give the primary subtag of each tag, null where it tells no language."""
    encoded = tags.dictionary_encode()
    known = [primary(tag) for tag in encoded.dictionary.to_pylist()]
    told = pa.array([None if tag == UNDETERMINED else tag for tag in known], pa.string())
    return told.take(encoded.indices)


def _ends_with_stop(batch: _Batch) -> pa.Array:
    ends = pc.equal(batch.counts["ends_with_stop"], 1)
    return pc.if_else(pc.greater(batch.counts["lines"], 0), ends, pa.scalar(None, pa.bool_()))


def _counted_where(suspected: pa.Array, text: pa.Array, count_in: Callable[[str], int]) -> pa.Array:
    """Count in Python what a small machine cannot decide, in those texts alone that it suspects."""
    return _counted_at(np.flatnonzero(pc.and_(suspected, pc.is_valid(text))), text, count_in)


def _counted_at(rows: np.ndarray, text: pa.Array, count_in: Callable[[str], int]) -> pa.Array:
    counts = np.zeros(len(text), np.int64)
    counts[rows] = [count_in(one) for one in text.take(numbers(rows)).to_pylist()]
    return numbers(counts)


def _numbers_in(text: pa.Array) -> dict[str, pa.Array]:
    """Count numbers of persons by kind in those texts that may hold any; a null text has none."""
    suspected = pc.match_substring_regex(text, privacy.NUMBER_SUSPECT_PATTERN)
    return _numbers_at(np.flatnonzero(pc.fill_null(suspected, False)), text)


def _numbers_at(rows: np.ndarray, text: pa.Array) -> dict[str, pa.Array]:
    found = [privacy.count_numbers(one) for one in text.take(numbers(rows)).to_pylist()]
    counts = {kind: np.zeros(len(text), np.int64) for kind in privacy.NUMBER_KINDS}
    for kind, column in counts.items():
        column[rows] = [one[kind] for one in found]
    return {kind: numbers(column) for kind, column in counts.items()}


def _sum(counts: Sequence[pa.Array]) -> pa.Array:
    return functools.reduce(pc.add, counts)


def _emails_in(text: pa.Array) -> pa.Array:
    suspected = pc.fill_null(pc.match_substring(text, privacy.ADDRESS_SUSPECT), False)
    return _counted_where(suspected, text, privacy.count_addresses)


def _emails(batch: _Batch) -> pa.Array:
    return batch.addresses


def _title_chars(batch: _Batch) -> pa.Array:
    return pc.fill_null(pc.utf8_length(batch.context.title), 0).cast(pa.int64())


def _residue_lines(batch: _Batch) -> pa.Array:
    if batch.lines is not None:
        begun = np.logical_or(*batch.lines.begun.values())
        return _counted_at(np.flatnonzero(begun), batch.published, residue_lines)
    suspected = pc.match_substring_regex(batch.published, RESIDUE_SUSPECT_PATTERN)
    return _counted_where(pc.fill_null(suspected, False), batch.published, residue_lines)


def _number(kind: str) -> _Measure:
    return lambda batch: batch.numbers[kind]


def _mojibake_lines(batch: _Batch) -> pa.Array:
    return _counted_where(
        pc.equal(batch.counts["is_misread"], 1),
        batch.published,
        lambda text: sum(map(patterns.looks_like_mojibake, text.split("\n"))),
    )


def _broken_paragraphs(batch: _Batch) -> pa.Array:
    if batch.lines is not None:
        return _counted_at(np.flatnonzero(batch.lines.suspected), batch.published, _breaks_in)
    suspected = pc.match_substring_regex(batch.published, patterns.BROKEN_PARAGRAPH_SUSPECT_PATTERN)
    return _counted_where(pc.fill_null(suspected, False), batch.published, _breaks_in)


def _breaks_in(text: str) -> int:
    return len(patterns.suspected_breaks(text))


def _counted(name: str) -> _Measure:
    return lambda batch: batch.counts[name]


def _known(name: str) -> _Measure:
    return lambda batch: getattr(batch.context, name)


_MEASURES: dict[str, _Measure] = {
    **{
        name: _counted(name)
        for name in (
            "chars", "words", "lines", "paragraphs", "replacement_chars", "private_use_chars", "bidi_controls",
            "zero_width_chars", "lost_letters", "latin_stops", "spaced_punctuation", "tatweel_chars",
            "diacritic_chars", "farsi_yeh_chars",
        )
    },
    **{
        name: _known(name)
        for name in (
            "lang", "lang_score", "lang_margin", "lang_second", "script", "script_share", "foreign_paragraph_share",
            "residue_hits", "edits", "date_unread",
        )
    },
    **{kind: _number(kind) for kind in privacy.NUMBER_KINDS},
    "emails": _emails,
    "title_chars": _title_chars,
    "residue_lines": _residue_lines,
    "lang_agrees": _lang_agrees,
    "arabic_share": lambda batch: _share(batch.counts["arabic_letters"], batch.counts["letters"]),
    "latin_share": lambda batch: _share(batch.counts["latin_letters"], batch.counts["letters"]),
    "digit_share": lambda batch: _share(batch.counts["digits"], batch.not_blank),
    "control_chars": lambda batch: batch.defects["control_chars"],
    "presentation_forms": lambda batch: batch.defects["presentation_forms"],
    "mojibake_lines": _mojibake_lines,
    "latin_stop_share": lambda batch: _share(batch.counts["latin_stops"], batch.all_stops),
    "broken_paragraphs": _broken_paragraphs,
    "ends_with_stop": _ends_with_stop,
    "decode_repaired": lambda batch: pc.greater(pc.list_value_length(batch.context.decode_repairs), 0),
}  # fmt: skip
