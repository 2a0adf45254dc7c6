"""What finding clusters holds in memory at a time."""

import hashlib
import tracemalloc

import numpy as np
import pyarrow as pa
import pytest

from harness.core.recipe import DuplicateSettings
from harness.curation import buckets, lists, pairs
from harness.curation.duplicates import find_clusters
from harness.curation.minhash import Banding, band_keys
from harness.curation.ragged import Ragged

SETTINGS = DuplicateSettings()
SHINGLES = 400


def _signatures(values):
    """Signatures of texts by their shingles, shape (texts, shingles), a hundred to a piece."""
    values = np.sort(values, axis=1)
    rows, width = values.shape
    shingles = Ragged(values.ravel(), np.arange(rows + 1) * width)
    keys = band_keys(shingles, Banding.for_settings(SETTINGS))
    hashes = pa.array([hashlib.blake2b(row, digest_size=16).digest() for row in values], pa.binary(16))
    columns = {"exact_hash": hashes, "folded_hash": hashes, "words": np.full(rows, width + 1)}
    columns |= {"shingles": _lists(shingles), "bands": _lists(keys)}
    return pa.Table.from_batches(pa.table(columns).to_batches(max_chunksize=100))


def _lists(rows):
    return pa.ListArray.from_arrays(pa.array(rows.offsets, pa.int32()), pa.array(rows.values))


def _peak_bytes(table):
    """Bytes of numpy and Python at the most; what Arrow takes out of a piece is a hundred rows."""
    ranks = np.arange(table.num_rows)
    find_clusters(table.slice(0, 10), ranks[:10], SETTINGS)  # what is loaded once is not counted
    tracemalloc.start()
    found = find_clusters(table, ranks, SETTINGS)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return found, peak


@pytest.fixture
def small_blocks(monkeypatch):
    """The bounds for a million texts, scaled down to a few thousand."""
    monkeypatch.setattr(pairs, "_SHINGLES_AT_ONCE", 1 << 14)
    monkeypatch.setattr(pairs, "_PAIRS_AT_ONCE", 1 << 12)
    monkeypatch.setattr(
        pairs, "is_worth_compiling", lambda _: False
    )  # a compiler is no part of what is measured
    monkeypatch.setattr(buckets, "_COLLECTED", 1 << 12)
    monkeypatch.setattr(lists, "_GROUP_BYTES", 1 << 16)


@pytest.mark.usefixtures("small_blocks")
def test_the_shingles_of_a_corpus_are_never_held_together():
    """Every second text is a copy of the one before it, and all are compared in a fifth of what they take."""
    drawn = np.random.default_rng(1).integers(0, 2**64, (4000, SHINGLES), dtype=np.uint64)
    drawn[1::2, 40:] = drawn[::2, 40:]
    table = _signatures(drawn)
    found, peak = _peak_bytes(table)
    assert found.is_copy.sum() == 2000
    assert peak < table["shingles"].nbytes / 5


@pytest.mark.usefixtures("small_blocks")
def test_many_texts_of_one_template_take_memory_for_their_pairs_once():
    """They meet in every band; found again 36 times, each pair is held a few times at the most."""
    drawn = np.random.default_rng(2).integers(0, 2**64, (1500, 60), dtype=np.uint64)
    drawn[:, 3:] = drawn[0, 3:]
    found, peak = _peak_bytes(_signatures(drawn))
    assert found.is_copy.sum() == 1499
    assert peak < 200 * found.compared
