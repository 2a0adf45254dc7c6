"""Which encoding some bytes are in, judged by evidence in the order that measured best."""

import codecs
import re
from dataclasses import dataclass
from typing import Any

from harness.core.errors import InputError
from harness.text.markup import visible_bytes
from harness.text.traced import decode_traced
from harness.text.wide import wide_encoding, wide_indic_encoding

_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"), (codecs.BOM_UTF32_BE, "utf-32-be"), (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"),
)  # fmt: skip
# Controls that no text needs: tab, line feed, form feed, carriage return, the end mark U+001A of DOS
# and escape are met in files of text.
HARD_CONTROLS = bytes(byte for byte in range(0x20) if byte not in b"\t\n\f\r\x1a\x1b")
# Above this share the bytes are UTF-16, UTF-32 or no text: UTF-16 has at least the blanks' high bytes, random
# bytes have 0.10, a file of zeros 1.0; 0.3 % of real articles have a stray control at all.
_MAX_HARD_CONTROL_SHARE = 0.04
# Devanagari and Bengali in UTF-16 have a tab for half of their bytes; tables of numbers stay below this.
MAX_TAB_SHARE = 0.25
# Damaged UTF-8 is believed with so many readable sequences for each unreadable one. Of 20,531 pieces of
# NTREX in 14 legacy encodings the highest had 1.25 (Japanese); UTF-8 of Arabic, Russian, Hindi and French with
# every tenth byte destroyed has 2.5 in the middle, and what is below goes to statistics.
_MIN_READABLE_PER_UNREADABLE = 2
_MIN_READABLE = 3
# Text that is mostly ASCII has fewer letters to show for itself, and legacy encodings of such text hardly ever write
# what reads as UTF-8: of 78,484 pieces of NTREX (40 to 1,000 characters, ten languages, twelve encodings) 3 reach
# this, all of them French in Mac Roman. With a byte in 200 destroyed it tells 0.87 of French, German, Spanish and
# Turkish pieces that the rule above leaves to statistics 0.75.
_MOSTLY_ASCII_SHARE = 0.8
_MIN_READABLE_IN_ASCII = 2
# EBCDIC and the seven-bit encodings look like other text; nobody has news in them.
_NEVER_GUESSED = (
    "cp1140", "cp424", "cp500", "cp875", "cp1026", "cp273", "utf-7", "hz", "iso2022_jp_2",
    "iso2022_jp_2004", "iso2022_jp_ext", "iso2022_kr",
)  # fmt: skip
# Guesses this close to the best are tied: the label decides, else what is common on the web, such as
# windows-1251 before mac-cyrillic, which differ in a few signs.
_TIES_WITHIN = 0.9
_OF_THE_WEB = frozenset(
    {
        *(f"windows-{number}" for number in range(1250, 1259)),
        "iso-8859-6",
        "koi8-r",
        "gb18030",
        "euc-kr",
        "cp949",
    }
)
# Enough to judge by; more costs time and says nothing new.
_JUDGED_BYTES = 65_536

# Š, š, Ž, ž, Œ, œ and Ÿ of ISO-8859-15 within a word; windows-1252 has signs and fractions there.
_LATIN_9_LETTER = re.compile(rb"[A-Za-z\xc0-\xff][\xa6\xa8\xb4\xb8\xbc-\xbe][A-Za-z\xc0-\xff]")

# Signs that no word has inside: those of Latin-1 but `ª`, `·` and `º`, accents alone, quotation marks, daggers, bullets,
# currencies, mathematics, lines and blocks of DOS.
_SIGN_IN_WORD = re.compile(
    r"(?<=[^\W\d_])[\u00a1-\u00a9\u00ab-\u00b6\u00b8\u00b9\u00bb-\u00bf\u00d7\u00f7\u02c6-\u02dd\u201a\u201c-\u201e"
    r"\u2020-\u2022\u2030\u2039\u203a\u20ac\u2122\u2200-\u22ff\u2500-\u25ff](?=[^\W\d_])"
)
# Scripts with two cases that have legacy encodings lie in front of U+0590.
_CASED = [chr(number) for number in range(0x590)]
_CAPITAL_IN_WORD = re.compile(
    f"[{''.join(filter(str.islower, _CASED))}][{''.join(filter(str.isupper, _CASED))}]"
)
_ODD_IN_BYTES = 8_192

_C1 = re.compile("[\x80-\x9f]")
_ISO = re.compile(r"iso8859[-_](\d+)")
_WINDOWS = re.compile(r"cp(125\d)")


class NotTextError(InputError):
    """Bytes that hold no text.

    Args:
        code: `empty`, `not-text` or `unknown-encoding`, for ledgers.
        what: The sentence for people.
    """

    def __init__(self, code: str, what: str) -> None:
        super().__init__(what, remedy="exclude the file, or name its encoding if it is text")
        self.code = code


@dataclass(frozen=True)
class Detected:
    """An encoding by its lower-case name, the byte-order mark before the text, and a cut-off end behind it."""

    encoding: str
    bom: bytes = b""
    tail: bytes = b""


