"""From bytes to text: the encoding found, every repair written down, and the way back to the bytes."""

import codecs
import re
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.metadata import version

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from harness.text.characters import REPLACEMENT_CHARACTER
from harness.text.detection import MAX_TAB_SHARE, Detected, NotTextError, detect, known_encoding
from harness.text.traced import Unreadable, decode_traced, encode_traced

__all__ = [
    "DECODED_SCHEMA",
    "Decoded",
    "NotTextError",
    "decode",
    "decode_as",
    "decode_batch",
    "decoding_identity",
    "encode_back",
]

_MARKS = {
    "utf-8": codecs.BOM_UTF8,
    "utf-16-le": codecs.BOM_UTF16_LE,
    "utf-16-be": codecs.BOM_UTF16_BE,
    "utf-32-le": codecs.BOM_UTF32_LE,
    "utf-32-be": codecs.BOM_UTF32_BE,
}
_MAX_BATCH_BYTES = 2**31 - 1
# Raised when some bytes decode otherwise than before.
_DECODING_VERSION = "1"
_SURROGATE = re.compile("[\ud800-\udfff]")
_NEWLINES = {"crlf": "\r\n", "cr": "\r"}

DECODED_SCHEMA = pa.schema(
    [
        pa.field("text", pa.string()),  # null where there is an error
        pa.field("encoding", pa.string()),
        pa.field("repairs", pa.list_(pa.string())),
        pa.field("error", pa.string()),  # a code of NotTextError, or null
        pa.field("detail", pa.string()),
    ]
)


def decoding_identity() -> str:
    """Name this stage's version and the detector's, as part of a version's identity."""
    return f"{_DECODING_VERSION}, chardet {version('chardet')}"


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


def decode(payload: bytes, *, declared: str | None = None, markup: bool = False) -> Decoded:
    """Read bytes of unknown encoding.

    Args:
        payload: All the bytes of one record.
        declared: The encoding that a header or a page claims; it may be wrong and only breaks ties.
        markup: The bytes are a page: judge its visible text.

    Raises:
        NotTextError: The bytes are empty or no text; its `code` says which.
    """
    if not payload:
        raise NotTextError("empty", "there are no bytes")
    return _decoded(payload, detect(payload, declared=declared, markup=markup))


def decode_as(payload: bytes, encoding: str) -> Decoded:
    """Read bytes whose encoding the container told (JSON strings are UTF-8): no guess, damage is kept.

    Raises:
        NotTextError: The bytes are empty, or there is no such encoding.
    """
    if not payload:
        raise NotTextError("empty", "there are no bytes")
    known = known_encoding(encoding)
    if known is None:
        raise NotTextError("unknown-encoding", f"no text encoding is called {encoding[:40]!r}")
    mark = _MARKS.get(known, b"")
    return _decoded(payload, Detected(known, bom=mark if mark and payload.startswith(mark) else b""))


def encode_back(decoded: Decoded) -> bytes:
    """Make the bytes again that `decode` was given, exactly."""
    repairs = dict(repair.split(":", 1) for repair in decoded.repairs)
    mark = _MARKS.get(repairs.get("bom", ""), b"")
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


def _decoded(payload: bytes, found: Detected) -> Decoded:
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


def decode_batch(
    payload: pa.LargeBinaryArray,
    *,
    encoding: pa.StringArray,
    declared: pa.StringArray,
    markup: pa.BooleanArray,
) -> pa.RecordBatch:
    """Read many records; those in plain UTF-8 without a Python object each.

    Args:
        payload: The bytes of each record; null (a source's own error) counts as empty.
        encoding: What the container told, or null: then the bytes are judged.
        declared: What a header or a page claims, or null.
        markup: Whether the record is a page.

    Returns:
        `DECODED_SCHEMA`, one row a record, in order: what `decode` (`decode_as` where `encoding` is
        told) gives for each, or the code and sentence of the error it raises.
    """
    hard = _rows_to_look_at(payload, encoding)
    plain = _as_strings(payload)
    outcomes = [
        _outcome(
            payload[row].as_py(),
            encoding[row].as_py(),
            declared=declared[row].as_py(),
            markup=bool(markup[row].as_py()),
        )
        for row in np.flatnonzero(hard).tolist()
    ]
    mask = pa.array(hard)
    texts, encodings, repairs, errors, details = zip(*outcomes, strict=True) if outcomes else ((),) * 5
    columns = [
        pc.replace_with_mask(plain, mask, pa.array(texts, pa.string())),
        pc.replace_with_mask(pa.repeat("utf-8", len(payload)), mask, pa.array(encodings, pa.string())),
        _lists_at(hard, repairs),
        pc.replace_with_mask(pa.nulls(len(payload), pa.string()), mask, pa.array(errors, pa.string())),
        pc.replace_with_mask(pa.nulls(len(payload), pa.string()), mask, pa.array(details, pa.string())),
    ]
    return pa.record_batch(columns, schema=DECODED_SCHEMA)


