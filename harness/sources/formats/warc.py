"""WARC files of crawlers: a page that a server gave is one record."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from harness.sources.fields import metadata_of
from harness.sources.formats.whole import label_of
from harness.sources.http_message import body_before_transfer, charset_of, parse_response
from harness.sources.members import seekable
from harness.sources.raw_file import (
    READ_FAILURES,
    Block,
    RawError,
    RawFile,
    RawRecord,
    Reading,
    TooMuchError,
    too_large,
)
from harness.sources.warc_records import WarcRecord, packed_records, plain_records

_PAGES = ("text/html", "application/xhtml+xml")
_PAGE_STARTS = (b"<!doctype html", b"<html")
_PLAIN = "text/plain"
_ANSWER = "application/http"


def read_plain(file: RawFile, reading: Reading) -> Iterator[Block]:
    """Read a WARC file; locators end in `#` and the byte at which the record begins."""
    with file.open() as stream:
        yield from _read(file, plain_records(stream, reading.limits), reading)


def read_packed(file: RawFile, reading: Reading) -> Iterator[Block]:
    """Read a WARC file of gzip members; locators end in `#` and the byte of the file at which one begins."""
    with seekable(file, reading.limits) as stream:
        yield from _read(file, packed_records(stream, reading.limits), reading)


def _read(file: RawFile, records: Iterable[WarcRecord], reading: Reading) -> Iterator[Block]:
    """Give a record for each page that came with a status from 200 to 299, and for each converted text.

    Other answers, requests, images and the like are no articles and no records. What is broken is an error.
    """
    for record in records:
        locator = f"{file.locator}#{record.place}"
        if record.problem is not None:
            yield RawError(locator, "broken-record", record.problem)
        elif record.holds_article:
            try:
                found = _found_in(record, locator, reading)
            except TooMuchError as error:
                found = RawError(locator, "archive-bomb", str(error))
            except READ_FAILURES as error:
                found = RawError(locator, "broken-record", str(error))
            if found is not None:
                yield found


@dataclass(frozen=True)
class _Article:
    """What was found in a record: bytes to decode, of which kind, their label, and what the server said."""

    payload: bytes
    media: str
    charset: str | None = None
    http: Mapping[str, str] = field(default_factory=dict)


def _found_in(record: WarcRecord, locator: str, reading: Reading) -> Block | None:
    content_type = record.headers.get("content-type", "").lower()
    if record.content is None:
        could_be = content_type.startswith((_ANSWER, _PLAIN, *_PAGES))
        return too_large(locator, reading.limits.record_bytes) if could_be else None
    article = None
    if record.kind == "conversion" and content_type.startswith(_PLAIN):
        article = _Article(record.content, "text")
    elif record.kind == "resource" and content_type.startswith(_PAGES):
        article = _Article(record.content, "html", charset_of(content_type))
    elif record.kind == "response" and content_type.startswith(_ANSWER):
        article = _page_in(record.content, reading)
    return None if article is None else _record_of(article, record, locator, reading)


def _page_in(answer: bytes, reading: Reading) -> _Article | None:
    """Take the page that a server gave, as it was before transfer; None where it gave something else."""
    response = parse_response(answer)
    content_type = response.headers.get("content-type", "").lower()
    if response.status not in range(200, 300) or not (content_type.startswith(_PAGES) or not content_type):
        return None
    page = body_before_transfer(response, reading.limits)
    if not content_type and not page.lstrip()[:20].lower().startswith(_PAGE_STARTS):
        return None
    return _Article(page, "html", response.charset, response.headers)


def _record_of(article: _Article, record: WarcRecord, locator: str, reading: Reading) -> RawRecord:
    """Make a record; fields are mapped from the WARC headers, `url`, and the server's headers under `http`."""
    url = record.headers.get("warc-target-uri", "").strip("<>")
    row = {**record.headers, "url": url, "http": dict(article.http)}
    return RawRecord(
        locator,
        article.payload,
        hashlib.sha256(article.payload).hexdigest(),
        len(article.payload),
        media=article.media,
        charset_declared=article.charset or (label_of(article.payload) if article.media == "html" else None),
        metadata=metadata_of(row, reading.fields),
    )
