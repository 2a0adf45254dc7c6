"""The tokens of a text by a tokenizer of `transformers`, each as the piece of text or the bytes that it spells."""

import functools
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from harness.evaluation.counted import UNKNOWN_TOKEN
from harness.systems.system import Request, Response

_BLANK_SIGN = "\N{LOWER ONE EIGHTH BLOCK}"  # SentencePiece's for a blank
_GOES_ON = "##"  # WordPiece's for a token that goes on with a word


class TokenCutter:
    """Answers each text with its tokens, without those that only mark beginnings and ends.

    What they spell is what the tokenizer's own decoder would: a tokenizer that folds capitals or blanks has lost them.

    Args:
        tokenizer: A fast one.
    """

    def __init__(self, tokenizer: Any) -> None:
        self._tokenizer = tokenizer
        self._decoders = frozenset(_types_in(json.loads(tokenizer.backend_tokenizer.to_str()).get("decoder")))

    def answer(self, batch: Sequence[Request]) -> list[Response]:
        """Cut texts; one that no token is made of has no answer."""
        cut = [self._cut(request.input) for request in batch]
        return [
            Response(request.id, tokens) if tokens else Response(request.id, None, "no-answer")
            for request, tokens in zip(batch, cut, strict=True)
        ]

    def _cut(self, text: str) -> tuple[str, ...]:
        encoding = self._tokenizer(text, add_special_tokens=False)
        unknown = self._tokenizer.unk_token_id
        written = self._tokenizer.convert_ids_to_tokens(encoding.input_ids)
        surfaces = [
            UNKNOWN_TOKEN if unknown is not None and token == unknown else self._surface(piece)
            for token, piece in zip(encoding.input_ids, written, strict=True)
        ]
        return tuple(self._without_first_blank(surfaces, text))

    def _surface(self, piece: str) -> str:
        if "ByteLevel" in self._decoders:
            return _bytes_spelt(piece)
        if "WordPiece" in self._decoders:
            return piece.removeprefix(_GOES_ON) if piece.startswith(_GOES_ON) else f" {piece}"
        return piece.replace(_BLANK_SIGN, " ")

    @staticmethod
    def _without_first_blank(surfaces: Sequence[str], text: str) -> Iterator[str]:
        """Take away the blank that a tokenizer puts before every text, where the text does not begin with one.

        A first token that is this blank and nothing else stays: it was paid for, and spells one character too many.
        """
        for place, surface in enumerate(surfaces):
            is_added = (
                place == 0 and surface.startswith(" ") and len(surface) > 1 and not text.startswith(" ")
            )
            yield surface[1:] if is_added else surface


def _types_in(decoder: Any) -> Iterator[str]:
    if isinstance(decoder, dict):
        yield str(decoder.get("type"))
        for one in decoder.get("decoders", ()):
            yield from _types_in(one)


def _bytes_spelt(piece: str) -> str:
    """Give a byte-level token as text, or as a row of bytes where it is no whole text."""
    if not all(sign in _byte_signs() for sign in piece):
        return piece  # a token that was added beside the learnt ones stands for itself
    spelling = bytes(_byte_signs()[sign] for sign in piece)
    try:
        return spelling.decode("utf-8")
    except UnicodeDecodeError:
        return "".join(f"<0x{byte:02X}>" for byte in spelling)


@functools.cache
def _byte_signs() -> Mapping[str, int]:
    """Give the sign that stands for each byte in byte-level vocabularies, as GPT-2 set them.

    Bytes that are visible in Latin-1 stand for themselves; the others, in their order, have U+0100 and up.
    """
    visible = {*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)}
    hidden = [byte for byte in range(0x100) if byte not in visible]
    return {chr(byte): byte for byte in visible} | {
        chr(0x100 + place): byte for place, byte in enumerate(hidden)
    }
