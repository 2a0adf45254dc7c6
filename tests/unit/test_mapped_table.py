"""Tables that lie in many files: read as one, also after their pages were given back."""

import numpy as np
import pyarrow as pa
import pytest

from harness.core.recipe import DuplicateSettings
from harness.curation.duplicates import find_clusters
from harness.curation.signatures import SIGNATURES, signatures
from harness.store.arrow_files import write_arrow
from harness.store.mapped import MappedTable

TEXTS = [
    f"{number % 40} " + " ".join(f"w{number % 40}x{place}" for place in range(30)) for number in range(90)
]


@pytest.fixture
def paths(tmp_path):
    """Signatures of all texts, ten to a file."""
    found = []
    for start in range(0, len(TEXTS), 10):
        found.append(tmp_path / f"{start}.arrow")
        batch = signatures(pa.array(TEXTS[start : start + 10]), DuplicateSettings())
        write_arrow(found[-1], pa.Table.from_batches([batch]))
    return found


def test_files_are_read_as_one_table(paths):
    """In their order, row after row."""
    mapped = MappedTable(paths, SIGNATURES)
    assert mapped.table.equals(pa.Table.from_batches([signatures(pa.array(TEXTS), DuplicateSettings())]))


def test_pages_that_were_given_back_are_read_again(paths):
    """Nothing changes for the arrays, views of them that were made before included."""
    mapped = MappedTable(paths, SIGNATURES)
    view = mapped.table["shingles"].chunk(3).flatten().to_numpy()
    before = view.copy()
    mapped.release()
    assert np.array_equal(view, before)


def test_giving_pages_back_while_clusters_are_found_changes_nothing(paths):
    """The same clusters as over a table in memory."""
    mapped = MappedTable(paths, SIGNATURES)
    ranks = np.arange(len(TEXTS))
    calls = []

    def release():
        calls.append(mapped.release())

    found = find_clusters(mapped.table, ranks, DuplicateSettings(), release=release)
    expected = find_clusters(mapped.table, ranks, DuplicateSettings())
    assert calls
    assert found.survivor.tolist() == expected.survivor.tolist()
    assert found.kind.tolist().count("exact") == 50


def test_no_files_are_an_empty_table():
    """With its schema."""
    assert MappedTable([], SIGNATURES).table.equals(SIGNATURES.empty_table())


def test_a_file_that_is_not_there_is_named(tmp_path):
    """The error says which."""
    with pytest.raises(FileNotFoundError, match=r"missing\.arrow"):
        MappedTable([tmp_path / "missing.arrow"], SIGNATURES)
