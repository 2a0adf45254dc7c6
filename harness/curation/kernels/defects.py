"""Counting controls and presentation forms: few texts have any, and the others are passed over many bytes at a time."""

from typing import Any

import numpy as np

from harness.curation.kernels.compiling import CompiledLoop, part_of_a_loop

_CODE_POINTS = 0x11_0000


@part_of_a_loop
def _decoded(data: np.ndarray, at: int, end: int) -> tuple[Any, int]:  # noqa: PLR0911 - see below
    """Read one character: its code point, -1 where the bytes are not UTF-8, and the place behind it.

    A ladder of returns, since numba and LLVM weave it into the loop only so: with conditional expressions,
    deeper branches or a part of its own for long characters, the loop took six times as long.
    """
    first = np.int64(data[at])
    if first < 0x80:
        return first, at + 1
    if first < 0xC2 or first > 0xF4:
        return -1, at
    if first < 0xE0:
        if at + 1 >= end or np.int64(data[at + 1]) & 0xC0 != 0x80:
            return -1, at
        return ((first & 0x1F) << 6) | (np.int64(data[at + 1]) & 0x3F), at + 2
    length = 3 if first < 0xF0 else 4
    if at + length > end:
        return -1, at
    code = first & (0x7F >> length)
    for place in range(at + 1, at + length):
        byte = np.int64(data[place])
        if byte & 0xC0 != 0x80:
            return -1, at
        code = (code << 6) | (byte & 0x3F)
    if length == 3 and (code < 0x800 or 0xD800 <= code <= 0xDFFF):
        return -1, at
    if length == 4 and not 0x1_0000 <= code < _CODE_POINTS:
        return -1, at
    return code, at + length


@part_of_a_loop
def _is_suspect(data: np.ndarray) -> bool:
    """Say whether any bytes could be a control or a presentation form: without branches, many bytes at a time."""
    suspect = False
    last = len(data) - 1
    for place in range(last):
        byte, following = data[place], data[place + 1]
        suspect |= (byte < 0x20) & (byte != 0x09) & (byte != 0x0A) | (byte == 0x7F)
        suspect |= (byte == 0xC2) & (following < 0xA0) | (byte == 0xEF) & (following >= 0xAC) & (
            following <= 0xBB
        )
    return suspect or (last >= 0 and (data[last] < 0x20 or data[last] == 0x7F))


@CompiledLoop
def count_defects(
    data: np.ndarray, starts: np.ndarray, ends: np.ndarray, number: np.ndarray, classes: np.ndarray
) -> int:
    """Count by class the characters of texts that may have defects.

    Args:
        data: UTF-8, dtype uint8.
        starts: Where each text begins, shape (texts,), dtype int64.
        ends: Where it ends, same shape and type.
        number: Class of each code point, shape (1114112,).
        classes: Shape (texts, classes), dtype int64, zeroed: remains so for a text without defects.

    Returns:
        The row of the first text that is not UTF-8, as far as was looked; -1 for none.
    """
    for row in range(len(starts)):
        at, end = starts[row], ends[row]
        if not _is_suspect(data[at:end]):
            continue
        while at < end:
            code, at = _decoded(data, at, end)
            if code < 0:
                return row
            classes[row, number[code]] += 1
    return -1
