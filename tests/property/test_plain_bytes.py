"""The compiled look at raw bytes says what Python's own decoder says, and marks what the plain way marks."""

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from harness.curation import plain_bytes
from harness.curation.kernels.utf8_rows import look_at_rows
from harness.text.decoding import rows_not_plain

# Sound characters of every length, and what is nearly one: too long, a surrogate, beyond the last plane, cut off.
_PIECES = [
    *(char.encode() for char in "aب€𐐨\t\n\r\0\N{REPLACEMENT CHARACTER}\ufeff"),
    b"\xc0\x80", b"\xe0\x80\x80", b"\xf0\x80\x80\x80", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\xf5", b"\xff", b"\x80",
    b"\xd8", b"\xe2\x82", b"\xf0\x90\x90",
]  # fmt: skip
_ROWS = st.lists(
    st.binary(max_size=6) | st.lists(st.sampled_from(_PIECES), max_size=9).map(b"".join), max_size=6
)


def _is_utf8(row: bytes) -> bool:
    try:
        row.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


@settings(deadline=None)  # the first call on a machine compiles
@given(_ROWS)
@example([b"\xd8", b"\xa7"])
@example([b"abc\xe2\x82", b"\xac"])
def test_a_row_is_judged_by_its_own_bytes_as_python_judges_it(rows: list[bytes]) -> None:
    """A character that lies over two rows is none in either; controls and tabs are counted as they stand."""
    offsets = np.cumsum([0, *map(len, rows)])
    found = np.full((len(rows), 3), -1, np.int64)
    look_at_rows(np.frombuffer(b"".join(rows), np.uint8), offsets, found)
    assert found.tolist() == [
        [not _is_utf8(row), any(byte < 0x20 and byte not in b"\t\n" for byte in row), row.count(b"\t")]
        for row in rows
    ]


@settings(deadline=None)  # the first call on a machine compiles
@given(_ROWS, st.integers(0, 2))
def test_both_ways_mark_the_same_rows(rows: list[bytes], first: int) -> None:
    """Of a slice of a column, too, whose bytes do not begin where their buffer does."""
    payload = pa.array([b"\t", b"\xff", *rows], pa.large_binary())[first:]
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(plain_bytes, "is_compiling", lambda: True)
        compiled = plain_bytes.rows_to_look_at(payload)
        judged = [plain_bytes.is_utf8(row) for row in rows]
        patched.setattr(plain_bytes, "is_compiling", lambda: False)
        assert compiled.tolist() == rows_not_plain(payload).tolist()
        assert judged == [plain_bytes.is_utf8(row) for row in rows] == [_is_utf8(row) for row in rows]
