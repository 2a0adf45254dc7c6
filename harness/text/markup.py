"""The visible part of a page's bytes, without knowing their encoding."""

import re

_HIDDEN = re.compile(rb"<(?:(script|style)\b|!--)", re.IGNORECASE)
_ENDS = {
    b"script": re.compile(rb"</script\s*>", re.IGNORECASE),
    b"style": re.compile(rb"</style\s*>", re.IGNORECASE),
    b"": re.compile(rb"-->"),
}
# Stopping at the next '<' keeps this linear in pages of unclosed tags.
_TAG = re.compile(rb"<[^<>]*>")


def visible_bytes(payload: bytes) -> bytes:
    """Cut tags, comments, scripts and styles out of a page in any encoding that contains ASCII.

    For judging the encoding only: what is written in attributes and scripts is often in another one.
    """
    return _TAG.sub(b" ", b" ".join(_shown_pieces(payload)))


def _shown_pieces(payload: bytes) -> list[bytes]:
    pieces: list[bytes] = []
    position = 0
    while hidden := _HIDDEN.search(payload, position):
        pieces.append(payload[position : hidden.start()])
        end = _ENDS[(hidden[1] or b"").lower()].search(payload, hidden.end())
        if end is None:
            return pieces
        position = end.end()
    return [*pieces, payload[position:]]
