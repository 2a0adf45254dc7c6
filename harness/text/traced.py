"""Decoding that writes down every byte it cannot read, so that the bytes can be given back exactly."""

import codecs
import itertools
import threading
from dataclasses import dataclass

from harness.text.characters import REPLACEMENT_CHARACTER

_HANDLER = "harness-trace"
_trace = threading.local()


@dataclass(frozen=True)
class Unreadable:
    """Bytes that became one U+FFFD, and their offset in the payload."""

    offset: int
    payload: bytes

    @property
    def is_surrogate(self) -> bool:
        """Whether these are a lone surrogate, as UTF-8 writes it (three bytes) or UTF-16 (two)."""
        if len(self.payload) == 3:
            return _is_surrogate_in_utf8(self.payload)
        return len(self.payload) == 2 and any(0xD8 <= byte <= 0xDF for byte in self.payload)

    def __str__(self) -> str:
        return f"{self.offset}={self.payload.hex()}"

    @classmethod
    def parse(cls, written: str) -> "Unreadable":
        """Read what `str` wrote."""
        offset, _, digits = written.partition("=")
        return cls(int(offset), bytes.fromhex(digits))


def decode_traced(payload: bytes, encoding: str) -> tuple[str, tuple[Unreadable, ...]]:
    """Decode, with U+FFFD for what the encoding cannot read.

    A lone surrogate in UTF-8 is one U+FFFD; other bytes follow the codec's own idea of one mistake.
    """
    _trace.unreadable = []
    text = payload.decode(encoding, _HANDLER)
    return text, tuple(_trace.unreadable)


def encode_traced(text: str, encoding: str, unreadable: tuple[Unreadable, ...]) -> bytes:
    """Undo `decode_traced`: encode, and put the unreadable bytes back where they stood.

    Raises:
        UnicodeEncodeError: The text is not one that this encoding gave.
    """
    if not unreadable:
        return text.encode(encoding)
    try:
        stand_in = REPLACEMENT_CHARACTER.encode(encoding)
    except UnicodeEncodeError:
        return _interleaved(text, encoding, unreadable)
    return _spliced(text.encode(encoding), len(stand_in), unreadable)


def _interleaved(text: str, encoding: str, unreadable: tuple[Unreadable, ...]) -> bytes:
    # The encoding has no U+FFFD, so each one in the text stands for unreadable bytes.
    pieces = [piece.encode(encoding) for piece in text.split(REPLACEMENT_CHARACTER)]
    lost = [piece.payload for piece in unreadable]
    return b"".join(itertools.chain.from_iterable(itertools.zip_longest(pieces, lost, fillvalue=b"")))


def _spliced(encoded: bytes, stand_in_bytes: int, unreadable: tuple[Unreadable, ...]) -> bytes:
    pieces: list[bytes] = []
    read = written = 0
    for lost in unreadable:
        readable_bytes = lost.offset - written
        pieces += [encoded[read : read + readable_bytes], lost.payload]
        read += readable_bytes + stand_in_bytes
        written += readable_bytes + len(lost.payload)
    return b"".join([*pieces, encoded[read:]])


def _is_surrogate_in_utf8(three: bytes) -> bool:
    return len(three) == 3 and three[0] == 0xED and 0xA0 <= three[1] <= 0xBF and 0x80 <= three[2] <= 0xBF


def _note_and_replace(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    end = error.end
    if error.encoding == "utf-8" and _is_surrogate_in_utf8(error.object[error.start : error.start + 3]):
        end = error.start + 3
    _trace.unreadable.append(Unreadable(error.start, error.object[error.start : end]))
    return REPLACEMENT_CHARACTER, end


codecs.register_error(_HANDLER, _note_and_replace)
