"""Compiled loops over the bytes of texts; the only home of numba, imported by nobody before there is much to read."""
