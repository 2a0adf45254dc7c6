"""Compiled loops over the bytes of texts; the only home of numba, imported by none but `harness.curation.reading` and `harness.curation.intersect`."""
