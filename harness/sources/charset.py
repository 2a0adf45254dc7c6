"""The encoding of files that hold many records: judged once for the file, whose lines have more evidence than one."""

import codecs
import contextlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from harness.sources.raw_file import READ_FAILURES, RawFile, TooMuchError, read_exactly
from harness.text.detection import HARD_CONTROLS, detect

# What a judgement needs and what it may cost: text beyond ASCII, looked for in so much of the file. A
# legacy letter behind 64 MB of plain ASCII is told as damaged UTF-8.
_JUDGED_BYTES = 65_536
_SOUGHT_BYTES = 64 << 20
_BLOCK_BYTES = 1 << 20
# One JSON object on a line, whatever control characters stand around or in it. In UTF-16 and UTF-32 no quotation
# mark's byte follows the brace's, and of other bytes one line in sixteen million looks like this.
_JSON_LINE = re.compile(rb'^[\x00-\x09\x0b-\x20]*\{[ \t]*"[^\n]*\}[\x00-\x09\x0b-\x20]*$', re.MULTILINE)
_ESCAPED_BYTES = re.compile("([\udc80-\udcff]+)")


@dataclass(frozen=True)
class Charset:
    """The encoding of a file and the byte-order mark that it begins with.

    Reading loses nothing: a byte that is not of the encoding becomes a lone surrogate and back.
    """

    name: str
    bom: bytes = b""

    @property
    def is_wide(self) -> bool:
        """Whether a line feed is more than one byte."""
        return self.name.startswith(("utf-16", "utf-32"))

    def decode(self, content: bytes) -> str:
        """Read bytes, whatever they are."""
        if not self.is_wide:
            return content.decode(self.name, "surrogateescape")
        try:
            return content.decode(self.name, "surrogatepass")
        except UnicodeDecodeError:  # a character cut off at the file's end, or none of Unicode
            return content.decode(self.name, "replace")

    def encode(self, text: str) -> bytes:
        """Write what `decode` read.

        Raises:
            UnicodeEncodeError: The text has characters that the encoding lacks.
        """
        return text.encode(self.name, "surrogatepass" if self.is_wide else "surrogateescape")

    def payload_of(self, text: str, *, damaged: bool) -> tuple[bytes, str]:
        """Give a piece of a decoded file as bytes to decode later, and the encoding to do it with.

        These are the file's own bytes as far as possible, so that damage is repaired, counted and shown
        by the decoding of records. UTF-8 takes the place of UTF-16 and UTF-32, and of an encoding that
        lacks a character that the file escaped (by its number, in JSON).

        Args:
            text: The piece.
            damaged: The piece comes from bytes that are not all of this encoding: its surrogates from
                U+DC80 to U+DCFF stand for those. Else each surrogate was escaped, and stands as three bytes.
        """
        if not self.is_wide:
            try:
                return text.encode(self.name, "surrogateescape" if damaged else "strict"), self.name
            except UnicodeEncodeError:
                pass
        return b"".join(_utf8_pieces(text, damaged=damaged)), "utf-8"


def is_damaged(decoded: str) -> bool:
    """Tell whether what `Charset.decode` gave holds bytes that are not of the encoding."""
    return _ESCAPED_BYTES.search(decoded) is not None


def _utf8_pieces(text: str, *, damaged: bool) -> Iterator[bytes]:
    for place, piece in enumerate(_ESCAPED_BYTES.split(text)):
        is_bytes = place % 2 == 1
        yield piece.encode("utf-8", "surrogateescape" if is_bytes and damaged else "surrogatepass")


UTF_8 = Charset("utf-8")


def judge(file: RawFile) -> Charset:
    """Tell a file's encoding by its beginning and its first lines that are not plain ASCII.

    Raises:
        NotTextError: The file is no text.
    """
    sample = _telling_lines(file)
    if not sample:
        return UTF_8
    found = detect(sample)
    return Charset(found.encoding, found.bom)


def _telling_lines(file: RawFile) -> bytes:
    with file.open() as stream:
        block = read_exactly(stream, _BLOCK_BYTES)
        sample = head = block[:_JUDGED_BYTES]
        # JSON escapes control characters: raw ones are the damage of their line and say nothing of the file.
        of_json = _JSON_LINE.search(head) is not None
        marked = head.startswith((codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
        if marked or (b"\0" in head and not of_json):
            return head  # wide encodings have no lines of bytes; a mark has said it all
        with contextlib.suppress(*READ_FAILURES, TooMuchError):  # reading the records will meet it again
            sample = _lines_beyond_ascii(block, stream)
    return sample.translate(None, HARD_CONTROLS) if of_json else sample


def _lines_beyond_ascii(block: bytes, stream: BinaryIO) -> bytes:
    """Gather whole lines: a character that is cut in two would look like damage."""
    sample = rest = b""
    sought = 0
    while block and len(sample) < _JUDGED_BYTES and sought < _SOUGHT_BYTES:
        sought += len(block)
        read = rest + block
        # Most files of JSON lines are ASCII, and an archive bomb may be nothing but line feeds: no need to cut them.
        *lines, rest = read.rsplit(b"\n", 1) if read.isascii() else read.split(b"\n")
        if len(rest) >= _BLOCK_BYTES:  # a very long line is evidence enough before it ends
            lines.append(rest)
            rest = b""
        sample += b"".join(line + b"\n" for line in lines if not line.isascii())
        block = read_exactly(stream, _BLOCK_BYTES)
    sample += b"" if rest.isascii() else rest
    # A byte-order mark in front of an inner line (files put together have some) is not the file's.
    return b"\n" + sample if sample else b""
