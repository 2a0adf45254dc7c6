"""Measuring texts: every column of `harness.core.signals.SIGNALS`, for a batch of texts at once."""

import functools
from collections.abc import Callable
from dataclasses import dataclass, fields

import pyarrow as pa
import pyarrow.compute as pc

from harness.core.signals import SIGNALS
from harness.text import patterns
from harness.text.characters import ARABIC_LETTERS
from harness.text.folding import dropped_characters
from harness.text.language import UNDETERMINED
from harness.text.tags import primary

_BLANKS = r"[\s\p{Z}\x{0085}]"
# One class for all letters, so that those of a script are never more than all of them: what \p{Latin} and the
# Arabic ranges name is not in every version's \pL.
_NO_LETTER = rf"[^\pL\p{{Latin}}{ARABIC_LETTERS}]"
_WORD = r"[\pL\pM\p{Nd}]+"
_LINE = r"[^\n]*[^\s\p{Z}][^\n]*"
# A line with something in it and all lines that follow it without a blank one between.
_PARAGRAPH = rf"(?:{_LINE}\n?)+"


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

    def where(self, mask: pa.Array) -> "SignalContext":
        """Replace by null what does not lie under the mask."""
        columns = (getattr(self, field.name) for field in fields(self))
        return SignalContext(*(pc.if_else(mask, column, pa.scalar(None, column.type)) for column in columns))


def measure(decoded: pa.Array, published: pa.Array, context: SignalContext) -> pa.RecordBatch:
    """Measure texts.

    Args:
        decoded: Texts as decoded, before cleaning.
        published: The same texts after cleaning. Where one of the two is null, so is every signal.
        context: What was measured elsewhere, row by row.

    Returns:
        One column a signal, in the order of `SIGNALS`. A share over nothing is null, never 0.
    """
    is_known = pc.and_(pc.is_valid(decoded), pc.is_valid(published))
    nothing = pa.scalar(None, published.type)
    batch = _Batch(
        pc.if_else(is_known, decoded, nothing),
        pc.if_else(is_known, published, nothing),
        context.where(is_known),
    )
    columns = [
        pc.if_else(is_known, _MEASURES[signal.name](batch), pa.scalar(None, signal.arrow_type)).cast(
            signal.arrow_type
        )
        for signal in SIGNALS
    ]
    return pa.RecordBatch.from_arrays(columns, names=[signal.name for signal in SIGNALS])


class _Batch:
    """Texts in two states, and counts that several signals need, each made once."""

    def __init__(self, decoded: pa.Array, published: pa.Array, context: SignalContext) -> None:
        self.decoded = decoded
        self.published = published
        self.context = context

    @functools.cached_property
    def chars(self) -> pa.Array:
        return pc.utf8_length(self.published).cast(pa.int64())

    @functools.cached_property
    def lines(self) -> pa.Array:
        return _count(self.published, _LINE)

    @functools.cached_property
    def letters(self) -> pa.Array:
        return _length_without(self.published, _NO_LETTER)

    @functools.cached_property
    def not_blank(self) -> pa.Array:
        return _length_without(self.published, _BLANKS)

    @functools.cached_property
    def latin_stops(self) -> pa.Array:
        return _count(self.published, patterns.LATIN_STOP_PATTERN)


_Measure = Callable[[_Batch], pa.Array]


def _count(text: pa.Array, pattern: str) -> pa.Array:
    return pc.count_substring_regex(text, pattern).cast(pa.int64())


def _share(part: pa.Array, whole: pa.Array) -> pa.Array:
    return pc.divide(part.cast(pa.float64()), _positive(whole).cast(pa.float64()))


def _positive(numbers: pa.Array) -> pa.Array:
    return pc.if_else(pc.greater(numbers, 0), numbers, pa.scalar(None, numbers.type))


def _length_without(text: pa.Array, char_class: str) -> pa.Array:
    """Count the characters outside of a class: taking away its runs costs less than counting characters."""
    return pc.utf8_length(pc.replace_substring_regex(text, f"{char_class}+", "")).cast(pa.int64())


def _arabic_share(batch: _Batch) -> pa.Array:
    others = _length_without(batch.published, patterns.ARABIC_LETTER_PATTERN)
    return _share(pc.subtract(batch.chars, others), batch.letters)


def _words(batch: _Batch) -> pa.Array:
    # The same words as those that copies are told by.
    plain = pc.replace_substring_regex(batch.published, f"[{dropped_characters()}]+", "")
    return _count(plain, _WORD)


def _lang_agrees(batch: _Batch) -> pa.Array:
    measured, declared = (_languages(tags) for tags in (batch.context.lang, batch.context.lang_declared))
    return pc.equal(measured, declared)


