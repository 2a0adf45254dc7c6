"""What is counted in a text to measure it: patterns for `pyarrow.compute.count_substring_regex`, and two judgements.

Every `*_PATTERN` is RE2; matches do not overlap, and each counts once.
"""

from harness.text.breaks import SUSPECTED_BREAK_PATTERN, suspected_breaks
from harness.text.characters import (
    ARABIC_LETTER,
    ARABIC_LETTERS,
    ARABIC_MARKS,
    ARABIC_WORD_END,
    BIDI_CONTROLS,
    BLANKS,
    CONTROLS,
    FARSI_YEH,
    PRESENTATION_LETTERS,
    REPLACEMENT_CHARACTER,
    TATWEEL,
    ZERO_WIDTH,
)
from harness.text.mojibake import MOJIBAKE_SUSPECT_PATTERN, looks_like_mojibake

__all__ = [
    "ANY_LETTER_PATTERN",
    "ARABIC_LETTER_PATTERN",
    "ARABIC_STOP_PATTERN",
    "BIDI_CONTROL_PATTERN",
    "BROKEN_PARAGRAPH_SUSPECT_PATTERN",
    "CONTROL_PATTERN",
    "DIACRITIC_PATTERN",
    "DIGIT_PATTERN",
    "ENDS_WITH_STOP_PATTERN",
    "FARSI_YEH_PATTERN",
    "LATIN_LETTER_PATTERN",
    "LATIN_STOP_PATTERN",
    "LOST_LETTER_PATTERN",
    "MOJIBAKE_SUSPECT_PATTERN",
    "PRESENTATION_FORM_PATTERN",
    "PRIVATE_USE_PATTERN",
    "REPLACEMENT_PATTERN",
    "SPACED_PUNCTUATION_PATTERN",
    "TATWEEL_PATTERN",
    "ZERO_WIDTH_PATTERN",
    "looks_like_mojibake",
    "suspected_breaks",
]

ANY_LETTER_PATTERN = r"\pL"
ARABIC_LETTER_PATTERN = ARABIC_LETTER
LATIN_LETTER_PATTERN = r"\p{Latin}"
DIGIT_PATTERN = r"\p{Nd}"
DIACRITIC_PATTERN = f"[{ARABIC_MARKS}]"
# Letters only: the honorifics and other words in one glyph are no defect.
PRESENTATION_FORM_PATTERN = f"[{PRESENTATION_LETTERS}]"
TATWEEL_PATTERN = TATWEEL
FARSI_YEH_PATTERN = FARSI_YEH
CONTROL_PATTERN = f"[{CONTROLS}]"
BIDI_CONTROL_PATTERN = f"[{BIDI_CONTROLS}]"
ZERO_WIDTH_PATTERN = f"[{ZERO_WIDTH}]"
PRIVATE_USE_PATTERN = r"\p{Co}"
REPLACEMENT_PATTERN = REPLACEMENT_CHARACTER

# A stop of the wrong script: directly after an Arabic word or after blanks. A question mark inside a word
# is a lost letter, not a stop.
LATIN_STOP_PATTERN = f"{ARABIC_WORD_END}[{BLANKS}]*(?:[,;]|\\?(?:[^{ARABIC_LETTERS}?]|$))"
ARABIC_STOP_PATTERN = f"{ARABIC_WORD_END}[{BLANKS}]*[،؛؟]"
# `ا?سر`: two letters lost around one letter count once, since matches do not overlap.
LOST_LETTER_PATTERN = f"{ARABIC_LETTER}\\?{ARABIC_LETTER}"
# Latin stops only before a blank or an end, so that `.NET`, ` .5` and ` ...` are left alone.
SPACED_PUNCTUATION_PATTERN = f"[^{BLANKS}\\n.][{BLANKS}]+(?:[،؛؟]|[.,;?!](?:[{BLANKS}\\n\"'»”)\\]]|$))"
# Closing quotes and brackets may follow the stop; blanks too.
ENDS_WITH_STOP_PATTERN = r"[.!?…؟۔。！？।։።]['\"»”’)\]\s\x{200E}\x{200F}]*$"

# Only texts that match can have a line or a place of which the function of the same purpose says yes.
BROKEN_PARAGRAPH_SUSPECT_PATTERN = SUSPECTED_BREAK_PATTERN