def detect(payload: bytes, *, declared: str | None = None, markup: bool = False) -> Detected:
    """Tell the encoding: byte-order mark, UTF-8 (whole, cut off, damaged), then statistics.

    Args:
        payload: All the bytes.
        declared: What a header or a `meta` element claims; it only breaks ties.
        markup: Judge the text between the tags, not the tags and scripts.

    Raises:
        NotTextError: The bytes are no text.
    """
    for mark, encoding in _BYTE_ORDER_MARKS:
        if payload.startswith(mark) and (encoding != "utf-32-le" or len(payload) % 4 == 0):
            return Detected(encoding, bom=mark)
    if _is_full_of_controls(payload):
        wide = wide_encoding(payload)
        if wide is None:
            raise NotTextError("not-text", "the bytes are not text: too many are control characters")
        return Detected(wide)
    if payload.count(b"\t") > MAX_TAB_SHARE * len(payload):
        indic = wide_indic_encoding(payload)
        if indic is not None:
            return Detected(indic)
    whole_or_cut = _utf8(payload)
    if whole_or_cut is not None:
        return whole_or_cut
    judged = visible_bytes(payload) if markup else payload
    if _is_damaged_utf8(judged):
        return Detected("utf-8")
    return Detected(_guessed(judged, declared))


def known_encoding(label: str) -> str | None:
    """Give the lower-case name that we use for a label, or None where it names no text encoding."""
    try:
        codec = codecs.lookup(label.strip())
        "".encode(codec.name)  # refuses what turns text into text or bytes into bytes, such as rot13
    except (LookupError, UnicodeError, ValueError):
        return None
    return named(codec.name)


def named(codec: str) -> str:
    """Name a codec as the web does: `windows-1256`, `iso-8859-6`, `utf-16-le`; Python knows these names too."""
    name = codec.lower()
    name = _ISO.sub(r"iso-8859-\1", name)
    name = _WINDOWS.sub(r"windows-\1", name)
    return name.replace("_", "-")


def _utf8(payload: bytes) -> Detected | None:
    try:
        payload.decode("utf-8")
    except UnicodeDecodeError as error:
        tail = payload[error.start :]
        cut_off = error.end == len(payload) and error.reason == "unexpected end of data"
        # One odd byte behind plain ASCII is as well the é of a legacy encoding.
        if cut_off and (len(tail) > 1 or not payload[: error.start].isascii()):
            return Detected("utf-8", tail=tail)
        return None
    return Detected("utf-8")


def _is_full_of_controls(payload: bytes) -> bool:
    hard = len(payload) - len(payload.translate(None, HARD_CONTROLS))
    return hard > _MAX_HARD_CONTROL_SHARE * len(payload)


def _is_damaged_utf8(payload: bytes) -> bool:
    sample = payload[:_JUDGED_BYTES]
    text, unreadable = decode_traced(sample, "utf-8")
    if all(lost.is_surrogate for lost in unreadable):
        return True
    ascii_chars = len(sample.translate(None, _NOT_ASCII))
    readable = len(text) - len(unreadable) - ascii_chars
    if ascii_chars >= _MOSTLY_ASCII_SHARE * len(text) and readable >= len(unreadable):
        return readable >= _MIN_READABLE_IN_ASCII
    return readable >= max(_MIN_READABLE, _MIN_READABLE_PER_UNREADABLE * len(unreadable))


_NOT_ASCII = bytes(range(0x80, 0x100))


def _guessed(payload: bytes, declared: str | None) -> str:
    sample = payload[:_JUDGED_BYTES]
    # A text that begins with 'BMW' bears the mark of a bitmap; a blank before it takes the mark away. Files
    # that are no text have some NUL.
    guesses = _chardet(sample)
    if guesses[0]["encoding"] is None and b"\0" not in sample:
        guesses = _chardet(b" " + sample)
    if guesses[0]["encoding"] is None:
        # UTF-16 of Chinese has few controls, and without a mark it looks like anything.
        wide = wide_encoding(payload)
        if wide is None:
            kind = guesses[0]["mime_type"] or "binary"
            raise NotTextError("not-text", f"the bytes are not text but {kind}")
        return wide
    least = _TIES_WITHIN * guesses[0]["confidence"]
    tied = [
        named(guess["encoding"]) for guess in guesses if guess["encoding"] and guess["confidence"] >= least
    ]
    tied = [name for name in tied if not _gives_controls(sample, name)] or tied
    label = known_encoding(declared) if declared else None
    if label in tied:
        return label
    if tied[0] == "iso-8859-15" and _LATIN_9_LETTER.search(sample):
        return tied[0]
    tied = _least_odd(sample, tied)
    common = next((encoding for encoding in tied if encoding in _OF_THE_WEB), tied[0])
    # Where windows-1250 has letters that ISO-8859-2 has elsewhere, the other has controls, and is no guess any more.
    return "iso-8859-2" if (tied[0], common) == ("iso-8859-2", "windows-1250") else common


def _least_odd(sample: bytes, tied: list[str]) -> list[str]:
    """Leave the readings with the fewest odd places within words: signs, and capitals behind small letters."""
    if len(tied) == 1:
        return tied
    odd = {name: _odd_places(sample[:_ODD_IN_BYTES].decode(name, "replace")) for name in tied}
    return [name for name in tied if odd[name] == min(odd.values())]


def _odd_places(text: str) -> int:
    return len(_CAPITAL_IN_WORD.findall(text)) + len(_SIGN_IN_WORD.findall(text))


def _gives_controls(sample: bytes, encoding: str) -> bool:
    """Say whether a reading has C1 controls: where Windows has letters and signs, ISO has only these."""
    return _C1.search(sample.decode(encoding, "replace")) is not None


def _chardet(sample: bytes) -> list[Any]:
    import chardet  # noqa: PLC0415 - only bytes that are not UTF-8 need its models

    return list(
        chardet.detect_all(
            sample, compat_names=False, exclude_encodings=_NEVER_GUESSED, ignore_threshold=True
        )
    )
