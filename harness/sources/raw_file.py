"""What travels inside this room: a readable thing with a name, and the records and failures found in it."""

import io
import lzma
import re
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import BinaryIO, Protocol, TypeAlias

import pyarrow as pa

from harness.core.recipe import FieldMapping

_READ_BYTES = 1 << 18

# What reading a damaged or hostile file raises in the standard library and in Arrow; ValueError includes
# UnicodeError, RuntimeError includes NotImplementedError (a compression that is not known) and RecursionError.
READ_FAILURES = (
    OSError, EOFError, ValueError, RuntimeError, struct.error, zipfile.BadZipFile, tarfile.TarError, zlib.error,
    lzma.LZMAError, pa.ArrowException,
)  # fmt: skip


@dataclass(frozen=True)
class Limits:
    """How much a source may ask of the machine.

    Args:
        record_bytes: Longest record (a text file, a line, a row, a page); longer ones are `too-large`. A
            thousand printed pages of Arabic have some 4 MB.
        document_bytes: Longest file of records that is held whole (a JSON list, a feed).
        block_bytes: How much of a file of lines is held at once.
        batch_bytes: Payload after which a batch is handed on.
        expansion_ratio: Unpacked bytes for each packed byte above which a stream is `archive-bomb`; deflate
            reaches 1,032, on one byte repeated.
        expansion_free_bytes: Unpacked bytes that no ratio forbids.
        archive_bytes: Unpacked bytes of one archive, with what is nested in it, whatever its size.
        archive_ratio: Unpacked bytes of an archive for each of its own, where that is more. Text packs to a
            tenth at best.
        containers: How many archives may lie in each other.
    """

    record_bytes: int = 32 << 20
    document_bytes: int = 1 << 30
    block_bytes: int = 4 << 20
    batch_bytes: int = 8 << 20
    expansion_ratio: int = 200
    expansion_free_bytes: int = 16 << 20
    archive_bytes: int = 2 << 30
    archive_ratio: int = 20
    containers: int = 2


@dataclass(frozen=True, slots=True)
class RawRecord:
    """One record: its bytes to decode and what is known of it. `sha256` is of its raw bytes.

    `reader` names the library that took the text out of the file, where one did.
    """

    locator: str
    payload: bytes
    sha256: str
    raw_bytes: int
    media: str = "text"
    encoding: str | None = None
    charset_declared: str | None = None
    metadata: Mapping[str, str | None] = field(default_factory=dict)
    reader: str | None = None


@dataclass(frozen=True, slots=True)
class RawError:
    """Something that should have been a record and cannot be read: a code for ledgers, a detail for people."""

    locator: str
    code: str
    detail: str
    sha256: str | None = None
    raw_bytes: int | None = None


@dataclass(frozen=True, slots=True)
class Segment:
    """Some lines of a file, one behind the other, whose records are read when they are wanted.

    Args:
        outer: Where the file is; the records are at `<outer>#L<number>`.
        first_line: Number of the first of the lines, from 1 on.
        key: Names their bytes, and the settings that shape the records in them.
        read: Gives the records.
    """

    outer: str
    first_line: int
    key: str
    read: "Callable[[], Iterator[Block]]"


# A reader gives records one by one, or a whole batch (schema RAW) where it has columns at hand, or lines to read later.
Block: TypeAlias = RawRecord | RawError | pa.RecordBatch | Segment


class TooMuchError(Exception):
    """A packed stream gives more than its limits allow."""


class Allowance:
    """Bytes that an archive and all that is nested in it may still unpack to; counts down."""

    def __init__(self, allowed_bytes: int) -> None:
        self.left_bytes = allowed_bytes

    def spend(self, count: int) -> None:
        """Take from what is left.

        Raises:
            TooMuchError: Nothing is left.
        """
        self.left_bytes -= count
        if self.left_bytes < 0:
            raise TooMuchError("the archive unpacks to more than is allowed")


