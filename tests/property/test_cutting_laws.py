"""Where large tables are cut: by the rows alone, in bounds, and elsewhere only near a change."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.curation.cutting import RunSizes, cut_runs, draws_of

LIMITS = RunSizes(least=50, usual=100, most=200)
_ROWS = st.lists(st.tuples(st.integers(1, 260), st.integers(0, 2**64 - 1)), max_size=300)


def cut(rows: list[tuple[int, int]]) -> list[int]:
    """Cut rows given as (size, draw)."""
    sizes = np.array([size for size, _ in rows], np.int64)
    return cut_runs(sizes, np.array([draw for _, draw in rows], np.uint64), LIMITS)


@settings(deadline=None)
@given(_ROWS)
def test_every_row_is_in_one_run_and_runs_keep_to_their_sizes(rows):
    """Runs are ascending and end with the last row; only the last is small, and only a single row makes one large."""
    ends = cut(rows)
    assert ends == sorted(set(ends))
    assert ends[-1:] == [len(rows)][: len(rows)]
    for number, (start, end) in enumerate(zip([0, *ends], ends, strict=False)):
        sizes = [size for size, _ in rows[start:end]]
        assert sum(sizes[:-1]) < LIMITS.most
        assert sum(sizes) >= LIMITS.least or number == len(ends) - 1


def test_a_row_more_moves_the_cuts_near_it_alone():
    """Of thousands of rows, one that is put in near the beginning leaves nearly all later cuts where they were."""
    random = np.random.default_rng(7)
    rows = [(int(size), int(draw)) for size, draw in zip(
        random.integers(1, 20, 5000), random.integers(0, 2**63, 5000, np.uint64) * 2, strict=True
    )]  # fmt: skip
    before = cut(rows)
    after = cut([*rows[:100], (7, 12345678901234567890), *rows[100:]])
    shifted = {end + 1 for end in before if end > 100}
    assert len(before) > 300
    assert len(shifted - set(after)) < 25
    assert before[-1] + 1 == after[-1]


def test_draws_are_the_first_bytes_of_digests_in_one_order_on_every_machine():
    """Big-endian, whatever the processor."""
    digests = np.array([[0, 0, 0, 0, 0, 0, 1, 2, 255, 255], [1, 0, 0, 0, 0, 0, 0, 0, 7, 7]], np.uint8)
    assert draws_of(digests).tolist() == [258, 1 << 56]
