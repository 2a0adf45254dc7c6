"""What the first lines of an article say of it: its author, and the dateline (place, agency, date)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

from harness.text.characters import ARABIC_LETTERS, ARABIC_MARKS, BIDI_CONTROLS, TATWEEL
from harness.text.language_data import language_table

_TABLE = language_table("first_lines")
_BYLINE, _DATELINE = _TABLE["byline"], _TABLE["dateline"]

# Names and datelines are shorter; a longer line is a headline or a sentence.
MAX_LINE_CHARS = 90
_MAX_NAME_WORDS = 5
_MIN_NAME_WORDS = 2

_NOT_COMPARED = re.compile(f"[{BIDI_CONTROLS}. \t]")
ALEFS = "أإآٱ"
_NAME = re.compile(rf"[{ARABIC_LETTERS}{ARABIC_MARKS}]+\.?(?: [{ARABIC_LETTERS}{ARABIC_MARKS}]+\.?)*")
# A tatweel that stands free, or a row of them, is drawn as a dash.
_DASH = rf"(?:[-–—]+|(?<![{ARABIC_LETTERS}]){TATWEEL}+(?![{ARABIC_LETTERS}]))"
_SIGN = re.compile(rf"[ \t]*(?:{_DASH}|[:/|])[ \t]*")
_DASHED = re.compile(rf"[ \t]+{_DASH}[ \t]*|[ \t]*[/|][ \t]*")
_BRACKETED = re.compile(r"[(\[«\"“](?P<inside>[^()\[\]«»\"“”]+)[)\]»\"”]")
_BETWEEN = re.compile(rf"[ \t]*(?:{_DASH}|[/|،,:()\[\]«»\"“”])[ \t]*")
_MONTH = (
    "|".join(sorted(_DATELINE["months"], key=len, reverse=True)).replace("أ", "[أا]").replace("آ", "[آا]")
)
_WEEKDAY = "|".join(_DATELINE["weekdays"]).replace("أ", "[أا]")
_DATE = re.compile(
    rf"(?:(?:يوم )?(?:{_WEEKDAY})(?: الموافق)?[ ،,]*)?\d{{1,2}} ?[-/ ] ?(?:{_MONTH})(?: ?[/-] ?(?:{_MONTH}))?"
    rf"(?: ?[-/،, ] ?\d{{4}})?(?: ?(?:م|هـ|ه)(?![{ARABIC_LETTERS}]))?"
    rf"|(?<!\d)\d{{1,4}}[-/]\d{{1,2}}[-/]\d{{1,4}}(?!\d)|(?:{_WEEKDAY})(?![{ARABIC_LETTERS}])"
)
# Stands for a date among the parts of a dateline; no text contains it, controls being gone.
_A_DATE = "\x01"
# Where a dateline inside a paragraph may end.
_LEAD_END = re.compile(rf"(?:{_DASH}|:)[ \t]*|(?<=[)\]])[ \t]+|\.{{2,3}}[ \t]*")


def _key(words: str) -> str:
    return _with_bare_alefs(_NOT_COMPARED.sub("", words))


def _with_bare_alefs(words: str) -> str:
    for alef in ALEFS:  # a table of one or two entries costs more: `translate` asks it for every letter
        words = words.replace(alef, "ا")
    return words


def _keys(*lists: list[str]) -> frozenset[str]:
    return frozenset(_key(words) for words in chain(*lists))


_LEADS = _keys(_BYLINE["leads"])
_LEADS_WITH_SIGN = _LEADS | _keys(_BYLINE["leads_with_sign"])
_LEADS_BEFORE_GIVEN_NAME = _keys(_BYLINE["leads_before_given_name"])
_GIVEN_NAMES = _keys(_BYLINE["given_names"])
_NOT_IN_NAMES = _keys(_BYLINE["not_in_names"])
_ALONE = _keys(_DATELINE["alone"])
_AGENCIES = _ALONE | _keys(_DATELINE["agencies"])
_PLACES = _keys(_DATELINE["places"])
# Every byline and dateline has one of these words: most lines are told from them by this look alone.
_WORD = re.compile(f"[{ARABIC_LETTERS}]+")
_TELLING_WORDS = frozenset(
    _WORD.findall(_with_bare_alefs(words))[0]
    for table, names in (
        (_BYLINE, ("leads", "leads_with_sign")),
        (_DATELINE, ("alone", "agencies", "places")),
    )
    for name in names
    for words in table[name]
)
# The first letters of what a credit or a leading dateline may begin with: so many tell most lines.
_LETTERS_OF_BEGINNING = 4
CREDIT_BEGINNINGS = frozenset(
    words[:_LETTERS_OF_BEGINNING]
    for words in (
        *_LEADS_WITH_SIGN, *_LEADS_BEFORE_GIVEN_NAME, *_GIVEN_NAMES, *_PLACES, *_AGENCIES,
        *_keys(_DATELINE["weekdays"]), _key("يوم"),
    )
)  # fmt: skip
# All of `_NOT_COMPARED`, `_BETWEEN` and `_A_DATE`, line feeds and what `str.strip` takes for blanks.
BEFORE_CREDIT = (
    (0x01, 0x01), (0x09, 0x0D), (0x1C, 0x20), (0x85, 0x85), (0xA0, 0xA0), (0x061C, 0x061C), (0x1680, 0x1680),
    (0x2000, 0x200F), (0x2028, 0x202F), (0x205F, 0x2069), (0x3000, 0x3000),
    *((ord(sign), ord(sign)) for sign in f'{TATWEEL}.-–—/|،,:()[]«»"“”'),
)  # fmt: skip
_BEFORE_BEGINNING = "[" + "".join(rf"\x{{{low:04X}}}-\x{{{high:04X}}}" for low, high in BEFORE_CREDIT) + "]*"
# All of `_NOT_COMPARED` and more, in few ranges of bytes.
_WITHIN_BEGINNING = r"[. \t\x{061C}\x{2000}-\x{2FFF}]*"


def _any_of(words: frozenset[str]) -> str:
    """Write a pattern of words as a tree of their letters, which is compiled in a fraction of the time of a list."""
    branches: list[str] = []
    for first in sorted({word[0] for word in words}):
        rests = frozenset(word[1:] for word in words if word[0] == first)
        letter = f"[{first}{ALEFS}]" if first == "ا" else re.escape(first)
        branches.append(letter if "" in rests else f"{letter}{_WITHIN_BEGINNING}{_any_of(rests)}")
    return f"(?:{'|'.join(branches)})"


LINES_OF_CREDITS = 2
# Matches every text whose first line or second begins like a credit or a dateline, and few others: of 10,000 articles of
# `benchmarks/generator` 902, where the first lines of 7,439 have a telling word. RE2 only.
CREDIT_BEGINNING_PATTERN = (
    rf"\A{_BEFORE_BEGINNING}(?:[^\n]*\n{_BEFORE_BEGINNING})?(?:\p{{Nd}}|{_any_of(CREDIT_BEGINNINGS)})"
)


@dataclass(frozen=True)
class Credit:
    """What a line that is no sentence says of its article; at least one of the two is known."""

    author: str | None = None
    dateline: str | None = None


def credit_in(line: str) -> Credit | None:
    """Read a line as a byline or a dateline; None for anything else.

    A byline is one of the leads of `first_lines.toml` with a name behind it, or a name that begins with a
    frequent given name, beside a place or an agency ("أحمد سالم - القاهرة", "القاهرة - أحمد سالم"). A dateline has
    nothing in it but places, agencies and dates of the table, and two kinds of these or an agency.
    """
    line = line.strip()
    if len(line) > MAX_LINE_CHARS or not _has_telling_word(line):
        return None
    if is_dateline(line):
        return Credit(dateline=line)
    return None if line.endswith((".", "!", "?", "؟")) else _byline(line)


def is_dateline(words: str) -> bool:
    """Say whether words are a dateline: places, agencies and dates, and nothing else."""
    kinds = _kinds(words)
    return len(kinds) > 1 or (
        kinds == {"agency"} and (_key(words) in _ALONE or _names_agency_in_brackets(words))
    )


def leading_dateline(paragraph: str) -> str | None:
    """Find the dateline that a paragraph begins with ("القاهرة (رويترز) - قال ..."), as it is written there.

    An agency alone has to stand in brackets: before a colon it is the one that speaks ("رويترز: ...").
    """
    beginning = paragraph[:MAX_LINE_CHARS]
    if not _has_telling_word(beginning):
        return None
    for end in reversed(list(_LEAD_END.finditer(beginning))):
        words = beginning[: end.start()].strip()
        if end.end() < len(paragraph) and (len(_kinds(words)) > 1 or _names_agency_in_brackets(words)):
            return words
    return None


def _has_telling_word(line: str) -> bool:
    words = _WORD.findall(_with_bare_alefs(line))
    return bool(words) and (words[0] in _LEADS_BEFORE_GIVEN_NAME or not _TELLING_WORDS.isdisjoint(words))


def _kinds(words: str) -> set[str]:
    """Tell what words consist of: place, agency, date; nothing where anything else is among them."""
    parts = [_key(part) for part in _BETWEEN.split(_DATE.sub(f"|{_A_DATE}|", words))]
    kinds = {_kind(part) for part in parts if part}
    return set() if "" in kinds else kinds


def _names_agency_in_brackets(words: str) -> bool:
    match = _BRACKETED.fullmatch(words)
    return match is not None and _key(match["inside"]) in _AGENCIES


def _kind(part: str) -> str:
    if part == _A_DATE:
        return "date"
    return "place" if part in _PLACES else "agency" if part in _AGENCIES else ""


def _byline(line: str) -> Credit | None:
    """Try every way to write one: a lead and a sign, a lead alone, a given name and a place."""
    sign = _SIGN.search(line)
    if sign and _key(line[: sign.start()]) in _LEADS_WITH_SIGN:
        return _credit_of_name(line[sign.end() :])
    for words in _beginnings(line):
        rest = line[len(words) :].strip()
        if _key(words) in _LEADS:
            return _credit_of_name(rest)
        if _key(words) in _LEADS_BEFORE_GIVEN_NAME and _has_given_name(rest):
            return _credit_of_name(rest)
    return _name_beside_place(line)


def _beginnings(line: str) -> Iterator[str]:
    """Give the first two words of a line, then the first."""
    words = line.split(" ", 2)
    yield " ".join(words[:2])
    yield words[0]


def _credit_of_name(words: str) -> Credit | None:
    """Read a name, and the place or agency that may stand behind it after a dash."""
    parts = _DASHED.split(words.strip(), maxsplit=1)
    name = parts[0].strip()
    if not _is_name(name):
        return None
    if len(parts) == 1:
        return Credit(author=name)
    return Credit(author=name, dateline=parts[1].strip()) if _is_whereabouts(parts[1]) else None


def _name_beside_place(line: str) -> Credit | None:
    parts = [part.strip() for part in _DASHED.split(line)]
    if len(parts) == 2:
        for name, place in (parts, reversed(parts)):
            if _has_given_name(name) and _is_name(name) and _is_whereabouts(place):
                return Credit(author=name, dateline=place)
    return None


def _is_whereabouts(words: str) -> bool:
    return _kind(_key(words)) != "" or is_dateline(words)


def _is_name(words: str) -> bool:
    count = len(words.split())
    if not _MIN_NAME_WORDS <= count <= _MAX_NAME_WORDS or _NAME.fullmatch(words) is None:
        return False
    return not any(_key(word) in _NOT_IN_NAMES for word in words.split()) and not is_dateline(words)


def _has_given_name(words: str) -> bool:
    """Say whether words begin with a frequent given name, of one word or of two ("عبد الله")."""
    return any(_key(beginning) in _GIVEN_NAMES for beginning in _beginnings(words))
