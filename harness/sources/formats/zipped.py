"""Zip archives: each member is read by its own format, within bounds, and never written anywhere by its name."""

import contextlib
import stat
import zipfile
from collections.abc import Iterator
from typing import BinaryIO, cast

from harness.sources.members import allowance_for, in_natural_order, leads_out, nested_too_deep, seekable
from harness.sources.raw_file import (
    Allowance,
    Block,
    BoundedStream,
    RawError,
    RawFile,
    Reading,
    refuse_expansion,
)

_ENCRYPTED = 0x1


def read(file: RawFile, reading: Reading) -> Iterator[Block]:
    """Read the members in natural order of their names; folders and hidden members are no records."""
    problem = nested_too_deep(file, reading.limits)
    if problem is not None:
        yield problem
        return
    with seekable(file, reading.limits) as stream, zipfile.ZipFile(stream) as archive:
        allowance = file.allowance or allowance_for(stream, reading.limits)
        # `is_dir` would look at the last character of a name that has none.
        members = [
            (member.filename, member) for member in archive.infolist() if not member.filename.endswith("/")
        ]
        for locator, member in in_natural_order(members, file.locator):
            refused = _problem_of(locator, member)
            if refused is None:
                yield from reading.read(_as_file(file, archive, member, locator, allowance, reading), reading)
            else:
                yield refused


def _problem_of(locator: str, member: zipfile.ZipInfo) -> RawError | None:
    if not member.filename:
        return RawError(locator, "unsafe-member-name", "the member has no name")
    if leads_out(member.filename):
        return RawError(locator, "unsafe-member-name", "the member's name leads out of the archive")
    if stat.S_ISLNK(member.external_attr >> 16):
        return RawError(locator, "link-in-archive", "the member is a link to another file")
    if member.flag_bits & _ENCRYPTED:
        return RawError(locator, "encrypted-member", "the member is encrypted")
    return None


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
