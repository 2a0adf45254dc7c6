"""The signals of a document: what is measured once, in the build, so that rules and gates can decide any time."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import pyarrow as pa

SignalKind = Literal["count", "share", "score", "flag", "label"]

_ARROW_TYPE: dict[SignalKind, pa.DataType] = {
    "count": pa.int64(),
    "share": pa.float64(),
    "score": pa.float64(),
    "flag": pa.bool_(),
    "label": pa.string(),
}
KINDS: tuple[SignalKind, ...] = tuple(_ARROW_TYPE)
# As a rule of a recipe can write it, and as it fits a column of any table.
SIGNAL_NAME = re.compile(r"[a-z][a-z_]{0,62}[a-z]")


@dataclass(frozen=True)
class Signal:
    """One column of measurements.

    Args:
        name: The column's name in every table.
        kind: count (an integer >= 0), share (in [0, 1]), score (in [0, 1]), flag, or label.
        meaning: One sentence: what is counted, over which text, divided by what.
    """

    name: str
    kind: SignalKind
    meaning: str

    @property
    def arrow_type(self) -> pa.DataType:
        """The column's type."""
        return _ARROW_TYPE[self.kind]


@dataclass(frozen=True)
class OwnSignal(Signal):
    """A signal that a user's own package measures, named by an entry point of the group `harness.signals`.

    Args:
        version: Raised by its author whenever it gives another value for some text: it is part of the identity
            of every version that has the signal.
        measure: Takes published texts (type string, none null, never empty) and gives one value a text, in
            their order; null where nothing can be said. A pure function of each text by itself: which texts come
            together, and how many at a time, says nothing.
    """

    version: str
    measure: Callable[[pa.Array], pa.Array]

    @property
    def identity(self) -> str:
        """What a version's list of stages says of it: a signal of another kind is another signal."""
        return f"{self.kind} {self.version}"


SIGNALS: tuple[Signal, ...] = (
    Signal("chars", "count", "Code points of the published text."),
    Signal(
        "words", "count", "Runs of letters, marks and digits; tatweel and format characters do not end one."
    ),
    Signal("lines", "count", "Lines that hold more than blanks."),
    Signal("paragraphs", "count", "Blocks between blank lines."),
    Signal(
        "lang",
        "label",
        "Language of the text as measured, the shortest BCP-47 tag; `und` where it cannot be told.",
    ),
    Signal(
        "lang_score",
        "score",
        "Share of the letters read that the identifiers give to `lang`, each passage by its own score.",
    ),
    Signal("lang_margin", "score", "`lang_score` less that of the next language."),
    Signal(
        "lang_second",
        "label",
        "What the second identifier says of the passages where the first is in doubt; null where there are none.",
    ),
    Signal("script", "label", "Script of most letters, by its ISO 15924 code; null without a letter."),
    Signal("script_share", "share", "Letters of that script over all letters."),
    Signal(
        "foreign_paragraph_share",
        "share",
        "Paragraphs (here: lines, over 600 characters in parts) in another language than `lang`, or in a script that "
        "it is not written in, over those with letters enough. Of more than four, the first, the last and the two whose "
        "letters differ most from the rest are read at first: where these are in one language and the script of no "
        "other speaks against it, all others count as being in it too; else up to 64 spread over the text are read, "
        "and it is the share of those.",
    ),
    Signal("lang_agrees", "flag", "Whether `lang` is `lang_declared`; null where either is unknown."),
    Signal("arabic_share", "share", "Letters of the Arabic script over all letters."),
    Signal("latin_share", "share", "Letters of the Latin script over all letters."),
    Signal("digit_share", "share", "Digits of any script over all characters that are not blank."),
    Signal("replacement_chars", "count", "U+FFFD REPLACEMENT CHARACTER: letters lost before or in decoding."),
    Signal("private_use_chars", "count", "Code points of the private use areas."),
    Signal(
        "control_chars",
        "count",
        "Control characters but tab and line feed in the decoded text, before cleaning.",
    ),
    Signal("bidi_controls", "count", "Embeddings, overrides, isolates and direction marks."),
    Signal("zero_width_chars", "count", "Zero-width spaces, joiners and byte-order marks inside the text."),
    Signal(
        "presentation_forms",
        "count",
        "Arabic letters in presentation forms in the decoded text, before cleaning.",
    ),
    Signal(
        "mojibake_lines", "count", "Lines of the published text that look like text read in a wrong encoding."
    ),
    Signal(
        "lost_letters",
        "count",
        "Question marks between two Arabic letters, where a letter was probably lost.",
    ),
    Signal("residue_hits", "count", "Pieces of page residue (widgets, share bars) cut from the text."),
    Signal(
        "residue_lines",
        "count",
        "Lines of the published text that are page residue as a whole, by the tables of cleaning: what no rule cut.",
    ),
    Signal(
        "latin_stops",
        "count",
        "Latin commas, semicolons and question marks after an Arabic letter in the text.",
    ),
    Signal(
        "latin_stop_share",
        "share",
        "The same over all commas, semicolons and question marks after an Arabic letter.",
    ),
    Signal("spaced_punctuation", "count", "Stops and commas of either script with a blank before them."),
    Signal("broken_paragraphs", "count", "Blank lines that probably stand inside a sentence."),
    Signal("tatweel_chars", "count", "U+0640 ARABIC TATWEEL."),
    Signal("diacritic_chars", "count", "Arabic vowel signs and other combining marks."),
    Signal("farsi_yeh_chars", "count", "U+06CC FARSI YEH; ordinary in Persian and Urdu, doubtful in Arabic."),
    Signal(
        "emails",
        "count",
        "E-mail addresses in text, title and author, by the shapes of `harness/text/data/privacy.toml`.",
    ),
    Signal("phones", "count", "Telephone numbers there, by the same."),
    Signal(
        "national_ids",
        "count",
        "Numbers there that states give to persons, by the same and their check digits.",
    ),
    Signal(
        "payment_numbers", "count", "Numbers of payment cards and IBANs there whose check digits are right."
    ),
    Signal("title_chars", "count", "Code points of the title; 0 without one."),
    Signal("date_unread", "flag", "Whether the source tells a date of publication that could not be read."),
    Signal("ends_with_stop", "flag", "Whether the last line ends a sentence."),
    Signal("decode_repaired", "flag", "Whether decoding had to repair, guess or replace anything."),
    Signal("edits", "count", "Recorded edits of cleaning."),
)

SIGNAL_NAMES: tuple[str, ...] = tuple(signal.name for signal in SIGNALS)
