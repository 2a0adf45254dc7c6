"""The doors that bytes come in by, each with the laws that must hold whatever the bytes are."""

import hashlib
import io
import re
import zlib

import pyarrow as pa

from harness.core.recipe import FieldMapping
from harness.core.schema import RAW
from harness.sources.batching import gathered
from harness.sources.formats import json_lines, read_file
from harness.sources.html import extract, extract_batch
from harness.sources.raw_file import Limits, RawFile, Reading
from harness.text.characters import CONTROLS
from harness.text.cleaning import PROFILES, Edit, clean, clean_batch, replay, undo
from harness.text.decoding import Decoded, NotTextError, decode, decode_as, decode_batch, encode_back

_CONTROL = re.compile(f"[{CONTROLS}]")
_CODES = {"empty", "not-text", "unknown-encoding"}
_BATCH_BYTES = 1 << 20
_SMALL_BLOCK_BYTES = 64
_COLUMNS_ARE_TRIED_ONE_IN = 16


def text_door(payload: bytes) -> None:
    """Bytes of a text file: they decode or are refused by name, are cleaned, and lead back to the bytes."""
    decoded = _decoded(payload, markup=False)
    if decoded is not None:
        _hold_cleaning(decoded.text)


def page_door(payload: bytes) -> None:
    """Bytes of a page: they decode, and what is extracted is text that cleaning can take."""
    decoded = _decoded(payload, markup=True)
    if decoded is None:
        return
    page = extract(decoded.text)
    rows = extract_batch(pa.array([decoded.text], pa.string())).to_pylist()
    assert rows[0]["text"] == page.text
    assert rows[0]["error"] == (None if page.text else "no-text-extracted")
    _hold_cleaning(page.text)


def json_lines_door(payload: bytes) -> None:
    """Bytes of a JSONL file: each line that is not blank is one record or one error, however blocks are cut."""
    rows = _json_rows(payload, Limits())
    assert rows == _json_rows(payload, Limits(block_bytes=_SMALL_BLOCK_BYTES))
    locators = [row["locator"] for row in rows]
    assert len(set(locators)) == len(locators)
    lines = payload.split(b"\n")
    for row in rows:
        assert (row["payload"] is None) != (row["error"] is None)
        number = int(row["locator"].rpartition("#L")[2])
        own = lines[number - 1] if number <= len(lines) else b""
        plain = {hashlib.sha256(own[: len(own) - cut]).hexdigest() for cut in (0, 1)}
        # Of a wide encoding, or behind a mark, a line is not what lies between bytes 0x0A.
        assert row["raw_sha256"] in {None, *plain} or payload[:2] in _MARKS or b"\0" in payload
        if row["payload"] is not None:
            _hold_told(row["payload"], row["encoding"])


# Of every format that is read here by code of our own or of the standard library.
EXTENSIONS = (
    ".csv", ".tsv", ".json", ".xml", ".warc", ".warc.gz", ".zip", ".tar", ".gz", ".csv.gz", ".bz2", ".xz", ".zst",
    ".txt", ".html",
)  # fmt: skip


def file_door(payload: bytes) -> None:
    """A file of any format, chosen by its first byte: nothing is raised, each row is a record or an error."""
    if not payload:
        return
    name = f"f{EXTENSIONS[payload[0] % len(EXTENSIONS)]}"
    file = RawFile(name, name, lambda: io.BytesIO(payload[1:]))
    blocks = list(read_file(file, Reading(FieldMapping(), _TIGHT, read_file)))
    rows = pa.concat_tables([RAW.empty_table(), *gathered(blocks, _BATCH_BYTES)]).to_pylist()
    locators = [row["locator"] for row in rows]
    assert len(set(locators)) == len(locators)
    for row in rows:
        assert row["locator"].startswith("f.")
        assert (row["payload"] is None) != (row["error"] is None)
        if row["encoding"]:
            _hold_told(row["payload"], row["encoding"])
        elif row["payload"]:
            _decoded(row["payload"], markup=row["media"] == "html")


DOORS = (text_door, page_door, json_lines_door, file_door)

_TIGHT = Limits(record_bytes=1 << 18, archive_bytes=1 << 20, expansion_free_bytes=1 << 20)

_MARKS = {b"\xff\xfe", b"\xfe\xff", b"\xef\xbb", b"\0\0"}


def _decoded(payload: bytes, *, markup: bool) -> Decoded | None:
    """Decode alone and in a column, which must say the same; None where the bytes are refused."""
    null = pa.nulls(1, pa.string())
    row = decode_batch(
        pa.array([payload], pa.large_binary()), encoding=null, declared=null, markup=pa.array([markup])
    ).to_pylist()[0]
    try:
        decoded = decode(payload, markup=markup)
    except NotTextError as error:
        _hold_refusal(error, row["error"])
        return None
    assert encode_back(decoded) == payload
    assert (row["text"], row["encoding"], tuple(row["repairs"])) == (
        decoded.text,
        decoded.encoding,
        decoded.repairs,
    )
    return decoded


def _hold_refusal(error: NotTextError, code: str) -> None:
    assert error.code == code
    assert error.code in _CODES
    assert error.what


def _hold_told(payload: bytes, encoding: str) -> None:
    try:
        decoded = decode_as(payload, encoding)
    except NotTextError as error:
        _hold_refusal(error, "empty")
        return
    assert encode_back(decoded) == payload
    decoded.text.encode()


def _hold_cleaning(text: str) -> None:
    """Cleaning is written down, leads back, is done after once, and leaves no control and no surrogate."""
    text.encode()
    for profile in PROFILES:
        cleaned, edits = clean(text, profile)
        assert replay(text, edits) == cleaned
        assert undo(cleaned, edits) == text
        assert clean(cleaned, profile) == (cleaned, ())
        assert _CONTROL.search(cleaned) is None
        # Arrow compiles its patterns anew for every column, which takes ten times what cleaning takes.
        if zlib.crc32(text.encode()) % _COLUMNS_ARE_TRIED_ONE_IN == 0:
            column = clean_batch(pa.array([text], pa.string()), profile)
            assert column.text.to_pylist() == [cleaned]
            assert [
                Edit(row["rule"], row["start"], row["before"], row["after"])
                for row in column.edits.to_pylist()
            ] == list(edits)


def _json_rows(payload: bytes, limits: Limits) -> list[dict]:
    file = RawFile("f.jsonl", "f.jsonl", lambda: io.BytesIO(payload))
    try:
        blocks = list(json_lines.read(file, Reading(FieldMapping(), limits, json_lines.read)))
    except NotTextError as error:  # becomes the file's own error record
        _hold_refusal(error, error.code)
        return []
    table = pa.concat_tables([RAW.empty_table(), *gathered(blocks, _BATCH_BYTES)])
    return table.to_pylist()