@dataclass(frozen=True)
class RawFile:
    """A file, a member of an archive, or what a compressed file holds.

    Args:
        locator: Where it is, relative to the source's root.
        name: By whose extension the format is told.
        open: Opens it from its beginning; may be called more than once.
        containers: In how many archives it lies.
        allowance: What the archive around it may still unpack to.
    """

    locator: str
    name: str
    open: Callable[[], AbstractContextManager[BinaryIO]]
    containers: int = 0
    allowance: Allowance | None = None


class FormatReader(Protocol):
    """Reads one format: a file in, its records out."""

    def __call__(self, file: RawFile, reading: "Reading") -> Iterator[Block]:
        """Give the records in their order in the file; may raise READ_FAILURES and TooMuchError."""


@dataclass(frozen=True)
class Reading:
    """What every format's reader is told.

    Args:
        fields: Which key or column is which.
        limits: How much may be asked of the machine.
        read: Reads a file inside the file by its own format.
        shaped_by: Names all that shapes records beside their lines: files of lines may be given as segments,
            which are read later. None where they may not.
    """

    fields: FieldMapping
    limits: Limits
    read: FormatReader
    shaped_by: str | None = None


class BoundedStream(io.RawIOBase):
    """A stream that refuses to unpack without bound, and that stays broken once it was.

    Reading on behind a wrong checksum would look like the file's end.

    Args:
        inner: The unpacking stream.
        check: Called with the bytes given so far and the bytes just given; raises TooMuchError.
    """

    def __init__(self, inner: BinaryIO, check: Callable[[int, int], None]) -> None:
        self._inner = inner
        self._check = check
        self._given = 0
        self._failure: BaseException | None = None

    def readable(self) -> bool:
        """It is."""
        return True

    def tell(self) -> int:
        """Tell how many bytes were given."""
        return self._given

    def read(self, size: int = -1, /) -> bytes:
        """Read at most `size` bytes, never more than a block at once, whatever is asked."""
        if self._failure is not None:
            raise self._failure
        count = _READ_BYTES if size < 0 else min(size, _READ_BYTES)
        try:
            block = self._inner.read(count)
            self._given += len(block)
            self._check(self._given, len(block))
        except (*READ_FAILURES, TooMuchError) as error:
            self._failure = error
            raise
        return block

    def close(self) -> None:
        """Close what is inside, too."""
        self._inner.close()
        super().close()


def refuse_expansion(given: int, packed: int, limits: Limits) -> None:
    """Refuse a stream that has unpacked `packed` bytes to `given`.

    Raises:
        TooMuchError: That is over the ratio.
    """
    if given > limits.expansion_free_bytes and given > limits.expansion_ratio * max(packed, 1):
        raise TooMuchError(f"it unpacks to more than {limits.expansion_ratio} times its size")


def read_bounded(stream: BinaryIO, limit_bytes: int) -> bytes | None:
    """Read a stream to its end; None where it has more than the limit."""
    blocks = []
    size = 0
    while block := stream.read(_READ_BYTES):
        blocks.append(block)
        size += len(block)
        if size > limit_bytes:
            return None
    return b"".join(blocks)


def read_exactly(stream: BinaryIO, size: int) -> bytes:
    """Read `size` bytes, however few the stream gives at once; fewer only before its end or a failure.

    The failure is raised by the next call, so that nothing in front of it is lost.
    """
    blocks: list[bytes] = []
    try:
        while size and (block := stream.read(min(size, _READ_BYTES))):
            blocks.append(block)
            size -= len(block)
    except (*READ_FAILURES, TooMuchError):
        if not blocks:
            raise
    return b"".join(blocks)


def too_large(locator: str, limit_bytes: int) -> RawError:
    """Report what is above its limit."""
    return RawError(locator, "too-large", f"it may have {limit_bytes} bytes; cut it in parts")


_LONE_SURROGATE = re.compile("[\ud800-\udfff]")


def shown_name(name: str) -> str:
    r"""Write a file's or member's name as text that UTF-8 can hold: bytes that it cannot become `\xff`."""
    if not _LONE_SURROGATE.search(name):
        return name
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
