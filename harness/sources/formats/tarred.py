"""Tar archives: each member is read by its own format, and never written anywhere by its name."""

import contextlib
import tarfile
from collections.abc import Iterator
from typing import BinaryIO, cast

from harness.sources.members import allowance_for, in_natural_order, leads_out, nested_too_deep, seekable
from harness.sources.raw_file import Allowance, Block, BoundedStream, RawError, RawFile, Reading

_BLANK_BLOCK = bytes(tarfile.BLOCKSIZE)
_SCAN_BYTES = 1 << 20


def read(file: RawFile, reading: Reading) -> Iterator[Block]:
    """Read the members in natural order of their names; folders and hidden members are no records.

    What comes out of a compressed tar is copied to the disk first: its members stand in any order. Where
    the archive is broken, the members in front of the break are read, and the break is one error.
    """
    problem = nested_too_deep(file, reading.limits)
    if problem is not None:
        yield problem
        return
    with seekable(file, reading.limits) as stream:
        allowance = file.allowance or allowance_for(stream, reading.limits)
        with tarfile.open(fileobj=stream, mode="r:") as archive:
            members, break_ = _listed(archive, stream)
            for locator, member in in_natural_order(members, file.locator):
                refused = _problem_of(locator, member)
                if refused is None:
                    yield from reading.read(_as_file(file, (archive, member), locator, allowance), reading)
                else:
                    yield refused
    if break_ is not None:
        yield RawError(file.locator, "broken-archive", break_)


def _listed(
    archive: tarfile.TarFile, stream: BinaryIO
) -> tuple[list[tuple[str, tarfile.TarInfo]], str | None]:
    """List all members but folders, and tell what keeps the list from its proper end, if anything does."""
    members = []
    try:
        while (member := archive.next()) is not None:
            if not member.isdir():
                members.append((member.name, member))
    except tarfile.TarError as error:
        return members, str(error)
    return members, _wrong_end(stream, archive.offset)


def _wrong_end(stream: BinaryIO, place: int) -> str | None:
    """Look at what the library took for the end: it stops at anything that is no header, without a word."""
    stream.seek(place)
    block = stream.read(tarfile.BLOCKSIZE)
    if not block:
        return f"the mark of its end is missing at byte {place}: it may have been cut off"
    if block != _BLANK_BLOCK:
        return f"the header at byte {place} is broken"
    while block := stream.read(_SCAN_BYTES):
        if block.strip(b"\0"):
            return f"something follows the mark of its end at byte {place}"
    return None


def _problem_of(locator: str, member: tarfile.TarInfo) -> RawError | None:
    if leads_out(member.name):
        return RawError(locator, "unsafe-member-name", "the member's name leads out of the archive")
    if member.issym() or member.islnk():
        return RawError(locator, "link-in-archive", "the member is a link to another file")
    if not member.isfile():
        return RawError(locator, "not-a-file", "the member is a pipe or a device")
    return None


def _as_file(
    file: RawFile, entry: tuple[tarfile.TarFile, tarfile.TarInfo], locator: str, allowance: Allowance
) -> RawFile:
    archive, member = entry

    @contextlib.contextmanager
    def opened() -> Iterator[BinaryIO]:
        def check(_: int, just_given: int) -> None:
            if member.issparse():  # the only members with more bytes than the archive has for them
                allowance.spend(just_given)

        content = archive.extractfile(member)
        assert content is not None, "only files are opened"  # noqa: S101
        with content:
            yield cast("BinaryIO", BoundedStream(cast("BinaryIO", content), check))

    return RawFile(locator, member.name, opened, file.containers + 1, allowance)
