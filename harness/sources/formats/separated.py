"""Tables as text, comma- and tab-separated, with a header: each row is a record of its own."""

import csv
import hashlib
from collections.abc import Iterator

from harness.sources.charset import Charset, is_damaged, judge
from harness.sources.fields import metadata_of, no_text_detail
from harness.sources.lines import ended_lines
from harness.sources.raw_file import Block, RawError, RawFile, RawRecord, Reading, too_large
from harness.sources.rows import Header, Lines, Row, TooLongError, header_of, rows_of

# In the order in which they are preferred; a spreadsheet writes `;` where a comma parts decimals.
_SEPARATORS = (",", ";", "\t", "|")


def read_commas(file: RawFile, reading: Reading) -> Iterator[Block]:
    """Read a table whose header tells what parts its columns: a comma, a semicolon, a tab or a bar."""
    yield from _read(file, reading, _SEPARATORS)


def read_tabs(file: RawFile, reading: Reading) -> Iterator[Block]:
    """Read a table parted by tabs, with the quoting of spreadsheets or, as is usual, without any."""
    yield from _read(file, reading, ("\t",))


def _read(file: RawFile, reading: Reading, separators: tuple[str, ...]) -> Iterator[Block]:
    """Give one record or one error for each row that is not blank; locators name the row's first line."""
    limit_bytes = reading.limits.record_bytes
    csv.field_size_limit(max(csv.field_size_limit(), limit_bytes))  # 131,072 characters without it
    charset = judge(file)
    with file.open() as stream:
        lines = Lines(ended_lines(stream, charset, reading.limits), charset, limit_bytes)
        try:
            header = header_of(lines, separators, reading.fields.text)
        except TooLongError:
            yield too_large(file.locator, limit_bytes)
            return
        problem = _header_problem(header, reading.fields.text)
        if header is None or problem is not None:
            yield RawError(file.locator, "no-text-field", problem or "")
            return
        for row in rows_of(lines, header):
            yield _record_of(row, header, (file.locator, charset), reading)


def _header_problem(header: Header | None, key: str) -> str | None:
    if header is None:
        return "there is no header"
    if key not in header.names:
        return no_text_detail(key, header.names)
    count = header.names.count(key)
    return None if count == 1 else f"{count} columns are called '{key}'"


def _record_of(row: Row, header: Header, told: tuple[str, Charset], reading: Reading) -> Block:
    outer, charset = told
    locator = f"{outer}#L{row.lines[0].number}"
    if row.problem is not None:
        code, detail = row.problem
        if code == "too-large":
            return too_large(locator, reading.limits.record_bytes)
        return RawError(locator, code, detail)
    if len(row.cells) != len(header.names):
        wrong = f"the row has {len(row.cells)} columns, the header {len(header.names)}"
        return RawError(locator, "column-count", wrong)
    raw = charset.encode("\n").join(line.content or b"" for line in row.lines)
    raw = raw.removesuffix(charset.encode("\r"))
    cells = dict(zip(header.names, row.cells, strict=True))
    text = cells[reading.fields.text]
    payload, encoding = charset.payload_of(text, damaged=is_damaged(text))
    return RawRecord(
        locator,
        payload,
        hashlib.sha256(raw).hexdigest(),
        len(raw),
        encoding=encoding,
        metadata=metadata_of(cells, reading.fields),
    )
