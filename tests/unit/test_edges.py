"""The first and the last line of texts, by their hashes."""

import pyarrow as pa

from harness.core.recipe import DuplicateSettings
from harness.curation.edges import edge_lines
from harness.curation.signatures import signatures


def test_a_text_has_edges_from_two_lines_on():
    """Lines without a word are none; in a slice of a column the right text is looked at."""
    texts = ["أول\n\nوسط\n—\nآخر", "أول\nآخر", "أول", "", None, "أوّل!\nشيء"]
    lines = signatures(pa.array(texts, pa.string()), DuplicateSettings())["lines"]
    first, last = (edge_lines(lines)[name].to_pylist() for name in ("first_line", "last_line"))
    assert first[0] == first[1] == first[5]
    assert last[0] == last[1] != last[5]
    assert first[2:5] == last[2:5] == [None] * 3
    assert edge_lines(lines.slice(1, 2))["last_line"].to_pylist() == last[1:3]
