"""Cutting texts into passages that are judged one by one, with the letters of each counted by script."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from harness.text.scripts import NOT_A_LETTER, SHARED_SCRIPT, script_names, scripts_of

# A line longer than this is several passages: one foreign paragraph must not hide in a text without line ends.
PASSAGE_CHARS = 600
# More of one text says nothing new of its language, and costs memory.
LOOKED_AT_CHARS = 1_000_000
_BLOCK_CHARS = 100_000  # what is made of so many stays in a processor's cache

# A script with this share of a passage's letters may be the passage's own.
MAIN_SCRIPT_SHARE = 0.3

_LINE_FEED = 0x0A
_Counts = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Passages:
    """The passages of some texts: their lines, those over `PASSAGE_CHARS` in parts; in order.

    Args:
        joined: The texts, one behind the other.
        first_row: The number of the first of these texts in its column.
        bounds: Passages from `bounds[n]` to before `bounds[n + 1]` are of text n; shape (texts + 1,).
        start: Where each begins in `joined`, in code points; shape (passages,).
        length: Its code points; shape (passages,).
        letters: Its letters of each script; shape (passages, len(scripts)).
        scripts: ISO 15924 codes of the columns of `letters`, in alphabetical order.
    """

    joined: str
    first_row: int
    bounds: _Counts
    start: _Counts
    length: _Counts
    letters: _Counts
    scripts: tuple[str, ...]

    def excerpt(self, passage: int, limit: int) -> str:
        """Read the first `limit` code points of a passage at most."""
        start = int(self.start[passage])
        return self.joined[start : start + min(limit, int(self.length[passage]))]


def cut_passages(text: pa.StringArray) -> Iterator[Passages]:
    """Cut texts into passages, some texts at a time, so that memory does not grow with the column.

    Args:
        text: Texts, shape (rows,); null counts as empty. Of each the first `LOOKED_AT_CHARS` are looked at.
    """
    text = pc.fill_null(text, "")
    chars = pc.utf8_length(text).to_numpy(zero_copy_only=False).astype(np.int64)
    if chars.max(initial=0) > LOOKED_AT_CHARS:
        text = pc.utf8_slice_codeunits(text, 0, LOOKED_AT_CHARS)
        chars = np.minimum(chars, LOOKED_AT_CHARS)
    ends = np.cumsum(chars)
    first = 0
    while first < len(text):
        done = int(ends[first - 1]) if first else 0
        after = max(first + 1, int(np.searchsorted(ends, done + _BLOCK_CHARS, side="right")))
        yield _passages(text.slice(first, after - first), first, ends[first:after] - done)
        first = after


def _passages(text: pa.StringArray, first_row: int, ends: _Counts) -> Passages:
    joined = _joined(text)
    code_points = np.frombuffer(joined.encode("utf-32-le"), "<u4")
    starts = np.concatenate([np.zeros(1, np.int64), ends[:-1]])
    start, length = _cut_up(_line_starts(code_points, starts), len(code_points))
    numbers = scripts_of(code_points)
    letters, scripts = _letters_by_script(numbers, start)
    bounds = np.concatenate([np.searchsorted(start, starts), [len(start)]])
    return Passages(joined, first_row, bounds, start, length, letters, scripts)


def _joined(text: pa.StringArray) -> str:
    _, offsets, content = text.buffers()
    bounds = np.frombuffer(offsets, np.int32)[text.offset : text.offset + len(text) + 1]
    return bytes(memoryview(content or b"")[int(bounds[0]) : int(bounds[-1])]).decode("utf-8")


def _line_starts(code_points: npt.NDArray[np.uint32], text_starts: _Counts) -> _Counts:
    begins = np.zeros(len(code_points) + 1, bool)
    begins[1:] = code_points == _LINE_FEED
    begins[text_starts] = True
    return np.flatnonzero(begins[:-1])


def _cut_up(start: _Counts, end: int) -> tuple[_Counts, _Counts]:
    """Cut lines (given by ascending starts) so that none is longer than `PASSAGE_CHARS`."""
    length = np.diff(start, append=end)
    parts = -(-length // PASSAGE_CHARS)
    within = np.arange(parts.sum()) - np.repeat(np.cumsum(parts) - parts, parts)
    cut = np.repeat(start, parts) + PASSAGE_CHARS * within
    return cut, np.diff(cut, append=end)


def _letters_by_script(numbers: npt.NDArray[np.uint8], start: _Counts) -> tuple[_Counts, tuple[str, ...]]:
    """Count the letters of each passage by script, for the scripts that occur."""
    occurring = np.flatnonzero(np.bincount(numbers, minlength=256))
    occurring = occurring[occurring != NOT_A_LETTER]
    columns = [
        np.add.reduceat((numbers == number).view(np.uint8), start, dtype=np.int64)
        if len(start)
        else np.zeros(0, np.int64)
        for number in occurring
    ]
    names = tuple(script_names()[number] for number in occurring)
    return np.stack(columns, axis=1) if columns else np.zeros((len(start), 0), np.int64), names


def main_scripts(letters: _Counts, scripts: tuple[str, ...]) -> list[tuple[str, ...]]:
    """Name the scripts that rows of counts may be said to be in, the one of most letters first.

    These are all with at least `MAIN_SCRIPT_SHARE` of the letters: a sentence of Chinese may hold more
    letters of foreign names than characters of its own. Letters that several scripts share decide only where
    there are no others; equals stand in the order of `scripts`.

    Args:
        letters: Counts, shape (rows, len(scripts)).
        scripts: ISO 15924 codes of the columns.
    """
    own = np.array([script != SHARED_SCRIPT for script in scripts], bool)
    counted = letters * own if own.any() else letters
    counted = np.where(counted.sum(axis=1, keepdims=True) > 0, counted, letters)
    total = counted.sum(axis=1)
    if not scripts:
        return [()] * len(letters)
    best = counted.argmax(axis=1)
    alone = [(script,) for script in scripts]
    named: list[tuple[str, ...]] = [
        alone[column] if n else () for column, n in zip(best.tolist(), total.tolist(), strict=True)
    ]
    mixed = (total > 0) & (counted.max(axis=1) <= (1 - MAIN_SCRIPT_SHARE) * total)
    for row in np.flatnonzero(mixed).tolist():
        order = np.argsort(-counted[row], kind="stable").tolist()
        named[row] = tuple(
            scripts[column] for column in order if counted[row, column] >= MAIN_SCRIPT_SHARE * total[row]
        ) or (scripts[order[0]],)
    return named
