"""What happens to texts on their way: residue of pages, invisible characters, wrong encodings, lost bytes."""

import re
import unicodedata
from collections.abc import Callable

from articles import read_wording
from dice import Dice
from telling import Telling

_RESIDUE = read_wording()["residue"]
_PREPOSITION = re.compile(" (?=(?:في|من|إلى|على|بعد|خلال|منذ) )")
_ONE_SIDED = frozenset("اأإآدذرزوؤةىء")  # letters that do not join the next one
# A break inside a sentence is believed only behind this many characters, so none is planted before.
_MIN_CHARS_BEFORE_BREAK = 150

Spoiler = Callable[[str, Dice], str]


def spoiled(telling: Telling, dice: Dice, names: list[str]) -> Telling:
    """Plant defects by name; one that finds no place in the text is not noted."""
    for name in names:
        body = SPOILERS[name](telling.body, dice)
        if body != telling.body:
            telling = telling.with_text(body, name)
    return telling


def as_mojibake(text: str, written: str, read: str) -> str:
    """Read text in a wrong encoding; bytes that cp1252 leaves undefined come through as controls.

    What `written` lacks becomes a question mark: nobody who makes mojibake takes care.
    """
    payload = text.encode(written, "replace")
    if read == "latin-1":
        return payload.decode("latin-1")
    return "".join(_sloppy_cp1252(byte) for byte in payload)


def with_bytes_destroyed(payload: bytes, dice: Dice) -> bytes:
    """Overwrite a few bytes behind the first 200 by ones that UTF-8 never has there."""
    damaged = bytearray(payload)
    for _ in range(dice.number(2, 4)):
        damaged[dice.number(200, len(damaged) - 2)] = 0xFF
    return bytes(damaged)


def cut_inside_a_character(payload: bytes) -> bytes:
    """Keep about 85 % of UTF-8 bytes, ending behind the lead byte of an Arabic letter."""
    end = len(payload) * 85 // 100
    while payload[end - 1] not in (0xD8, 0xD9):
        end += 1
    return payload[:end]


def with_letters_replaced(text: str, dice: Dice, *, share: float, by: str) -> str:
    """Lose this share of the Arabic letters for good."""
    return "".join(by if "ء" <= char <= "ي" and dice.chance(share) else char for char in text)


def _sloppy_cp1252(byte: int) -> str:
    try:
        return bytes([byte]).decode("cp1252")
    except UnicodeDecodeError:
        return chr(byte)


def _with_presentation_forms(text: str, dice: Dice) -> str:
    def shaped(word: str) -> str:
        return _shaped(word) if dice.chance(0.08) else word

    return re.sub("[ا-غف-ي]{3,}", lambda word: shaped(word[0]), text)


def _shaped(word: str) -> str:
    """Write each letter as the presentation form that it takes in this word."""
    joins_next = [char not in _ONE_SIDED and place + 1 < len(word) for place, char in enumerate(word)]
    joins_last = [False, *joins_next[:-1]]
    forms = {(True, True): "MEDIAL", (True, False): "FINAL", (False, True): "INITIAL"}
    return "".join(
        _form(char, forms.get((before, after), "ISOLATED"))
        for char, before, after in zip(word, joins_last, joins_next, strict=True)
    )


def _form(letter: str, form: str) -> str:
    try:
        return unicodedata.lookup(f"{unicodedata.name(letter)} {form} FORM")
    except KeyError:
        return letter


def _with_spaced_latin_commas(text: str, dice: Dice) -> str:
    return re.sub("، ", lambda comma: " , " if dice.chance(0.6) else comma[0], text)


def _with_spaced_stops(text: str, dice: Dice) -> str:
    return re.sub("(?<=[ء-ي])([،؛؟])", lambda stop: f" {stop[0]}" if dice.chance(0.7) else stop[0], text)


def _with_broken_paragraph(text: str, dice: Dice) -> str:
    paragraphs = text.split("\n\n")
    places = [
        (number, gap.start())
        for number, paragraph in enumerate(paragraphs)
        for gap in _PREPOSITION.finditer(paragraph)
        if gap.start() >= _MIN_CHARS_BEFORE_BREAK and paragraph[gap.start() - 1].isalpha()
    ]
    if not places:
        return text
    number, place = dice.one(places)
    broken = paragraphs[number]
    paragraphs[number] = f"{broken[:place]}\n\n{broken[place + 1 :]}"
    return "\n\n".join(paragraphs)


def _at_the_end(name: str) -> Spoiler:
    return lambda text, _: f"{text}\n\n{_RESIDUE[name]}"


def _with_read_also(text: str, dice: Dice) -> str:
    first, gap, rest = text.partition("\n\n")
    headline = dice.one(["أسعار الوقود في أسبوع", "حالة الطقس غدا", "نتائج القرعة بالصور"])
    return f"{first}\n\n{_RESIDUE['read_also'].format(headline=headline)}{gap}{rest}"


def _with_agency_end(text: str, dice: Dice) -> str:
    time = f"{dice.number(6, 22):02d}:{dice.number(0, 59):02d}"
    return f"{text}\n{_RESIDUE['agency_end'].format(time=time)}"


def _with_sms_block(text: str, dice: Dice) -> str:
    return f"{text}\n\n{_RESIDUE['sms_block'].format(number=dice.number(100, 999))}"


def _between_words(character: str, share: float) -> Spoiler:
    return lambda text, dice: re.sub(" ", lambda _: character if dice.chance(share) else " ", text)


def _around_words(before: str, after: str) -> Spoiler:
    def spoil(text: str, dice: Dice) -> str:
        return re.sub(
            r"[0-9A-Za-z]+", lambda word: f"{before}{word[0]}{after}" if dice.chance(0.7) else word[0], text
        )

    return spoil


SPOILERS: dict[str, Spoiler] = {
    "nbsp": _between_words("\N{NO-BREAK SPACE}", 0.06),
    "zero-width-space": _between_words(" \N{ZERO WIDTH SPACE}", 0.03),
    "bidi-marks": _around_words("\N{LEFT-TO-RIGHT MARK}", "\N{RIGHT-TO-LEFT MARK}"),
    "presentation-forms": _with_presentation_forms,
    "spaced-latin-commas": _with_spaced_latin_commas,
    "spaced-stops": _with_spaced_stops,
    "broken-paragraph": _with_broken_paragraph,
    "read-also": _with_read_also,
    "sms-block": _with_sms_block,
    "agency-end": _with_agency_end,
    "share-bar": _at_the_end("share_bar"),
    "copyright": _at_the_end("copyright"),
    "rating-widget": _at_the_end("rating_widget"),
    "substitute": lambda text, _: f"{text}\n\x1a",
}
