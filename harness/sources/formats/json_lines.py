"""One JSON object a line: blocks of lines through Arrow, and line by line where a block holds a surprise."""

import json
from collections.abc import Iterable, Iterator
from functools import partial
from itertools import repeat
from typing import NamedTuple

from harness.sources.charset import Charset, judge
from harness.sources.json_columns import batch_of_lines, parsed_alone
from harness.sources.json_values import DECODER, Written, record_of
from harness.sources.lines import ended_lines
from harness.sources.raw_file import Block, RawError, RawFile, Reading, Segment, too_large
from harness.sources.segments import LineRun, cut_segments

_BLANKS = b" \t\r"


class _Line(NamedTuple):  # as many as records
    """A line's number from 1 and its bytes without the line's end; None where it is too long to hold.

    `sha256` is of these bytes, in hexadecimal digits; None where nobody has computed it.
    """

    number: int
    content: bytes | None
    sha256: str | None = None


# Where files were written behind each other, each began with it.
_MARK = "\N{ZERO WIDTH NO-BREAK SPACE}"


def read(file: RawFile, reading: Reading) -> Iterator[Block]:
    """Give one record or one error for each line that is not blank; locators end in `#L<number>`."""
    charset = judge(file)
    with file.open() as stream:
        blocks = ended_lines(stream, charset, reading.limits)
        if reading.shaped_by is None:
            number = 1
            for ended in blocks:
                told = _told_lines((number, ended, repeat(None)), charset, reading)
                yield from _read_block(file.locator, told, charset, reading)
                number += len(ended)
            return
        for run in cut_segments(blocks, f"{reading.shaped_by} {charset.name}"):
            records = partial(_read_run, file.locator, run, charset, reading)
            yield Segment(file.locator, run.first_line, run.key, records)


def _read_run(outer: str, run: LineRun, charset: Charset, reading: Reading) -> Iterator[Block]:
    """Read lines that stand behind each other in a file."""
    numbered = run.first_line, run.lines, (digest.hex() for digest in run.digests)
    return _read_block(outer, _told_lines(numbered, charset, reading), charset, reading)


def _read_block(outer: str, lines: list[_Line], charset: Charset, reading: Reading) -> Iterator[Block]:
    contents = [line.content for line in lines if line.content is not None]
    if contents and charset.name == "utf-8" and len(contents) == len(lines):
        locators = [f"{outer}#L{line.number}" for line in lines]
        batch = batch_of_lines(contents, locators, reading.fields, [line.sha256 for line in lines])
        if batch is not None:
            yield batch
            return
    for line in lines:
        yield _read_line(f"{outer}#L{line.number}", line.content, charset, reading)


def _read_line(locator: str, content: bytes | None, charset: Charset, reading: Reading) -> Block:
    if content is None:
        return too_large(locator, reading.limits.record_bytes)
    written = charset.decode(content).removeprefix(_MARK)
    try:
        value = DECODER.decode(written)
    except json.JSONDecodeError as error:
        # The error's own text counts lines, of which there is always one here.
        return RawError(locator, "broken-json", f"{error.msg} at character {error.pos + 1}")
    except RecursionError:
        value = parsed_alone(content, reading.fields) if charset.name == "utf-8" else None
        if value is None:
            return RawError(locator, "broken-json", "the values are nested too deeply")
    return record_of(value, Written(locator, written, content), reading.fields, charset)


def _told_lines(
    numbered: tuple[int, list[bytes | None], Iterable[str | None]], charset: Charset, reading: Reading
) -> list[_Line]:
    """Number lines, given with the first one's number and their hashes; blank ones are counted and left out."""
    number, ended, hashes = numbered
    limit_bytes = reading.limits.record_bytes
    carriage_return = charset.encode("\r")
    told = []
    for place, (line, sha256) in enumerate(zip(ended, hashes, strict=False), start=number):
        content = None if line is None else line.removesuffix(carriage_return)
        if content is None or len(content) > limit_bytes:
            told.append(_Line(place, None))
        elif not _is_blank(content, charset):
            told.append(_Line(place, content, sha256 if content is line else None))
    return told


def _is_blank(line: bytes, charset: Charset) -> bool:
    return not (charset.decode(line).strip(" \t\r") if charset.is_wide else line.strip(_BLANKS))
