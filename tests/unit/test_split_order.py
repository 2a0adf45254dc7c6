"""Splits have one order, whoever holds the version: items, fingerprints and reports follow it."""

import pytest
from support.versions import small_version

from harness.store.versions import VersionFolder


@pytest.fixture
def made(tmp_path):
    """Write a version whose splits do not stand in the order of the alphabet."""
    return small_version(tmp_path)


def test_a_version_read_back_has_the_documents_in_the_order_of_the_one_that_was_built(made):
    """Tasks hash their items in order: in another one, runs of a demo and runs beside it could not be compared."""
    read = VersionFolder.open(made.path)
    assert list(read.manifest.splits) == list(made.manifest.splits) == ["train", "validation", "test"]
    assert read.documents().equals(made.documents())
