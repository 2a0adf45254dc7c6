"""A file that is one JSON value: a list of objects, or one object. It is read whole: large corpora are JSONL."""

import json
import re
from collections.abc import Iterator
from typing import Any

from harness.sources.charset import judge
from harness.sources.json_values import DECODER, Written, record_of
from harness.sources.raw_file import Block, RawError, RawFile, Reading, read_bounded, too_large

_BLANK = re.compile(r"[ \t\r\n]*")


class _BrokenError(Exception):
    """The JSON ends to make sense at some character."""


def read(file: RawFile, reading: Reading) -> Iterator[Block]:
    """Give a record for each element of a list (locators end in its JSON pointer, `#/0`), or for the one object.

    What follows a mistake cannot be told apart any more: it is one error, and what stood before it is kept.
    """
    charset = judge(file)
    with file.open() as stream:
        content = read_bounded(stream, reading.limits.document_bytes)
    if content is None:
        yield too_large(file.locator, reading.limits.document_bytes)
        return
    text = charset.decode(content.removeprefix(charset.bom))
    place = _after_blanks(text, 0)
    count = -1
    try:
        if text.startswith("[", place):
            for count, (value, written) in enumerate(_elements(text, place + 1)):
                piece = Written(f"{file.locator}#/{count}", written, charset.encode(written))
                yield record_of(value, piece, reading.fields, charset)
        else:
            value, end = _value_at(text, place)
            _expect_end(text, end)
            yield record_of(value, Written(file.locator, text, content), reading.fields, charset)
    except _BrokenError as error:
        locator = f"{file.locator}#/{count + 1}" if text.startswith("[", place) else file.locator
        yield RawError(locator, "broken-json", str(error))


def _elements(text: str, place: int) -> Iterator[tuple[Any, str]]:
    """Walk through a list, from behind its opening bracket; each value comes with its own text."""
    place = _after_blanks(text, place)
    if text.startswith("]", place):
        _expect_end(text, place + 1)
        return
    while True:
        value, end = _value_at(text, place)
        yield value, text[place:end]
        place = _after_blanks(text, end)
        if text.startswith("]", place):
            _expect_end(text, place + 1)
            return
        if not text.startswith(",", place):
            raise _BrokenError(f"a comma or a bracket is missing at character {place + 1}")
        place = _after_blanks(text, place + 1)


def _value_at(text: str, place: int) -> tuple[Any, int]:
    try:
        return DECODER.raw_decode(text, place)
    except json.JSONDecodeError as error:
        raise _BrokenError(f"{error.msg} at character {error.pos + 1}") from None
    except RecursionError:
        raise _BrokenError("the values are nested too deeply") from None


def _expect_end(text: str, place: int) -> None:
    place = _after_blanks(text, place)
    if place < len(text):
        raise _BrokenError(
            f"something follows the end at character {place + 1}; one object a line is called .jsonl"
        )


def _after_blanks(text: str, place: int) -> int:
    match = _BLANK.match(text, place)
    return match.end() if match else place
