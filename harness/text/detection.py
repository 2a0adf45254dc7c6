"""Which encoding some bytes are in, judged by evidence in the order that measured best."""

import codecs
import re
from dataclasses import dataclass

from harness.core.errors import InputError
from harness.text.markup import visible_bytes
from harness.text.traced import decode_traced

_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"), (codecs.BOM_UTF32_BE, "utf-32-be"), (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"),
)  # fmt: skip
_WIDE = ("utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be")

# Controls that no text needs: tab, line feed, form feed, carriage return, the end mark U+001A of DOS
# and escape are met in files of text.
_HARD_CONTROLS = bytes(byte for byte in range(0x20) if byte not in b"\t\n\f\r\x1a\x1b")
# Above this share the bytes are UTF-16, UTF-32 or no text. Real articles with stray controls have below
# 0.01; UTF-16 has at least 0.05 (its blanks), random bytes have 0.10, a file of zeros 1.0.
_MAX_HARD_CONTROL_SHARE = 0.04
# Damaged UTF-8 is believed with so many readable sequences for each unreadable one. Legacy encodings of
# 19 languages stay below 0.5; UTF-8 with one byte in ten destroyed is at 3.
_MIN_READABLE_PER_UNREADABLE = 2
_MIN_READABLE = 3
# EBCDIC and the seven-bit encodings look like other text; nobody has news in them.
_NEVER_GUESSED = (
    "cp1140", "cp424", "cp500", "cp875", "cp1026", "cp273", "utf-7", "hz", "iso2022_jp_2",
    "iso2022_jp_2004", "iso2022_jp_ext", "iso2022_kr",
)  # fmt: skip
# A label is followed against the best guess only if its own confidence is this close to it.
_LABEL_BREAKS_TIES_WITHIN = 0.9
# Enough to judge by; more costs time and says nothing new.
_JUDGED_BYTES = 65_536

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
        return Detected(_wide_encoding(payload))
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
    # A NUL alone is no verdict, but Devanagari in UTF-16 has no other control (its high byte is a tab).
    hard = len(payload) - len(payload.translate(None, _HARD_CONTROLS))
    return hard > _MAX_HARD_CONTROL_SHARE * len(payload)


def _wide_encoding(payload: bytes) -> str:
    import chardet  # noqa: PLC0415 - only bytes that are not UTF-8 need its models

    sample = payload[: _JUDGED_BYTES - _JUDGED_BYTES % 4]
    guess = chardet.detect(sample, compat_names=False, include_encodings=_WIDE, no_match_encoding="utf-8")
    encoding = guess["encoding"]
    if encoding not in _WIDE:
        raise NotTextError("not-text", "the bytes are not text: too many are control characters")
    return encoding


def _is_damaged_utf8(payload: bytes) -> bool:
    sample = payload[:_JUDGED_BYTES]
    text, unreadable = decode_traced(sample, "utf-8")
    if all(lost.is_surrogate for lost in unreadable):
        return True
    ascii_chars = len(sample.translate(None, _NOT_ASCII))
    readable = len(text) - len(unreadable) - ascii_chars
    return readable >= max(_MIN_READABLE, _MIN_READABLE_PER_UNREADABLE * len(unreadable))


_NOT_ASCII = bytes(range(0x80, 0x100))


def _guessed(payload: bytes, declared: str | None) -> str:
    import chardet  # noqa: PLC0415 - only bytes that are not UTF-8 need its models

    guesses = chardet.detect_all(
        payload[:_JUDGED_BYTES],
        compat_names=False,
        exclude_encodings=_NEVER_GUESSED,
        ignore_threshold=True,
    )
    best = guesses[0]
    if best["encoding"] is None:
        raise NotTextError("not-text", f"the bytes are not text but {best['mime_type'] or 'binary'}")
    label = known_encoding(declared) if declared else None
    for guess in guesses:
        close = guess["confidence"] >= _LABEL_BREAKS_TIES_WITHIN * best["confidence"]
        if close and guess["encoding"] is not None and named(guess["encoding"]) == label:
            return label
    return named(best["encoding"])
