"""Rows of separated values: lines gathered into rows as their quoting asks, whatever stands in them."""

import csv
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from harness.sources.charset import Charset

_TAB = "\t"


@dataclass(frozen=True, slots=True)
class Line:
    """A line's number from 1 and its bytes; None where it is too long to hold."""

    number: int
    content: bytes | None


@dataclass(frozen=True, slots=True)
class Row:
    """The cells of a row, or a code and a sentence why there are none, and the lines that it stands in."""

    cells: list[str]
    lines: tuple[Line, ...]
    problem: tuple[str, str] | None = None


@dataclass(frozen=True)
class Header:
    """The names of the columns and what parts them."""

    names: list[str]
    separator: str


class TooLongError(Exception):
    """A row is longer than a record may be."""


class Lines:
    """Lines as `csv` asks for them; remembers which it took for a row, and takes some of them back."""

    def __init__(self, blocks: Iterator[Iterable[bytes | None]], charset: Charset, limit_bytes: int) -> None:
        self._source = _numbered(blocks)
        self._charset = charset
        self._limit = limit_bytes
        self._returned: deque[Line] = deque()
        self._taken: list[Line] = []
        self._size = 0

    def __iter__(self) -> "Lines":
        return self

    def __next__(self) -> str:
        line = self._returned.popleft() if self._returned else next(self._source)
        self._taken.append(line)
        self._size += len(line.content or b"")
        if line.content is None or self._size > self._limit:
            raise TooLongError
        return self._charset.decode(line.content) + "\n"

    def taken(self) -> tuple[Line, ...]:
        """Give the lines that were taken since the last call, for a row that is finished."""
        lines = tuple(self._taken)
        self._taken.clear()
        self._size = 0
        return lines

    def take_back(self, keep: int) -> None:
        """Take back what a row that turned out to be none had swallowed, all but its first lines."""
        self._returned.extendleft(reversed(self._taken[keep:]))
        del self._taken[keep:]


def _numbered(blocks: Iterator[Iterable[bytes | None]]) -> Iterator[Line]:
    number = 0
    for block in blocks:
        for content in block:
            number += 1
            yield Line(number, content)


def header_of(lines: Lines, separators: tuple[str, ...], key: str) -> Header | None:
    """Read the first line that is not blank by the separator that finds the text's column, or most columns.

    Raises:
        TooLongError: The line is longer than a record may be.
    """
    for line in lines:
        lines.taken()
        if line.strip():
            found = [Header(_cells_of(line, separator), separator) for separator in separators]
            return max(found, key=lambda header: (key in header.names, len(header.names)))
    return None


def _cells_of(line: str, separator: str) -> list[str]:
    try:
        cells = next(csv.reader([line], delimiter=separator))
    except csv.Error:  # a carriage return inside: the refusal names what the columns seem to be called
        cells = line.split(separator)
    return [cell.strip() for cell in cells]


def rows_of(lines: Lines, header: Header) -> Iterator[Row]:
    """Give all rows that are not blank."""
    parser = csv.reader(lines, delimiter=header.separator, strict=True)
    while True:
        if header.separator == _TAB:
            row = _row_of_tabs(lines, parser, len(header.names))
        else:
            row = _row_of(lines, parser)
        if row is None:
            return
        if row.cells or row.problem:
            yield row


def _row_of(lines: Lines, parser: Iterator[list[str]]) -> Row | None:
    """Parse the next row; one that never ends costs its first line, and the lines behind it are rows again."""
    try:
        return Row(next(parser), lines.taken())
    except StopIteration:
        return None
    except csv.Error as error:
        lines.take_back(keep=1)
        return Row([], lines.taken(), ("broken-row", str(error)))
    except TooLongError:
        lines.take_back(keep=1)
        return Row([], lines.taken(), ("too-large", ""))


def _row_of_tabs(lines: Lines, parser: Iterator[list[str]], columns: int) -> Row | None:
    """Take a line with the right number of tabs as it stands, unless a quotation mark is left open in it.

    Most tables of this kind quote nothing, so that an article may begin with a quotation mark; those from
    spreadsheets quote cells that hold quotation marks or line ends.
    """
    try:
        line = next(lines)
    except StopIteration:
        return None
    except TooLongError:
        return Row([], lines.taken(), ("too-large", ""))
    if not line.strip():
        return Row([], lines.taken())
    cells = line.removesuffix("\n").removesuffix("\r").split(_TAB)
    if len(cells) != columns or any(_is_open(cell) for cell in cells):
        quoted = _quoted_cells(lines, parser, columns)
        if quoted is not None:
            return Row(quoted, lines.taken())
    return Row([_unquoted(cell) for cell in cells], lines.taken())


def _quoted_cells(lines: Lines, parser: Iterator[list[str]], columns: int) -> list[str] | None:
    """Try the line with quoting, over several lines if need be; None where that makes no row."""
    lines.take_back(keep=0)
    try:
        cells = next(parser)
    except (StopIteration, csv.Error, TooLongError):
        cells = []
    # A cell over several lines with a tab in it has swallowed rows.
    swallowed = any(_TAB in cell and "\n" in cell for cell in cells)
    if len(cells) == columns and not swallowed:
        return cells
    lines.take_back(keep=1)
    return None


def _is_open(cell: str) -> bool:
    return cell.startswith('"') and cell.count('"') % 2 == 1


def _unquoted(cell: str) -> str:
    inner = cell[1:-1].replace('""', "")
    if len(cell) < 2 or cell[0] != '"' or cell[-1] != '"' or '"' in inner:
        return cell
    return cell[1:-1].replace('""', '"')
