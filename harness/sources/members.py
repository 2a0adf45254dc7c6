"""What archives of all kinds share: names of members, seeking in what cannot seek, how much may come out."""

import contextlib
import re
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import BinaryIO, TypeVar, cast

from harness.sources.naming import is_hidden, natural_key
from harness.sources.raw_file import Allowance, Limits, RawError, RawFile, TooMuchError, shown_name

_DRIVE = re.compile(r"[A-Za-z]:")
_IN_MEMORY_BYTES = 16 << 20
_COPY_BYTES = 1 << 18
_Member = TypeVar("_Member")


def nested_too_deep(file: RawFile, limits: Limits) -> RawError | None:
    """Refuse an archive that lies in too many others."""
    if file.containers < limits.containers:
        return None
    return RawError(file.locator, "nested-too-deep", "archives are opened one level inside another")


def in_natural_order(members: Sequence[tuple[str, _Member]], outer: str) -> list[tuple[str, _Member]]:
    """Give each member that may be a record its locator, in natural order of their names.

    Hidden ones are left out. A repeated name gets `~2`, `~3`, so that each can be pointed at.

    Args:
        members: Names, as the archive has them, and members.
        outer: The archive's own locator.
    """
    seen: Counter[str] = Counter()
    named = []
    for name, member in sorted(members, key=lambda pair: natural_key(pair[0])):
        if is_hidden(name.removeprefix("./")) and not leads_out(name):
            continue
        shown = shown_name(name.removeprefix("./"))
        seen[shown] += 1
        named.append((f"{outer}!{shown}" + (f"~{seen[shown]}" if seen[shown] > 1 else ""), member))
    return named


def leads_out(name: str) -> bool:
    """Tell whether a member's name points out of its archive, on any system."""
    name = name.replace("\\", "/")
    return name.startswith("/") or _DRIVE.match(name) is not None or ".." in name.split("/")


def allowance_for(stream: BinaryIO, limits: Limits) -> Allowance:
    """Tell how much may come out of a stream of packed bytes: more of a large one that can be measured."""
    return Allowance(max(limits.archive_bytes, limits.archive_ratio * _size_of(stream)))


@contextlib.contextmanager
def seekable(file: RawFile, limits: Limits) -> Iterator[BinaryIO]:
    """Open a file on disk as it is, and copy what comes out of another archive: seeking there unpacks anew."""
    with file.open() as stream:
        if stream.seekable():
            yield stream
            return
        left_bytes = file.allowance.left_bytes if file.allowance else limits.archive_bytes
        with tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY_BYTES) as copy:
            while block := stream.read(_COPY_BYTES):
                left_bytes -= len(block)
                if left_bytes < 0:
                    raise TooMuchError("the inner archive is larger than is allowed")
                copy.write(block)
            copy.seek(0)
            yield cast("BinaryIO", copy)


def _size_of(stream: BinaryIO) -> int:
    if not stream.seekable():
        return 0
    place = stream.tell()
    size = stream.seek(0, 2)
    stream.seek(place)
    return size
