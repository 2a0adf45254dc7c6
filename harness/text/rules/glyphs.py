"""Several code points for what looks the same: blanks, presentation forms, compositions, zero width."""

import re
import unicodedata
from collections.abc import Iterator

from harness.text.characters import (
    BYTE_ORDER_MARK,
    NARROW_NO_BREAK_SPACE,
    NO_BREAK_SPACE,
    PRESENTATION_LETTERS,
    presentation_letters,
)
from harness.text.edits import Replacement
from harness.text.rules.base import cleaning_rule

_LETTERS_OF_FORM = {form: unicodedata.normalize("NFKC", form) for form in presentation_letters()}
_FORM_RUN = re.compile(f"[{PRESENTATION_LETTERS}]+")
_NO_BREAK = re.compile(f"[{NO_BREAK_SPACE}{NARROW_NO_BREAK_SPACE}]+")

_ZERO_WIDTH_RUN = re.compile(f"[\N{ZERO WIDTH SPACE}\N{WORD JOINER}{BYTE_ORDER_MARK}]+")
# Thai, Lao, Myanmar, Khmer write no blanks between words: there U+200B is where a line may break.
_WRITTEN_WITHOUT_BLANKS = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u1950-\u19ff\u1a20-\u1aaf]")

# All that NFC can change: two marks with a combining class in a row may stand in the wrong order, and the characters
# of `COMPOSING` compose with the one before or have a canonical replacement (Unicode's NFC_Quick_Check is not Yes).
# Both name some more in between for brevity, but no letters of scripts with many readers. A test holds this against
# every code point.
ORDERED_MARK = (
    r"[\x{0300}-\x{036F}\x{0483}-\x{0487}\x{0591}-\x{05C7}\x{0610}-\x{061A}\x{064B}-\x{065F}\x{0670}"
    r"\x{06D6}-\x{06ED}\x{0711}\x{0730}-\x{074A}\x{07EB}-\x{07FD}\x{0816}-\x{085B}\x{0897}-\x{089F}"
    r"\x{08CA}-\x{08FF}\x{093C}\x{094D}\x{0951}-\x{0954}\x{09BC}\x{09CD}\x{09FE}\x{0A3C}-\x{0A4D}\x{0ABC}"
    r"\x{0ACD}\x{0B3C}\x{0B4D}\x{0BCD}\x{0C3C}\x{0C4D}-\x{0C56}\x{0CBC}\x{0CCD}\x{0D3B}\x{0D3C}\x{0D4D}"
    r"\x{0DCA}\x{0E38}-\x{0E3A}\x{0E48}-\x{0E4B}\x{0EB8}-\x{0EBA}\x{0EC8}-\x{0ECB}\x{0F18}-\x{0FC6}"
    r"\x{1037}-\x{103A}\x{108D}\x{135D}-\x{135F}\x{1714}-\x{1734}\x{17D2}\x{17DD}\x{18A9}-\x{1CF9}"
    r"\x{1DC0}-\x{1DFF}\x{20D0}-\x{20F0}\x{2CEF}-\x{2DFF}\x{302A}-\x{302F}\x{3099}\x{309A}\x{A66F}-\x{A6F1}"
    r"\x{A806}-\x{ABED}\x{FB1E}\x{FE20}-\x{FE2F}\x{101FD}-\x{1EFFF}]"
)
COMPOSING = (
    r"[\x{0300}-\x{0345}\x{0374}\x{037E}\x{0387}\x{0653}-\x{0655}\x{093C}\x{0958}-\x{095F}"
    r"\x{09BE}\x{09D7}-\x{09DF}\x{0A33}-\x{0A36}\x{0A59}-\x{0A5E}\x{0B3E}\x{0B56}-\x{0B5D}\x{0BBE}"
    r"\x{0BD7}\x{0C56}\x{0CC2}-\x{0CD6}\x{0D3E}\x{0D57}\x{0DCA}-\x{0DDF}\x{0F43}-\x{0FB9}\x{102E}"
    r"\x{1100}-\x{11FF}\x{1B35}\x{1F71}-\x{1FFD}\x{2000}\x{2001}\x{2126}\x{212A}\x{212B}\x{2329}"
    r"\x{232A}\x{2ADC}\x{3099}\x{309A}\x{F900}-\x{FAFF}\x{FB1D}-\x{FB4E}\x{11000}-\x{11FFF}"
    r"\x{16000}-\x{16FFF}\x{1D15E}-\x{1D1C0}\x{2F800}-\x{2FA1D}]"
)
# More marks in a row than any writing has (Unicode's stream-safe format allows 30): sorting them costs the
# square of their number. Other signs beyond ASCII may stand there too; no composing is lost with them.
_STACK = re.compile(r"[^\w\s\x00-\x7f]{31,}")
# Of 31 characters in a row three at least are among every tenth of the text, which takes a tenth of the time.
_STACK_THINNED = re.compile(r"[^\w\s\x00-\x7f]{3}")


