"""One file compressed by gzip; what is inside is read by its own format."""

import contextlib
import gzip
from collections.abc import Iterator
from typing import BinaryIO, cast

from harness.sources.raw_file import Block, BoundedStream, RawError, RawFile, Reading, refuse_expansion


def read(file: RawFile, reading: Reading) -> Iterator[Block]:
    """Read what is inside under the file's own locator: there is nothing else in it to point at."""
    if file.containers >= reading.limits.containers:
        yield RawError(file.locator, "nested-too-deep", "archives are opened one level inside another")
        return

    @contextlib.contextmanager
    def opened() -> Iterator[BinaryIO]:
        with file.open() as packed, gzip.GzipFile(fileobj=packed) as unpacking:

            def check(given: int, just_given: int) -> None:
                refuse_expansion(given, packed.tell(), reading.limits)
                if file.allowance:
                    file.allowance.spend(just_given)

            yield cast("BinaryIO", BoundedStream(cast("BinaryIO", unpacking), check))

    inner = RawFile(file.locator, file.name[: -len(".gz")], opened, file.containers + 1, file.allowance)
    yield from reading.read(inner, reading)
