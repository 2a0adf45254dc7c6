"""One JSON object a line: blocks of lines through Arrow, and line by line where a block holds a surprise."""

import json
from collections.abc import Iterator
from functools import partial

import numpy as np

from harness.core.recipe import FieldMapping
from harness.sources.charset import Charset, judge
from harness.sources.json_columns import batch_of_lines, parsed_alone
from harness.sources.json_values import DECODER, Written, record_of
from harness.sources.lines import Lines, ended_lines
from harness.sources.raw_file import Block, RawError, RawFile, Reading, Segment, too_large
from harness.sources.segments import LineRun, cut_segments

_BLANKS = b" \t\r"


# Where files were written behind each other, each began with it.
_MARK = "\N{ZERO WIDTH NO-BREAK SPACE}"


def read(file: RawFile, reading: Reading) -> Iterator[Block]:
    """Give one record or one error for each line that is not blank; locators end in `#L<number>`."""
    charset = judge(file)
    with file.open() as stream:
        blocks = ended_lines(stream, charset, reading.limits)
        if reading.shaped_by is None:
            for lines in blocks:
                yield from _read_lines(file.locator, lines, (charset, reading))
            return
        for run in cut_segments(blocks, f"{reading.shaped_by} {charset.name}"):
            records = partial(_read_run, file.locator, run, (charset, reading))
            yield Segment(file.locator, run.first_line, run.key, records)


def _read_run(outer: str, run: LineRun, told: tuple[Charset, Reading]) -> Iterator[Block]:
    for part in run.parts:
        yield from _read_lines(outer, part.lines, told, part.digests)


def _read_lines(
    outer: str, lines: Lines, told: tuple[Charset, Reading], digests: np.ndarray | None = None
) -> Iterator[Block]:
    charset, reading = told
    batch = batch_of_lines(lines, outer, reading, digests) if charset.name == "utf-8" else None
    if batch is not None:
        yield batch
        return
    carriage_return = charset.encode("\r")
    for number, line in enumerate(lines, start=lines.first):
        content = b"" if line is None else line.removesuffix(carriage_return)
        if line is None or len(content) > reading.limits.record_bytes:
            yield too_large(f"{outer}#L{number}", reading.limits.record_bytes)
        elif not _is_blank(content, charset):
            yield _read_line(f"{outer}#L{number}", content, charset, reading.fields)


def _read_line(locator: str, content: bytes, charset: Charset, fields: FieldMapping) -> Block:
    written = charset.decode(content).removeprefix(_MARK)
    try:
        value = DECODER.decode(written)
    except json.JSONDecodeError as error:
        # The error's own text counts lines, of which there is always one here.
        return RawError(locator, "broken-json", f"{error.msg} at character {error.pos + 1}")
    except RecursionError:
        value = parsed_alone(content, fields) if charset.name == "utf-8" else None
        if value is None:
            return RawError(locator, "broken-json", "the values are nested too deeply")
    return record_of(value, Written(locator, written, content), fields, charset)


def _is_blank(line: bytes, charset: Charset) -> bool:
    return not (charset.decode(line).strip(" \t\r") if charset.is_wide else line.strip(_BLANKS))
