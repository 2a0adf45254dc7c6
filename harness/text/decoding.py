"""From bytes to text, one record or a column of them; `encode_back` leads to the bytes again."""

import codecs
from collections.abc import Callable, Iterable
from importlib.metadata import version

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from harness.text.detection import MAX_TAB_SHARE, Detected, NotTextError, detect, known_encoding
from harness.text.repairs import BYTE_ORDER_MARKS, Decoded, decode_repaired, encode_back

__all__ = [
    "DECODED_SCHEMA",
    "Decoded",
    "NotTextError",
    "decode",
    "decode_as",
    "decode_batch",
    "decoding_identity",
    "encode_back",
    "rows_not_plain",
]

_MAX_BATCH_BYTES = 2**31 - 1
# Raised when some bytes decode otherwise than before.
_DECODING_VERSION = "3"

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
    return decode_repaired(payload, detect(payload, declared=declared, markup=markup))


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
    mark = BYTE_ORDER_MARKS.get(known, b"")
    return decode_repaired(payload, Detected(known, bom=mark if mark and payload.startswith(mark) else b""))


def rows_not_plain(payload: pa.LargeBinaryArray) -> npt.NDArray[np.bool_]:
    """Mark the rows that are not UTF-8, or have carriage returns, controls or very many tabs; shape (rows,), bool."""
    marked = _rows_with_controls(payload)
    marked[_rows_not_utf8(payload, 0)] = True
    return marked


def decode_batch(
    payload: pa.LargeBinaryArray,
    *,
    encoding: pa.StringArray,
    declared: pa.StringArray,
    markup: pa.BooleanArray,
    not_plain: Callable[[pa.LargeBinaryArray], npt.NDArray[np.bool_]] = rows_not_plain,
) -> pa.RecordBatch:
    """Read many records; those in plain UTF-8 without a Python object each.

    Args:
        payload: The bytes of each record; null (a source's own error) counts as empty.
        encoding: What the container told, or null: then the bytes are judged.
        declared: What a header or a page claims, or null.
        markup: Whether the record is a page.
        not_plain: Marks what `rows_not_plain` marks, perhaps in less time.

    Returns:
        `DECODED_SCHEMA`, one row a record, in order: what `decode` (`decode_as` where `encoding` is
        told) gives for each, or the code and sentence of the error it raises.
    """
    hard = _rows_to_look_at(payload, encoding) | not_plain(payload)
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
    nothing = pa.nulls(len(payload), pa.string())
    columns = [
        _replaced(plain, mask, texts),
        _replaced(pa.repeat("utf-8", len(payload)), mask, encodings),
        _lists_at(hard, repairs),
        _replaced(nothing, mask, errors),
        _replaced(nothing, mask, details),
    ]
    return pa.record_batch(columns, schema=DECODED_SCHEMA)


def _replaced(
    column: pa.StringArray, mask: pa.BooleanArray, values: tuple[str | None, ...]
) -> pa.StringArray:
    """Put values in their places; where there are none the column stays, and is not copied."""
    return pc.replace_with_mask(column, mask, pa.array(values, pa.string())) if values else column


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
    """Mark the rows that are empty, told to be no UTF-8, or begin with its mark; shape (rows,), bool."""
    is_empty = pc.fill_null(pc.equal(pc.binary_length(payload), 0), True)
    told_other = pc.fill_null(pc.not_equal(encoding, "utf-8"), False)
    is_marked = pc.fill_null(pc.starts_with(payload, pattern=codecs.BOM_UTF8), True)
    hard: npt.NDArray[np.bool_] = np.asarray(pc.or_(pc.or_(is_empty, told_other), is_marked))
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
