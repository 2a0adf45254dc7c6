"""Files that are one record each: plain text, Markdown, pages."""

import hashlib
import re
from collections.abc import Iterator

from harness.sources.raw_file import Block, RawFile, RawRecord, Reading, read_bounded, too_large

# HTML asks for the label in the first 1,024 bytes; many pages have it later.
_LABEL_SOUGHT_BYTES = 4_096
_LABEL = re.compile(
    rb"""<(?:meta\b[^<>]{0,512}?\bcharset|\?xml\b[^<>]{0,256}?\bencoding)\s*=\s*["']?([A-Za-z0-9_.:-]{1,40})""",
    re.IGNORECASE,
)


def read_text(file: RawFile, reading: Reading) -> Iterator[Block]:
    """Give the file as one record of text."""
    yield from _read(file, reading, media="text")


def read_page(file: RawFile, reading: Reading) -> Iterator[Block]:
    """Give the file as one record of HTML, with the encoding that it claims."""
    yield from _read(file, reading, media="html")


def _read(file: RawFile, reading: Reading, *, media: str) -> Iterator[Block]:
    with file.open() as stream:
        payload = read_bounded(stream, reading.limits.record_bytes)
    if payload is None:
        yield too_large(file.locator, reading.limits.record_bytes)
        return
    yield RawRecord(
        file.locator,
        payload,
        hashlib.sha256(payload).hexdigest(),
        len(payload),
        media=media,
        charset_declared=label_of(payload) if media == "html" else None,
    )


def label_of(page: bytes) -> str | None:
    """Take the encoding that a page claims, in small letters."""
    found = _LABEL.search(page, 0, _LABEL_SOUGHT_BYTES)
    return found[1].decode("ascii").lower() if found else None
