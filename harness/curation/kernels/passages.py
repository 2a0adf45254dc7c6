"""Passes over the bytes of texts: cutting them into passages, finding odd ones, and finding signs of defects."""

from typing import Any, NamedTuple

import numpy as np

from harness.curation.kernels.compiling import CompiledLoop, part_of_a_loop

_LINE_FEED = 0x0A
_NO_COLUMN = -1


class Cut(NamedTuple):
    """What is written, with room for every passage.

    Args:
        bounds: Shape (texts + 1,), dtype int64: the passages of text n are those from `bounds[n]` to before
            `bounds[n + 1]`.
        start: Shape (passages,), dtype int64: where each begins, in bytes.
        stop: The same: where it ends.
        letters: Shape (passages, columns), dtype int32, zeroed: letters by column.
        columns: Shape (256,), dtype int64, all -1: the column of each script's number, in order of appearance.
    """

    bounds: np.ndarray
    start: np.ndarray
    stop: np.ndarray
    letters: np.ndarray
    columns: np.ndarray


class SignMachine(NamedTuple):
    """A machine as `harness.curation.machines.Machine` describes it."""

    table: np.ndarray
    state_bits: int
    end: int


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


def _cut(data, offsets, script_of, longest, looked_at, cut):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202 - compiled for its types
    """Cut texts; give the number of passages, or -1 where more scripts occur than there are columns.

    Args:
        data: The bytes of the texts, sound UTF-8, dtype uint8.
        offsets: Where each text begins, and the end of the last; shape (texts + 1,), dtype int64.
        script_of: The number of each code point's script, 0 for what is no letter; dtype uint8.
        longest: Code points of a passage at most, 1 or more.
        looked_at: Code points of a text that are looked at.
        cut: What is written.
    """
    columns_used = 0
    passage = 0
    for text in range(len(offsets) - 1):
        cut.bounds[text] = passage
        at, end = offsets[text], offsets[text + 1]
        left_of_text = looked_at
        while at < end and left_of_text > 0:
            cut.start[passage] = at
            left = min(longest, left_of_text)
            left_of_text -= left
            code = 0
            while at < end and left > 0 and code != _LINE_FEED:
                code, at = _decoded(data, at)
                left -= 1
                script = script_of[code]
                if script:
                    column = cut.columns[script]
                    if column == _NO_COLUMN:
                        if columns_used == cut.letters.shape[1]:
                            return -1
                        column = columns_used
                        cut.columns[script] = column
                        columns_used += 1
                    cut.letters[passage, column] += 1
            left_of_text += left
            cut.stop[passage] = at
            passage += 1
    cut.bounds[len(offsets) - 1] = passage
    return passage


cut_loop = CompiledLoop(_cut)


def _measure_oddness(data, start, stop, ends, oddness, counts):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202 - compiled for its types
    """Say how far the letters of each passage lie from those of its text; see `harness.curation.oddness`.

    Args:
        data: The bytes of the texts, dtype uint8.
        start: Where each passage begins, shape (passages,), dtype int64.
        stop: The same: where it ends.
        ends: Up to which passage each text goes, shape (texts,), dtype int64.
        oddness: Written: shape (passages,), dtype int64.
        counts: Scratch, dtype int64: a row for each passage of the longest text and three more, 128 columns.
    """
    first = 0
    for end in ends:
        whole, share, weight = counts[end - first], counts[end - first + 1], counts[end - first + 2]
        whole[:] = 0
        for passage in range(first, end):
            own = counts[passage - first]
            own[:] = 0
            for at in range(start[passage], stop[passage]):
                byte = np.int64(data[at])
                small = byte | 0x20 if byte < 0x5B else byte
                if small >= 0x61:
                    own[small & 0x7F] += 1
            whole += own
        of_text = max(whole.sum(), 1)
        for kind in range(128):
            share[kind] = (whole[kind] << 16) // of_text
            weight[kind] = (1 << 30) // (share[kind] + 1966)
        for passage in range(first, end):
            own = counts[passage - first]
            inverse = (1 << 32) // max(own.sum(), 1)
            distance = 0
            for kind in range(128):
                difference = ((own[kind] * inverse) >> 16) - share[kind]
                distance += difference * difference * weight[kind]
            oddness[passage] = distance
        first = end


oddness_loop = CompiledLoop(_measure_oddness)


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
