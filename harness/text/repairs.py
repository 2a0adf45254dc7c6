"""What decoding repaired, written as codes, and the way back from them to the bytes."""

import codecs
import re
from collections.abc import Iterable
from dataclasses import dataclass

from harness.text.characters import REPLACEMENT_CHARACTER
from harness.text.detection import Detected, NotTextError
from harness.text.traced import Unreadable, decode_traced, encode_traced

BYTE_ORDER_MARKS = {
    "utf-8": codecs.BOM_UTF8,
    "utf-16-le": codecs.BOM_UTF16_LE,
    "utf-16-be": codecs.BOM_UTF16_BE,
    "utf-32-le": codecs.BOM_UTF32_LE,
    "utf-32-be": codecs.BOM_UTF32_BE,
}

_SURROGATE = re.compile("[\ud800-\udfff]")
_NEWLINES = {"crlf": "\r\n", "cr": "\r"}


@dataclass(frozen=True)
class Decoded:
    """Text, the encoding its bytes were in, and what was repaired.

    Repairs are codes from which, with the encoding, `encode_back` makes the bytes again:

    - `bom:<encoding>`: a byte-order mark stood before the text.
    - `newlines:crlf`, `newlines:cr`: all lines ended so; in the text they end in line feeds.
    - `utf8-truncated-tail:<hex>`: the bytes of a character that was cut off at the end.
    - `utf8-damaged:<n>:<offset>=<hex>.…`: n places that are not UTF-8, each a U+FFFD in the text;
      `damaged:…` is the same in other encodings. Offsets count bytes from behind the byte-order mark.
    - `surrogates:<n>:<offset>=<hex>.…`: n lone surrogates, each a U+FFFD in the text.
    - `bytes:<line>=<hex>.…`: lines that the encoding can write in several ways, as they stood;
      `all=<hex>` where even the lines differ.
    """

    text: str
    encoding: str
    repairs: tuple[str, ...]


def decode_repaired(payload: bytes, found: Detected) -> Decoded:
    """Decode bytes whose encoding is known, and write down what had to be repaired.

    Raises:
        NotTextError: There is nothing but a mark or a cut-off character.
    """
    body = payload[len(found.bom) : len(payload) - len(found.tail)]
    if not body:
        raise NotTextError("empty", "there is nothing but a byte-order mark or a cut-off character")
    text, unreadable = decode_traced(body, found.encoding)
    repairs = [f"bom:{found.encoding}"] if found.bom else []
    repairs += _damage_repairs(found.encoding, unreadable)
    written = _differing_lines(text, found.encoding, unreadable, body)
    if written:
        repairs.append(f"bytes:{written}")
    if found.tail:
        repairs.append(f"utf8-truncated-tail:{found.tail.hex()}")
    # Some rare encodings can write surrogates, which no text may hold.
    text, newlines = _with_line_feeds(_SURROGATE.sub(REPLACEMENT_CHARACTER, text))
    return Decoded(text, found.encoding, (*repairs, *newlines))


def encode_back(decoded: Decoded) -> bytes:
    """Make the bytes again that `decode` was given, exactly."""
    repairs = dict(repair.split(":", 1) for repair in decoded.repairs)
    mark = BYTE_ORDER_MARKS.get(repairs.get("bom", ""), b"")
    tail = bytes.fromhex(repairs.get("utf8-truncated-tail", ""))
    return mark + _body(decoded, repairs) + tail


def _body(decoded: Decoded, repairs: dict[str, str]) -> bytes:
    written = repairs.get("bytes", "")
    if written.startswith("all="):
        return bytes.fromhex(written.removeprefix("all="))
    text = decoded.text
    if "newlines" in repairs:
        text = text.replace("\n", _NEWLINES[repairs["newlines"]])
    unreadable = sorted(_unreadable_in(repairs), key=lambda lost: lost.offset)
    payload = encode_traced(text, decoded.encoding, tuple(unreadable))
    return _with_lines(payload, written) if written else payload


def _damage_repairs(encoding: str, unreadable: tuple[Unreadable, ...]) -> list[str]:
    surrogates = [lost for lost in unreadable if lost.is_surrogate]
    others = [lost for lost in unreadable if not lost.is_surrogate]
    code = "utf8-damaged" if encoding == "utf-8" else "damaged"
    return [
        f"{name}:{len(found)}:{'.'.join(map(str, found))}"
        for name, found in (("surrogates", surrogates), (code, others))
        if found
    ]


def _unreadable_in(repairs: dict[str, str]) -> Iterable[Unreadable]:
    for name in ("surrogates", "utf8-damaged", "damaged"):
        if name in repairs:
            yield from map(Unreadable.parse, repairs[name].partition(":")[2].split("."))


def _with_line_feeds(text: str) -> tuple[str, tuple[str, ...]]:
    """Turn uniform CRLF or CR into line feeds; a mixture is left to the cleaning rule, which records it."""
    returns = text.count("\r")
    if not returns:
        return text, ()
    feeds = text.count("\n")
    if not feeds:
        return text.replace("\r", "\n"), ("newlines:cr",)
    if returns == feeds == text.count("\r\n"):
        return text.replace("\r\n", "\n"), ("newlines:crlf",)
    return text, ()


def _differing_lines(text: str, encoding: str, unreadable: tuple[Unreadable, ...], body: bytes) -> str:
    """Write down the lines of the original that encoding the text anew does not give; empty for none."""
    try:
        again = encode_traced(text, encoding, unreadable)
    except UnicodeEncodeError:
        return f"all={body.hex()}"
    if again == body and _SURROGATE.search(text) is None:
        return ""
    ours, theirs = again.split(b"\n"), body.split(b"\n")
    if len(ours) != len(theirs) or again == body:
        return f"all={body.hex()}"
    pairs = enumerate(zip(ours, theirs, strict=True))
    return ".".join(f"{number}={original.hex()}" for number, (mine, original) in pairs if mine != original)


def _with_lines(payload: bytes, written: str) -> bytes:
    lines = payload.split(b"\n")
    for part in written.split("."):
        number, _, digits = part.partition("=")
        lines[int(number)] = bytes.fromhex(digits)
    return b"\n".join(lines)
