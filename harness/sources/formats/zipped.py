"""Zip archives: each member is read by its own format, within bounds, and never written anywhere by its name."""

import contextlib
import re
import stat
import tempfile
import zipfile
from collections import Counter
from collections.abc import Iterator
from typing import BinaryIO, cast

from harness.sources.naming import is_hidden, natural_key
from harness.sources.raw_file import (
    Allowance,
    Block,
    BoundedStream,
    RawError,
    RawFile,
    Reading,
    TooMuchError,
    refuse_expansion,
    shown_name,
)

_ENCRYPTED = 0x1
_DRIVE = re.compile(r"[A-Za-z]:")
_IN_MEMORY_BYTES = 16 << 20
_COPY_BYTES = 1 << 18


def read(file: RawFile, reading: Reading) -> Iterator[Block]:
    """Read the members in natural order of their names; folders and hidden members are no records."""
    if file.containers >= reading.limits.containers:
        yield RawError(file.locator, "nested-too-deep", "archives are opened one level inside another")
        return
    allowance = file.allowance or Allowance(reading.limits.archive_bytes)
    with _seekable(file, reading) as stream, zipfile.ZipFile(stream) as archive:
        for locator, member in _members(archive, file.locator):
            problem = _problem_of(locator, member)
            if problem is None:
                yield from reading.read(_as_file(file, archive, member, locator, allowance, reading), reading)
            else:
                yield problem


@contextlib.contextmanager
def _seekable(file: RawFile, reading: Reading) -> Iterator[BinaryIO]:
    """Open a file on disk as it is, and copy what comes out of another archive: seeking there unpacks anew."""
    with file.open() as stream:
        if not file.containers:
            yield stream
            return
        with tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY_BYTES) as copy:
            left_bytes = reading.limits.archive_bytes
            while block := stream.read(_COPY_BYTES):
                left_bytes -= len(block)
                if left_bytes < 0:
                    raise TooMuchError("the inner archive is larger than is allowed")
                copy.write(block)
            copy.seek(0)
            yield cast("BinaryIO", copy)


def _members(archive: zipfile.ZipFile, outer: str) -> list[tuple[str, zipfile.ZipInfo]]:
    """Name the members in natural order; a repeated name gets `~2`, `~3`, so that each can be pointed at."""
    seen: Counter[str] = Counter()
    named = []
    for member in sorted(archive.infolist(), key=lambda member: natural_key(member.filename)):
        if member.is_dir() or (is_hidden(member.filename) and not _is_unsafe(member.filename)):
            continue
        name = shown_name(member.filename)
        seen[name] += 1
        named.append((f"{outer}!{name}" + (f"~{seen[name]}" if seen[name] > 1 else ""), member))
    return named


def _problem_of(locator: str, member: zipfile.ZipInfo) -> RawError | None:
    if _is_unsafe(member.filename):
        return RawError(locator, "unsafe-member-name", "the member's name leads out of the archive")
    if stat.S_ISLNK(member.external_attr >> 16):
        return RawError(locator, "link-in-archive", "the member is a link to another file")
    if member.flag_bits & _ENCRYPTED:
        return RawError(locator, "encrypted-member", "the member is encrypted")
    return None


def _is_unsafe(name: str) -> bool:
    name = name.replace("\\", "/")
    return name.startswith("/") or _DRIVE.match(name) is not None or ".." in name.split("/")


def _as_file(
    file: RawFile,
    archive: zipfile.ZipFile,
    member: zipfile.ZipInfo,
    locator: str,
    allowance: Allowance,
    reading: Reading,
) -> RawFile:
    @contextlib.contextmanager
    def opened() -> Iterator[BinaryIO]:
        def check(given: int, just_given: int) -> None:
            refuse_expansion(given, member.compress_size, reading.limits)
            allowance.spend(just_given)

        with archive.open(member) as unpacking:
            yield cast("BinaryIO", BoundedStream(cast("BinaryIO", unpacking), check))

    return RawFile(locator, member.filename, opened, file.containers + 1, allowance)
