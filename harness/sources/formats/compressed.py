"""One file compressed by gzip, bzip2, xz or Zstandard; what is inside is read by its own format."""

import bz2
import contextlib
import gzip
import lzma
from collections.abc import Callable, Iterator
from typing import BinaryIO, cast

import pyarrow as pa

from harness.sources.members import allowance_for, nested_too_deep
from harness.sources.raw_file import (
    Allowance,
    Block,
    BoundedStream,
    RawFile,
    Reading,
    read_exactly,
    refuse_expansion,
)

_TAR = ".tar"
_ZSTANDARD_MAGIC = b"\x28\xb5\x2f\xfd"


class _Continued:
    """A stream with what was already read of it put back; as much of a file as Arrow asks for."""

    closed = False

    def __init__(self, start: bytes, rest: BinaryIO) -> None:
        self._start = start
        self._rest = rest

    def read(self, size: int) -> bytes:
        start, self._start = self._start[:size], self._start[size:]
        return start + self._rest.read(size - len(start))

    def close(self) -> None:
        """Leave the file to who opened it."""


def _gzip(packed: BinaryIO) -> BinaryIO:
    return cast("BinaryIO", gzip.GzipFile(fileobj=packed))


def _bzip2(packed: BinaryIO) -> BinaryIO:
    return cast("BinaryIO", bz2.BZ2File(packed))


def _xz(packed: BinaryIO) -> BinaryIO:
    return cast("BinaryIO", lzma.LZMAFile(packed))


def _zstandard(packed: BinaryIO) -> BinaryIO:
    # Arrow takes a file without a frame, which was cut off, for one that holds nothing.
    start = read_exactly(packed, len(_ZSTANDARD_MAGIC))
    if len(start) < len(_ZSTANDARD_MAGIC):
        raise EOFError("the file ends before its first frame")
    return cast("BinaryIO", pa.CompressedInputStream(pa.PythonFile(_Continued(start, packed), "r"), "zstd"))


# For each extension: how to unpack, and what it leaves of the name.
_METHODS: dict[str, tuple[Callable[[BinaryIO], BinaryIO], str]] = {
    "gz": (_gzip, ""),
    "tgz": (_gzip, _TAR),
    "bz2": (_bzip2, ""),
    "tbz2": (_bzip2, _TAR),
    "xz": (_xz, ""),
    "txz": (_xz, _TAR),
    "zst": (_zstandard, ""),
    "tzst": (_zstandard, _TAR),
}
EXTENSIONS = tuple(f".{extension}" for extension in _METHODS)


def read(file: RawFile, reading: Reading) -> Iterator[Block]:
    """Read what is inside under the file's own locator: there is nothing else in it to point at.

    A compressed tar counts as one archive.
    """
    problem = nested_too_deep(file, reading.limits)
    if problem is not None:
        yield problem
        return
    stem, _, extension = file.name.rpartition(".")
    unpack, left = _METHODS[extension.lower()]
    is_tar = (stem + left).lower().endswith(_TAR)
    allowance = file.allowance or (_allowance_of(file, reading) if is_tar else None)

    @contextlib.contextmanager
    def opened() -> Iterator[BinaryIO]:
        with file.open() as packed, contextlib.closing(unpack(packed)) as unpacking:

            def check(given: int, just_given: int) -> None:
                refuse_expansion(given, packed.tell(), reading.limits)
                if allowance:
                    allowance.spend(just_given)

            yield cast("BinaryIO", BoundedStream(unpacking, check))

    containers = file.containers + (0 if is_tar else 1)
    yield from reading.read(RawFile(file.locator, stem + left, opened, containers, allowance), reading)


def _allowance_of(file: RawFile, reading: Reading) -> Allowance:
    with file.open() as packed:
        return allowance_for(packed, reading.limits)