def _languages(tags: pa.Array) -> pa.Array:
    """Give the primary subtag of each tag, null where it tells no language."""
    encoded = tags.dictionary_encode()
    known = [primary(tag) for tag in encoded.dictionary.to_pylist()]
    told = pa.array([None if tag == UNDETERMINED else tag for tag in known], pa.string())
    return told.take(encoded.indices)


def _latin_stop_share(batch: _Batch) -> pa.Array:
    arabic_stops = _count(batch.published, patterns.ARABIC_STOP_PATTERN)
    return _share(batch.latin_stops, pc.add(batch.latin_stops, arabic_stops))


def _ends_with_stop(batch: _Batch) -> pa.Array:
    ends = pc.match_substring_regex(batch.published, patterns.ENDS_WITH_STOP_PATTERN)
    return pc.if_else(pc.greater(batch.lines, 0), ends, pa.scalar(None, pa.bool_()))


def _suspects_counted(text: pa.Array, pattern: str, count_in: Callable[[str], int]) -> pa.Array:
    """Count in Python what a pattern cannot decide, in those texts alone that the pattern suspects."""
    suspected = pc.fill_null(pc.match_substring_regex(text, pattern), False)
    counted = [count_in(one.as_py()) for one in text.filter(suspected)]
    return pc.replace_with_mask(
        pc.if_else(pc.is_valid(text), pa.scalar(0, pa.int64()), pa.scalar(None, pa.int64())),
        suspected,
        pa.array(counted, pa.int64()),
    )


def _mojibake_lines(batch: _Batch) -> pa.Array:
    return _suspects_counted(
        batch.published,
        patterns.MOJIBAKE_SUSPECT_PATTERN,
        lambda text: sum(map(patterns.looks_like_mojibake, text.split("\n"))),
    )


def _broken_paragraphs(batch: _Batch) -> pa.Array:
    return _suspects_counted(
        batch.published,
        patterns.BROKEN_PARAGRAPH_SUSPECT_PATTERN,
        lambda text: len(list(patterns.suspected_breaks(text))),
    )


def _in_published(pattern: str) -> _Measure:
    return lambda batch: _count(batch.published, pattern)


def _in_decoded(pattern: str) -> _Measure:
    return lambda batch: _count(batch.decoded, pattern)


_MEASURES: dict[str, _Measure] = {
    "chars": lambda batch: batch.chars,
    "words": _words,
    "lines": lambda batch: batch.lines,
    "paragraphs": _in_published(_PARAGRAPH),
    "lang": lambda batch: batch.context.lang,
    "lang_score": lambda batch: batch.context.lang_score,
    "lang_margin": lambda batch: batch.context.lang_margin,
    "lang_second": lambda batch: batch.context.lang_second,
    "lang_agrees": _lang_agrees,
    "script": lambda batch: batch.context.script,
    "script_share": lambda batch: batch.context.script_share,
    "foreign_paragraph_share": lambda batch: batch.context.foreign_paragraph_share,
    "arabic_share": _arabic_share,
    "latin_share": lambda batch: _share(
        _count(batch.published, patterns.LATIN_LETTER_PATTERN), batch.letters
    ),
    "digit_share": lambda batch: _share(_count(batch.published, patterns.DIGIT_PATTERN), batch.not_blank),
    "replacement_chars": _in_published(patterns.REPLACEMENT_PATTERN),
    "private_use_chars": _in_published(patterns.PRIVATE_USE_PATTERN),
    "control_chars": _in_decoded(patterns.CONTROL_PATTERN),
    "bidi_controls": _in_published(patterns.BIDI_CONTROL_PATTERN),
    "zero_width_chars": _in_published(patterns.ZERO_WIDTH_PATTERN),
    "presentation_forms": _in_decoded(patterns.PRESENTATION_FORM_PATTERN),
    "mojibake_lines": _mojibake_lines,
    "lost_letters": _in_published(patterns.LOST_LETTER_PATTERN),
    "residue_hits": lambda batch: batch.context.residue_hits,
    "latin_stops": lambda batch: batch.latin_stops,
    "latin_stop_share": _latin_stop_share,
    "spaced_punctuation": _in_published(patterns.SPACED_PUNCTUATION_PATTERN),
    "broken_paragraphs": _broken_paragraphs,
    "tatweel_chars": _in_published(patterns.TATWEEL_PATTERN),
    "diacritic_chars": _in_published(patterns.DIACRITIC_PATTERN),
    "farsi_yeh_chars": _in_published(patterns.FARSI_YEH_PATTERN),
    "ends_with_stop": _ends_with_stop,
    "decode_repaired": lambda batch: pc.greater(pc.list_value_length(batch.context.decode_repairs), 0),
    "edits": lambda batch: batch.context.edits,
}
