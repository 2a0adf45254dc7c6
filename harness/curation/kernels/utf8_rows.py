"""A look at bytes that should be UTF-8: which rows are not, and which hold controls; many bytes at a time."""

import numpy as np

from harness.curation.kernels.compiling import CompiledLoop, part_of_a_loop

# The bytes of a character, at most.
_LONGEST = 4


@part_of_a_loop
def _is_broken(byte: np.uint8, lead: np.uint8, second: np.uint8, third: np.uint8) -> bool:
    """Tell whether a byte cannot stand behind those one, two and three before it."""
    is_following = (byte & 0xC0) == 0x80
    has_to_follow = (lead >= 0xC0) | (second >= 0xE0) | (third >= 0xF0)
    broken: bool = is_following != has_to_follow
    broken |= (byte == 0xC0) | (byte == 0xC1) | (byte >= 0xF5)
    # Longer than need be; surrogates; beyond the last plane.
    broken |= (lead == 0xE0) & (byte < 0xA0) | (lead == 0xF0) & (byte < 0x90)
    broken |= (lead == 0xED) & (byte >= 0xA0) | (lead == 0xF4) & (byte >= 0x90)
    return broken


@part_of_a_loop
def _is_broken_inside(data: np.ndarray, lead: np.ndarray, second: np.ndarray, third: np.ndarray) -> bool:
    """Tell the same of many bytes, without a branch."""
    broken = False
    for place in range(len(data)):
        broken |= _is_broken(data[place], lead[place], second[place], third[place])
    return broken


@part_of_a_loop
def _is_broken_at_ends(data: np.ndarray) -> bool:
    """Tell the same of the first three bytes of a row, and whether its last character is cut off."""
    nothing = np.uint8(0)
    broken = False
    for place in range(min(len(data), _LONGEST - 1)):
        lead = data[place - 1] if place > 0 else nothing
        second = data[place - 2] if place > 1 else nothing
        broken |= _is_broken(data[place], lead, second, nothing)
    for back in range(1, min(len(data), _LONGEST - 1) + 1):
        broken |= data[len(data) - back] >= (0xC0, 0xE0, 0xF0)[back - 1]
    return broken


@part_of_a_loop
def _look_for_controls(data: np.ndarray, found: np.ndarray) -> None:
    has_control = has_tab = False
    for place in range(len(data)):
        byte = data[place]
        has_control |= (byte < 0x20) & (byte != 0x09) & (byte != 0x0A)
        has_tab |= byte == 0x09
    tabs = 0
    if has_tab:  # to count takes six times as long as to look
        for place in range(len(data)):
            tabs += data[place] == 0x09
    found[1] = has_control
    found[2] = tabs


@CompiledLoop
def look_at_rows(data: np.ndarray, offsets: np.ndarray, found: np.ndarray) -> None:
    """Look at rows of bytes.

    Args:
        data: Dtype uint8.
        offsets: Where each row begins, and the end of the last; shape (rows + 1,), dtype int64.
        found: Written, shape (rows, 3), dtype int64: whether the row is no UTF-8; whether it holds a control
            (U+0000 to U+001F) but tab and line feed; how many tabs it holds.
    """
    for row in range(len(found)):
        part = data[offsets[row] : offsets[row + 1]]
        broken = _is_broken_at_ends(part)
        last = len(part) - 1
        if last >= _LONGEST - 1:
            broken |= _is_broken_inside(part[3:], part[2:last], part[1 : last - 1], part[: last - 2])
        found[row, 0] = broken
        _look_for_controls(part, found[row])
