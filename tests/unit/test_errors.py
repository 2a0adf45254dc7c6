"""Errors stay sentences, whatever the data that they name."""

from harness.core.errors import named


def test_named_ids_are_quoted_counted_and_cut():
    """A few ids are named, a monstrous one by its beginning, the rest counted."""
    assert named(["a", 'b"c']) == '"a", "b\\"c"'
    assert named("abcdefg") == '"a", "b", "c", "d", "e" and 2 more'
    assert len(named(["x" * 3_000_000])) < 200
