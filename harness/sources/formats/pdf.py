"""PDF files that have their text in them; what was scanned has none, and is told."""

import hashlib
import io
import logging
from collections.abc import Iterator
from importlib.metadata import version
from typing import Any

from harness.sources.fields import metadata_of
from harness.sources.raw_file import Block, RawError, RawFile, RawRecord, Reading, read_bounded, too_large

# A book of this many pages is no article; it bounds the work on a file that names pages without end.
_MAX_PAGES = 5_000


class _RefusedError(Exception):
    """The file has no text that can be read; its arguments are a code and a sentence."""


def read(file: RawFile, reading: Reading) -> Iterator[Block]:
    """Give the file as one record of text, page after page.

    The order of words is that of the file, which may keep lines that mix directions in another order than
    they are read in.
    """
    with file.open() as stream:
        content = read_bounded(stream, reading.limits.document_bytes)
    if content is None:
        yield too_large(file.locator, reading.limits.document_bytes)
        return
    sha256 = hashlib.sha256(content).hexdigest()
    try:
        text, about = _text_of(content, reading)
    except _RefusedError as error:
        code, detail = error.args
        yield RawError(file.locator, code, detail, sha256, len(content))
        return
    yield RawRecord(
        file.locator,
        text.encode("utf-8", "surrogatepass"),
        sha256,
        len(content),
        encoding="utf-8",
        metadata=metadata_of(about, reading.fields),
        reader=f"pypdf {version('pypdf')}",
    )


def _text_of(content: bytes, reading: Reading) -> tuple[str, dict[str, Any]]:
    """Take the text, and what the file says of itself under `pdf`: `title`, `author`, `creationdate`, ….

    Nothing of that is mapped by default: most titles are names of files.

    Raises:
        _RefusedError: The reader is not installed, or the file is encrypted, broken, too long or only pictures.
    """
    try:
        import pypdf  # noqa: PLC0415 - an extra, and only PDF files need it
    except ImportError:
        raise _RefusedError("needs-extra", "to read PDF: pip install 'corpus-harness[pdf]'") from None
    logging.getLogger(pypdf.__name__).setLevel(logging.CRITICAL + 1)
    try:
        document = pypdf.PdfReader(io.BytesIO(content))
        _refuse_locked(document)
        text = _joined_pages(document, reading)
        about = {str(key).lstrip("/").lower(): str(value) for key, value in (document.metadata or {}).items()}
    except _RefusedError:
        raise
    except Exception as error:  # a hostile file makes its reader raise anything
        raise _RefusedError(
            "unreadable-file", f"this is no PDF that can be read: {type(error).__name__}"
        ) from error
    if not text.strip():
        raise _RefusedError(
            "no-text-extracted", "there is no text in it; scanned pages need to be recognised first"
        )
    return text, {"pdf": about}


def _refuse_locked(document: Any) -> None:
    if document.is_encrypted and not document.decrypt(""):
        raise _RefusedError("encrypted-file", "the file asks for a password")


def _joined_pages(document: Any, reading: Reading) -> str:
    if len(document.pages) > _MAX_PAGES:
        raise _RefusedError("too-large", f"it may have {_MAX_PAGES} pages")
    pages: list[str] = []
    size = 0
    for page in document.pages:
        pages.append(page.extract_text().strip())
        size += len(pages[-1])
        if size > reading.limits.record_bytes:
            raise _RefusedError("too-large", f"its text may have {reading.limits.record_bytes} characters")
    return "\n\n".join(page for page in pages if page)
