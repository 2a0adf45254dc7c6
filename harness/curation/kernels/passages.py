"""Passes over the bytes of texts: cutting them into passages, finding odd ones, and finding signs of defects."""

from typing import Any, NamedTuple

import numpy as np

from harness.curation.kernels.compiling import CompiledLoop, part_of_a_loop

_THREE_BYTES = 0xE0  # a character of three bytes or four begins with this byte or a higher one
# In place of a script's number, where two bytes do not tell it.
LONGER = 255


class Scripts(NamedTuple):
    """Which script a letter belongs to, by its number; 0 for what is no letter.

    Args:
        of_pair: Of the character that begins with the first of two bytes, by both of them, shape (65536,), dtype
            uint8; 0 where none begins there, `LONGER` where it has more bytes than two.
        of_code_point: Shape (0x110000,), dtype uint8.
    """

    of_pair: np.ndarray
    of_code_point: np.ndarray


class Limits(NamedTuple):
    """Code points of a passage at most, 1 or more, and how many of a text are looked at."""

    longest: int
    looked_at: int


class Cut(NamedTuple):
    """What is written, with room for every passage.

    Args:
        bounds: Shape (texts + 1,), dtype int64: the passages of text n are those from `bounds[n]` to before
            `bounds[n + 1]`.
        start: Shape (passages,), dtype int64: where each begins, in bytes.
        stop: The same: where it ends.
        letters: Shape (passages, columns), dtype int32, zeroed: letters by column.
        script_of: Shape (columns,), dtype int64: the number of each column's script, in order of appearance.
        used: Shape (1,), dtype int64: how many columns there are in use.
        counts: Scratch, shape (4, 256), dtype int64.
    """

    bounds: np.ndarray
    start: np.ndarray
    stop: np.ndarray
    letters: np.ndarray
    script_of: np.ndarray
    used: np.ndarray
    counts: np.ndarray


class SignMachine(NamedTuple):
    """A machine as `harness.curation.machines.Machine` describes it."""

    table: np.ndarray
    state_bits: int
    end: int


class Compared(NamedTuple):
    """Passages that are compared.

    Args:
        start: Where each begins, shape (passages,), dtype int64.
        stop: The same: where it ends.
        oddness: Written: shape (passages,), dtype float64, zeroed.
    """

    start: np.ndarray
    stop: np.ndarray
    oddness: np.ndarray


class Scale(NamedTuple):
    """What oddness is reckoned with.

    Args:
        kinds: The kind of each pair of bytes, shape (65536,), dtype uint8, 0 for what is not counted.
        read_weight: How many times the weight of the others the first and the last passage of a text have.
        parts: Roots are added up in so many parts of one.
    """

    kinds: np.ndarray
    read_weight: int
    parts: int


@part_of_a_loop
def _decoded(data: np.ndarray, at: int) -> tuple[Any, int]:
    """Read one character of sound UTF-8; its code point, and the place behind it."""
    first = np.int64(data[at])
    if first < 0x80:
        return first, at + 1
    second = np.int64(data[at + 1]) & 0x3F
    if first < 0xE0:
        return ((first & 0x1F) << 6) | second, at + 2
    third = np.int64(data[at + 2]) & 0x3F
    if first < 0xF0:
        return ((first & 0x0F) << 12) | (second << 6) | third, at + 3
    return ((first & 0x07) << 18) | (second << 12) | (third << 6) | (np.int64(data[at + 3]) & 0x3F), at + 4


@part_of_a_loop
def _end_of_code_points(data: np.ndarray, start: Any, end: Any, limit: Any) -> Any:
    """Say where so many code points from `start` on end, or `end` where there are not so many before it."""
    left = limit
    at = start
    while at + left < end:  # a code point has a byte at least
        begun = 0
        step = data[at : at + left]
        for place in range(len(step)):
            begun += step[place] & 0xC0 != 0x80
        at += left
        left -= begun
        if left == 0:
            while at < end and data[at] & 0xC0 == 0x80:
                at += 1
            return at
    return end


@part_of_a_loop
def _count_letters(data: np.ndarray, passage: Any, scripts: Any, cut: Any) -> bool:
    """Count a passage's letters; false where there is no column left for a script."""
    own = data[cut.start[passage] : cut.stop[passage]]
    # Without a branch, as nobody foresees where words end; in turns, as adding to one number again has to wait.
    for at in range(len(own) - 1):
        pair = (np.int64(own[at]) << 8) | np.int64(own[at + 1])
        cut.counts[at & 3, scripts.of_pair[pair]] += 1
    cut.counts[0, scripts.of_pair[np.int64(own[-1]) << 8]] += 1
    longer = _taken(cut.counts, LONGER)
    for at in range(len(own)):
        if longer == 0:
            break
        if own[at] >= _THREE_BYTES:
            cut.counts[0, scripts.of_code_point[_decoded(own, at)[0]]] += 1
            longer -= 1
    left = len(own) - _taken(cut.counts, 0)
    for column in range(cut.used[0]):
        letters = _taken(cut.counts, cut.script_of[column])
        cut.letters[passage, column] = letters
        left -= letters
    if left == 0:
        return True
    for script in range(1, LONGER):
        letters = _taken(cut.counts, script)
        if letters:
            column = cut.used[0]
            if column == cut.letters.shape[1]:
                return False
            cut.letters[passage, column] = letters
            cut.script_of[column] = script
            cut.used[0] += 1
    return True


@part_of_a_loop
def _taken(counts: np.ndarray, script: Any) -> Any:
    """Take what was counted of a script, and leave none."""
    found = counts[0, script] + counts[1, script] + counts[2, script] + counts[3, script]
    for row in range(4):
        counts[row, script] = 0
    return found


