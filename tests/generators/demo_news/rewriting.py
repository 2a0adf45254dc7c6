"""Copies that an editor or a typist made: words swapped, sentences added and cut, another spelling."""

import re
from collections.abc import Callable
from dataclasses import replace

from articles import read_wording
from dice import Dice
from telling import Telling

_WORDING = read_wording()
_ARABIC_WORD = re.compile("[\N{ARABIC LETTER HAMZA}-\N{ARABIC LETTER YEH}]{4,}")
_MAX_CUT_SHARE = 0.08
_SENTENCE_GAP = re.compile(r"(?<=[.؟!۔]) ")
_TO_ARABIC_DIGITS = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
_TO_BARE_ALEF = str.maketrans("أإآ", "ااا")
_TO_LATIN_STOPS = str.maketrans("،؛؟", ",;?")
# Letters that Windows-1256 lacks, as they were typed with it, and digits of Persian and Urdu.
_TO_CP1256 = str.maketrans(
    {
        "ی": "ي", "۔": ".", "ۀ": "ه", "\N{ARABIC HAMZA ABOVE}": None, "٪": "%", "٫": ".", "٬": ",",
        **{chr(ord("۰") + value): str(value) for value in range(10)},
    }
)  # fmt: skip


def edited(telling: Telling, dice: Dice) -> Telling:
    """Swap 1 to 2 % of the words, and often add or cut a short sentence or put an agency's line in front.

    Together at most about 6 % of the words: with more, shingles of three words differ too much for a copy.
    """
    if telling.lang != "ar":
        return _with_cut_sentence(telling, dice)  # our wording is Arabic
    changed = _with_synonyms(telling, dice)
    changes = [_with_added_sentence, _with_cut_sentence, _with_agency_line]
    untouched = changed.defects == telling.defects
    return dice.one(changes)(changed, dice) if untouched or dice.chance(0.75) else changed


def respelled(telling: Telling, dice: Dice) -> Telling:
    """Spell an Arabic text as another keyboard and another school would: two or three habits at once."""
    for name, habit in dice.some(list(_HABITS.items()), dice.number(2, 3)):
        body = habit(telling.body, dice)
        if body != telling.body:
            telling = telling.with_text(body, name)
    return telling


def spelled_for_cp1256(telling: Telling) -> Telling:
    """Spell a Persian or Urdu text with the letters that Windows-1256 has."""
    changed = telling.with_text(
        telling.body.translate(_TO_CP1256), "cp1256-letters", title=telling.title.translate(_TO_CP1256)
    )
    return replace(changed, encoding="windows-1256")


def _with_synonyms(telling: Telling, dice: Dice) -> Telling:
    synonyms: dict[str, str] = _WORDING["synonyms"]
    words = re.split(r"(\s+)", telling.body)
    places = [place for place, word in enumerate(words) if word in synonyms]
    chosen = dice.some(places, max(1, dice.number(10, 20) * len(telling.body.split()) // 1000))
    for place in chosen:
        words[place] = synonyms[words[place]]
    return telling.with_text("".join(words), f"synonyms:{len(chosen)}") if chosen else telling


def _with_added_sentence(telling: Telling, dice: Dice) -> Telling:
    sentence = dice.one(_WORDING["added_sentences"])
    return telling.with_text(f"{telling.body} {sentence}", "sentence-added")


def _with_cut_sentence(telling: Telling, dice: Dice) -> Telling:
    """Cut the shortest of the sentences between the first and the last, if it is short."""
    paragraphs = [_SENTENCE_GAP.split(paragraph) for paragraph in telling.body.split("\n\n")]
    inner = [sentence for paragraph in paragraphs for sentence in paragraph][1:-1]
    shortest = min(inner, key=len)
    if telling.lang == "ar" and len(shortest) > _MAX_CUT_SHARE * len(telling.body):
        return _with_agency_line(telling, dice)
    left = [" ".join(one for one in paragraph if one != shortest) for paragraph in paragraphs]
    return telling.with_text("\n\n".join(filter(None, left)), "sentence-cut")


def _with_agency_line(telling: Telling, dice: Dice) -> Telling:
    return telling.with_text(f"{dice.one(_WORDING['agency_lines'])} {telling.body}", "agency-line")


def _in_some_words(share: float, change: Callable[[str], str]) -> Callable[[str, Dice], str]:
    def habit(text: str, dice: Dice) -> str:
        return _ARABIC_WORD.sub(lambda word: change(word[0]) if dice.chance(share) else word[0], text)

    return habit


def _stretched(word: str) -> str:
    # Behind a letter that joins the next one; others are never stretched.
    match = re.search("[بتثجحخسشصضطظعغفقكلمنهي](?=[^ء])", word)
    return f"{word[: match.end()]}\N{ARABIC TATWEEL}{word[match.end() :]}" if match else word


def _vocalised(word: str) -> str:
    return f"{word[0]}\N{ARABIC FATHA}{word[1:]}"


_HABITS: dict[str, Callable[[str, Dice], str]] = {
    "bare-alef": lambda text, _: text.translate(_TO_BARE_ALEF),
    "alef-maqsura-for-ya": lambda text, _: re.sub(r"ي\b", "ى", text),
    "ha-for-ta-marbuta": lambda text, _: re.sub(r"ة\b", "ه", text),
    "tatweel": _in_some_words(0.15, _stretched),
    "diacritics": _in_some_words(0.3, _vocalised),
    "arabic-indic-digits": lambda text, _: text.translate(_TO_ARABIC_DIGITS),
    "latin-stops": lambda text, _: text.translate(_TO_LATIN_STOPS),
}
