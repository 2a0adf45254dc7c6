"""Reading files of others within bounds: lines of JSON, whole JSON, numbers; nothing in them is ever executed."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from harness.core.errors import InputError

MOST_BYTES = 2 << 30  # of a file that is read line by line
MOST_WHOLE_BYTES = 512 << 20  # of JSON that has to be held at once; it takes about five times as much
MOST_LINE_BYTES = 64 << 20
MOST_LINES = 5_000_000
LARGEST_SCORE = 1e60  # either side of 0: sums of fourth powers still fit a double
_FIRST_LINE_BYTES = 1 << 20
_SHOWN_CHARS = 300


def lines_of(path: Path) -> Iterator[tuple[int, str]]:
    """Give the lines of a text file that hold more than blanks, with their numbers from 1.

    Raises:
        InputError: It cannot be read, is no UTF-8, or is larger than the bounds of this module.
    """
    _require_size(path, MOST_BYTES)
    try:
        with path.open("rb") as stream:
            for number, line in enumerate(iter(lambda: stream.readline(MOST_LINE_BYTES + 1), b""), start=1):
                if len(line) > MOST_LINE_BYTES:
                    raise broken(path, f"line {number} is longer than {MOST_LINE_BYTES >> 20} MB")
                if number > MOST_LINES:
                    raise broken(path, f"it has more than {MOST_LINES:,} lines")
                text = line.decode("utf-8-sig" if number == 1 else "utf-8")
                if text.strip():
                    yield number, text.rstrip("\r\n")
    except UnicodeDecodeError:
        raise broken(path, "it is not UTF-8") from None
    except OSError as error:
        raise broken(path, error.strerror or "it cannot be read") from error


def first_line(path: Path) -> str:
    """Give the beginning of a file's first line; what is no UTF-8 in it is replaced.

    Raises:
        InputError: The file cannot be read.
    """
    try:
        with path.open("rb") as stream:
            line = stream.readline(_FIRST_LINE_BYTES)
    except OSError as error:
        raise broken(path, error.strerror or "it cannot be read") from error
    return line.decode("utf-8-sig", errors="replace").strip()


def objects_of(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """Give the JSON objects of a file that has one on each line, with their line numbers.

    Raises:
        InputError: As `lines_of`; or a line is no JSON object.
    """
    for number, line in lines_of(path):
        yield number, as_object(parsed(line, path, f"line {number}"), path, f"line {number}")


def whole_json(path: Path) -> Any:
    """Parse a file that is one JSON value.

    Raises:
        InputError: It cannot be read, is too large, or is no JSON.
    """
    _require_size(path, MOST_WHOLE_BYTES)
    try:
        return parsed(path.read_bytes(), path, "the file")
    except OSError as error:
        raise broken(path, error.strerror or "it cannot be read") from error


def parsed(text: str | bytes, path: Path, what: str) -> Any:
    """Parse JSON; nesting without end and whole numbers without end are errors like others.

    Raises:
        InputError: It is no JSON.
    """
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise broken(path, f"{what} is no JSON ({type(error).__name__})") from None


def as_object(value: Any, path: Path, what: str) -> dict[str, Any]:
    """Require a JSON object.

    Raises:
        InputError: It is none.
    """
    if not isinstance(value, dict):
        raise broken(path, f"{what} is no JSON object")
    return value


def number_of(value: Any) -> float | None:
    """Read a score: a number up to `LARGEST_SCORE` or a boolean; None for anything else, such as a list or NaN."""
    if isinstance(value, bool):
        return float(value)
    if not isinstance(value, int | float):
        return None
    try:
        number = float(value)
    except OverflowError:
        return None
    return number if abs(number) <= LARGEST_SCORE else None  # NaN is never


def shown(value: Any) -> str:
    """Write a value for reading, no more than some hundred characters of it."""
    if value is None:
        return ""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    return text[:_SHOWN_CHARS]


def broken(path: Path, what: str) -> InputError:
    """Say what is wrong with a file."""
    return InputError(
        f"the file cannot be read: {what}",
        where=str(path),
        remedy="give a file as the tool writes it; see docs/statistics.md",
    )


def _require_size(path: Path, most: int) -> None:
    try:
        size = path.stat().st_size
    except OSError as error:
        raise broken(path, error.strerror or "it cannot be read") from error
    if size > most:
        raise broken(path, f"it is larger than {most >> 20:,} MB")
