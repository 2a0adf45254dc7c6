"""One JSON object a line: blocks of lines through Arrow, and line by line where a block holds a surprise."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from harness.sources.charset import Charset, judge
from harness.sources.json_columns import batch_of_lines, parsed_alone
from harness.sources.json_values import DECODER, Written, record_of
from harness.sources.lines import ended_lines
from harness.sources.raw_file import Block, RawError, RawFile, Reading, Segment, too_large
from harness.sources.segments import cut_segments

_BLANKS = b" \t\r"


@dataclass(frozen=True)
class _Line:
    """A line's number from 1 and its bytes without the line's end; None where it is too long to hold."""

    number: int
    content: bytes | None


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
                yield from _read_lines(file.locator, (number, ended), charset, reading)
                number += len(ended)
            return
        for run in cut_segments(blocks, f"{reading.shaped_by} {charset.name}"):
            records = partial(_read_lines, file.locator, (run.first_line, run.lines), charset, reading)
            yield Segment(file.locator, run.first_line, run.key, records)


def _read_lines(
    outer: str, numbered: tuple[int, Sequence[bytes | None]], charset: Charset, reading: Reading
) -> Iterator[Block]:
    """Read lines that stand behind each other in a file, given with the first one's number."""
    return _read_block(outer, _told_lines(*numbered, charset, reading), charset, reading)


def _read_block(outer: str, lines: list[_Line], charset: Charset, reading: Reading) -> Iterator[Block]:
    contents = [line.content for line in lines if line.content is not None]
    if contents and charset.name == "utf-8" and len(contents) == len(lines):
        batch = batch_of_lines(contents, [f"{outer}#L{line.number}" for line in lines], reading.fields)
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
    number: int, ended: Sequence[bytes | None], charset: Charset, reading: Reading
) -> list[_Line]:
    """Number lines from `number` on; blank ones are counted and left out."""
    limit_bytes = reading.limits.record_bytes
    carriage_return = charset.encode("\r")
    told = []
    for place, line in enumerate(ended, start=number):
        content = None if line is None else line.removesuffix(carriage_return)
        if content is None or len(content) > limit_bytes:
            told.append(_Line(place, None))
        elif not _is_blank(content, charset):
            told.append(_Line(place, content))
    return told


def _is_blank(line: bytes, charset: Charset) -> bool:
    return not (charset.decode(line).strip(" \t\r") if charset.is_wide else line.strip(_BLANKS))
