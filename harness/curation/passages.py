"""Cutting texts into passages that are judged one by one, with the letters of each counted by script."""

import functools
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from harness.curation.passes import Meter
from harness.text.scripts import NOT_A_LETTER, SHARED_SCRIPT, script_by_code_point, script_names

# A line longer than this is several passages: one foreign paragraph must not hide in a text without line ends.
PASSAGE_CHARS = 600
# More of one text says nothing new of its language, and costs memory.
LOOKED_AT_CHARS = 1_000_000
# So many bytes are cut at once: plainly, what is made of them stays in a processor's cache; compiled, it is small.
_PLAIN_BYTES, _COMPILED_BYTES = 100_000, 1_000_000
# Scripts that the compiled loop counts at first; where a block has more, it begins again.
_FIRST_COLUMNS = 8

# A script with this share of a passage's letters may be the passage's own.
MAIN_SCRIPT_SHARE = 0.3

_LINE_FEED = 0x0A
_Counts = npt.NDArray[np.int64]

_METER = Meter()


@dataclass(frozen=True)
class Passages:
    """The passages of some texts: their lines, those over `PASSAGE_CHARS` in parts; in order.

    Args:
        content: The texts in UTF-8, one behind the other.
        bounds: Passages from `bounds[n]` to before `bounds[n + 1]` are of text n; shape (texts + 1,).
        start: Where each begins in `content`, in bytes; shape (passages,).
        stop: Where it ends.
        letters: Its letters of each script; shape (passages, len(scripts)).
        scripts: ISO 15924 codes of the columns of `letters`, in alphabetical order.
        is_compiled: Whether the compiled way was taken; the numbers are the same either way.
    """

    content: memoryview
    bounds: _Counts
    start: _Counts
    stop: _Counts
    letters: _Counts
    scripts: tuple[str, ...]
    is_compiled: bool = False

    def excerpt(self, passage: int, limit: int) -> str:
        """Read the first `limit` code points of a passage at most."""
        start, stop = int(self.start[passage]), int(self.stop[passage])
        stop = min(stop, start + 4 * limit)  # a code point has four bytes at most
        return str(self.content[start:stop], "utf-8", "ignore")[:limit]

    def excerpts(self, passages: _Counts, limits: _Counts) -> list[bytes]:
        """Read of each of some passages its own number of code points at most, in UTF-8."""
        if not self.is_compiled:
            each = zip(passages.tolist(), limits.tolist(), strict=True)
            return [self.excerpt(*one).encode() for one in each]
        from harness.curation.kernels.passages import limit_loop  # noqa: PLC0415 - LLVM takes 50 ms to start

        start, ends = self.start[passages], np.zeros(len(passages), np.int64)
        limit_loop(np.frombuffer(self.content, np.uint8), start, self.stop[passages], limits, ends)
        content = bytes(self.content)  # whose slices are cheaper than those of a view
        return [content[begin:end] for begin, end in zip(start.tolist(), ends.tolist(), strict=True)]


def cut_passages(text: pa.StringArray) -> Iterator[Passages]:
    """Cut texts into passages, some texts at a time, so that memory does not grow with the column.

    Args:
        text: Texts, shape (rows,); null counts as empty. Of each the first `LOOKED_AT_CHARS` are looked at.
    """
    text = pc.fill_null(text, "")
    offsets = _offsets(text)
    is_compiled = _METER.is_worth_compiling(int(offsets[-1] - offsets[0]))
    block_bytes = _COMPILED_BYTES if is_compiled else _PLAIN_BYTES
    first = 0
    while first < len(text):
        after = int(np.searchsorted(offsets, offsets[first] + block_bytes, side="right")) - 1
        block = text.slice(first, max(after - first, 1))
        yield cut_compiled(block) if is_compiled else cut_plainly(block)
        first += len(block)


def cut_plainly(text: pa.StringArray) -> Passages:
    """Cut texts with numpy; equal to `cut_compiled`."""
    chars = pc.utf8_length(text).to_numpy(zero_copy_only=False).astype(np.int64)
    if chars.max(initial=0) > LOOKED_AT_CHARS:
        text = pc.utf8_slice_codeunits(text, 0, LOOKED_AT_CHARS)
        chars = np.minimum(chars, LOOKED_AT_CHARS)
    content = _content(text)
    code_points = np.frombuffer(str(content, "utf-8").encode("utf-32-le"), "<u4")
    ends = np.cumsum(chars)
    starts = ends - chars
    start = _cut_up(_line_starts(code_points, starts[chars > 0]), len(code_points))
    letters, scripts = _letters_by_script(script_by_code_point()[code_points], start)
    bounds = np.concatenate([np.searchsorted(start, starts), [len(start)]])
    data = np.frombuffer(content, np.uint8)
    places = np.append(np.flatnonzero(data & 0xC0 != 0x80), len(data))
    return Passages(
        content, bounds, places[start], places[np.append(start[1:], len(code_points))], letters, scripts
    )


