"""WARC files cut into records, plain or one gzip member each; behind a broken record the next is found."""

import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import BinaryIO

from harness.sources.byte_reader import ByteReader
from harness.sources.http_message import headers_of
from harness.sources.raw_file import READ_FAILURES, Limits, TooMuchError, refuse_expansion

_VERSION = b"WARC/"
_VERSION_1 = b"WARC/1."
_GZIP_MAGIC = b"\x1f\x8b\x08"
_ONLY_ONCE = (b"warc-type:", b"warc-record-id:", b"content-length:")
_LINE_BYTES = 1 << 16
_HEADER_LINES = 1_000
_SCAN_BYTES = 1 << 20
_TRIAL_BYTES = 1 << 12

# Records that may hold an article, and what else crawlers write: requests, metadata, revisits.
_HOLDING = frozenset({"response", "resource", "conversion"})


@dataclass(frozen=True, slots=True)
class WarcRecord:
    """A record: where it begins, its headers (names in small letters), and its content.

    `content` is None where it is above the limit, and where the record is of a kind that holds no article.
    `problem` is what makes it none; the headers are empty then.
    """

    place: str
    headers: Mapping[str, str]
    content: bytes | None
    problem: str | None = None

    @property
    def kind(self) -> str:
        """The type of the record, in small letters."""
        return self.headers.get("warc-type", "").lower()

    @property
    def holds_article(self) -> bool:
        """Whether a record of its kind may hold an article."""
        return self.kind in _HOLDING


def plain_records(stream: BinaryIO, limits: Limits) -> Iterator[WarcRecord]:
    """Give the records of a file that is not compressed; places are byte offsets.

    Raises:
        READ_FAILURES: A record is broken, and the stream cannot be searched for the next one.
    """
    reader = ByteReader(stream.read)
    while True:
        start = reader.place
        try:
            _skip_blank_lines(reader)
            start = reader.place
            record = _next_record(reader, str(start), limits)
        except READ_FAILURES as error:
            if not stream.seekable():
                raise
            yield WarcRecord(str(start), {}, None, str(error))
            following = next(_places_of(_VERSION_1, stream, start + 1), None)
            if following is None:
                return
            stream.seek(following)
            reader = ByteReader(stream.read, following)
            continue
        if record is None:
            return
        yield record


def packed_records(stream: BinaryIO, limits: Limits) -> Iterator[WarcRecord]:
    """Give the records of a file of gzip members, which must be seekable.

    Places are offsets of members in the compressed file; a record that is not the first of its member has
    its offset inside it behind a `+`.
    """
    place: int | None = 0
    while place is not None:
        member = _Member(stream, place, limits)
        if member.is_end():
            return
        reader = ByteReader(member.read)
        name = str(place)
        try:
            while True:
                _skip_blank_lines(reader)
                name = f"{place}+{reader.place}" if reader.place else str(place)
                record = _next_record(reader, name, limits)
                if record is None:
                    break
                # At the member's end its checksum is compared, before anything of it counts.
                _skip_blank_lines(reader)
                yield record
            place = member.end
        except (*READ_FAILURES, TooMuchError) as error:
            yield WarcRecord(name, {}, None, str(error))
            place = _next_member(stream, place)


class _Member:
    """One gzip member, unpacked as it is read, within bounds."""

    def __init__(self, stream: BinaryIO, place: int, limits: Limits) -> None:
        self._stream = stream
        self._place = place
        self._limits = limits
        self._inflate = zlib.decompressobj(31)
        self._fed = 0
        self._given = 0
        stream.seek(place)
        self._waiting = stream.read(_LINE_BYTES)

    def is_end(self) -> bool:
        """Tell whether the file ends before it."""
        return not self._waiting

    @property
    def end(self) -> int:
        """Where the next member begins, once this one is read."""
        return self._place + self._fed - len(self._inflate.unused_data)

    def read(self, size: int) -> bytes:
        """Unpack at most `size` bytes."""
        while not self._inflate.eof:
            packed = self._inflate.unconsumed_tail
            if not packed:
                packed = self._waiting or self._stream.read(_LINE_BYTES)
                self._waiting = b""
                self._fed += len(packed)
            if not packed:
                raise EOFError("the compressed record ends in the middle")
            unpacked = self._inflate.decompress(packed, size)
            self._given += len(unpacked)
            refuse_expansion(self._given, self._fed, self._limits)
            if unpacked:
                return unpacked
        return b""


def _skip_blank_lines(reader: ByteReader) -> None:
    while reader.peek(1) in (b"\r", b"\n"):
        reader.exactly(1)


def _next_record(reader: ByteReader, place: str, limits: Limits) -> WarcRecord | None:
    """Read one record to its end, with its content where that may be an article; None at the end of all."""
    if not reader.peek(1):
        return None
    if not reader.line(_LINE_BYTES).startswith(_VERSION):
        raise ValueError("the line with the version is missing")
    lines = _header_lines(reader)
    headers = headers_of(lines)
    if any(sum(line.lower().startswith(name) for line in lines) > 1 for name in _ONLY_ONCE):
        raise ValueError("the headers of two records have run together")
    size = _content_bytes(headers)
    record = WarcRecord(place, headers, None)
    content = None
    if record.holds_article and size <= limits.record_bytes:
        content = reader.exactly(size)
    else:
        reader.skip(size)
    rest = reader.peek(len(b"\r\n\r\n")).lstrip(b"\r\n")
    if not _VERSION.startswith(rest):
        raise ValueError("its content does not end where its length says")
    return WarcRecord(place, headers, content)


def _header_lines(reader: ByteReader) -> list[bytes]:
    lines: list[bytes] = []
    while (line := reader.line(_LINE_BYTES)).strip():
        lines.append(line)
        if len(lines) > _HEADER_LINES:
            raise ValueError(f"it has more than {_HEADER_LINES} headers")
    if not line:
        raise EOFError("it ends in its headers")
    return lines


def _content_bytes(headers: Mapping[str, str]) -> int:
    told = headers.get("content-length", "")
    if not (told.isascii() and told.isdigit() and len(told) < 20):  # 64 bits
        raise ValueError(f"its length is no number: {told[:30]!r}")
    return int(told)


def _next_member(stream: BinaryIO, behind: int) -> int | None:
    """Find the next member that begins like a record: the three bytes of a magic stand by chance, too."""
    for place in _places_of(_GZIP_MAGIC, stream, behind + 1):
        stream.seek(place)
        try:
            if zlib.decompressobj(31).decompress(stream.read(_TRIAL_BYTES), len(_VERSION)) == _VERSION:
                return place
        except zlib.error:
            continue
    return None


def _places_of(pattern: bytes, stream: BinaryIO, start: int) -> Iterator[int]:
    """Find a pattern from some place on; the stream may be moved between two finds."""
    held = b""
    held_place = start
    while True:
        stream.seek(held_place + len(held))
        block = stream.read(_SCAN_BYTES)
        if not block:
            return
        held += block
        found = held.find(pattern)
        while found >= 0:
            yield held_place + found
            found = held.find(pattern, found + 1)
        kept = len(pattern) - 1
        held_place += max(len(held) - kept, 0)
        held = held[-kept:]
