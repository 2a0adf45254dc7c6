"""What a server answered, as crawlers store it: status, headers, and the body as it was before transfer."""

import re
import zlib
from collections.abc import Mapping
from dataclasses import dataclass

import pyarrow as pa

from harness.sources.raw_file import Limits, TooMuchError, refuse_expansion

_STATUS = re.compile(rb"HTTP/[0-9.]+ ([0-9]{3})\b")
_CHUNK = re.compile(rb"[ \t]*([0-9a-fA-F]{1,8})[ \t]*(?:;[^\r\n]*)?\r?\n")
_CHARSET = re.compile(r"""charset\s*=\s*["']?([A-Za-z0-9_.:-]{1,40})""", re.IGNORECASE)
_GZIP_MAGIC = b"\x1f\x8b"
_BLOCK_BYTES = 1 << 18
_ARROW_CODECS = {"br": "brotli", "zstd": "zstd"}


@dataclass(frozen=True)
class HttpResponse:
    """An answer: its status, its headers (names in small letters) and its body as it came."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def charset(self) -> str | None:
        """The label that the server gave, in small letters; it may be wrong."""
        return charset_of(self.headers.get("content-type", ""))


def parse_response(content: bytes) -> HttpResponse:
    """Parse an answer.

    Raises:
        ValueError: It does not begin as one, or its headers have no end.
    """
    found = _STATUS.match(content)
    if found is None:
        raise ValueError("it does not begin like an answer of a server")
    for end in (b"\r\n\r\n", b"\n\n"):
        head, separator, body = content.partition(end)
        if separator:
            return HttpResponse(int(found[1]), headers_of(head.split(b"\n")[1:]), body)
    raise ValueError("the headers have no end")


def headers_of(lines: list[bytes]) -> dict[str, str]:
    """Read header lines; the last of a name counts, a line that begins with a blank continues the one before.

    Raises:
        ValueError: A line is no header.
    """
    headers: dict[str, str] = {}
    name = ""
    for line in lines:
        text = line.decode("utf-8", "replace").rstrip("\r\n")
        if name and text[:1] in (" ", "\t"):
            headers[name] += " " + text.strip()
            continue
        name, colon, value = text.partition(":")
        name = name.strip().lower()
        if not colon or not name:
            raise ValueError(f"a line is no header: {text[:60]!r}")
        headers[name] = value.strip()
    return headers


def charset_of(content_type: str) -> str | None:
    """Take the charset's label from a content type."""
    found = _CHARSET.search(content_type)
    return found[1].lower() if found else None


def body_before_transfer(response: HttpResponse, limits: Limits) -> bytes:
    """Undo chunks and compression, unless the crawler has done so and left the headers as they were.

    Raises:
        ValueError, EOFError, zlib.error, OSError: The body is damaged, or compressed in an unknown way.
        TooMuchError: It unpacks to more than is allowed.
    """
    body = response.body
    if "chunked" in response.headers.get("transfer-encoding", "").lower():
        body = _joined_chunks(body)
    for method in reversed(response.headers.get("content-encoding", "").lower().split(",")):
        body = _unpacked(body, method.strip(), limits)
    return body


def _joined_chunks(body: bytes) -> bytes:
    if _CHUNK.match(body) is None:
        return body
    pieces: list[bytes] = []
    place = 0
    while True:
        found = _CHUNK.match(body, place)
        if found is None:
            raise ValueError("its chunks are broken")
        size = int(found[1], 16)
        if size == 0:
            return b"".join(pieces)
        pieces.append(body[found.end() : found.end() + size])
        place = found.end() + size
        place += 2 if body.startswith(b"\r\n", place) else 1


def _unpacked(body: bytes, method: str, limits: Limits) -> bytes:
    if method in ("", "identity", "none"):
        return body
    if method in ("gzip", "x-gzip"):
        return _inflated(body, 31, limits) if body.startswith(_GZIP_MAGIC) else body
    if body.lstrip()[:1] == b"<":  # a page already; no compressed stream begins so by any but great chance
        return body
    if method == "deflate":  # with the header that the standard wants, or without
        wrapped = body[:1] == b"\x78"
        return _inflated(body, 15 if wrapped else -15, limits)
    if method in _ARROW_CODECS:
        return _decompressed(body, _ARROW_CODECS[method], limits)
    raise ValueError(f"its compression is not known: {method[:20]!r}")


def _inflated(body: bytes, window_bits: int, limits: Limits) -> bytes:
    inflate = zlib.decompressobj(window_bits)
    unpacked = inflate.decompress(body, limits.record_bytes + 1)
    _refuse_too_much(len(unpacked), len(body), limits)
    if not inflate.eof:
        raise EOFError("its compressed body ends in the middle")
    return unpacked


def _decompressed(body: bytes, codec: str, limits: Limits) -> bytes:
    blocks = []
    size = 0
    with pa.CompressedInputStream(pa.BufferReader(body), codec) as stream:
        while block := stream.read(_BLOCK_BYTES):
            blocks.append(block)
            size += len(block)
            _refuse_too_much(size, len(body), limits)
    return b"".join(blocks)


def _refuse_too_much(given: int, packed: int, limits: Limits) -> None:
    if given > limits.record_bytes:
        raise TooMuchError(f"its body unpacks to more than {limits.record_bytes} bytes")
    refuse_expansion(given, packed, limits)
