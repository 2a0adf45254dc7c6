"""The formats that files come in: one module each, found by the file's extension."""

import gzip
import lzma
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Iterator

from harness.sources.formats import (
    columnar,
    compressed,
    feed,
    json_document,
    json_lines,
    pdf,
    separated,
    tarred,
    unsupported,
    warc,
    whole,
    zipped,
)
from harness.sources.raw_file import (
    READ_FAILURES,
    Block,
    FormatReader,
    RawError,
    RawFile,
    Reading,
    TooMuchError,
)
from harness.text.detection import NotTextError

_ARCHIVE_FAILURES = (
    zipfile.BadZipFile, tarfile.TarError, gzip.BadGzipFile, zlib.error, lzma.LZMAError, EOFError, struct.error,
)  # fmt: skip

# A new format is one module and one entry here. What has no entry is read as text.
_READERS: dict[str, FormatReader] = {
    ".html": whole.read_page,
    ".htm": whole.read_page,
    ".xhtml": whole.read_page,
    ".jsonl": json_lines.read,
    ".ndjson": json_lines.read,
    ".json": json_document.read,
    ".csv": separated.read_commas,
    ".tsv": separated.read_tabs,
    ".tab": separated.read_tabs,
    ".parquet": columnar.read_parquet,
    ".arrow": columnar.read_arrow,
    ".feather": columnar.read_arrow,
    ".rss": feed.read,
    ".atom": feed.read,
    ".rdf": feed.read,
    ".xml": feed.read,
    ".warc": warc.read_plain,
    ".warc.gz": warc.read_packed,
    ".pdf": pdf.read,
    ".zip": zipped.read,
    ".tar": tarred.read,
    **dict.fromkeys(compressed.EXTENSIONS, compressed.read),
    **dict.fromkeys(unsupported.EXTENSIONS, unsupported.refuse),
}


def read_file(file: RawFile, reading: Reading) -> Iterator[Block]:
    """Read a file by its format; whatever goes wrong ends as an error record, after what was read before.

    Never raises for what a file holds.
    """
    try:
        yield from _reader_of(file.name)(file, reading)
    except TooMuchError as error:
        yield RawError(file.locator, "archive-bomb", str(error))
    except NotTextError as error:
        yield RawError(file.locator, error.code, error.what)
    except READ_FAILURES as error:
        yield RawError(file.locator, _code_of(error), _sentence_of(error))


def _reader_of(name: str) -> FormatReader:
    stem, *extensions = name.rpartition("/")[2].lower().split(".")
    if not stem and extensions:  # a dot in front begins no extension
        extensions = extensions[1:]
    for count in (2, 1):  # the compression of some formats is part of them
        reader = _READERS.get("".join(f".{one}" for one in extensions[-count:]))
        if reader is not None and len(extensions) >= count:
            return reader
    return whole.read_text


def _code_of(error: BaseException) -> str:
    # bzip2 and Zstandard report damage as an OSError, which has a number where the system raised it.
    by_unpacker = isinstance(error, OSError) and error.errno is None
    return "broken-archive" if by_unpacker or isinstance(error, _ARCHIVE_FAILURES) else "unreadable-file"


def _sentence_of(error: BaseException) -> str:
    # An OSError's own text ends in the file's absolute path, which must not enter a version.
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return str(error) or type(error).__name__
