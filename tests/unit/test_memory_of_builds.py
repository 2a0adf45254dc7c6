"""As many workers as there is memory for, and never none."""

import pytest

from harness.workflows.memory import workers_within

GIB = 1 << 30


@pytest.mark.parametrize(
    ("gib", "wanted", "fitting"), [(0.1, 8, 1), (1, 8, 1), (3, 8, 5), (64, 8, 8), (1.5, 1, 1)]
)
def test_workers_give_way_to_memory(gib, wanted, fitting):
    """Half a gigabyte for each, and half a one for the process that decides."""
    assert workers_within(int(gib * GIB), wanted) == fitting


def test_the_choice_is_left_to_the_machine_where_there_is_enough(monkeypatch):
    """Without a wish for workers and with memory for all cores, nothing is decided here."""
    monkeypatch.setattr("os.cpu_count", lambda: 4)
    assert workers_within(64 * GIB, None) is None
    assert workers_within(2 * GIB, None) == 3


def test_half_of_the_machine_is_the_default(monkeypatch):
    """A machine of 4 GB has room for three workers in its half."""
    monkeypatch.setattr("harness.workflows.memory._memory_bytes", lambda: 4 * GIB)
    assert workers_within(None, 16) == 3
