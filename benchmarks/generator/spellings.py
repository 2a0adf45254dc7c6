"""One Arabic word as other writers spell it: the same letters to a reader, other characters."""

import hashlib
import re

_ALEF = "\N{ARABIC LETTER ALEF}"
_TATWEEL = "\N{ARABIC TATWEEL}"
_SIGNS = (
    "\N{ARABIC FATHA}\N{ARABIC DAMMA}\N{ARABIC KASRA}\N{ARABIC SHADDA}\N{ARABIC SUKUN}\N{ARABIC FATHATAN}"
)
# Letters that the next one joins, before one that joins: only there tatweel is written.
_JOINED = re.compile("(?<=[بتثجحخسشصضطظعغفقكلمنهي])(?=[بتثجحخدذرزسشصضطظعغفقكلمنهويةى])")
_LETTER = re.compile("[\N{ARABIC LETTER HAMZA}-\N{ARABIC LETTER YEH}]")
_DIGITS = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")

AS_IS, ALEF, YEH, TEH, TATWEEL, SIGNS, OTHER_SIGNS, FIGURES = range(8)


def spellings(word: str) -> tuple[str, ...]:
    """Spell a word in the eight ways above; a way without an occasion leaves it as it is."""
    return (
        word,
        re.sub("[أإآ]", _ALEF, word),
        re.sub(r"ى\b", "ي", word),
        re.sub(r"ة\b", "ه", word),
        _JOINED.sub(_TATWEEL * (1 + len(word) % 3), word, count=1),
        _signed(word, "one"),
        _signed(word, "other"),
        word.translate(_DIGITS).replace("،", " ,").replace("؛", " ;"),
    )


def _signed(word: str, way: str) -> str:
    """Write vowel signs on about half of the letters: which ones follows from the word."""
    chosen = hashlib.blake2b(f"{way}/{word}".encode(), digest_size=64).digest()
    return "".join(
        letter + _SIGNS[byte % len(_SIGNS)] if byte < 128 and _LETTER.match(letter) else letter
        for letter, byte in zip(word, chosen.ljust(len(word), b"\xff"), strict=False)
    )