_Outcome = tuple[str | None, str | None, tuple[str, ...], str | None, str | None]


def _outcome(payload: bytes | None, encoding: str | None, *, declared: str | None, markup: bool) -> _Outcome:
    try:
        if encoding is None:
            decoded = decode(payload or b"", declared=declared, markup=markup)
        else:
            decoded = decode_as(payload or b"", encoding)
    except NotTextError as error:
        return None, None, (), error.code, error.what
    return decoded.text, decoded.encoding, decoded.repairs, None, None


def _rows_to_look_at(payload: pa.LargeBinaryArray, encoding: pa.StringArray) -> npt.NDArray[np.bool_]:
    """Mark the rows that are not UTF-8 without mark, carriage returns and controls; shape (rows,), bool."""
    told_other = pc.fill_null(pc.not_equal(encoding, "utf-8"), False)
    hard: npt.NDArray[np.bool_] = np.asarray(
        pc.or_(pc.fill_null(pc.equal(pc.binary_length(payload), 0), True), told_other)
    )
    hard = hard | np.asarray(pc.fill_null(pc.starts_with(payload, pattern=codecs.BOM_UTF8), True))
    hard |= _rows_with_controls(payload)
    hard[_rows_not_utf8(payload, 0)] = True
    return hard


# The bytes below a blank but tab and line feed: carriage returns, and what may be UTF-16 or no text.
_TAB = 0x09
_IS_CONTROL = np.array([byte < 0x20 and byte not in b"\t\n" for byte in range(256)])


def _rows_with_controls(payload: pa.LargeBinaryArray) -> npt.NDArray[np.bool_]:
    if not len(payload):
        return np.zeros(0, bool)
    marked = np.zeros(len(payload), bool)
    offsets = _offsets(payload)
    content = np.frombuffer(payload.buffers()[2] or b"", np.uint8)[offsets[0] : offsets[-1]]
    low = np.flatnonzero(content < 0x20)
    rows = np.searchsorted(offsets, low + offsets[0], side="right") - 1
    marked[rows[_IS_CONTROL[content[low]]]] = True
    # Many tabs may be UTF-16 of Devanagari: not as plain as they look.
    tabs = np.bincount(rows[content[low] == _TAB], minlength=len(payload))
    return marked | (tabs > MAX_TAB_SHARE * np.diff(offsets))


def _offsets(payload: pa.LargeBinaryArray) -> npt.NDArray[np.int64]:
    """Where each value begins in the array's buffer of bytes, and the end; shape (rows + 1,)."""
    if not len(payload):
        return np.zeros(1, np.int64)
    return np.frombuffer(payload.buffers()[1], np.int64)[payload.offset : payload.offset + len(payload) + 1]


def _as_strings(payload: pa.LargeBinaryArray) -> pa.StringArray:
    """See the bytes as strings without a copy or a check: the rows that are none are replaced right away."""
    offsets = _offsets(payload)
    content = (payload.buffers()[2] or pa.py_buffer(b""))[int(offsets[0]) : int(offsets[-1])]
    if len(content) > _MAX_BATCH_BYTES:
        raise ValueError(
            f"a batch of {len(content)} bytes is over the {_MAX_BATCH_BYTES} that strings address"
        )
    narrow = (offsets - offsets[0]).astype(np.int32)
    return pa.StringArray.from_buffers(len(payload), pa.py_buffer(narrow), content)


def _rows_not_utf8(payload: pa.LargeBinaryArray, first: int) -> list[int]:
    """Find the invalid rows by halving: one pass over a sound batch, few more for a few bad rows."""
    try:
        payload.cast(pa.large_string())
    except pa.ArrowInvalid:
        if len(payload) == 1:
            return [first]
        half = len(payload) // 2
        return _rows_not_utf8(payload[:half], first) + _rows_not_utf8(payload[half:], first + half)
    return []


def _lists_at(hard: npt.NDArray[np.bool_], lists: Iterable[tuple[str, ...]]) -> pa.ListArray:
    rows = list(lists)
    lengths = np.zeros(len(hard), np.int32)
    lengths[hard] = [len(row) for row in rows]
    offsets = np.concatenate([np.zeros(1, np.int32), np.cumsum(lengths, dtype=np.int32)])
    values = pa.array([code for row in rows for code in row], pa.string())
    return pa.ListArray.from_arrays(pa.array(offsets), values)