def _cut(data, offsets, line_feeds, scripts, limits, cut):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202 - compiled for its types
    """Cut texts; give the number of passages, or -1 where more scripts occur than there are columns.

    Args:
        data: The bytes of the texts, sound UTF-8, dtype uint8.
        offsets: Where each text begins, and the end of the last; shape (texts + 1,), dtype int64.
        line_feeds: Where all line feeds are, in order, dtype int64.
        scripts: Which script letters belong to.
        limits: How long passages and texts are.
        cut: What is written.
    """
    passage, line = 0, 0
    cut.used[0] = 0
    cut.counts[:] = 0
    for text in range(len(offsets) - 1):
        cut.bounds[text] = passage
        at = offsets[text]
        end = _end_of_code_points(data, at, offsets[text + 1], limits.looked_at)
        while at < end:
            while line < len(line_feeds) and line_feeds[line] < at:
                line += 1
            line_end = min(end, line_feeds[line] + 1) if line < len(line_feeds) else end
            stop = _end_of_code_points(data, at, line_end, limits.longest)
            cut.start[passage], cut.stop[passage] = at, stop
            if not _count_letters(data, passage, scripts, cut):
                return -1
            at = stop
            passage += 1
    cut.bounds[len(offsets) - 1] = passage
    return passage


cut_loop = CompiledLoop(_cut)


@part_of_a_loop
def _count_pairs(data: np.ndarray, start: Any, stop: Any, kinds: np.ndarray, counts: np.ndarray) -> None:
    """Count the kinds of pairs of bytes in a passage."""
    counts[:] = 0
    own = data[start:stop]
    for at in range(1, len(own)):
        counts[kinds[(np.int64(own[at - 1]) << 8) | np.int64(own[at])]] += 1
    counts[0] = 0


@part_of_a_loop
def _weigh_read(first: np.ndarray, last: np.ndarray, whole: np.ndarray, read_weight: Any) -> None:
    """Add the first passage and the last to the others, with as many times the weight of these."""
    weight = 1 + read_weight * whole.sum() // max(first.sum() + last.sum(), 1)
    for kind in range(len(whole)):
        whole[kind] += weight * (first[kind] + last[kind])


@part_of_a_loop
def _alike(own: np.ndarray, whole: np.ndarray, parts: Any) -> Any:
    """Add up, over kinds, the root of the counts in a passage times those in the others; single precision, for speed."""
    alike = np.int64(0)
    for kind in range(len(own)):
        count = np.float32(own[kind])
        root = np.sqrt(count * (np.float32(whole[kind]) - count))
        alike += np.int32(root * np.float32(parts))
    return alike


def _measure_oddness(data, passages, ends, scale, counts):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202 - compiled for its types
    """Say how far the letters of each passage lie from those of the others; see `harness.curation.oddness`.

    Args:
        data: The bytes of the texts, dtype uint8.
        passages: Where they are, and what is written.
        ends: Up to which passage each text goes, shape (texts,), dtype int64.
        scale: What is reckoned with.
        counts: Scratch, dtype int32: a row for each passage of the longest text and one more, a column for each kind.
    """
    first = 0
    for end in ends:
        whole = counts[end - first]
        whole[:] = 0
        for passage in range(first, end):
            own = counts[passage - first]
            _count_pairs(data, passages.start[passage], passages.stop[passage], scale.kinds, own)
            if first < passage < end - 1:
                for kind in range(len(own)):
                    whole[kind] += own[kind]
        if end - first > 2:
            _weigh_read(counts[0], counts[end - first - 1], whole, scale.read_weight)
        of_text = whole.sum()
        for passage in range(first + 1, end - 1):
            own = counts[passage - first]
            pairs = own.sum()
            alike = _alike(own, whole, scale.parts)
            others = scale.parts * np.sqrt(np.float64(max(of_text - pairs, 1)))
            passages.oddness[passage] = np.sqrt(np.float64(pairs)) - np.float64(alike) / others
        first = end
    return 0


oddness_loop = CompiledLoop(_measure_oddness)


def _limit(data, start, stop, limits, ends):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202 - compiled for its types
    """Say where the beginnings of passages end.

    Args:
        data: The bytes of the texts, sound UTF-8, dtype uint8.
        start: Where each passage begins, shape (passages,), dtype int64.
        stop: The same: where it ends.
        limits: How many code points are read of it, the same.
        ends: Written: the same.
    """
    for passage in range(len(start)):
        ends[passage] = _end_of_code_points(data, start[passage], stop[passage], limits[passage])
    return 0


limit_loop = CompiledLoop(_limit)


def _find_signs(data, starts, ends, classes, machine, found):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202 - compiled for its types
    """Run a machine over texts; see `harness.curation.signs`.

    Args:
        data: The bytes of the texts, sound UTF-8, dtype uint8.
        starts: Where each text begins, shape (texts,), dtype int64.
        ends: The same: where it ends.
        classes: What each code point is to the machine, shape (1114112,), dtype uint8.
        machine: What is looked for.
        found: Written: shape (texts, finds), dtype uint8, zeroed; 1 for what was found.
    """
    states = (1 << machine.state_bits) - 1
    for text in range(len(starts)):
        at, end = starts[text], ends[text]
        state = 0
        while at < end:
            code, at = _decoded(data, at)
            move = np.int64(machine.table[state + np.int64(classes[code])])
            found[text, move >> machine.state_bits] = 1
            state = move & states
        found[text, np.int64(machine.table[state + machine.end]) >> machine.state_bits] = 1
    return 0


find_signs = CompiledLoop(_find_signs)