def _as_python_writes(pattern: str) -> str:
    return re.sub(r"\\x\{([0-9A-F]+)\}", lambda code: chr(int(code[1], 16)), pattern)


_ORDERED_MARK, _COMPOSING = map(_as_python_writes, (ORDERED_MARK, COMPOSING))
# What the rule suspects, begun with one class of characters, in which those beyond the BMP are one range: `re` looks
# for that six times as fast as for the pattern itself.
_BEYOND = "\U00010000-\U0010ffff"
_FIRST = re.sub(r"[\U00010000-\U0010ffff]-?", "", f"{_ORDERED_MARK[1:-1]}{_COMPOSING[1:-1]}") + _BEYOND
_MAY_CHANGE = re.compile(f"[{_FIRST}](?:(?<={_COMPOSING})|(?={_ORDERED_MARK}))")
# Nothing composes over a blank; the two quads are blanks that NFC replaces.
_REST_OF_WORD = re.compile("[^\\s]+|[\u2000\u2001]")


@cleaning_rule("no-break-spaces", version="1", suspect=f"[{NO_BREAK_SPACE}{NARROW_NO_BREAK_SPACE}]")
def no_break_spaces(text: str) -> Iterator[Replacement]:
    """Turn no-break spaces into blanks.

    Why: they come from editors and HTML (27 to 47 % of real Arabic articles) and split no word for
    tokenisers that know only the blank. Price: French loses where a line must not break.
    """
    for run in _NO_BREAK.finditer(text):
        yield Replacement(*run.span(), " " * len(run.group()))


@cleaning_rule("presentation-forms", version="1", suspect=f"[{PRESENTATION_LETTERS}]")
def presentation_forms(text: str) -> Iterator[Replacement]:
    """Write Arabic letters in presentation forms (lam-alef and other ligatures too) as plain letters.

    Why: they come from PDF and old programs, look the same and match nothing. Only letters are mapped:
    NFKC would also spell out the honorifics and other words in one glyph, which authors chose.
    Price: right for 98 % of words in 206 real documents; the rest was stored in visual order and stays so.
    """
    for run in _FORM_RUN.finditer(text):
        yield Replacement(*run.span(), "".join(map(_LETTERS_OF_FORM.__getitem__, run.group())))


@cleaning_rule("zero-width", version="1", suspect=r"[\x{200B}\x{2060}\x{FEFF}]")
def zero_width(text: str) -> Iterator[Replacement]:
    """Remove zero-width spaces, word joiners and byte-order marks from inside the text.

    Why: nobody sees them and they split words for programs. The joiners U+200C and U+200D are spelling
    in Persian, Kurdish and the scripts of India, and stay; so do U+200B in scripts without blanks and all
    direction marks (flagged). Price: a place where a long address may be broken is lost.
    """
    for run in _ZERO_WIDTH_RUN.finditer(text):
        around = text[max(run.start() - 1, 0) : run.start()] + text[run.end() : run.end() + 1]
        if _WRITTEN_WITHOUT_BLANKS.search(around) is None:
            yield Replacement(*run.span(), "")


@cleaning_rule("nfc", version="1", suspect=f"{ORDERED_MARK}{{2}}|{COMPOSING}")
def nfc(text: str) -> Iterator[Replacement]:
    """Compose characters canonically (Unicode NFC), word by word.

    Why: one spelling, one sequence of code points. Price: none visible; the order of a shadda and
    its vowel becomes the canonical one, whichever was typed. Words with over 30 marks in a row are left.
    """
    has_stacks = _STACK_THINNED.search(text[::10]) is not None and _STACK.search(text) is not None
    if not has_stacks and unicodedata.is_normalized("NFC", text):
        return
    end = 0
    for found in _MAY_CHANGE.finditer(text):
        if found.start() < end:
            continue
        start, end = _word_around(text, found.start())
        word = text[start:end]
        if has_stacks and _STACK.search(word) is not None:
            continue
        composed = unicodedata.normalize("NFC", word)
        if composed != word:
            yield Replacement(start, end, composed)


def _word_around(text: str, place: int) -> tuple[int, int]:
    """Say where the word begins and ends that has a character of it at a place; a blank there is a word of its own."""
    start = place
    while start and not text[place].isspace() and not text[start - 1].isspace():
        start -= 1
    word = _REST_OF_WORD.match(text, start)
    return start, place + 1 if word is None else word.end()