def cut_compiled(text: pa.StringArray) -> Passages:
    """Cut texts in one compiled pass over their bytes."""
    from harness.curation.kernels.passages import (  # noqa: PLC0415 - LLVM takes 50 ms to start
        Cut,
        Limits,
        Scripts,
        cut_loop,
    )

    offsets = _offsets(text) - _offsets(text)[0]
    content = _content(text)
    data = np.frombuffer(content, np.uint8)
    # A passage ends at a line's end, at a text's, or is a long one of `PASSAGE_CHARS` bytes or more.
    line_feeds = np.flatnonzero(data == _LINE_FEED)
    room = len(line_feeds) + len(text) + len(data) // PASSAGE_CHARS
    scripts = Scripts(_script_by_pair(), script_by_code_point())
    limits = Limits(PASSAGE_CHARS, LOOKED_AT_CHARS)
    columns, passages = _FIRST_COLUMNS, -1
    while passages < 0:
        cut = Cut(
            bounds=np.zeros(len(text) + 1, np.int64),
            start=np.zeros(room, np.int64),
            stop=np.zeros(room, np.int64),
            letters=np.zeros((room, columns), np.int32),
            script_of=np.zeros(columns, np.int64),
            used=np.zeros(1, np.int64),
            counts=np.zeros((4, 256), np.int64),
        )
        passages = cut_loop(data, offsets, line_feeds, scripts, limits, cut)
        columns *= 2
    numbers = cut.script_of[: cut.used[0]]
    order = np.argsort(numbers)
    letters = cut.letters[:passages, order].astype(np.int64)
    names = tuple(script_names()[number] for number in numbers[order])
    return Passages(
        content, cut.bounds, cut.start[:passages], cut.stop[:passages], letters, names, is_compiled=True
    )


@functools.cache
def _script_by_pair() -> npt.NDArray[np.uint8]:
    """Give the script number of the character that two bytes begin with; see `harness.curation.kernels.passages`."""
    from harness.curation.kernels.passages import LONGER  # noqa: PLC0415 - LLVM takes 50 ms to start

    of_code_point = script_by_code_point()
    pair = np.arange(1 << 16)
    first, second = pair >> 8, pair & 0x3F
    scripts = np.where(first < 0x80, of_code_point[first], NOT_A_LETTER)
    scripts = np.where(first >= 0xC0, of_code_point[((first & 0x1F) << 6) | second], scripts)
    return np.where(first >= 0xE0, LONGER, scripts).astype(np.uint8)


def _offsets(text: pa.StringArray) -> _Counts:
    if not len(text):
        return np.zeros(1, np.int64)
    return np.frombuffer(text.buffers()[1], np.int32)[text.offset : text.offset + len(text) + 1].astype(
        np.int64
    )


def _content(text: pa.StringArray) -> memoryview:
    offsets = _offsets(text)
    return memoryview(text.buffers()[2] or b"")[int(offsets[0]) : int(offsets[-1])]


def _line_starts(code_points: npt.NDArray[np.uint32], text_starts: _Counts) -> _Counts:
    begins = np.zeros(len(code_points) + 1, bool)
    begins[1:] = code_points == _LINE_FEED
    begins[text_starts] = True
    return np.flatnonzero(begins[:-1])


def _cut_up(start: _Counts, end: int) -> _Counts:
    """Cut lines (given by ascending starts) so that none is longer than `PASSAGE_CHARS`."""
    length = np.diff(start, append=end)
    parts = -(-length // PASSAGE_CHARS)
    within = np.arange(parts.sum()) - np.repeat(np.cumsum(parts) - parts, parts)
    cut: _Counts = np.repeat(start, parts) + PASSAGE_CHARS * within
    return cut


def _letters_by_script(numbers: npt.NDArray[np.uint8], start: _Counts) -> tuple[_Counts, tuple[str, ...]]:
    """Count the letters of each passage by script, for the scripts that occur."""
    occurring = np.flatnonzero(np.bincount(numbers, minlength=256))
    occurring = occurring[occurring != NOT_A_LETTER]
    columns = [
        np.add.reduceat((numbers == number).view(np.uint8), start, dtype=np.int64) for number in occurring
    ]
    names = tuple(script_names()[number] for number in occurring)
    return np.stack(columns, axis=1) if columns else np.zeros((len(start), 0), np.int64), names


def main_scripts(letters: _Counts, scripts: tuple[str, ...]) -> tuple[_Counts, list[tuple[str, ...]]]:
    """Name the scripts that rows of counts may be said to be in, the one of most letters first.

    These are all with at least `MAIN_SCRIPT_SHARE` of the letters: a sentence of Chinese may hold more
    letters of foreign names than characters of its own. Letters that several scripts share decide only where
    there are no others; equals stand in the order of `scripts`.

    Args:
        letters: Counts, shape (rows, len(scripts)).
        scripts: ISO 15924 codes of the columns.

    Returns:
        For each row the place of its scripts in a list, shape (rows,), and that list.
    """
    lists: list[tuple[str, ...]] = [*((script,) for script in scripts), ()]
    own = np.array([script != SHARED_SCRIPT for script in scripts], bool)
    counted = letters * own if own.any() else letters
    counted = np.where(counted.sum(axis=1, keepdims=True) > 0, counted, letters)
    total = counted.sum(axis=1)
    if not scripts:
        return np.zeros(len(letters), np.int64), lists
    places = np.where(total > 0, counted.argmax(axis=1), len(scripts))
    mixed = (total > 0) & (counted.max(axis=1) <= (1 - MAIN_SCRIPT_SHARE) * total)
    for row in np.flatnonzero(mixed).tolist():
        order = np.argsort(-counted[row], kind="stable").tolist()
        named = tuple(
            scripts[column] for column in order if counted[row, column] >= MAIN_SCRIPT_SHARE * total[row]
        ) or (scripts[order[0]],)
        if named not in lists:
            lists.append(named)
        places[row] = lists.index(named)
    return places, lists
